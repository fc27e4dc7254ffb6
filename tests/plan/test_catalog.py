"""What is on sale is data, and dated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from storyreel.plan.catalog import catalog


def test_every_tier_has_a_size_for_every_shape() -> None:
    for profile in catalog().profiles.values():
        for tier, short in (("standard", 720), ("pro", 1080), ("4k", 2160)):
            assert {min(profile.pixels(tier, shape)) for shape in profile.shapes} == {short}


def test_every_endpoint_and_price_is_of_a_known_model_and_tier() -> None:
    table = catalog()
    for _, model, tier, begin in table.endpoints:
        assert tier in table.profiles[model].tiers
        assert begin in ("text", "image", "reference")
    for _, model, tier in table.prices:
        assert tier in table.profiles[model].tiers


@pytest.mark.parametrize(
    ("provider", "tier", "audio", "usd"),
    [
        ("fal", "standard", True, "1.26"),
        ("fal", "standard", False, "0.84"),
        ("fal", "pro", True, "1.68"),
        ("fal", "4k", False, "4.2"),
        ("replicate", "standard", True, "1.26"),
        ("animatic", "standard", True, "0"),
        ("mybox", "standard", True, None),
    ],
)
def test_ten_seconds_cost(provider: str, tier: str, audio: bool, usd: str | None) -> None:
    cost = catalog().cost(provider, "kling-v3", tier, 10, audio=audio, voice=False)
    assert cost == (None if usd is None else Decimal(usd))


def test_a_bound_voice_costs_more() -> None:
    assert catalog().cost("fal", "kling-v3", "standard", 10, audio=True, voice=True) == Decimal("1.54")


def test_a_start_picture_goes_elsewhere() -> None:
    def endpoint(provider: str, model: str, *, start: bool, pictured: bool = False) -> str | None:
        found = catalog().endpoint(provider, model, "pro", has_start=start, has_pictured=pictured)
        return None if found is None else found.name

    assert endpoint("fal", "kling-v3", start=True) == "fal-ai/kling-video/v3/pro/image-to-video"
    assert endpoint("fal", "kling-v3", start=False, pictured=True) == "fal-ai/kling-video/v3/pro/text-to-video"
    assert endpoint("fal", "kling-o3", start=True, pictured=True) == "fal-ai/kling-video/o3/pro/reference-to-video"
    assert endpoint("replicate", "kling-v3", start=True) == "kwaivgi/kling-v3-video"
    assert endpoint("mybox", "kling-v3", start=False) is None


def test_what_is_billed_in_units_has_their_price() -> None:
    assert catalog().units == {"fal": Decimal("0.14")}

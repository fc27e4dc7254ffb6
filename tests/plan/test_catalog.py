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
        assert begin in ("text", "image")
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
    table = catalog()
    assert table.endpoint("fal", "kling-v3", "pro", has_start=True) == "fal-ai/kling-video/v3/pro/image-to-video"
    assert table.endpoint("replicate", "kling-v3", "pro", has_start=True) == "kwaivgi/kling-v3-video"
    assert table.endpoint("mybox", "kling-v3", "pro", has_start=False) is None

"""What the settings say of providers, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyreel.driver.purchases import terms
from storyreel.driver.sellers import UnknownProvider, seller_of
from storyreel.render.terms import Terms
from storyreel.settings import SettingsRefused, read_settings


@pytest.mark.parametrize(
    ("provider", "settings", "said"),
    [
        ("fal", 'base_url = "http://127.0.0.1:8000"', "`providers.fal.base_url` does nothing for fal"),
        ("fal", 'queue_url = "here"', "has an address which is no web address: here"),
        ("replicate", "idempotency = true", "`providers.replicate.idempotency` does nothing for replicate"),
        ("lumenfall", 'queue_url = "https://q.example"', "does nothing for openai-videos"),
        ("fal", "price_per_second = {standrad = {silent = 1, audio = 1}}", "`providers.fal.price_per_second.standrad`"),
    ],
)
def test_a_setting_that_would_do_nothing_is_refused(tmp_path: Path, provider: str, settings: str, said: str) -> None:
    (tmp_path / "storyreel.toml").write_text(f"[providers.{provider}]\n{settings}\n")
    with pytest.raises(UnknownProvider) as refused:
        seller_of(provider, read_settings(tmp_path))
    assert said in str(refused.value)


def test_what_is_agreed_with_a_provider_stands_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / "storyreel.toml").write_text(
        '[providers.fal]\nconcurrency = 2\nrate = 0.5\nlist_delay = 60\nresubmit = "absent"\n'
    )
    assert terms(read_settings(tmp_path).providers["fal"]) == Terms(2, 60.0, "absent", 0.5)
    assert terms(None) == Terms()


@pytest.mark.parametrize("rate", ["0", "-1", "nan", '"fast"'])
def test_a_rate_is_a_number_above_nothing(tmp_path: Path, rate: str) -> None:
    (tmp_path / "storyreel.toml").write_text(f"[providers.fal]\nrate = {rate}\n")
    with pytest.raises(SettingsRefused, match=r"`providers\.fal\.rate`"):
        read_settings(tmp_path)

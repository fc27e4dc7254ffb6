"""What holds for every test: no network, nothing of the developer's shell, and `--update` to rewrite goldens."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every machine, however slow it is; the whole campaign draws others each time.
settings.register_profile(
    "suite",
    deadline=None,
    database=None,
    derandomize=os.environ.get("STORYREEL_CAMPAIGN") != "full",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")

OF_A_SHELL = frozenset(
    {
        "FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET", "REPLICATE_API_TOKEN", "LUMENFALL_API_KEY", "STORYREEL_FFMPEG",
        "FORCE_COLOR", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "WATCHFILES_FORCE_POLLING",
        "IMAGEIO_FFMPEG_EXE", "FFMPEG_BINARY", "FFREPORT", "PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTHONUTF8",
        "GITHUB_ACTIONS", "PY_COLORS", "TERMINAL_WIDTH", "PYTHONDONTWRITEBYTECODE",
    }
)  # fmt: skip
"""Besides git's own names, which a hook sets, and proxies."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the goldens in tests/ref")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only loopback may be reached; anything else is a failing test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test reached for {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    """Keys and switches of the developer's shell reach neither a test nor what several tests share."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name in OF_A_SHELL or name.startswith("GIT_") or name.lower().endswith("_proxy"):
                patch.delenv(name)
        yield

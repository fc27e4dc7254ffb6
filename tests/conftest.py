"""What holds for every test: no network, and `--update` to rewrite goldens."""

from __future__ import annotations

import socket
from typing import Any

import pytest


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


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and switches of the developer's shell do not reach a test."""
    for name in ("FAL_KEY", "REPLICATE_API_TOKEN", "LUMENFALL_API_KEY", "STORYREEL_FFMPEG", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

"""Small files that the project keeps for itself: whatever byte of one is another, it says what it said, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from storyreel.driver.quotes import FILE, _read, keep_quotes
from storyreel.plan.keys import request_key
from storyreel.plan.quotes import Quote
from storyreel.plan.request import Asset, FrameOf, Request, ShotRequest
from storyreel.plan.requestfile import Asked, RequestBroken, parse_request, request_text
from storyreel.render.store import Rows, table_of, table_text
from storyreel.stitch.made import Reel
from storyreel.stitch.standing import StandingReels

REQUEST = Request(
    model="kling-v3",
    tier="standard",
    shape="16:9",
    shots=(ShotRequest("A black sea.", 4),),
    generate_audio=True,
    start=(Asset("assets/a.png", "ab" * 32),),
    end=FrameOf("cd" * 32, 2, "storm", 95),
)


def broken(data: bytes) -> Iterator[bytes]:
    """The data with one bit of each byte turned, and cut off at each byte."""
    for at in range(len(data)):
        yield data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        yield data[:at]


def table(_: Path) -> tuple[bytes, Callable[[bytes], object]]:
    rows: Rows = {"1": {"digest": "ab" * 32, "size": 900, "provider": "fal", "job": "j", "paid": "0.5"}}
    return table_text(rows), table_of


def asked(_: Path) -> tuple[bytes, Callable[[bytes], object]]:
    def read(data: bytes) -> object:
        try:
            return parse_request(data.decode(), request_key(REQUEST))
        except (RequestBroken, UnicodeDecodeError):
            return None

    return request_text(Asked(REQUEST, "film", "pier")).encode(), read


def prices(folder: Path) -> tuple[bytes, Callable[[bytes], object]]:
    keep_quotes(folder, {"box": {"kling 16:9": Quote(Decimal("0.42"), date(2026, 10, 1).isoformat())}})

    def read(data: bytes) -> object:
        (folder / FILE).write_bytes(data)
        return _read(folder / FILE) or None

    return (folder / FILE).read_bytes(), read


def reels(folder: Path) -> tuple[bytes, Callable[[bytes], object]]:
    film = folder / "output/film.mp4"
    film.parent.mkdir()
    film.write_bytes(b"film")
    StandingReels(folder / "reels.json", folder).note(
        "output/film.mp4", "key", Reel("film", film, 96, Fraction(24), 320, 180), [film]
    )

    def read(data: bytes) -> object:
        (folder / "reels.json").write_bytes(data)
        return StandingReels(folder / "reels.json", folder).find("output/film.mp4", "key")

    return (folder / "reels.json").read_bytes(), read


@pytest.mark.parametrize("kind", [table, asked, prices, reels])
def test_a_broken_byte_is_never_another_answer(
    tmp_path: Path, kind: Callable[[Path], tuple[bytes, Callable[[bytes], object]]]
) -> None:
    data, read = kind(tmp_path)
    told = read(data)
    assert told is not None
    assert {repr(read(other)) for other in broken(data)} <= {"None", repr(told)}

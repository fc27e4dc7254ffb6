"""What was asked for a take, as text that is kept beside it, so that it can be told later what has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from storyreel.base.digest import canonical_json, digest_of
from storyreel.plan.keys import request_key
from storyreel.plan.request import Asset, ElementRequest, Frame, FrameIn, FrameOf, Request, ShotRequest, SpokenLine

VERSION = 1


class RequestBroken(Exception):
    """The text is not what was written, or of another version."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and for whom it was made first."""

    request: Request
    board: str
    """Its name."""
    scene: str


def request_text(asked: Asked) -> str:
    """Plain JSON with the digest of itself."""
    content = {"version": VERSION, "board": asked.board, "scene": asked.scene, "request": asdict(asked.request)}
    plain = json.loads(json.dumps(content, default=str))  # Fractions become text.
    return json.dumps(plain | {"sha256": _digest(plain)}, indent=1, ensure_ascii=False) + "\n"


def parse_request(text: str, key: str) -> Asked:
    """What was asked under a key; raises RequestBroken."""
    try:
        content = json.loads(text)
        found = content.pop("sha256")
        if found != _digest(content) or content["version"] != VERSION:
            raise RequestBroken("it is not what was written")
        asked = Asked(_request(content["request"]), str(content["board"]), str(content["scene"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RequestBroken("it is not whole") from None
    if request_key(asked.request) != key:
        raise RequestBroken("it belongs to another take")
    return asked


def _digest(content: Mapping[str, Any]) -> str:
    return digest_of(canonical_json(content).encode())


def _request(row: Mapping[str, Any]) -> Request:
    return Request(
        **{
            **row,
            "shots": tuple(map(_shot, row["shots"])),
            "elements": tuple(map(_element, row["elements"])),
            "start": tuple(frame for one in row["start"] if (frame := _frame(one)) is not None),
            "end": _frame(row["end"]),
        }
    )


def _shot(row: Mapping[str, Any]) -> ShotRequest:
    return ShotRequest(**{**row, "lines": tuple(SpokenLine(**line) for line in row["lines"])})


def _element(row: Mapping[str, Any]) -> ElementRequest:
    files = {name: _asset(row[name]) for name in ("image", "video", "voice_sample")}
    references = tuple(Asset(**one) for one in row["references"])
    return ElementRequest(**{**row, **files, "references": references})


def _asset(row: Mapping[str, Any] | None) -> Asset | None:
    return None if row is None else Asset(**row)


def _frame(row: Mapping[str, Any] | None) -> Frame | None:
    if row is None:
        return None
    if "asset" in row:
        return FrameIn(Asset(**row["asset"]), Fraction(row["at"]))
    return FrameOf(**row) if "take" in row else Asset(**row)

"""What a body names, made into what a provider can read: files and frames become addresses, each uploaded once."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from storyreel.base.digest import digest_of_value
from storyreel.base.money import Usd
from storyreel.media.shelf import Shelf
from storyreel.providers.spec import Failed, Unreachable, Uploaded, Vendor
from storyreel.render.blobs import DamagedBlob, digest_of_file
from storyreel.render.clock import Clock
from storyreel.render.events import Event, FileUploaded
from storyreel.render.journal import Journal
from storyreel.render.once import Once
from storyreel.render.order import FrameNeeded, Order, Way
from storyreel.render.points import Reached
from storyreel.render.store import Store

MOST_UPLOADS = 4
FIRST_WAIT_S = 1.0
VOICE = "voice:sha256:"
SHELVED = "shelf:"
"""Begins the place of a frame that was made here: its key on the shelf follows."""

_ASSET = re.compile(r"asset:sha256:([0-9a-f]{64})(?:#t=([0-9./]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class VoiceMaker:
    """Where a provider makes a voice from a sample, for money."""

    endpoint: str
    url: str
    price: Usd
    encoding: str = "json"


@dataclass(frozen=True, slots=True)
class Supplies:
    """How files, frames and voices that bodies name are come by."""

    asset_path: Callable[[str], Path]
    """A file of the project by its path."""
    still: Callable[[Path, FrameNeeded | Fraction, Path], Awaitable[None]]
    """Writes one frame of a film, by its number or its second, as a PNG."""
    shelf: Shelf
    voices: Mapping[str, VoiceMaker] = field(default_factory=dict)
    """By provider."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A body as it goes out, and what stands for the files that its adapter sends itself."""

    body: Mapping[str, Any]
    files: Mapping[str, Path]
    """By placeholder."""
    assets: Mapping[str, str]
    """Digest to place of every file that went along, so that a later run finds them again."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A file that goes along."""

    digest: str
    path: Path
    place: str


class Materials:
    """Uploads once per file and provider, however many orders want it at once, and reuses it while it lives."""

    def __init__(
        self,
        journal: Journal,
        vendors: Mapping[str, Vendor],
        store: Store,
        supplies: Supplies,
        clock: Clock,
        tell: Callable[[Event], None],
        reached: Reached,
    ) -> None:
        self._journal, self._vendors, self._store = journal, vendors, store
        self.supplies = supplies
        self._clock, self._tell, self._reached = clock, tell, reached
        self._uploads: Once[Uploaded | Failed | Unreachable] = Once()
        self._stills: Once[_Piece] = Once()
        self._sound: set[tuple[str, str]] = set()

    async def gather(self, order: Order, way: Way, voices: Mapping[str, str]) -> Gathered | Failed | Unreachable:
        """Everything that the way's body names. `voices`: placeholder to a voice that was made.

        `invalid` where a file is not what was planned, or a take whose frame is needed is not here.
        """
        put, files, assets = dict(voices), {}, {}
        for placeholder in sorted(set(_strings(way.body))):
            piece = await self._piece(placeholder, order, way)
            if piece is None:
                continue
            if isinstance(piece, Failed):
                return piece
            uploaded = await self._uploaded(way.provider, piece)
            if not isinstance(uploaded, Uploaded):
                return uploaded
            stands_for = f"asset:sha256:{piece.digest}"
            put[placeholder] = uploaded.url or stands_for
            assets[piece.digest] = piece.place
            if uploaded.url is None:
                files[stands_for] = piece.path
        return Gathered(_filled(way.body, put), files, assets)

    def files(self, body: Mapping[str, Any], assets: Mapping[str, str]) -> Mapping[str, Path] | Failed:
        """The files of a body that went out before, where its adapter sends them itself."""
        found = {}
        for text in set(_strings(body)):
            match = _ASSET.fullmatch(text)
            place = assets.get(match[1]) if match else None
            if place is None:
                continue
            path = self._place(place)
            if path is None or not path.is_file():
                return Failed("invalid", f"{place} went along with the request and is not here any more")
            found[text] = path
        return found

    async def close(self) -> None:
        await self._uploads.close()
        await self._stills.close()

    def _place(self, place: str) -> Path | None:
        if place.startswith(SHELVED):
            return self.supplies.shelf.find(place.removeprefix(SHELVED))
        return self.supplies.asset_path(place)

    async def _piece(self, placeholder: str, order: Order, way: Way) -> _Piece | Failed | None:
        if placeholder in order.frames:
            frame = order.frames[placeholder]
            record = frame.record or self._store.find(frame.key, frame.take)
            if record is None:
                return Failed("invalid", "the take whose frame it starts from or ends on is not in the store")
            try:
                film = await asyncio.to_thread(self._store.path, record)
            except DamagedBlob as damaged:
                return Failed("internal", f"{damaged}: the take whose frame it starts from or ends on")
            key = digest_of_value(["still", record.digest, frame.frame, frame.rate])
            return await self._stills.get(key, lambda: self._still(key, film, frame))
        match = _ASSET.fullmatch(placeholder)
        if match is None or match[1] not in way.assets:
            return None  # Words that only look like a placeholder.
        digest, moment = match[1], match[2]
        place = way.assets[digest]
        path = self.supplies.asset_path(place)
        if (digest, place) not in self._sound:
            if not path.is_file() or await asyncio.to_thread(digest_of_file, path) != digest:
                return Failed("invalid", f"{place} is not the file any more that was planned with; run again")
            self._sound.add((digest, place))
        if moment is None:
            return _Piece(digest, path, place)
        key = digest_of_value(["still", digest, moment])
        return await self._stills.get(key, lambda: self._still(key, path, Fraction(moment)))

    async def _still(self, key: str, film: Path, which: FrameNeeded | Fraction) -> _Piece:
        found = self.supplies.shelf.find(key)
        if found is None:
            out = self.supplies.shelf.new_file(".png")
            try:
                await self.supplies.still(film, which, out)
                found = self.supplies.shelf.keep(key, out)
            finally:
                out.unlink(missing_ok=True)
            self._reached("still: made")
        return _Piece(await asyncio.to_thread(digest_of_file, found), found, f"{SHELVED}{key}")

    async def _uploaded(self, provider: str, piece: _Piece) -> Uploaded | Failed | Unreachable:
        known = self._journal.uploaded(piece.digest, provider, self._clock.wall())
        if known is not None:
            return Uploaded(known)
        return await self._uploads.get((provider, piece.digest), lambda: self._upload(provider, piece))

    async def _upload(self, provider: str, piece: _Piece) -> Uploaded | Failed | Unreachable:
        wait = FIRST_WAIT_S
        for tries_left in reversed(range(MOST_UPLOADS)):
            self._reached("upload: leaving")
            uploaded = await self._vendors[provider].upload(piece.path, piece.digest)
            self._reached("upload: there")
            if not isinstance(uploaded, Unreachable) or tries_left == 0:
                break
            await self._clock.sleep(max(wait, uploaded.retry_after or 0.0))
            wait *= 2
        if isinstance(uploaded, Uploaded) and uploaded.url is not None:
            self._journal.keep_upload(piece.digest, provider, uploaded)
            self._tell(FileUploaded(piece.digest, provider))
        return uploaded


def voices_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Placeholders of voices that are not made yet."""
    return tuple(sorted({text for text in _strings(body) if text.startswith(VOICE)}))


def _strings(value: Any) -> Iterator[str]:
    """Every text in a value, also of values that are written out as JSON in a text."""
    if isinstance(value, str):
        yield value
        value = _written(value)
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)


def _filled(value: Any, put: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        written = _written(value)
        filled = _filled(written, put)
        # Text that names nothing stays as it was spelled: lists of jobs are searched for it.
        return put.get(value, value) if filled == written else json.dumps(filled, ensure_ascii=False)
    if isinstance(value, Mapping):
        return {name: _filled(inner, put) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(inner, put) for inner in value]
    return value


def _written(text: str) -> Any:
    """The object or list that a text is the JSON of; None where it is words."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None

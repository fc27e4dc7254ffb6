"""The files that pictures come from: takes and clips as they are, cards and moved stills drawn once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from storyreel.base.timebase import Range, rate_text, round_half_up
from storyreel.board.source import MediaFacts
from storyreel.media.ffmpeg import MediaFailed
from storyreel.media.moved import paint_moved
from storyreel.media.probe import probe
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.plan.cut import CardSource, Cut, FileSource, Source, StillSource, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.cards import paint_cards
from storyreel.stitch.conform import Original
from storyreel.stitch.encoding import Format
from storyreel.stitch.events import CardPainted, StitchEvent, TakeShort
from storyreel.stitch.segments import Segment, drawn_key

TakeId = tuple[str, int]


class Originals:
    """Sources by what they are and where they lie. `begin` and `end` frame the time in which they are asked for."""

    def __init__(
        self,
        form: Format,
        takes: Mapping[TakeId, Path],
        digests: Mapping[TakeId, str],
        asset_path: Callable[[Asset], Path],
        shelf: Shelf,
        on_event: Callable[[StitchEvent], None],
        runner: Runner | None = None,
    ) -> None:
        self._form, self._takes, self._digests, self._asset_path = form, takes, digests, asset_path
        self._shelf, self._on_event, self._runner = shelf, on_event, runner
        self._facts: dict[Path, MediaFacts | None] = {}
        self._drawn: dict[str, asyncio.Task[None]] = {}

    def identity(self, source: Source) -> str:
        """What a source is made of, as a digest; raises MediaFailed where a take is not there."""
        if isinstance(source, TakeSource):
            self._take(source)
            return self._digests[source.key, source.take]
        if isinstance(source, FileSource):
            return source.asset.digest
        return drawn_key(source, self._form)

    def begin(self, cut: Cut) -> None:
        """Start to draw what the shelf lacks: cards together in one child, which takes longest to come alive."""
        cards: dict[str, tuple[CardSource, str]] = {}
        for scene in cut.scenes:
            for source in scene.sources:
                if isinstance(source, TakeSource | FileSource):
                    continue
                identity = self.identity(source)
                if identity in self._drawn or identity in cards or self._shelf.find(identity) is not None:
                    continue
                if isinstance(source, CardSource):
                    cards[identity] = (source, scene.id)
                else:
                    self._drawn[identity] = asyncio.ensure_future(self._move(source, identity, scene.id))
        if cards:
            self._drawn.update(dict.fromkeys(cards, asyncio.ensure_future(self._paint(cards))))

    async def drawn(self) -> None:
        """Wait until all that `begin` started is drawn; raises MediaFailed."""
        await asyncio.gather(*(asyncio.shield(task) for task in set(self._drawn.values())))

    async def end(self) -> None:
        """Stop drawing what nobody waits for any more."""
        for task in self._drawn.values():
            task.cancel()
        await asyncio.gather(*set(self._drawn.values()), return_exceptions=True)

    def report_short(self, segments: Sequence[Segment]) -> None:
        """An event for every take and clip that ends before its scene does."""
        ends: dict[Source, tuple[Range, Segment]] = {}
        for segment in segments:
            for strip in segment.strips:
                known = ends.get(strip.source)
                if known is None or strip.frames.end > known[0].end:
                    ends[strip.source] = (strip.frames, segment)
        for source, (frames, segment) in ends.items():
            if isinstance(source, TakeSource | FileSource):
                found = self._available(source, segment)
                if found < frames.end:
                    self._on_event(TakeShort(segment.scene, frames.end, found))

    async def of(self, source: Source, segment: Segment) -> Original:
        """The file of a source, drawn if need be; raises MediaFailed."""
        identity = self.identity(source)
        if isinstance(source, TakeSource | FileSource):
            return Original(self._file(source), identity, self._available(source, segment))
        if identity in self._drawn:
            await asyncio.shield(self._drawn[identity])
        found = self._shelf.find(identity)
        assert found is not None, "begin() draws what is not there"
        return Original(found, identity, source.used.end)

    def sound_of(self, source: Source) -> str | None:
        """The identity of the file that a source sounds from; None where it is silent."""
        if isinstance(source, FileSource):
            return source.asset.digest if source.has_audio else None
        if isinstance(source, TakeSource) and source.look == "take":
            facts = self._probed(self._take(source))
            return self.identity(source) if facts is not None and facts.has_audio else None
        return None

    def file_of(self, identity: str) -> Path | None:
        """The take that has these bytes."""
        return next((self._takes[ident] for ident, digest in self._digests.items() if digest == identity), None)

    async def _paint(self, cards: Mapping[str, tuple[CardSource, str]]) -> None:
        files = {key: self._shelf.new_file(".mp4") for key in cards}
        try:
            jobs = [(source, files[key]) for key, (source, _) in cards.items()]
            await paint_cards(jobs, self._form, self._asset_path, runner=self._runner)
            for key, (source, scene) in cards.items():
                self._shelf.keep(key, files[key])
                self._on_event(CardPainted(scene, source.used.end))
        finally:
            for file in files.values():
                file.unlink(missing_ok=True)

    async def _move(self, still: StillSource, identity: str, scene: str) -> None:
        file = self._shelf.new_file(".mp4")
        try:
            size = (self._form.width, self._form.height)
            picture = self._asset_path(still.asset)
            rate = rate_text(self._form.rate)
            await paint_moved(picture, still.camera, size, rate, still.used.end, file, runner=self._runner)
            self._shelf.keep(identity, file)
            self._on_event(CardPainted(scene, still.used.end))
        finally:
            file.unlink(missing_ok=True)

    def _take(self, source: TakeSource) -> Path:
        try:
            return self._takes[source.key, source.take]
        except KeyError:
            raise MediaFailed(f"take {source.take} of {source.key[:12]} is not in the store") from None

    def _file(self, source: TakeSource | FileSource) -> Path:
        return self._take(source) if isinstance(source, TakeSource) else self._asset_path(source.asset)

    def _available(self, source: TakeSource | FileSource, segment: Segment) -> int:
        """Frames of the film's rate, after speed, that a file really has."""
        facts = self._probed(self._file(source))
        if facts is None or facts.seconds is None:
            return source.available
        speed = next(strip.speed for strip in segment.strips if strip.source == source)
        return round_half_up(facts.seconds / speed * self._form.rate)

    def _probed(self, file: Path) -> MediaFacts | None:
        if file not in self._facts:
            self._facts[file] = probe(file)
        return self._facts[file]

"""The files that pictures come from: takes and clips as they are, cards and moved stills drawn once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import rate_text, round_half_up
from storyreel.media.ffmpeg import MediaFailed
from storyreel.media.footage import Footage, footage_of
from storyreel.media.moved import paint_moved
from storyreel.media.probe import probe
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.plan.cut import CardSource, Cut, FileSource, Source, StillSource, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.cards import paint_cards
from storyreel.stitch.conform import Original
from storyreel.stitch.encoding import REVISION, Format
from storyreel.stitch.events import CardPainted, StitchEvent, TakeShort
from storyreel.stitch.segments import Segment, drawn_key
from storyreel.stitch.together import together

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
        self._footage: dict[str, Footage] = {}
        self._sounds: dict[Path, bool] = {}
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

    async def measure(self, cut: Cut, jobs: int = 2) -> None:
        """Find out what every take and clip that is here really is, once for its bytes; raises MediaFailed."""
        wanted: dict[str, TakeSource | FileSource] = {}
        for scene in cut.scenes:
            for source in scene.sources:
                if isinstance(source, FileSource) or (isinstance(source, TakeSource) and self.has(source)):
                    wanted[self.identity(source)] = source
        slots = asyncio.Semaphore(jobs)

        async def measured(identity: str, source: TakeSource | FileSource) -> None:
            async with slots:
                self._footage[identity] = await self._measured(identity, self._file(source))

        await together(measured(*each) for each in wanted.items() if each[0] not in self._footage)

    def has(self, source: TakeSource) -> bool:
        """True where the take is here."""
        return (source.key, source.take) in self._takes

    def held(self, source: Source, speed: Fraction) -> int | None:
        """Frames that a measured take or clip really has, at the film's rate, after speed; else None."""
        if not isinstance(source, TakeSource | FileSource) or (isinstance(source, TakeSource) and not self.has(source)):
            return None
        found = self._footage.get(self.identity(source))
        return None if found is None else round_half_up(found.seconds / speed * self._form.rate)

    def held_by(self, take: TakeSource) -> int | None:
        """Frames that a measured take really has, at its own speed."""
        return self.held(take, Fraction(1))

    def begins(self, identity: str) -> Fraction | None:
        """The second on a measured file's own clock at which its pictures begin."""
        found = self._footage.get(identity)
        return found.begins if found is not None else None

    def report_short(self, cut: Cut) -> None:
        """An event for every take and clip that ends before its scene does."""
        ends: dict[Source, tuple[int, int, str]] = {}
        for scene in cut.scenes:
            for source in scene.sources:
                found = self.held(source, scene.speed)
                if found is not None and found < source.used.end > ends.get(source, (0, 0, ""))[0]:
                    ends[source] = (source.used.end, found, scene.id)
        for wanted, found, name in ends.values():
            self._on_event(TakeShort(name, wanted, found))

    async def of(self, source: Source, segment: Segment) -> Original:
        """The file of a source, drawn if need be; raises MediaFailed."""
        identity = self.identity(source)
        if isinstance(source, TakeSource | FileSource):
            speed = next(strip.speed for strip in segment.strips if strip.source == source)
            held = self.held(source, speed)
            assert held is not None, "measure() looks at every file"
            return Original(self._file(source), identity, held, self._footage[identity])
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
            file = self._take(source)
            if file not in self._sounds:
                facts = probe(file)
                self._sounds[file] = facts is not None and facts.has_audio
            return self.identity(source) if self._sounds[file] else None
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

    async def _measured(self, identity: str, file: Path) -> Footage:
        """From the shelf, where the bytes are known."""
        key = digest_of_value({"footage": identity, "revision": REVISION})
        found = self._shelf.find(key)
        if found is not None:
            return Footage.read(json.loads(found.read_bytes()))
        footage = await footage_of(file, runner=self._runner)
        note = self._shelf.new_file(".json")
        note.write_text(json.dumps(footage.row()))
        self._shelf.keep(key, note)
        return footage

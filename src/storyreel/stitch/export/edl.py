"""A cut as a CMX3600 edit list: the picture, event by event."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from storyreel.base.timebase import Range, rate_text, round_half_up
from storyreel.plan.cut import CardSource, Cut, FileSource, StillSource, TakeSource
from storyreel.stitch.export.media import ExportRefused, Media, clip_name, reel_name
from storyreel.stitch.export.timecode import drops, nominal, timecode
from storyreel.stitch.export.track import Joint, Piece, joints_of, whole_pieces

FIRST_HOUR = 1
"""Timelines of editors begin at one o'clock."""

_MOST_TITLE = 70
_WIPES = {"wipe": "W001", "slide": "W001"}
_BLACK = "BL"


@dataclass(frozen=True, slots=True)
class _Side:
    """What a transition leaves or enters."""

    reel: str
    name: str
    frame: int
    """Of the source, at which it stands."""


@dataclass(slots=True)
class _Writer:
    cut: Cut
    media: Media
    rows: list[str]
    reels: dict[object, str]
    count: int = 0

    def event(self, piece: Piece, at: Range, before: _Side | None, code: str, frames: int, note: str = "") -> _Side:
        """One event: a cut, or with `before` a transition of `frames` out of it. Returns where its source then is."""
        source, scene = piece.source, self.cut.scenes[piece.scene]
        reel, name = self.reel(piece), clip_name(self.cut, piece.scene, piece.index)
        speed = Fraction(1) if isinstance(source, CardSource | StillSource) else scene.speed
        start = round_half_up((piece.used.start + at.start - piece.at.start) * speed) - self.first(piece)
        used = Range(start, start + round_half_up(at.length * speed))
        self.write(reel, used, at, before, code, frames)
        if speed != 1:
            pace = f"{float(speed * self.cut.rate):05.1f}"
            self.rows.append(f"M2   {reel:<8} {pace}                {self.clock(used.start).replace(';', ':')}")
        self.rows.append(f"* FROM CLIP NAME: {before.name if before else name}")
        if before is not None:
            self.rows.append(f"* TO CLIP NAME: {name}")
        self.rows += [f"* {text}" for text in (note, _about(piece), self.file(piece)) if text]
        return _Side(reel, name, used.end)

    def black(self, at: Range, before: _Side | None, frames: int) -> _Side:
        """Black, cut to or dissolved to."""
        self.write(_BLACK, Range(0, at.length), at, before, "D", frames)
        self.rows.append(f"* FROM CLIP NAME: {before.name if before else 'BLACK'}")
        if before is not None:
            self.rows.append("* TO CLIP NAME: BLACK")
        return _Side(_BLACK, "BLACK", at.length)

    def write(self, reel: str, used: Range, at: Range, before: _Side | None, code: str, frames: int) -> None:
        self.count += 1
        if before is None:
            self.rows.append(self.line(reel, "C", used, at))
            return
        still = Range(before.frame, before.frame)
        self.rows.append(self.line(before.reel, "C", still, Range(at.start, at.start)))
        self.rows.append(self.line(reel, f"{code:<4} {frames:03}", used, at))

    def line(self, reel: str, edit: str, used: Range, at: Range) -> str:
        source = f"{self.clock(used.start)} {self.clock(used.end)}"
        record = f"{self.clock(at.start, FIRST_HOUR)} {self.clock(at.end, FIRST_HOUR)}"
        return f"{self.count:03}  {reel:<8} V     {edit:<8} {source} {record}"

    def clock(self, frame: int, hours: int = 0) -> str:
        return timecode(frame, self.cut.rate, hours)

    def reel(self, piece: Piece) -> str:
        """One name for one source, however often it is used."""
        source = piece.source
        ident: object = source
        if isinstance(source, TakeSource):
            ident = (source.key, source.take)
        elif isinstance(source, FileSource | StillSource):
            ident = source.asset.digest
        return self.reels.setdefault(ident, reel_name(self.cut, piece.scene, piece.index, source))

    def file(self, piece: Piece) -> str:
        if isinstance(piece.source, CardSource):
            return ""
        medium = self.media.of_source(self.cut, piece.scene, piece.index, _number(piece))
        return f"SOURCE FILE: {_plain(medium.url)}" if medium is not None else "SOURCE FILE: MISSING"

    def first(self, piece: Piece) -> int:
        """The frame with which the source's file begins."""
        laid = self.media.laid.get((piece.scene, piece.index, _number(piece)))
        return laid.first if laid is not None else 0


def _number(piece: Piece) -> int:
    return piece.source.take if isinstance(piece.source, TakeSource) else 0


def edl_text(cut: Cut, media: Media) -> str:
    """The edit list; raises ExportRefused at rates whose frames do not fit into two digits."""
    if nominal(cut.rate) > 99:
        raise ExportRefused(f"an edit list counts at most 99 frames a second, this film has {rate_text(cut.rate)}")
    mode = "DROP FRAME" if drops(cut.rate) else "NON-DROP FRAME"
    rows = [f"TITLE: {_plain(cut.title or cut.film)[:_MOST_TITLE]}", f"FCM: {mode}", ""]
    writer = _Writer(cut, media, rows, {})
    joints = joints_of(cut)
    before: _Side | None = None
    for joint in joints:
        after = joints[joint.scene + 1] if joint.scene + 1 < len(joints) else None
        before = _scene(writer, joint, after, before)
    writer.rows += ["", f"* RATE: {rate_text(cut.rate)} FRAMES A SECOND"]
    return "\n".join(rows) + "\n"


def _scene(writer: _Writer, joint: Joint, after: Joint | None, before: _Side | None) -> _Side | None:
    """The events of one scene: from its first frame until the next one begins to show."""
    start, end = writer.cut.scenes[joint.scene].at.start, writer.cut.frames
    if after is not None:
        end = after.at - after.before
    kind, frames = joint.transition.kind, joint.transition.frames
    if kind == "fade":
        half = Range(start - joint.before, start)
        if not joint.before:  # Readers want something in front of a fade in.
            before, frames = writer.black(Range(start, start), None, 0), joint.after
        else:
            before, frames = writer.black(half, before, half.length), joint.after
    window = Range(start, end)
    for piece in whole_pieces(writer.cut, joint.scene):
        at = piece.at.overlap(window)
        if not at.length:
            continue
        is_opening = at.start == start and kind != "cut"
        code = _WIPES.get(kind, "D")
        note = "TRANSITION: SLIDE, WRITTEN AS A WIPE" if is_opening and kind == "slide" else ""
        before = writer.event(piece, at, before if is_opening else None, code, frames, note)
    return before


def _about(piece: Piece) -> str:
    source = piece.source
    if isinstance(source, TakeSource):
        look = "" if source.look == "take" else ", A DRAWN PANEL"
        return f"TAKE {source.take} OF {source.key[:12]}{look}"
    if isinstance(source, CardSource):
        return f"CARD: {_plain(source.title or '')}".rstrip(": ")
    return f"{'STILL' if isinstance(source, StillSource) else 'CLIP'}: {_plain(source.asset.path)}"


def _plain(text: str) -> str:
    """Text for a format of one line and one alphabet."""
    return "".join(sign if " " <= sign <= "~" else "?" for sign in " ".join(text.split()))

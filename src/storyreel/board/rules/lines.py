"""Who speaks, in what language, and whether there is time for it."""

from __future__ import annotations

from fractions import Fraction

from storyreel.base.diagnostic import Hint
from storyreel.base.timebase import seconds_text
from storyreel.board.lengths import shown_frames
from storyreel.board.model import NARRATOR, Say, Scene
from storyreel.board.rules.elements import declared_at
from storyreel.board.rules.files import check_line_file
from storyreel.board.rules.scope import Scope, is_stand_in
from storyreel.board.rules.shapes import check_language
from storyreel.board.rules.speech import primary, speaking_time

_OFF_SCREEN = ("(V.O.)", "(O.S.)")
_NATIVE = frozenset({"zh", "en"})
"""Languages that Kling voices speak; others come out in English."""


def check_lines(scope: Scope, scene: Scene) -> None:
    for line in scene.say:
        _check_line(scope, line)
    for shot in scene.shots:
        for line in shot.say:
            _check_line(scope, line)
    _check_native_speech(scope, scene)


def check_line_times(scope: Scope, scene: Scene) -> None:
    """Lines fit into their shots; lines of a scene, into the scene."""
    for shot in scene.shots:
        if shot.say:
            _check_times(scope, scene, shot.say, shot.duration.seconds(scope.board.fps), "shot")
    if scene.say:
        frames = shown_frames(scene, scope.board.fps)
        if frames is not None:
            _check_times(scope, scene, scene.say, scope.seconds(frames), "scene")


def spoken_language(scope: Scope, scene: Scene, line: Say) -> str:
    """The language of a line: its speaker's own, else the scene's, else the film's."""
    element = scope.board.elements.get(line.speaker)
    own = element.voice.language if element is not None and element.voice is not None else None
    return own or scope.language(scene)


def _check_line(scope: Scope, line: Say) -> None:
    check_line_file(scope, line)
    name = line.speaker
    if is_stand_in(line, "who", name):
        return
    if name in scope.board.elements or name == NARRATOR or any(mark in line.who for mark in _OFF_SCREEN):
        return
    bare = name.removeprefix("@")
    meant = scope.nearest(bare, (*scope.names, NARRATOR)) if bare not in scope.board.elements else bare
    hints = [Hint(f"did you mean `{meant}`?", declared_at(scope, meant))] if meant else []
    hints.append(Hint(f"a voice that is not seen is `{bare} (V.O.)`, or `(O.S.)` where its owner is near"))
    label = "without the @" if bare != name else "no element, and not `narrator`"
    scope.error("SR116", f"unknown speaker `{name}`", line.span("who"), label=label, hints=hints)


def _check_native_speech(scope: Scope, scene: Scene) -> None:
    """One warning for each place that chooses a language which the model does not speak."""
    board = scope.board
    if not board.setting(scene, "generate_audio") or not str(board.setting(scene, "model")).startswith("kling"):
        return
    for line in (*scene.say, *(line for shot in scene.shots for line in shot.say)):
        element = board.elements.get(line.speaker)
        language = spoken_language(scope, scene, line)
        if element is None or line.is_voice_over or primary(language) in _NATIVE:
            continue
        owner = next(o for o in (element.voice, scene, board) if o is not None and o.language is not None)
        message = f"the model speaks Chinese and English: lines in `{language}` come out in English"
        hints = [
            f"have `{line.speaker}` dubbed: `{{who: {line.speaker}, line: …, file: assets/vo/01.wav}}`",
            "or set `generate_audio: false` and lay the voices on the sound bed",
        ]
        scope.warning("SR134", message, owner.span("language"), hints=hints)


def _check_times(scope: Scope, scene: Scene, lines: tuple[Say, ...], room: Fraction, owner: str) -> None:
    rate, after = scope.board.fps, Fraction(0)
    for line in lines:
        begin = line.at.seconds(rate) if line.at is not None else after
        if begin >= room and line.at is not None:
            message = f"this line begins at {seconds_text(begin)} s, the {owner} ends at {seconds_text(room)} s"
            scope.error("SR124", message, line.span("at"))
            return
        needed, sum_ = _time_of(scope, scene, line)
        after = begin + needed
        if after > room:
            _warn_too_long(scope, line, needed, sum_, begin, room, owner)
            return


def _time_of(scope: Scope, scene: Scene, line: Say) -> tuple[Fraction, str]:
    recorded = scope.known_seconds(line.file) if line.file is not None else None
    if recorded is not None:
        return recorded, f"`{line.file}`"
    return speaking_time(line.line, spoken_language(scope, scene, line))


def _warn_too_long(
    scope: Scope, line: Say, needed: Fraction, sum_: str, begin: Fraction, room: Fraction, owner: str
) -> None:
    verb = "takes" if line.file is not None and sum_.startswith("`") else "take"
    time = f"{sum_} {verb} {float(needed):.1f} s"
    left = f"{float(room - begin):.1f} s are left of" if begin else f"{seconds_text(room)} s is all of"
    message = f"this line is too long for its {owner}: {time}, {left} the {owner}"
    whole = -(-(begin + needed) // 1)
    hint = f"shorten it, or give the {owner} {whole} s" if owner == "shot" else "shorten it, or begin earlier"
    scope.warning("SR118", message, line.span("line"), hints=[hint])


def check_voice_languages(scope: Scope) -> None:
    for element in scope.board.elements.values():
        if element.voice is not None and element.voice.language is not None:
            check_language(scope, element.voice.language, element.voice)

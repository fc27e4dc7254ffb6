"""The project's own prompt templates (`template:`): what they see, and what goes wrong in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.nearest import nearest
from storyreel.base.span import Span
from storyreel.board.mentions import mentions
from storyreel.board.model import Located, Scene, Shot
from storyreel.board.sandbox import FillFailed, NotKnown, TemplateRefused, compile_template
from storyreel.plan.files import Files
from storyreel.plan.request import ShotRequest
from storyreel.plan.sheet import Sheet
from storyreel.plan.terms import Terms


class OwnTemplate:
    """Renders a scene's shots; `digest` is None where the template cannot be read. Mistakes are in `found`."""

    def __init__(self, scene: Scene, sheet: Sheet, terms: Terms, files: Files) -> None:
        assert terms.template is not None
        self.found: list[Diagnostic] = []
        self._path = terms.template
        self._scene, self._sheet, self._terms = scene, sheet, terms
        self._place: Located = scene if scene.template is not None else sheet.board
        read = files.text(self._path, self._place, "template")
        self.digest = read[0].digest if read is not None else None
        self._text = read[1] if read is not None else ""

    def words(self, shot: Shot, number: int, asked: ShotRequest) -> str:
        """The shot's words, names unreplaced; empty where the template fails."""
        try:
            words = compile_template(self._text, allow_loops=True).fill(self._sight(shot, number, asked)).strip()
        except NotKnown:
            return ""  # Rests on something that is reported already.
        except TemplateRefused as refused:
            self.found.append(self._refuse(refused))
            return ""
        if not words:
            hints = ["print `{{ shot.prompt }}`"]
            message = f"{self._path} makes no words of shot {number} of `{self._scene.id}`"
            self.found.append(error("SR318", message, self._place.span("template"), hints=hints))
        for _, _, name in mentions(words, self._sheet.elements):
            if name is None:
                message = f"{self._path} mentions an element that is not declared in `elements`"
                self.found.append(error("SR308", message, self._place.span("template"), hints=[f"it made: {words}"]))
        return words

    def _sight(self, shot: Shot, number: int, asked: ShotRequest) -> Mapping[str, Any]:
        board, scene, terms = self._sheet.board, self._scene, self._terms
        return {
            "shot": {
                "id": shot.id,
                "number": number,
                "prompt": shot.prompt.strip(),
                "camera": asked.camera,
                "sound": (shot.sound or "").strip() or None,
                "duration": float(shot.duration.seconds(self._sheet.format.rate)),
                "lines": [{"who": li.who, "tone": li.tone, "text": li.text} for li in asked.lines],
                "say": [{"who": say.speaker, "tone": say.tone, "line": say.line} for say in shot.say],
                "note": shot.note,
                "vars": shot.vars,
            },
            "scene": {
                "id": scene.id,
                "place": (scene.place or "").strip() or None,
                "chapter": scene.chapter,
                "note": scene.note,
                "vars": scene.vars,
            },
            "board": {
                "title": board.title,
                "film": board.film,
                "style": terms.style,
                "negative_prompt": terms.negative_prompt,
                "language": terms.language,
                "model": terms.profile.model,
                "tier": terms.tier,
                "aspect_ratio": terms.shape.name,
                "generate_audio": terms.generate_audio,
                "vars": board.vars,
            },
            "elements": {
                name: {"name": name, "description": e.description, "voice": {"tone": e.voice_tone, "id": e.voice_id}}
                for name, e in self._sheet.elements.items()
            },
            "vars": {**board.vars, **scene.vars, **shot.vars},
        }

    def _refuse(self, refused: TemplateRefused) -> Diagnostic:
        hints = [refused.hint] if refused.hint else []
        if isinstance(refused, FillFailed):
            word = self._text[refused.offset : refused.end]
            close = nearest(word, refused.known) if refused.known else None
            hints += [f"did you mean `{close}`?"] if close else []
        hints.append(f"it turns the shots of `{self._scene.id}` into prompts")
        return error(refused.code, refused.message, self._span(refused.offset, refused.end), hints=hints)

    def _span(self, start: int, end: int) -> Span:
        starts = [0, *(at + 1 for at, letter in enumerate(self._text) if letter == "\n")]
        (line, column), (end_line, end_column) = _at(starts, start), _at(starts, end)
        return Span(self._path, line, column, end_line, end_column)


def _at(starts: Sequence[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1

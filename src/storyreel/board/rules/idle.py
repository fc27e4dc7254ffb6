"""Keys that are allowed where they stand and do nothing there."""

from __future__ import annotations

from storyreel.board.model import Scene
from storyreel.board.node import Mapping
from storyreel.board.rules.scope import Scope

_ASKED_OF_THE_MODEL = (
    "model", "tier", "aspect_ratio", "size", "resolution", "negative_prompt", "cfg_scale", "generate_audio",
    "shot_type", "template", "extra", "start", "end", "takes", "freeze",
)  # fmt: skip
_OF_A_TAKE = ("trim", "speed", "audio_db", "audio_lead", "audio_lag")
_MADE_HERE = {"card": "a card is drawn here", "still": "a still is moved here", "clip": "a clip is taken as it is"}


def check_idle_keys(scope: Scope, scene: Scene) -> None:
    node = scene.node
    if not isinstance(node, Mapping):
        return
    if scene.kind != "shots":
        idle = _ASKED_OF_THE_MODEL if scene.kind == "clip" else _ASKED_OF_THE_MODEL + _OF_A_TAKE
        for key, _ in node.entries:
            if key.text in idle:
                message = f"`{key.text}` does nothing here: {_MADE_HERE[scene.kind]}, not generated"
                scope.warning("SR132", message, key.span, hints=["remove it"])
    elif scene.freeze and not any(t == "previous" or "@" in t for t in (*scene.start, scene.end or "")):
        hints = ["remove it, or begin on `previous` or on another scene's `@last`"]
        scope.warning("SR132", "`freeze` does nothing: no frame of another scene is used", scene.key_span("freeze"),
                      hints=hints)  # fmt: skip
    _check_bound_voices(scope, scene)


def _check_bound_voices(scope: Scope, scene: Scene) -> None:
    board = scope.board
    if scene.kind != "shots" or board.setting(scene, "generate_audio") is not False:
        return
    for line in (line for shot in scene.shots for line in shot.say):
        element = board.elements.get(line.speaker)
        if element is not None and element.voice is not None and element.voice.id is not None:
            owner = scene if scene.generate_audio is not None else board
            message = f"the bound voice of `{line.speaker}` stays silent: no sound is generated"
            hints = ["a bound voice is billed all the same: remove `voice.id`, or generate sound"]
            scope.warning("SR132", message, owner.span("generate_audio"), hints=hints)

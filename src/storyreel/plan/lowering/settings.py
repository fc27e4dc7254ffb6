"""Words and plain settings of a request into their fields."""

from __future__ import annotations

from typing import Any

from storyreel.plan.catalog import catalog
from storyreel.plan.lowering.filling import Filling, compact, seconds
from storyreel.plan.lowering.words import Manner, beside, join, prompts
from storyreel.plan.request import Request, ShotRequest

JOINED = "part of the prompt"


def fill_settings(filling: Filling, request: Request) -> None:
    """Model, tier, shape, length and sound."""
    form = filling.form
    if form.has("model"):
        filling.put("model", filling.endpoint, None if filling.endpoint == request.model else "converted")
    else:
        filling.note("model", "converted", f"the endpoint: {filling.endpoint}")
    if form.has("tier"):
        filling.put("tier", request.tier)
    elif form.has("size") and request.shape is None:
        filling.drop("tier", "key", "tier", detail="the start picture decides the size")
    elif form.has("size"):
        filling.note("tier", "converted", f"the pixels of `{form.fields['size']}`")
    else:
        filling.note("tier", "converted", f"the endpoint: {filling.endpoint}")
    if request.shape is not None:
        _fill_shape(filling, request, request.shape)
    detail = f"`{form.fields['duration']}`, whole seconds as text" if form.seconds == "text" else ""
    filling.put("duration", seconds(request.seconds, form.seconds), "converted" if detail else None, detail)
    if form.has("generate_audio"):
        filling.put("generate_audio", request.generate_audio)
    else:
        hints = ["leave `generate_audio` out: the server decides"]
        filling.drop("generate_audio", "key", "generate_audio", detail="the server decides about sound", hints=hints)
    plain = (
        ("negative_prompt", request.negative_prompt),
        ("cfg_scale", request.cfg_scale),
        ("shot_type", request.shot_type),
    )
    for name, value in plain:
        if value is None:
            continue
        if form.has(name):
            filling.put(name, value)
        elif (name, value) == ("shot_type", "customize"):
            filling.note(name, "emulated", "shots are sent as they are written")
        else:
            filling.drop(name, "key", name, hints=[f"remove `{name}`, or choose a provider that has it"])


def _fill_shape(filling: Filling, request: Request, shape: str) -> None:
    form = filling.form
    if form.has("aspect_ratio"):
        filling.put("aspect_ratio", shape)
    elif form.has("size"):
        width, height = catalog().profiles[request.model].pixels(request.tier, shape)
        filling.body[form.fields["size"]] = f"{width}x{height}"
        filling.note("aspect_ratio", "converted", f"`{form.fields['size']}`: {width}x{height}")
    else:
        filling.drop("aspect_ratio", "key", "aspect_ratio")


def fill_prompts(filling: Filling, request: Request, manner: Manner) -> None:
    """One shot as a prompt, several as a list, or all in one prompt; with what the template joined into them."""
    words = prompts(request, manner)
    if len(words) == 1:
        filling.put("prompt", words[0])
        filling.note("shots", "converted", "one shot is the prompt")
    elif manner.is_joined:
        filling.put("prompt", join(request, words, manner), "converted", "the shots' prompts, a line each")
        if manner.is_numbered:
            filling.note("shots", "emulated", "numbered in the prompt, each with its seconds")
        else:
            filling.note("shots", "converted", "joined into one prompt: the model decides the shots")
    else:
        _fill_list(filling, request, words, manner)
    if request.template is not None:
        filling.note("template", "converted", "it made the prompts")
    shots = request.shots
    parts: tuple[tuple[str, Any], ...] = (
        ("place", request.place),
        ("camera", any(shot.camera for shot in shots)),
        ("say", any(shot.lines for shot in shots)),
        ("sound", any(shot.sound for shot in shots)),
        ("style", request.style),
    )
    for name, is_there in parts:
        if is_there:
            filling.note(name, "converted", "as the template has it" if request.template is not None else JOINED)


def _fill_list(filling: Filling, request: Request, words: tuple[str, ...], manner: Manner) -> None:
    form = filling.form
    entries = [
        {"prompt": text, "duration": seconds(shot.seconds, form.shot_seconds), **_own(filling, shot, index)}
        for index, (shot, text) in enumerate(zip(request.shots, words, strict=True))
    ]
    name = form.fields["shots"]
    if form.beside:
        filling.put("prompt", beside(request, words, manner), "converted", f"`{name}`; what they share beside it")
    else:
        filling.note("prompt", "renamed", f"`{name}`")
    if form.shots == "text":
        filling.put("shots", compact(entries), "converted", f"`{name}`, a text that holds the list")
    elif form.shot_seconds == "text":
        filling.put("shots", entries, "converted", f"`{name}`, seconds as text")
    else:
        filling.put("shots", entries)


def _own(filling: Filling, shot: ShotRequest, index: int) -> dict[str, Any]:
    """A shot's own `extra`; what would displace its words is refused."""
    for key in shot.extra:
        if key in ("prompt", "duration"):
            _refuse(filling, key, "shot", index, "extra", key)
    return {key: value for key, value in shot.extra.items() if key not in ("prompt", "duration")}


def fill_extra(filling: Filling, request: Request, manner: Manner) -> None:
    """What storyreel does not read, merged into the body last; it never displaces what storyreel sets."""
    for key, value in request.extra.items():
        _pass(filling, key, value, "extra", key)
    for index, shot in enumerate(request.shots):
        for key, value in shot.extra.items():
            param = f"shots.{index + 1}.extra.{key}"
            if len(request.shots) == 1:
                _pass(filling, key, value, "shot", index, "extra", key, param=param)
            elif manner.is_joined:
                why = "the shots are joined into one prompt"
                filling.drop(param, "shot", index, "extra", key, detail=why)
            else:
                filling.note(param, "passthrough", f"`{filling.form.fields['shots']}`")


def _pass(filling: Filling, key: str, value: Any, *at: str | int, param: str | None = None) -> None:
    filling.note(param or f"extra.{key}", "passthrough")
    ours = {filling.form.fields.get(name) for name in ("model", "prompt", "shots", "duration")}
    if key in filling.body or key in filling.form.reserved or key in ours:
        _refuse(filling, key, *at)
    else:
        filling.body[key] = value


def _refuse(filling: Filling, key: str, *at: str | int) -> None:
    hints = ["remove it, and use the board's own key for it"]
    message = f"`extra` names `{key}`, a field of {filling.endpoint} that storyreel fills in"
    filling.problem("SR316", message, "error", *at, label="already filled in", hints=hints)

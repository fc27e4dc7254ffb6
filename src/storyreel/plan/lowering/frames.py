"""Pictures of a request into their fields: where it begins and ends, and who is in it."""

from __future__ import annotations

from typing import Any

from storyreel.plan.lowering.cast import MOST_PICTURES, MOST_WITH_VIDEO, Cast, is_shown_by_files, voiced
from storyreel.plan.lowering.filling import Filling, Treatment
from storyreel.plan.request import ElementRequest, Request

SPELLED_OUT = "described in the prompt"


def fill_frames(filling: Filling, request: Request) -> None:
    """`start` and `end`."""
    if request.start:
        _fill_start(filling, request)
    if request.end is None:
        return
    form = filling.form
    if not request.start:
        message = f"an `end` picture needs a start picture in the same request: {filling.endpoint} has none"
        hints = [
            "a scene that is bought in parts starts only the first one: make the shots after the cut their own scene"
        ]
        filling.problem("SR314", message, "error", "scene", "end", hints=hints)
        filling.note("end", "dropped", "there is no start picture beside it")
    elif not form.has("end"):
        filling.drop("end", "scene", "end")
    else:
        filling.put("end", filling.file(request.end))
        is_list = form.fields.get("shots") in filling.body
        if is_list and not form.shots_with_end:
            message = f"{filling.endpoint} takes an `end` picture with one shot, here are {len(request.shots)}"
            hints = [
                "make a scene of its own of the last shot, and give `end` to that",
                "or write `shot_type: intelligent`: the shots are then joined into one prompt",
            ]
            filling.problem("SR313", message, "error", "scene", "end", hints=hints)


def _fill_start(filling: Filling, request: Request) -> None:
    form = filling.form
    if not form.has("start"):
        filling.drop("start", "scene", "start")
        return
    urls = [filling.file(frame) for frame in (request.start if form.start == "objects" else request.start[:1])]
    if form.start == "url":
        filling.put("start", urls[0])
    else:
        objects = [{"image_url": url} for url in urls]
        filling.put("start", objects if len(objects) > 1 else objects[0])
    if len(request.start) > len(urls):
        why = f"{filling.endpoint} begins on one picture"
        filling.lose("start", why, "scene", "start", 1, hints=["keep the first; show the others as elements"])


def fill_cast(filling: Filling, request: Request, cast: Cast) -> None:
    """Elements and bound voices."""
    if not request.elements:
        return
    if cast.elements:
        filling.body[filling.form.fields["elements"]] = [_element(filling, e, cast) for e in cast.elements]
    if cast.pictures:
        filling.body[filling.form.fields["pictures"]] = [filling.file(picture) for picture in cast.pictures]
    if cast.video is not None:
        filling.body[filling.form.fields["video"]] = filling.file(cast.video)
    described = [element for element in request.elements if element.name not in cast.called]
    treatment: Treatment = "emulated" if described else "converted"
    sent = [f"{name} as {called}" for name, called in cast.called.items()]
    filling.note("elements", treatment, ", ".join([*sent, *(f"{e.name} {SPELLED_OUT}" for e in described)]))
    for element in described:
        if is_shown_by_files(element):
            _warn_described(filling, element, request)
    _fill_voices(filling, request, cast)


def _element(filling: Filling, element: ElementRequest, cast: Cast) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if element.video is not None:
        made["video_url"] = filling.file(element.video)
    elif element.image is not None:
        made["frontal_image_url"] = filling.file(element.image)
        made["reference_image_urls"] = [filling.file(picture) for picture in element.references]
    if cast.bound is not None and element.name == cast.bound.name:
        if element.voice_id:
            made["voice_id"] = element.voice_id
        elif element.voice_sample is not None:
            filling.file(element.voice_sample)
            made["voice_id"] = f"voice:sha256:{element.voice_sample.digest}"
    return made


def _warn_described(filling: Filling, element: ElementRequest, request: Request) -> None:
    message = f"`{element.name}` goes to {filling.endpoint} as words, without its pictures"
    at = ("video",) if element.video is not None else ("image",)
    hints = _better(filling, element, request)
    filling.problem("SR312", message, "warning", "element", element.name, *at, label="spelled out", hints=hints)


def _better(filling: Filling, element: ElementRequest, request: Request) -> list[str]:
    """What would take an element along."""
    form = filling.form
    if form.has("pictures"):
        if element.video is not None:
            return ["a video goes along where no sound is made: `generate_audio: false`; or give it an `image`"]
        return [f"one request takes {MOST_PICTURES} pictures, {MOST_WITH_VIDEO} beside a video"]
    refers = form.has("elements") or request.model == "kling-o3"
    if refers and element.video is None and not element.references:
        return ["give it `references`: one to three further pictures"]
    if form.has("elements"):
        return [f"one request takes {form.most_elements} elements, one of them a video"]
    return [
        "better: let the request begin on a `start` picture; kling-v3 then takes elements along, at fal",
        "or `model: kling-o3`, which takes them without one",
    ]


def _fill_voices(filling: Filling, request: Request, cast: Cast) -> None:
    speakers = voiced(request)
    if not speakers:
        return
    lost = [element for element in speakers if element is not cast.bound]
    for element in lost:
        at = ("voice", "id" if element.voice_id else "sample")
        if cast.bound is not None:
            why = f"one request binds one voice, here that of `{cast.bound.name}`"
            hints = [f"let `{element.name}` speak in a scene of its own"]
        elif filling.form.has("elements"):
            why = "a voice is bound to an element that is a video"
            hints = [f"give `{element.name}` a `video` instead of pictures, or leave the voice to its `tone`"]
        else:
            why = f"{filling.endpoint} binds no voices"
            hints = ["fal does, for a video element in a scene with a `start` picture"]
        message = f"the voice of `{element.name}` cannot be bound: {why}"
        filling.problem("SR315", message, "loss", "element", element.name, *at, label="would be dropped", hints=hints)
    if lost:
        filling.note("voice", "dropped", f"not bound: {', '.join(element.name for element in lost)}")
    elif cast.bound is not None and cast.bound.voice_id:
        filling.note("voice", "renamed", "`voice_id` of its element")
    else:
        filling.note("voice", "converted", "`voice_id`, made once from the sample")

"""Which elements go along as pictures, and what they are called in the words; the others are described there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from storyreel.plan.forms import Form
from storyreel.plan.prompt import is_pictured
from storyreel.plan.request import Asset, ElementRequest, Request

MOST_PICTURES, MOST_WITH_VIDEO = 7, 4
"""Pictures of one request of Kling's omni model, start and end among them."""


@dataclass(frozen=True, slots=True)
class Cast:
    """What of the elements is sent as files."""

    called: Mapping[str, str] = field(default_factory=dict)
    """Name of each element that is sent to what stands for it in prompts."""
    elements: tuple[ElementRequest, ...] = ()
    """Where the endpoint knows elements: in the order of their numbers."""
    pictures: tuple[Asset, ...] = ()
    """Where it only knows pictures."""
    video: Asset | None = None
    bound: ElementRequest | None = None
    """Whose voice is bound: one in a request, of a video element that speaks."""


def cast_of(request: Request, form: Form | None) -> Cast:
    """The cast at an endpoint of this form; of no endpoint, nobody."""
    if form is None:
        return Cast()
    if form.has("elements"):
        return _numbered(request, form)
    return _pictured(request) if form.has("pictures") else Cast()


def voiced(request: Request) -> tuple[ElementRequest, ...]:
    """Elements that speak in a voice of their own."""
    speakers = {line.who for shot in request.shots for line in shot.lines}
    return tuple(e for e in request.elements if e.name in speakers and (e.voice_id or e.voice_sample))


def is_shown_by_files(element: ElementRequest) -> bool:
    """Whether leaving its files out loses anything."""
    return element.image is not None or element.video is not None


def _numbered(request: Request, form: Form) -> Cast:
    sent: list[ElementRequest] = []
    for element in request.elements:
        is_second_video = element.video is not None and any(one.video is not None for one in sent)
        if is_pictured(element) and not is_second_video and len(sent) < form.most_elements:
            sent.append(element)
    bound = next((e for e in voiced(request) if e.video is not None and e in sent), None)
    return Cast({e.name: f"@Element{number}" for number, e in enumerate(sent, 1)}, tuple(sent), bound=bound)


def _pictured(request: Request) -> Cast:
    """Front pictures by number; a video only where no sound is made, which the model cannot do beside one."""
    filmed = next((e for e in request.elements if e.video is not None and not request.generate_audio), None)
    most = MOST_PICTURES if filmed is None else MOST_WITH_VIDEO
    room = most - len(request.start[:1]) - (request.end is not None)
    shown = [e for e in request.elements if e.image is not None][:room]
    called = {e.name: f"<<<image_{number}>>>" for number, e in enumerate(shown, 1)}
    if filmed is not None:
        called[filmed.name] = "<<<video_1>>>"
    pictures = tuple(e.image for e in shown if e.image is not None)
    return Cast(called, pictures=pictures, video=filmed.video if filmed is not None else None)

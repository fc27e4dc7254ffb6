"""What holds for the scenes of a film: model, tier, shape, elements, the size and rate of what is delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.nearest import nearest
from storyreel.base.timebase import Rate
from storyreel.board.model import Element, Located, Scene, Storyboard
from storyreel.board.rules.shapes import read_size
from storyreel.plan.catalog import Profile, catalog
from storyreel.plan.files import Files
from storyreel.plan.request import Asset, ElementRequest
from storyreel.plan.shape import Shape, match_shape

DEFAULT_MODEL, DEFAULT_TIER, DEFAULT_SHAPE = "kling-v3", "standard", "16:9"


@dataclass(frozen=True, slots=True)
class Format:
    """Of what is delivered."""

    width: int
    height: int
    rate: Rate
    fit: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Of one scene's request, defaults filled in."""

    profile: Profile
    tier: str
    shape: Shape
    notes: tuple[str, ...]
    """What was matched to the nearest, where the scene itself asks for it."""
    style: str | None
    negative_prompt: str | None
    cfg_scale: float | None
    generate_audio: bool
    shot_type: str | None
    language: str
    template: str | None
    extra: Mapping[str, Any]


def terms_of(board: Storyboard, scene: Scene, found: list[Diagnostic]) -> Terms:
    """What holds for a scene: its own keys, else the board's."""
    profile = profile_of(board, scene, found)
    tier = board.setting(scene, "tier") or DEFAULT_TIER
    shape, notes = _shape(board, scene, profile, tier)
    audio = board.setting(scene, "generate_audio")
    return Terms(
        profile,
        tier,
        shape,
        notes if scene.size or scene.aspect_ratio or scene.resolution else (),
        words_or_none(board.setting(scene, "style")),
        words_or_none(board.setting(scene, "negative_prompt")),
        board.setting(scene, "cfg_scale"),
        True if audio is None else audio,
        board.setting(scene, "shot_type"),
        board.setting(scene, "language") or "en",
        board.setting(scene, "template"),
        {**board.extra, **scene.extra},
    )


def format_of(board: Storyboard, found: list[Diagnostic]) -> Format:
    """`reel.size`, else the board's bought shape at its tier's size."""
    fit = board.reel.fit if board.reel is not None else "crop"
    size = read_size(board.reel.size) if board.reel is not None and board.reel.size else None
    if size is None:
        profile = profile_of(board, None, found)
        tier = board.tier or DEFAULT_TIER
        size = profile.pixels(tier, _shape(board, None, profile, tier)[0].name)
    return Format(*size, board.fps, fit)


def shape_notes(board: Storyboard) -> tuple[str, ...]:
    """What was matched to the nearest on sale for the whole film."""
    return _shape(board, None, profile_of(board, None, []), board.tier or DEFAULT_TIER)[1]


def profile_of(board: Storyboard, scene: Scene | None, found: list[Diagnostic]) -> Profile:
    """The model's profile; an unknown model is a diagnostic, and the nearest one goes on."""
    profiles = catalog().profiles
    name, place = _written(board, scene, "model")
    if name is None or name in profiles:
        return profiles[name or DEFAULT_MODEL]
    close = nearest(name, profiles)
    hints = [f"did you mean `{close}`?"] if close else []
    hints.append(f"known models: {', '.join(profiles)}")
    unknown = f"unknown model `{name}`"
    found.append(error("SR301", unknown, place.span("model"), label="not in the catalog", hints=hints))
    return profiles[close or DEFAULT_MODEL]


def _shape(board: Storyboard, scene: Scene | None, profile: Profile, tier: str) -> tuple[Shape, tuple[str, ...]]:
    """`size` wins over `aspect_ratio`; a resolution is matched within the tier, which alone decides the price."""
    places = [place for place in (scene, board) if place is not None]
    written = next((text for place in places for text in (place.size, place.aspect_ratio) if text), DEFAULT_SHAPE)
    shape = match_shape(written, profile)
    notes = [shape.note] if shape.note else []
    resolution, _ = _written(board, scene, "resolution")
    if resolution:
        width, height = profile.pixels(tier, shape.name)
        notes.append(f"resolution {resolution} is bought at {width}x{height}, what tier {tier} has")
    return shape, tuple(notes)


def _written(board: Storyboard, scene: Scene | None, key: str) -> tuple[str | None, Located]:
    """A generation key as it holds, and the scene or board that says so."""
    own = getattr(scene, key) if scene is not None else None
    return (own, scene) if own is not None and scene is not None else (getattr(board, key), board)


def words_or_none(text: str | None) -> str | None:
    """Words without the line end that a block scalar leaves; None where nothing is left."""
    return (text or "").strip() or None


def element_requests(board: Storyboard, files: Files) -> Mapping[str, ElementRequest]:
    """Every declared element as a request would carry it, by name, in the board's order."""
    return {name: _element(name, element, files) for name, element in board.elements.items()}


def fonts_of(board: Storyboard, files: Files) -> tuple[Asset, ...]:
    """The film's own fonts, as far as they can be read."""
    found = (files.asset(path, board, "fonts", number) for number, path in enumerate(board.fonts))
    return tuple(font for font in found if font is not None)


def _element(name: str, element: Element, files: Files) -> ElementRequest:
    voice = element.voice
    references = [files.asset(path, element, "references", i) for i, path in enumerate(element.references)]
    return ElementRequest(
        name,
        words_or_none(element.description),
        files.asset(element.image, element, "image"),
        tuple(asset for asset in references if isinstance(asset, Asset)),
        files.asset(element.video, element, "video"),
        words_or_none(voice.tone) if voice else None,
        (voice.id or None) if voice else None,
        files.asset(voice.sample, voice, "sample") if voice else None,
        (voice.language or None) if voice else None,
    )

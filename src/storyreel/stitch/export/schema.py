"""The objects of OpenTimelineIO 0.15 and later as plain JSON; only what a film needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storyreel.base.timebase import Range, Rate

Json = dict[str, Any]


def time(frames: int, rate: Rate) -> Json:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(frames)}


def time_range(frames: Range, rate: Rate) -> Json:
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "duration": time(frames.length, rate),
        "start_time": time(frames.start, rate),
    }


def own(facts: Mapping[str, Any]) -> Json:
    """Metadata under our own name, without what is absent."""
    present = {key: value for key, value in facts.items() if value is not None}
    return {"storyreel": present} if present else {}


def external(url: str, name: str, available: Json | None, facts: Mapping[str, Any]) -> Json:
    return _reference("ExternalReference.1", name, available, facts) | {"target_url": url}


def missing(name: str, available: Json | None, facts: Mapping[str, Any]) -> Json:
    return _reference("MissingReference.1", name, available, facts)


def generated(kind: str, name: str, available: Json | None, parameters: Mapping[str, Any]) -> Json:
    return _reference("GeneratorReference.1", name, available, {}) | {
        "generator_kind": kind,
        "parameters": {key: value for key, value in parameters.items() if value is not None},
    }


def _reference(schema: str, name: str, available: Json | None, facts: Mapping[str, Any]) -> Json:
    return {
        "OTIO_SCHEMA": schema,
        "metadata": own(facts),
        "name": name,
        "available_range": available,
        "available_image_bounds": None,
    }


def clip(
    name: str, source_range: Json, references: Mapping[str, Json], active: str, facts: Mapping[str, Any], speed: float
) -> Json:
    """A clip with all its takes; `speed` is a time warp unless 1."""
    warp = {
        "OTIO_SCHEMA": "LinearTimeWarp.1",
        "metadata": {},
        "name": "speed",
        "effect_name": "LinearTimeWarp",
        "enabled": True,
        "time_scalar": speed,
    }
    return _item("Clip.2", name, source_range, own(facts), [warp] if speed != 1 else []) | {
        "media_references": dict(references),
        "active_media_reference_key": active,
    }


def gap(frames: int, rate: Rate) -> Json:
    return _item("Gap.1", "", time_range(Range(0, frames), rate), {}, [])


def transition(name: str, kind: str, before: Json, after: Json, facts: Mapping[str, Any]) -> Json:
    return {
        "OTIO_SCHEMA": "Transition.1",
        "metadata": own(facts),
        "name": name,
        "in_offset": before,
        "out_offset": after,
        "transition_type": kind,
    }


def track(name: str, kind: str, children: Sequence[Json], *, enabled: bool = True) -> Json:
    return _item("Track.1", name, None, {}, []) | {"children": list(children), "kind": kind, "enabled": enabled}


def marker(name: str, at: Json, color: str, comment: str, facts: Mapping[str, Any]) -> Json:
    return {
        "OTIO_SCHEMA": "Marker.2",
        "metadata": own(facts),
        "name": name,
        "color": color,
        "marked_range": at,
        "comment": comment,
    }


def timeline(name: str, tracks: Sequence[Json], markers: Sequence[Json], facts: Mapping[str, Any]) -> Json:
    stack = _item("Stack.1", "tracks", None, {}, []) | {"children": list(tracks), "markers": list(markers)}
    return {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": own(facts),
        "name": name,
        "global_start_time": None,
        "tracks": stack,
    }


def _item(schema: str, name: str, source_range: Json | None, metadata: Json, effects: Sequence[Json]) -> Json:
    return {
        "OTIO_SCHEMA": schema,
        "metadata": metadata,
        "name": name,
        "source_range": source_range,
        "effects": list(effects),
        "markers": [],
        "enabled": True,
        "color": None,
    }

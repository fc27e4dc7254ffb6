"""The JSON Schema (draft 7) of files as they are written: boards, fragments and scene templates, before expansion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from storyreel.board.model import Located
from storyreel.board.reading.slots import LEVELS, Slot, slots
from storyreel.board.vocabulary import A_LEVEL, VOCABULARY, Key, Level

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_TEMPLATE: Schema = {"type": "string", "pattern": r"\{[{%]", "description": "A template: `{{ n }}`."}
_DURATION = r"\s*[0-9]+(\.[0-9]+)?\s*[sf]?\s*"
_NUMBER = r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)\s*$"
_ID = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$"
_CONTENT = ("shots", "card", "still", "clip")


def storyboard_schema() -> Schema:
    """A new copy of the schema, plain JSON values."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "storyreel storyboard",
        "description": "A storyboard (a file that says `storyreel: 1`), a fragment of one, or a template of scenes.",
        "type": "object",
        "if": {"required": ["storyreel"]},
        "then": {"$ref": "#/definitions/board"},
        "else": {
            "if": {"required": ["params"]},
            "then": {"$ref": "#/definitions/template"},
            "else": {"$ref": "#/definitions/fragment"},
        },
        "definitions": {
            "words": {"description": "Text; numbers keep their spelling.", **_TEXT},
            "path": {"type": "string", "minLength": 1, "description": "Relative to the project's root."},
            "duration": _either({"type": "number", "minimum": 0}, _text_like(f"^{_DURATION}$")),
            "id": _either(_text_like(_ID), {"type": "integer"}),
            "anything": {},
            **{level: _level(of) for of, level in LEVELS.items()},
            **_steering_levels(),
        },
    }


def storyboard_schema_text() -> str:
    """The schema as the file that editors read: two spaces, a line break at the end."""
    return json.dumps(storyboard_schema(), indent=2, ensure_ascii=False) + "\n"


def _level(of: type[Located]) -> Schema:
    level = LEVELS[of]
    known = slots(of)
    properties = {
        key: _described(entry, _steering(level, key) if key not in known else _slot(known[key]))
        for key, entry in VOCABULARY[level].items()
    }
    schema = _closed(A_LEVEL[level], properties)
    required = [slot.key for slot in known.values() if slot.is_required]
    if level == "board":
        schema["required"] = ["storyreel", "scenes"]
    elif level == "scene":
        schema |= _scene_rules()
    elif required:
        schema["required"] = required
    return schema | _more(level)


def _more(level: Level) -> Schema:
    """What holds between keys of a level, as far as JSON Schema can say it well."""
    if level == "text":
        return {"oneOf": [{"required": [kind]} for kind in ("super", "lower_third", "legal")]}
    if level == "clip":
        return {"oneOf": [{"required": ["file"]}, {"required": ["of"]}]}
    if level == "element":
        return {"not": {"required": ["image", "video"]}, "dependencies": {"references": ["image"]}}
    return {}


def _scene_rules() -> Schema:
    content = [{"required": [key]} for key in (*_CONTENT, "use", "include")]
    return {"oneOf": content, "dependencies": {**{key: ["id"] for key in _CONTENT}, "with": ["use"], "end": ["start"]}}


def _slot(slot: Slot) -> Schema:
    if slot.kind == "leaf":
        return _leaf(slot)
    if slot.kind == "leaves":
        item = {"$ref": "#/definitions/path"} if slot.is_path else {"type": "string", "minLength": 1}
        limit = {"maxItems": 3} if slot.key == "references" else {}
        return _nullable(_either(item, {"type": "array", "items": item, "minItems": 1, **limit}))
    if slot.kind == "open" or slot.model is None:
        return _nullable({"type": "object"})
    inner = _inner(slot.model)
    if slot.kind == "model":
        return _nullable(inner)
    if slot.kind == "named":
        named = {"type": "object", "additionalProperties": inner, "patternProperties": {"^x-": {}}}
        return _nullable(named)
    several: Schema = {"type": "array", "items": inner}
    if slot.takes_one:
        return _nullable(_either(several, inner))
    return several | {"minItems": 1} if slot.key == "shots" else several


def _inner(of: type[Located]) -> Schema:
    """A model, or one of the short forms that stand for it."""
    level = LEVELS[of]
    full: Schema = {"$ref": f"#/definitions/{level}"}
    if level == "line":
        spoken = _text_like(r"^[^():]*[^():\s]\s*(\([^()]*\)\s*)*[:：]")
        one = {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": {"not": {"enum": list(VOCABULARY["line"])}},
            "additionalProperties": _TEXT,
            "description": "Name (tone): words",
        }
        return _either(spoken, one, full)
    if level == "text":
        return _either({"$ref": "#/definitions/words"}, full)
    if level == "effect":
        return _either({"$ref": "#/definitions/path"}, full)
    return full


def _leaf(slot: Slot) -> Schema:
    if slot.choices:
        schema = _either({"enum": list(slot.choices)}, _TEMPLATE)
    elif slot.key in ("id", "from", "to") and slot.level in ("scene", "shot", "music"):
        schema = _either({"$ref": "#/definitions/id"}, _TEMPLATE)
    elif slot.is_path:
        schema = {"$ref": "#/definitions/path"}
    else:
        typed = _typed(slot)
        schema = {"$ref": "#/definitions/words"} if typed is None else _either(*typed, _TEMPLATE)
    return _nullable(schema) if slot.is_nullable else schema


def _typed(slot: Slot) -> list[Schema] | None:
    low, high = slot.bounds
    bounds = {k: v for k, v in (("minimum", low), ("maximum", high)) if v is not None}
    number: Schema = {"type": "number", **bounds}
    forms: Mapping[str, list[Schema]] = {
        "read_duration": [{"$ref": "#/definitions/duration"}],
        "read_bool": [{"type": "boolean"}, {"enum": ["true", "false"]}],
        "read_number": [number, _text_like(_NUMBER)],
        "read_money": [number, _text_like(_NUMBER)],
        "whole_number": [{**number, "type": "integer"}, _text_like(r"^\s*[+-]?[0-9]+\s*$")],
        "read_rate": [{"type": "number", "minimum": 1, "maximum": 120}, _text_like(r"^[0-9]+([./][0-9]+)?$")],
        "read_off": [{"type": "number"}, {"enum": ["off"]}, _text_like(_NUMBER)],
        "read_transition": [_text_like(rf"^\s*(cut|(dissolve|fade|wipe|slide)\s+{_DURATION})\s*$")],
    }
    return forms.get(slot.reader or "")


def _steering(level: Level, key: str) -> Schema:
    trim = _either(_TEXT, {"type": "object"}, {"type": "array", "items": {"type": ["string", "object"]}})
    one_or_more = _either(
        {"$ref": "#/definitions/path"}, {"type": "array", "items": {"$ref": "#/definitions/path"}}, {"type": "null"}
    )
    of_level: Mapping[tuple[str, str], Schema] = {
        ("board", "storyreel"): {"enum": [1, "1"]},
        ("board", "include"): one_or_more,
        ("board", "tables"): _map_of({"$ref": "#/definitions/table"}),
        ("board", "variants"): {"$ref": "#/definitions/variants"},
        ("scene", "use"): {"type": "string", "minLength": 1},
        ("scene", "with"): {"type": "object"},
        ("scene", "include"): {"$ref": "#/definitions/path"},
        ("scene", "when"): _TEXT,
        ("table", "file"): {"$ref": "#/definitions/path"},
        ("table", "by"): _either({"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}),
        ("variants", "axes"): _map_of(_either({"$ref": "#/definitions/path"}, {"type": "object"})),
        ("variants", "only"): trim,
        ("variants", "skip"): trim,
        ("variants", "name"): {"type": "string", "minLength": 1},
        ("template", "params"): _map_of({}),
        ("template", "scenes"): {"type": "array", "items": {"$ref": "#/definitions/scene"}},
        ("fragment", "vars"): {"type": "object"},
        ("fragment", "elements"): _map_of({"$ref": "#/definitions/element"}),
        ("fragment", "scenes"): {"type": "array", "items": {"$ref": "#/definitions/scene"}},
        ("fragment", "include"): one_or_more,
    }
    return of_level[(level, key)]


def _steering_levels() -> Schema:
    required: Mapping[str, list[str]] = {"table": ["file"], "variants": ["axes"], "template": ["scenes"]}
    levels: tuple[Level, ...] = ("table", "variants", "template", "fragment")
    schemas: Schema = {}
    for level in levels:
        properties = {key: _described(entry, _steering(level, key)) for key, entry in VOCABULARY[level].items()}
        schemas[level] = _closed(A_LEVEL[level], properties)
        if level in required:
            schemas[level]["required"] = required[level]
    return schemas


def _closed(name: str, properties: Schema) -> Schema:
    return {
        "description": name[0].upper() + name[1:] + ".",
        "type": "object",
        "properties": properties,
        "patternProperties": {"^x-": {"description": "Your own: ignored."}},
        "additionalProperties": False,
    }


def _described(entry: Key, schema: Schema) -> Schema:
    """A key's own words beside its schema; a `$ref` ignores its siblings in draft 7, so it is wrapped."""
    body = {"allOf": [schema]} if "$ref" in schema else schema
    own: Schema = {"description": entry.about, "examples": [_value(entry.example)]}
    if entry.default is not None:
        own["default"] = _value(entry.default)
    return {**body, **own}


@cache
def _reader() -> YAML:
    return YAML(typ="safe", pure=True)


def _value(yaml: str) -> Any:
    return _reader().load(yaml)


def _text_like(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _map_of(inner: Schema) -> Schema:
    return {"type": "object", "additionalProperties": inner, "patternProperties": {"^x-": {}}}


def _either(*schemas: Schema) -> Schema:
    flat: list[Schema] = []
    for schema in schemas:
        flat += schema["anyOf"] if set(schema) == {"anyOf"} else [schema]
    return {"anyOf": flat}


def _nullable(schema: Schema) -> Schema:
    return _either(schema, {"type": "null"})

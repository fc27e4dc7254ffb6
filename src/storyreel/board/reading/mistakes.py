"""What to say about a key or a value that the language does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingABC
from fractions import Fraction

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.nearest import nearest
from storyreel.base.span import Span
from storyreel.base.timebase import seconds_text
from storyreel.board.node import Filled, Mapping, Node, Scalar, Sequence
from storyreel.board.reading.slots import Slot
from storyreel.board.vocabulary import A_LEVEL, VOCABULARY, Level

_ONE_REQUEST = frozenset({
    "model", "tier", "aspect_ratio", "size", "resolution", "language", "style", "negative_prompt", "cfg_scale",
    "generate_audio", "shot_type", "template", "takes", "start", "end", "place", "transition", "trim", "speed", "seed",
})  # fmt: skip

# What other tools call it; of several words the first that is a key here and not yet written.
_OTHER_WORDS: MappingABC[str, str] = {
    "aspect": "aspect_ratio", "ratio": "aspect_ratio", "avoid": "negative_prompt", "negative": "negative_prompt",
    "cast": "elements", "characters": "elements", "props": "elements", "audio": "generate_audio", "frame_rate": "fps",
    "framerate": "fps", "quality": "tier", "soundtrack": "music", "subtitles": "captions", "name": "id title",
    "location": "place", "where": "place", "setting": "place", "cut": "transition", "first_frame": "start",
    "start_image": "start", "last_frame": "end", "end_image": "end", "candidates": "takes", "seconds": "duration",
    "length": "duration", "for": "duration", "action": "prompt", "see": "prompt", "visual": "prompt",
    "begin": "in from at", "start": "in from at", "stop": "out to", "end": "out to", "text": "line super",
    "variables": "vars", "alpha": "opacity", "voice_id": "voice", "heading": "title",
    "dialogue": "say", "dialog": "say", "speech": "say", "movement": "camera", "framing": "camera",
    "refs": "references", "reference": "references", "look": "description", "appearance": "description",
    "picture": "image", "photo": "image",
    "speaker": "who", "character": "who", "words": "line", "emotion": "tone", "delay": "at", "duration": "for",
    "headline": "title", "button": "cta", "disclaimer": "legal", "src": "file", "path": "file", "volume": "gain_db",
    "gain": "gain_db", "duck": "duck_db", "corner": "position", "url": "file", "overlay": "text", "caption": "text",
}  # fmt: skip


def shown(text: str) -> str:
    """The author's own words, short enough for a sentence."""
    flat = " ".join(text.split())
    return f"`{flat if len(flat) <= 40 else flat[:39] + '…'}`"


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a`, `b` and `c`."""
    quoted = [f"`{w}`" for w in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def unknown_key(level: Level, key: Scalar, written: Mapping) -> tuple[Diagnostic, str | None]:
    """The diagnostic, and the key that was probably meant: one that is not written yet, if possible."""
    known, name = VOCABULARY[level], key.text
    if name == "seed":
        hint = "remove it: a chosen take is kept by the lock, and `storyreel retake` makes another"
        return error("SR111", "there is no `seed`: the model takes none", key.span, hints=[hint]), None
    free = [k for k in known if k not in written]
    others = _OTHER_WORDS.get(name.lower().replace("-", "_"), "").split()
    meant = next((other for other in others if other in free), None)
    homes = [lv for lv in VOCABULARY if name in VOCABULARY[lv] and lv not in ("fragment", "template", "param")]
    if meant is None and not homes:
        meant = nearest(name, free) or nearest(name, known)
    if meant is None and homes:
        return _misplaced(level, key, homes), None
    glued, colon, rest = name.partition(":")
    if colon and rest and glued in known:
        hint = f"a blank follows the colon of a key: `{glued}: {rest}`"
        message = f"unknown key {shown(name)} in {A_LEVEL[level]}"
        return error("SR101", message, key.span, label="not a key here", hints=[hint]), glued
    hints = [f"did you mean `{meant}`?"] if meant else [f"{A_LEVEL[level]} may have {listed(known)}"]
    if name and not name.startswith("x-") and meant is None:
        hints.append(f"a key of your own begins with x-: `x-{name}`")
    message = f"unknown key {shown(name)} in {A_LEVEL[level]}"
    return error("SR101", message, key.span, label="not a key here", hints=hints), meant


def _misplaced(level: Level, key: Scalar, homes: list[Level]) -> Diagnostic:
    name = key.text
    *others, last = [A_LEVEL[home] for home in homes[:4]]
    where = f"{', '.join(others)} or {last}" if others else last
    if level == "shot" and name in _ONE_REQUEST:
        hint = f"a scene is one request, so its shots share `{name}`: write it on the scene"
        message = f"`{name}` cannot differ from shot to shot"
        return error("SR111", message, key.span, label="not on a shot", hints=[hint])
    hint = f"write it on {where}"
    return error("SR111", f"`{name}` is no key of {A_LEVEL[level]}", key.span, label="not here", hints=[hint])


def missing_key(level: Level, name: str, owner: Node) -> Diagnostic:
    """For a required key that nobody wrote; points at the owner."""
    example = VOCABULARY[level][name].example
    message = f"{A_LEVEL[level]} needs `{name}`"
    return error("SR102", message, owner.span, label=f"no `{name}`", hints=[f"add `{name}: {example}`"])


def no_value(level: Level, key: str, value: Scalar, at: Span | None = None) -> Diagnostic:
    """For a key with nothing behind it."""
    place = at or value.span
    if isinstance(value, Filled):
        hint = f"give `{key}` a value wherever it is filled from, or leave the scene out with `when:`"
        return error("SR112", f"`{key}` fills to nothing", place, label="empty in this film", hints=[hint])
    hint = f"for example `{key}: {VOCABULARY[level][key].example}`, or remove the key"
    return error("SR112", f"`{key}` has no value", place, hints=[hint])


def not_a_line(node: Node) -> Diagnostic | None:
    """For an entry of `say` in none of its forms."""
    if isinstance(node, Scalar):
        hint = f"name the speaker: `- narrator: {node.text[:40]}`, or `- {{who: narrator, line: …}}`"
        return error("SR117", "nobody speaks this line", node.span, label="who?", hints=[hint])
    if isinstance(node, Sequence):
        hint = "write `- Mara (whispering): Forty years.`"
        return error("SR117", "a spoken line is no list", node.span, hints=[hint])
    others = [key for key, _ in node.entries if key.text not in VOCABULARY["line"] and not key.text.startswith("x-")]
    if not others or "who" in node or "line" in node:
        return None
    name, value = others[0].text, node.get(others[0].text)
    opened, closed = name.count("("), name.count(")")
    if opened != closed:
        hint = f"close it: `- {name.rstrip()}): …`" if opened > closed else "write `- Mara (whispering): …`"
        message = "the brackets around the tone do not match"
    elif len(node.entries) == 1 and not isinstance(value, Scalar):
        hint, message = (
            f"`- {name}: Forty years.`, or `{{who: {name}, line: …}}`",
            f"the line of {shown(name)} is no text",
        )
    elif len(others) == 1 and len(node.entries) > 1:
        rest = ", ".join(f"{key.text}: …" for key, _ in node if key not in others)
        hint = f"write it out: `{{who: {others[0].text}, line: …, {rest}}}`"
        message = "the short form of a line takes no further keys"
    else:
        hint, message = "one `- ` for each line: `- Mara: Forty years.`", "several lines in one entry"
    return error("SR117", message, others[0].span, hints=[hint])


def wrong_shape(level: Level, slot: Slot, value: Node) -> Diagnostic:
    """For a list where a map is wanted, and so on."""
    wanted = {
        "leaf": "one value", "leaves": "a list of values", "model": "a map", "models": "a list",
        "named": "a map of names", "open": "a map",
    }[slot.kind]  # fmt: skip
    found = "one value" if isinstance(value, Scalar) else "a list" if isinstance(value, Sequence) else "a map"
    example = VOCABULARY[level][slot.key].example
    message = f"`{slot.key}` is {wanted}, not {found}"
    return error("SR103", message, value.span, hints=[f"for example `{slot.key}: {example}`"])


def bad_value(level: Level, slot: Slot, value: Scalar, kind: str) -> Diagnostic:
    """For a scalar that its form cannot read; `kind` is the sort of refusal."""
    name, text = f"`{slot.key}`", value.text
    if slot.choices:
        return _bad_choice(slot, value)
    if kind in ("greater_than_equal", "less_than_equal"):
        return error("SR108", f"{name} must be {_between(slot)}, not {shown(text)}", value.span)
    if kind in ("string_too_long", "too_long"):
        return error("SR108", f"{name} is too long", value.span, label=f"{len(text):,} characters")
    if kind == "string_pattern_mismatch":
        return malformed_name(slot.key, value)
    if slot.reader == "read_duration":
        meant = _meant_duration(text)
        written = f"write `{meant}`" if meant else "write seconds (`4`, `2.5s`) or frames (`96f`)"
        return error("SR105", f"{shown(text)} is not a duration", value.span, hints=[written])
    if slot.reader == "read_transition":
        return _bad_transition(value)
    wanted, hint = _WANTED.get(slot.reader or "", ("a value of `" + slot.key + "`", None))
    example = VOCABULARY[level][slot.key].example
    hints = [_meant_number(text) or hint or f"for example `{slot.key}: {example}`"]
    if slot.reader == "read_bool":
        word = text.strip().lower()
        hints = [f"write `{str(word in ('yes', 'on', 'y', '1', 'an', 'ja')).lower()}`"] if word in _SWITCHES else hints
    return error("SR106", f"{shown(text)} is not {wanted}", value.span, hints=hints)


_SWITCHES = frozenset({"yes", "no", "on", "off", "y", "n", "1", "0", "ja", "nein", "an", "aus"})
_WANTED: MappingABC[str, tuple[str, str | None]] = {
    "read_bool": ("`true` or `false`", "write `true` or `false`"),
    "read_number": ("a number", None),
    "whole_number": ("a whole number", None),
    "read_money": ("an amount of US dollars", None),
    "read_rate": ("a frame rate from 1 to 120", "for example `24`, `23.976` or `30000/1001`"),
    "read_off": ("a gain", "write decibels (`-12`) or `off`"),
}


def malformed_name(key: str, value: Scalar) -> Diagnostic:
    """For an id with characters that file names and references cannot carry."""
    clean = re.sub(r"[^A-Za-z0-9_.-]+", "-", value.text.strip()).strip("-.")[:64]
    hints = [f"for example `{clean}`"] if clean else []
    message = f"{shown(value.text)} cannot be a name: letters a to z, digits, `_`, `-` and `.`, at most 64"
    return error("SR109", message, value.span, label=f"not a name for `{key}`", hints=hints)


def _bad_choice(slot: Slot, value: Scalar) -> Diagnostic:
    meant = nearest(value.text.lower(), slot.choices)
    hints = [f"did you mean `{meant}`?"] if meant else [f"write {listed(slot.choices, 'or')}"]
    return error("SR107", f"`{slot.key}` cannot be {shown(value.text)}", value.span, hints=hints)


def _between(slot: Slot) -> str:
    low, high = slot.bounds
    if low is not None and high is not None:
        return f"from {low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else f"at most {high:g}"


def _bad_transition(value: Scalar) -> Diagnostic:
    kinds = ("cut", "dissolve", "fade", "wipe", "slide")
    words = value.text.split()
    others = {"crossfade": "dissolve", "xfade": "dissolve", "crossdissolve": "dissolve", "hard": "cut"}
    first = words[0].lower().replace("-", "") if words else ""
    kind = first if first in kinds else others.get(first) or nearest(first, kinds)
    message = f"{shown(value.text)} is not a transition"
    if kind == "cut":
        return error("SR119", message, value.span, hints=["a cut has no length: write `cut`"])
    if kind is None:
        return error("SR119", message, value.span, hints=[f"write {listed(kinds, 'or')}, with seconds but for `cut`"])
    length = _meant_duration(words[1]) if len(words) > 1 else None
    number = length or (words[1] if len(words) == 2 and re.fullmatch(r"\d+(\.\d+)?[sf]?", words[1]) else "0.5")
    return error("SR119", message, value.span, hints=[f"write `{kind} {number}`"])


def _meant_duration(text: str) -> str | None:
    text = text.strip().lower()
    if found := re.fullmatch(r"(\d+)[,](\d+)\s*s?", text):
        return f"{found[1]}.{found[2]}"
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:sec|secs|second|seconds|sek|sekunden|\")\.?", text):
        return f"{found[1]}s"
    if found := re.fullmatch(r"(\d+)\s*ms", text):
        return f"{seconds_text(Fraction(int(found[1][:9]), 1000))}s"
    if found := re.fullmatch(r"(\d+)\s*(?:frames?|fr)", text):
        return f"{found[1]}f"
    if found := re.fullmatch(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:\.\d+)?)", text):
        return seconds_text(int(found[1] or 0) * 3600 + int(found[2]) * 60 + Fraction(found[3]))
    if found := re.fullmatch(r"(\d+)\s*(?:m|min|minutes?)", text):
        return str(int(found[1][:6]) * 60)
    return None


def _meant_number(text: str) -> str | None:
    found = re.fullmatch(r"\s*[$€]?\s*([+-]?\d+)(?:[.,](\d+))?\s*(?:db|lufs|usd|\$|€|%|x|fps|px)?\s*", text.lower())
    if found is None or text.strip() == found[1]:
        return None
    number = found[1] + (f".{found[2]}" if found[2] else "")
    if "%" in text:
        number = f"{float(number) / 100:g}"
    return f"write `{number}`" if number != text.strip() else None

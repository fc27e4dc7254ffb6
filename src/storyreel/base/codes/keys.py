"""Codes of the stage 'language': keys, values and names."""

from __future__ import annotations

from storyreel.base.codes.entry import Code
from storyreel.base.codes.mended import mended

KEYS: tuple[Code, ...] = (
    Code("SR100", "not version 1 of the language", mended(
        """
        The first key of a board says which version of the language it is written in. There is one version, 1. A board
        that says another number was written for a newer storyreel.
        """,
        "storyreel: 1.0",
        "storyreel: 1",
    )),
    Code("SR101", "unknown key", mended(
        """
        The vocabulary is closed, so that a slip of the pen is never taken for a wish that has no effect. Keys of your
        own begin with `x-` and are ignored; what a provider understands beyond the language goes under `extra:`.
        """,
        """
        shots:
          - {duration: 4, promt: A black sea.}
        """,
        """
        shots:
          - {duration: 4, prompt: A black sea.}
        """,
    )),
    Code("SR102", "a key is missing", mended(
        "Some keys have no sensible default: a shot needs a `duration` and a `prompt`, a scene an `id`.",
        """
        shots:
          - {prompt: A black sea.}
        """,
        """
        shots:
          - {prompt: A black sea., duration: 4}
        """,
    )),
    Code("SR103", "a list where a map is wanted, or the like", mended(
        "Each key takes one value, a list, or a map of keys. Indentation and dashes decide which of them is written.",
        """
        reel: 1080x1350
        """,
        """
        reel: {size: 1080x1350}
        """,
    )),
    Code("SR105", "not a duration", mended(
        """
        Durations are seconds (`4`, `4s`, `2.5s`) or frames (`96f`). Each is rounded half up to whole frames, then
        they are added. Minutes are not known: a minute and a half is `90`.
        """,
        "duration: 2,5 sec",
        "duration: 2.5s",
    )),
    Code("SR106", "a value of the wrong kind", mended(
        """
        Numbers are decimal, with a point and without a unit. Switches are `true` and `false` alone: in YAML 1.2 `yes`
        and `on` are words.
        """,
        "generate_audio: yes",
        "generate_audio: true",
    )),
    Code("SR107", "not one of the choices", mended(
        "Some keys take one of a few words.",
        "tier: premium",
        "tier: pro        # standard, pro or 4k",
    )),
    Code("SR108", "out of range", mended(
        "The value can be read, but it is more or less than the key can take, or a length of no frame at all.",
        "cfg_scale: 7",
        "cfg_scale: 0.7   # from 0 to 1",
    )),
    Code("SR109", "malformed name", mended(
        """
        Ids become parts of file names, references (`storm@last`) and the lock: letters a to z, digits, `_`, `-` and
        `.`, at most 64 of them, beginning with a letter, a digit or `_`. Names of elements may hold letters of
        every script, and spaces inside.
        """,
        "- id: the storm!",
        "- id: the-storm",
    )),
    Code("SR110", "a name is used twice", mended(
        """
        A scene's id is its address: the lock, references, music and the command line use it. It is unique in the
        film, and a shot's id is unique in its scene. Where `use:` places the same template twice, its scenes need
        ids that a param fills. `narrator` is the voice that nobody sees and cannot be an element.
        """,
        """
        scenes:
          - {id: storm, shots: [{duration: 5, prompt: The sea.}]}
          - {id: storm, card: {title: THE END, duration: 2}}
        """,
        """
        scenes:
          - {id: storm, shots: [{duration: 5, prompt: The sea.}]}
          - {id: title, card: {title: THE END, duration: 2}}
        """,
    )),
    Code("SR111", "a key at the wrong level", mended(
        """
        The key exists, elsewhere. The model makes a scene in one request, so what steers generation belongs to the
        scene or the board and cannot differ from shot to shot. There is no `seed` at all: the model takes none, and
        a take that was chosen is kept by the lock.
        """,
        """
        - id: storm
          shots:
            - {duration: 4, prompt: The sea., tier: pro}
        """,
        """
        - id: storm
          tier: pro
          shots:
            - {duration: 4, prompt: The sea.}
        """,
    )),
    Code("SR112", "nothing is written", mended(
        "The key is there, its value is not: nothing follows it, or what it is filled from is empty in this film.",
        """
        shots:
          - duration: 4
            prompt:
        """,
        """
        shots:
          - duration: 4
            prompt: A black sea.
        """,
    )),
    Code("SR113", "a scene is one thing", mended(
        "A scene has exactly one of `shots`, `card`, `still` and `clip`.",
        """
        - id: title
          shots: [{duration: 4, prompt: The sea.}]
          card: {title: THE LAST LAMP, duration: 3}
        """,
        """
        - id: sea
          shots: [{duration: 4, prompt: The sea.}]
        - id: title
          card: {title: THE LAST LAMP, duration: 3}
        """,
    )),
)  # fmt: skip

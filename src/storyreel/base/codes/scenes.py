"""Codes of the stage 'language': elements, speech, and how scenes follow each other."""

from __future__ import annotations

from storyreel.base.codes.entry import Code
from storyreel.base.codes.mended import mended

SCENES: tuple[Code, ...] = (
    Code("SR104", "unknown element", mended(
        """
        `@Name` in `prompt`, `place`, `camera` and `style` mentions an element, at a word's start: after a space, a
        bracket or a quote. The name must be declared under `elements`. `@@` is a plain @.
        """,
        """
        elements:
          Mara: {description: "woman, 34, navy coat"}
        scenes:
          - id: door
            shots: [{duration: 4, prompt: "@Mira opens the door"}]
        """,
        """
        elements:
          Mara: {description: "woman, 34, navy coat"}
        scenes:
          - id: door
            shots: [{duration: 4, prompt: "@Mara opens the door"}]
        """,
    )),
    Code("SR114", "pictures of an element", mended(
        """
        An element is shown to the model by pictures (`image`, from the front, with one to three `references`) or by
        one `video`, not both. With a single picture most models refuse it; then only its description is sent, which
        is a warning.
        """,
        """
        Mara:
          image: assets/mara/front.png
          video: assets/mara.mp4
        """,
        """
        Mara:
          image: assets/mara/front.png
          references: [assets/mara/left.png]
        """,
    )),
    Code("SR115", "two videos in one request", mended(
        "A request can carry the video of one element. A scene is one request.",
        """
        prompt: "@Ivo runs to @Mara"          # both are declared with `video:`
        """,
        """
        prompt: "@Ivo runs to @Mara"          # Mara has `image:` and `references:` now
        """,
    )),
    Code("SR116", "unknown speaker", mended(
        """
        A line is spoken by an element, by `narrator`, or by anybody who is not seen: a name with `(V.O.)`
        (voice-over) or `(O.S.)` (off screen).
        """,
        """
        say:
          - Captain: Hard to port!
        """,
        """
        say:
          - Captain (O.S.): Hard to port!
        """,
    )),
    Code("SR117", "not a spoken line", mended(
        """
        Each entry of `say` is one line: `Name (tone): words`, or a map of `who`, `tone`, `line`, `file` and `at`.
        The short form takes no further keys.
        """,
        """
        say:
          - Forty years.
          - Mara: It has never gone dark.
            at: 2
        """,
        """
        say:
          - Mara: Forty years.
          - {who: Mara, line: It has never gone dark., at: 2}
        """,
    )),
    Code("SR118", "too long to be spoken", mended(
        """
        The lines of a shot are spoken within it. The time is reckoned from the number of words (in Chinese, Japanese,
        Korean and Thai, of characters) at a brisk but unhurried speed for the language; a recorded line has its own
        length. Too many words come out rushed or cut off. This is a warning.
        """,
        """
        - duration: 2
          say: [Mara: Forty years I have kept it and it has never gone dark.]
        """,
        """
        - duration: 4
          say: [Mara: Forty years I have kept it and it has never gone dark.]
        """,
    )),
    Code("SR119", "not a transition", mended(
        "A transition leads into its scene: `cut`, or `dissolve`, `fade`, `wipe` or `slide` with their seconds.",
        "transition: crossfade",
        "transition: dissolve 0.5",
    )),
    Code("SR120", "a transition does not fit", mended(
        """
        dissolve, wipe and slide show two scenes at once, so each of the two must last as long; `fade` takes half of
        its length from each. What a scene gives at its beginning and at its end must not overlap. Nothing stands
        before the first scene: it can only cut in, or fade in from black.
        """,
        """
        - id: flash
          transition: dissolve 1
          shots: [{duration: 3, prompt: A flash.}]
          trim: {in: 0, out: 0.5}
        """,
        """
        - id: flash
          transition: dissolve 0.2
          shots: [{duration: 3, prompt: A flash.}]
          trim: {in: 0, out: 0.5}
        """,
    )),
    Code("SR121", "unknown frame", mended(
        """
        `start` and `end` take the path of a picture, `previous` (the last frame of the nearest earlier scene that
        is not a card) or another scene's `storm@last`.
        """,
        """
        - id: sea
          start: strom@last
        """,
        """
        - id: sea
          start: storm@last
        """,
    )),
    Code("SR122", "no such frame can be had", mended(
        """
        The first scene has no `previous`; a card is drawn later and has no frame to go on from; and a model that is
        given an `end` also wants a `start`.
        """,
        """
        scenes:
          - id: first
            start: previous
            shots: [{duration: 5, prompt: The sea.}]
        """,
        """
        scenes:
          - id: first
            start: assets/sea.png
            shots: [{duration: 5, prompt: The sea.}]
        """,
    )),
    Code("SR123", "scenes that wait for each other", mended(
        "A scene that begins on another's last frame is made after it. In a ring, none could be first.",
        """
        - {id: a, start: b@last, shots: [{duration: 5, prompt: Day.}]}
        - {id: b, start: a@last, shots: [{duration: 5, prompt: Night.}]}
        """,
        """
        - {id: a, start: assets/day.png, shots: [{duration: 5, prompt: Day.}]}
        - {id: b, start: a@last, shots: [{duration: 5, prompt: Night.}]}
        """,
    )),
    Code("SR138", "a long chain of scenes", mended(
        """
        A scene that begins on another's last frame takes over what is a little off in it. After more than three such
        seams in a row, colours and faces have drifted, and one change early in the chain makes every scene behind it
        again. A scene on a picture of its own begins a new chain.
        """,
        """
        - {id: a, shots: [{duration: 5, prompt: Day.}]}
        - {id: b, start: previous, shots: [{duration: 5, prompt: Noon.}]}
        - {id: c, start: previous, shots: [{duration: 5, prompt: Dusk.}]}
        - {id: d, start: previous, shots: [{duration: 5, prompt: Night.}]}
        - {id: e, start: previous, shots: [{duration: 5, prompt: Dawn.}]}
        """,
        """
        - {id: a, shots: [{duration: 5, prompt: Day.}]}
        - {id: b, start: previous, shots: [{duration: 5, prompt: Noon.}]}
        - {id: c, start: previous, shots: [{duration: 5, prompt: Dusk.}]}
        - {id: d, start: assets/night.png, shots: [{duration: 5, prompt: Night.}]}
        - {id: e, start: previous, shots: [{duration: 5, prompt: Dawn.}]}
        """,
    )),
    Code("SR124", "a time outside", mended(
        """
        `in` comes before `out`, and both lie inside the scene or the file. `at` counts from the beginning of the
        shot (on a scene, of the scene) and lies before its end.
        """,
        "trim: {in: 3.6, out: 0.4}",
        "trim: {in: 0.4, out: 3.6}",
    )),
    Code("SR137", "a text outlives its shot", mended(
        """
        A text belongs to its shot, or to its scene where it is written there. One that would stand longer runs over the
        cut into the next shot, and at the end of its scene it is cut off.
        """,
        """
        - id: sea
          shots:
            - {duration: 3, prompt: A black sea., text: {super: Late again?, at: 1, for: 4}}
            - {duration: 3, prompt: A light.}
        """,
        """
        - id: sea
          text: {super: Late again?, at: 1, for: 4}
          shots:
            - {duration: 3, prompt: A black sea.}
            - {duration: 3, prompt: A light.}
        """,
    )),
    Code("SR125", "a text is one thing", mended(
        "An entry of `text` is one of `super`, `lower_third` and `legal`; several are a list.",
        """
        text: {super: Late again?, legal: Do not imitate.}
        """,
        """
        text:
          - {super: Late again?}
          - {legal: Do not imitate.}
        """,
    )),
    Code("SR126", "music tied to no scene", mended(
        "`from` and `to` are ids of scenes, in the order of the film; without them music plays from end to end.",
        "music: {file: assets/score.wav, from: titel}",
        "music: {file: assets/score.wav, from: title}",
    )),
    Code("SR127", "not a shape or a size", mended(
        """
        `aspect_ratio` is width to height, `size` is width x height in pixels, `resolution` a name such as `1K` or
        `720p`. A reel has even sides of 16 to 8192 pixels, as its codec wants them.
        """,
        "reel: {size: 1081x1350}",
        "reel: {size: 1080x1350}",
    )),
)  # fmt: skip

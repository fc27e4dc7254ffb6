"""Codes of the stage 'media'."""

from __future__ import annotations

from storyreel.base.codes.entry import Code

MEDIA: tuple[Code, ...] = (
    Code(
        "SR401",
        "letters that cannot be drawn in the film",
        """\
Cards, text over the picture and burnt-in captions are set in Open Sans, which has the Latin, Greek and Cyrillic
letters. Letters of other scripts, and emoji, would stand in the film as empty boxes, so the film is not made.

```yaml
card: {title: "Lichtung 🌲", duration: 3}
```

Leave out what cannot be drawn, write it in letters of those scripts, or bring the words as a picture:

```yaml
card: {title: Lichtung, image: assets/tree.png, duration: 3}
```

Lines that are only spoken or go to subtitle files need no font: with `captions: sidecar` they may be in any script.
""",
    ),
    Code(
        "SR402",
        "letters that the animatic cannot draw",
        """\
The animatic shows each prompt, line and sound as text, set in Open Sans, which has the Latin, Greek and Cyrillic
letters. Other letters stand in it as empty boxes. This is a warning: the prompt reaches the model as you wrote it, and
subtitle files hold every script.

```yaml
prompt: 一艘纸船漂过街角
```

Nothing has to be mended. Where the animatic matters, write the prompt in a script that it can show:

```yaml
prompt: a paper boat drifts around the street corner
```
""",
    ),
)

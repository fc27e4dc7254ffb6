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

For another script, put a font into the project and name it at the board. It is used for what Open Sans lacks, and its
bytes are part of the key of all that shows text:

```yaml
fonts: [assets/fonts/NotoSansJP.otf]
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
    Code(
        "SR403",
        "not a font",
        """\
`fonts` names TrueType or OpenType files of the project: `.ttf`, `.otf` or `.ttc`. Web fonts (`.woff`, `.woff2`) are
packed ones; unpack them first.

```yaml
fonts: [assets/fonts/NotoSansJP.woff2]   # SR403
```

```yaml
fonts: [assets/fonts/NotoSansJP.otf]
```
""",
    ),
    Code(
        "SR405",
        "a caption that is gone before it is read",
        """\
A caption is read at about 20 characters a second, blanks counted; Chinese, Japanese and Korean at half as many. A line
whose shot, or the line after it, leaves it less time is told, with the seconds that it would need. It is a warning: the
film is made.

```yaml
shots:
  - duration: 1
    say: ["Mara: I have kept this lamp for forty years."]     # SR405: 38 characters take 1.9 s
```

Shorten the line, or give its shot more time:

```yaml
shots:
  - duration: 3
    say: ["Mara: I have kept this lamp for forty years."]
```
""",
    ),
    Code(
        "SR404",
        "no such style",
        """\
`style` of a card or of a text names one of the looks that storyreel brings.

```yaml
text: {super: Late again?, style: bxoed}   # SR404
```

```yaml
text: {super: Late again?, style: boxed}
```

Texts are `plain`, `boxed`, `underline`, `corner` or `bold`; cards `plain`, `serifless-center`, `left-rule` or
`end-card`.
""",
    ),
)

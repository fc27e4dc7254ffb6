"""Codes of the stage 'source': what YAML reads differently from what was meant."""

from __future__ import annotations

from storyreel.base.codes.entry import Code
from storyreel.base.codes.mended import mended

WRITING: tuple[Code, ...] = (
    Code("SR020", "a key is written twice", mended(
        """
        The same key stands twice in one map, so one of the two values would be lost. Both places are named; keep one.
        """,
        """
        id: storm
        tier: pro
        tier: 4k
        """,
        """
        id: storm
        tier: pro
        """,
    )),
    Code("SR021", "a text that begins with a sign of YAML's", mended(
        """
        YAML keeps some signs for itself where a text or a key begins: `@`, a backtick, `%`, `*`, `&`, `[`, `]`, `{`,
        `}`, `|`, `>`, `,`, and `-` or `?` before a blank. A text that begins with one of them, or with `{{`, stands in
        quotes. Further on in the text they mean nothing special. A long text can also go on the lines below `>-`.
        """,
        "prompt: @Mara grips the rail.",
        'prompt: "@Mara grips the rail."',
    )),
    Code("SR022", "a second `: ` in a text", mended(
        """
        A colon before a blank separates a key from its value. A second one on the line makes YAML look for a second
        key, also in the French manner with a blank on both sides. Put the text in quotes.
        """,
        "prompt: The sign says: closed.",
        'prompt: "The sign says: closed."',
    )),
    Code("SR023", "text after a closing quote", mended(
        """
        A text that begins with a quote ends with the next one. If the quotes belong to the text, put all of it in
        quotes of the other kind.
        """,
        'prompt: "Stop!" she says, and he stops.',
        """prompt: '"Stop!" she says, and he stops.'""",
    )),
    Code("SR024", "a text is cut off by ` #`", mended(
        """
        A `#` after a blank begins a comment, so the rest of the line is not part of the text and would be missing in
        what is sent. Put the text in quotes; or, if it is a comment, put two blanks before the `#` or one after it.
        It is an error where a comment stands between the lines of one text, which ends the text there.
        """,
        "prompt: Take #3 of the boat.",
        'prompt: "Take #3 of the boat."',
    )),
    Code("SR025", "a key without a value in `{}`", mended(
        """
        In `{}` a comma ends a value and a new key begins. A text with a comma in it therefore needs quotes there.
        """,
        "card: {title: Hello, world, duration: 3}",
        'card: {title: "Hello, world", duration: 3}',
    )),
    Code("SR026", "a quote that is never closed", mended(
        """
        A text that begins with a quote goes on, over line ends, until the same quote comes again. A text that begins
        with an apostrophe needs double quotes around it.
        """,
        "prompt: 'Tis the season.",
        '''prompt: "'Tis the season."''',
    )),
    Code("SR027", "a bracket that is never closed", mended(
        """
        `[` begins a list and `{` a map; each goes on until its closing bracket. A ` #` in between hides what follows
        on its line, the closing bracket too.
        """,
        """
        vars: {ship: Halcyon
        title: The Last Lamp
        """,
        """
        vars: {ship: Halcyon}
        title: The Last Lamp
        """,
    )),
    Code("SR028", "a line without its colon", mended(
        """
        In a map every line is `key: value`, with a blank after the colon. A line that goes on with the text above it
        is indented further than its key.
        """,
        """
        camera: wide
        duration 4
        """,
        """
        camera: wide
        duration: 4
        """,
    )),
    Code("SR029", "a line that does not line up", mended(
        """
        Indentation says what belongs to what: keys of one map, and dashes of one list, stand in one column. This line
        stands in a column that none of the lines above it began in.
        """,
        """
        scenes:
          - id: storm
             tier: pro
        """,
        """
        scenes:
          - id: storm
            tier: pro
        """,
    )),
    Code("SR030", "an alias of nothing", mended(
        """
        `*name` repeats a value that was named `&name` further up in the same file. No value has that name.
        """,
        "look: *dusk",
        """
        style: &dusk rain at dusk
        look: *dusk
        """,
    )),
    Code("SR031", "a named value that is never repeated", mended(
        """
        `&name` before a value names it for `*name` further down; it is not part of the text. Nothing repeats this one,
        so it was probably meant as text.
        """,
        "title: &Co opens its doors",
        'title: "&Co opens its doors"',
    )),
    Code("SR032", "a key that is no word", mended(
        """
        Keys are plain words. A list, a map, an alias, nothing at all, or a template in the place of a key means nothing
        in a storyboard.
        """,
        """
        vars:
          ["ship"]: Halcyon
        """,
        """
        vars:
          ship: Halcyon
        """,
    )),
    Code("SR033", "a backslash in double quotes", mended(
        r"""
        In double quotes a backslash begins an escape: `\n` for a line break, `\"` for a quote, `\u00e9` for a letter by
        its number. Others mean nothing, and control characters cannot be written this way either. Single quotes take a
        backslash as it is.
        """,
        r'title: "C:\project"',
        r"title: 'C:\project'",
    )),
    Code("SR034", "a file that is no map of keys", mended(
        """
        The top of a board, fragment or template is a map: lines of `key: value`. This file is empty, or its top is a
        list or a text.
        """,
        "- id: storm",
        """
        scenes:
          - id: storm
        """,
    )),
    Code("SR035", "something out of place in brackets", mended(
        """
        In `[]` and `{}` commas stand between the items, one each, and every bracket is closed by its own kind.
        """,
        'references: ["left.png" "right.png"]',
        'references: ["left.png", "right.png"]',
    )),
    Code("SR036", "the settings or the lock cannot be read", """\
`storyreel.toml` and the lock beside a board belong to every command. While one of them cannot be read nothing is
planned: mend `storyreel.toml`, or bring the lock back from git. Only `watch` reports it so; other commands end with it.
"""),
)  # fmt: skip

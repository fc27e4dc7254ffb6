"""Codes of the stage 'source': files, characters and limits; YAML's own signs are in `writing`."""

from __future__ import annotations

from storyreel.base.codes.entry import Code
from storyreel.base.codes.mended import mended
from storyreel.base.codes.writing import WRITING

FILES_AND_LIMITS: tuple[Code, ...] = (
    Code("SR001", "a file is missing", mended(
        """
        A board names a file that is not there. Paths are relative to the project's root, the folder of
        `storyreel.toml` or, without one, the parent of `storyboards/`; not to the board's own folder.
        """,
        "include: [../cast/keepers.yaml]",
        "include: [cast/keepers.yaml]",
    )),
    Code("SR002", "a file is refused", mended(
        """
        Only plain files inside the project are read: no absolute paths, no `..`, no links that lead out, no addresses
        on the network, no folders. A board, fragment, template or table has at most 1 MiB; a path at most 255 bytes.
        So a board does the same on every machine, and a board from elsewhere cannot read what is yours.
        """,
        "image: /home/mara/front.png",
        "image: assets/mara/front.png",
    )),
    Code("SR003", "a file is not UTF-8", """\
Boards, fragments, templates and tables are UTF-8, with or without a byte order mark. The place that is shown is the
first byte that is not; most often it is an umlaut or an accent from an editor or a spreadsheet that still writes
Latin-1 or Windows-1252.

Save the file again as UTF-8. From a spreadsheet: export as "CSV UTF-8".
"""),
    Code("SR004", "a character that cannot be seen", """\
Control characters, line separators of other systems (U+2028) and a byte order mark inside the text have no place in a
file that people read: what you see would not be what is sent. They come in with text that is pasted from chats,
typesetting programs and terminals.

Delete the character and type the blank or the line break that you meant. Inside double quotes a line break is `\\n`.
"""),
    Code("SR005", "a no-break space where YAML needs a blank", mended(
        """
        A no-break space (U+00A0, in French often U+202F before a colon) looks like a blank, but YAML takes it for a
        letter. In the indentation or around a key's colon it changes what the line means. Inside a text it is welcome.
        Here one stands before the colon.
        """,
        "title\u00a0: The Last Lamp",
        "title: The Last Lamp",
    )),
    Code("SR006", "a tab outside of quotes", """\
YAML does not allow tabs in the indentation: how far a tab goes differs from editor to editor. Elsewhere a tab is read
as a blank, and reported. Set your editor to indent YAML with blanks, two for each level.

This is reported:

```yaml
scenes:
\t- id: storm
```

This is right:

```yaml
scenes:
  - id: storm
```
"""),
    Code("SR007", "a merge conflict is not settled", mended(
        """
        Git could not merge two versions of these lines and wrote both into the file. Choose what to keep and delete
        the three lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`.
        """,
        """
        <<<<<<< HEAD
        title: The Last Lamp
        =======
        title: The Very Last Lamp
        >>>>>>> client-notes
        """,
        "title: The Very Last Lamp",
    )),
    Code("SR010", "nested too deep", """\
Maps and lists may stand in each other 64 deep, aliases counted. A storyboard needs about ten; a deeper file is broken
or was made to do harm, and is refused before anything is built from it.
"""),
    Code("SR011", "too many values", """\
A file may hold 50,000 values and keys, and an alias counts all that it repeats, so that a few lines cannot unfold into
millions. A scene has some 30: a board of a thousand scenes fits.

Split a larger board: put acts into files of their own and name them with `include:`.
"""),
    Code("SR012", "a tag", mended(
        """
        A word that begins with `!` is a tag in YAML, which tells a program what kind of object to build. A storyboard
        builds none. If the word is part of a text, put the text in quotes.
        """,
        "title: !now or never",
        'title: "!now or never"',
    )),
    Code("SR013", "a merge key", mended(
        """
        `<<` merged maps in an older YAML. In a storyboard, what repeats is kept where it can be seen: common keys on
        the board, words in `vars:`, scenes in a template or an include.
        """,
        """
        base: &base {tier: pro}
        hero: {<<: *base, id: hero}
        """,
        """
        base: {tier: pro}
        hero: {id: hero, tier: pro}
        """,
    )),
    Code("SR014", "a second document in the file", mended(
        """
        A line `---` begins another document in the same file. A file holds one board; the rest would be lost.
        """,
        """
        title: One
        ---
        title: Two
        """,
        "title: One",
    )),
    Code("SR015", "a line that begins with `%`", mended(
        """
        A `%` at the very beginning of a line is an instruction to YAML parsers. A storyboard has none: it is YAML 1.2.
        """,
        """
        %YAML 1.1
        ---
        title: One
        """,
        "title: One",
    )),
)  # fmt: skip

SOURCE: tuple[Code, ...] = (*FILES_AND_LIMITS, *WRITING)

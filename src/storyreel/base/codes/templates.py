"""Codes of the stage 'templates': words in braces, fragments, scene templates."""

from __future__ import annotations

from storyreel.base.codes.entry import Code
from storyreel.base.codes.mended import mended
from storyreel.base.codes.variants import VARIANTS

_FILLING: tuple[Code, ...] = (
    Code(
        "SR201",
        "broken template",
        mended(
            """
        Text between `{{` and `}}` is an expression, and `{% if %}` needs its `{% endif %}`. The YAML is read first and
        templates are filled afterwards, so the place is exact even inside quotes and blocks.
        """,
            'prompt: "The {{ ship turns for shore."',
            'prompt: "The {{ ship }} turns for shore."',
        ),
    ),
    Code(
        "SR202",
        "not for templates",
        mended(
            """
        In boards templates have `{{ }}` and `{% if %}`; loops live in the `*.j2` files that turn a shot into its
        prompt. Nothing can be called, no name begins with `_`, and only the listed filters and tests exist: the same
        board must give the same film on every machine, and a board from a stranger must be harmless.
        """,
            'title: "{{ ship.upper() }}"',
            'title: "{{ ship | upper }}"',
        ),
    ),
    Code(
        "SR203",
        "unknown word in a template",
        mended(
            """
        A template may use the board's `vars`, its axes and tables, the `vars` of the scene and shot that it stands in,
        and the params of its scene template. Vars are filled in order, so each may use those before it. A word that
        may be missing is written `{{ ship | default("Halcyon") }}`.
        """,
            """
        vars: {ship: Halcyon}
        title: "{{ shop }}"
        """,
            """
        vars: {ship: Halcyon}
        title: "{{ ship }}"
        """,
        ),
    ),
    Code(
        "SR204",
        "no such column",
        mended(
            """
        Rows of tables, values of axes and maps in `vars` have just the columns that are written: `product.copy` is the
        column `copy`, never something else of that name. Where only some rows have a column, the hint names a film.
        """,
            """
        vars: {ship: {name: Halcyon}}
        title: "{{ ship.nam }}"
        """,
            """
        vars: {ship: {name: Halcyon}}
        title: "{{ ship.name }}"
        """,
        ),
    ),
    Code(
        "SR205",
        "a template cannot be filled with these values",
        mended(
            """
        Numbers are added, texts are joined with `~`, rows are asked for a column. Unquoted numbers in `vars` and in
        tables are numbers that print as they were written; quoted ones are text.
        """,
            'title: "{{ ship + 2 }}"',
            'title: "{{ ship ~ 2 }}"',
        ),
    ),
    Code(
        "SR206",
        "a template that takes or makes too much",
        mended(
            """
        A template has at most 20,000 characters and makes at most 65,536; numbers have at most 18 digits, powers go up
        to 64, ranges to 500, lists to 1,000, and the steps of one filling are counted. Loops in `*.j2` files nest two
        deep. No honest template comes near these limits; they are what makes a board from a stranger safe to open.
        """,
            'title: "{{ 10 ** 10 ** 9 }}"',
            'title: "{{ 10 ** 9 }}"',
        ),
    ),
    Code(
        "SR207",
        "too many scenes",
        mended(
            "A film has at most 5,000 scenes, those of fragments and scene templates counted; all films 500,000.",
            """
        scenes:
          - use: everything      # places 6,000 scenes
        """,
            """
        scenes:
          - use: the-first-half
        """,
        ),
    ),
)

_SIZE = Code(
    "SR208",
    "too much text",
    mended(
        "A board with all its fragments, scene templates and tables has at most 8 MiB, each file at most 1 MiB.",
        "include: [a.yaml, b.yaml, c.yaml, d.yaml, e.yaml, f.yaml, g.yaml, h.yaml, i.yaml]      # 1 MiB each",
        "include: [a.yaml]",
    ),
)

_PARTS: tuple[Code, ...] = (
    Code(
        "SR210",
        "a wrong shape",
        mended(
            """
        Keys that put a film together have a shape of their own: `vars`, `with`, `params`, `tables` and `elements` are
        maps, `include` at the top is a list of paths, `when` an expression, a table `{file: ..., by: [...]}`.
        """,
            "tables: {copy: data/copy.csv}",
            "tables: {copy: {file: data/copy.csv, by: [lang]}}",
        ),
    ),
    Code(
        "SR212",
        "a file that includes itself",
        mended(
            """
        Fragments may include fragments and scene templates may use others, but the way must not lead back. Boards are
        not included: what two boards share belongs into a fragment, a file without `storyreel:`.
        """,
            """
        # acts/one.yaml
        scenes:
          - include: acts/one.yaml
        """,
            """
        # acts/one.yaml
        scenes:
          - include: acts/two.yaml
        """,
        ),
    ),
    Code(
        "SR213",
        "a name declared twice",
        mended(
            """
        A board and its fragments share one set of vars and one of elements; axes, tables and vars share their names
        too. Nothing is overwritten in silence: a name with two meanings is shown with both places.
        """,
            """
        include: [cast/keepers.yaml]       # declares Mara
        elements: {Mara: {description: a girl}}
        """,
            """
        include: [cast/keepers.yaml]
        elements: {Young Mara: {description: a girl}}
        """,
        ),
    ),
    Code(
        "SR214",
        "no key of a fragment or template",
        mended(
            """
        A fragment has `include`, `vars`, `elements` and `scenes`; a scene template has `params` and `scenes`; a param
        has a default, or `{required: true}`.
        """,
            "scene: [{id: a, card: {title: Hello, duration: 2}}]",
            "scenes: [{id: a, card: {title: Hello, duration: 2}}]",
        ),
    ),
    Code(
        "SR220",
        "an argument that the template does not take",
        mended(
            "`with` may give what the template declares under `params`, and nothing else.",
            """
        - use: product-shot
          with: {subject: a bottle, second: 4}
        """,
            """
        - use: product-shot
          with: {subject: a bottle, seconds: 4}
        """,
        ),
    ),
    Code(
        "SR221",
        "an argument is missing",
        mended(
            "A param that is declared `{required: true}` must be given by every `use`.",
            "- use: product-shot",
            """
        - use: product-shot
          with: {subject: a bottle}
        """,
        ),
    ),
    Code(
        "SR222",
        "a param that no scene asks for",
        mended(
            "What `with` gives for it would have no effect. A warning.",
            """
        params: {subject: {required: true}, colour: red}
        scenes: [{id: a, card: {title: "{{ subject }}", duration: 2}}]
        """,
            """
        params: {subject: {required: true}, colour: red}
        scenes: [{id: a, card: {title: "{{ colour }} {{ subject }}", duration: 2}}]
        """,
        ),
    ),
    Code(
        "SR223",
        "keys that cannot stand together",
        mended(
            """
        `use` and `include` put other scenes in the place of this entry, so it has no content of its own. Beside `use`
        stand `with`, `when`, `id` and keys that are laid over the placed scenes; beside `include` only `when`. The id
        replaces that of a single scene and goes before those of several (`id-inner`); `transition`, `start` and
        `chapter` go to the first of them, `end` to the last.
        """,
            "- {use: product-shot, card: {title: Hello, duration: 2}}",
            """
        - {use: product-shot}
        - {id: hello, card: {title: Hello, duration: 2}}
        """,
        ),
    ),
)

TEMPLATES: tuple[Code, ...] = (*_FILLING, _SIZE, *_PARTS, *VARIANTS)

"""Codes of the stage 'templates': tables and variants."""

from __future__ import annotations

from storyreel.base.codes.entry import Code
from storyreel.base.codes.mended import mended

VARIANTS: tuple[Code, ...] = (
    Code(
        "SR231",
        "a broken table",
        mended(
            """
        A table is UTF-8 text with `,` or `;` between its cells; its first line names the columns, and every row has as
        many cells. A cell with a separator, a quote or a line break in it stands in quotes, and a quote inside is
        written twice. An empty cell is empty text, which counts as false; the columns that choose a row are never
        empty. In YAML a table is a map from id to columns, one level deeper for each further key.
        """,
            """
        id,claim
        ember,Holds 0,5 l
        """,
            """
        id,claim
        ember,"Holds 0,5 l"
        """,
        ),
    ),
    Code(
        "SR232",
        "the same row or column twice",
        mended(
            "A row is found by its key columns (`id` for an axis), so each key has one row, and each column one name.",
            """
        lang,line
        en,Late again?
        en,Again late?
        """,
            """
        lang,line
        en,Late again?
        de,Wieder zu spät?
        """,
        ),
    ),
    Code(
        "SR233",
        "a table has no row for a film",
        mended(
            """
        In each film a table is the row that the values of its `by` choose. A row that is missing is an error only where
        a film uses the table, so a scene with `when` can go without.
        """,
            """
        tables: {copy: {file: data/copy.csv, by: [lang]}}      # rows: en
        variants: {axes: {lang: {en: {}, de: {}}}}
        """,
            """
        tables: {copy: {file: data/copy.csv, by: [lang]}}      # rows: en, de
        variants: {axes: {lang: {en: {}, de: {}}}}
        """,
        ),
    ),
    Code(
        "SR234",
        "a template in a table",
        mended(
            "Tables are data: cells are printed as they stand and are not filled again. The template is the board's.",
            """
        id,line
        ember,"{{ brand }} keeps it hot"
        """,
            """
        id,line
        ember,keeps it hot
        # in the board: "{{ brand }} {{ product.line }}"
        """,
        ),
    ),
    Code(
        "SR240",
        "broken variants",
        mended(
            """
        `variants` has `axes`, `only`, `skip` and `name`. An axis is a map from id to columns, or the path of a table
        with a column `id`. A value's `set` holds keys of the board, maps merged into maps; the later axis wins. What is
        read before there are films (`include`, `tables`, `variants`) cannot be set.
        """,
            """
        variants:
          axes: {aspect: ["16:9", "9:16"]}
        """,
            """
        variants:
          axes: {aspect: {wide: {set: {aspect_ratio: "16:9"}}, tall: {set: {aspect_ratio: "9:16"}}}}
        """,
        ),
    ),
    Code(
        "SR241",
        "two films of one name",
        mended(
            """
        `name` must tell all films apart, also where capital letters do not count, because each becomes a file. Mention
        every axis in it, or leave it out: then the ids are joined by `-`.
        """,
            """
        variants:
          axes: {lang: {en: {}, de: {}}, aspect: {wide: {}, tall: {}}}
          name: "{{ lang.id }}"
        """,
            """
        variants:
          axes: {lang: {en: {}, de: {}}, aspect: {wide: {}, tall: {}}}
          name: "{{ lang.id }}-{{ aspect.id }}"
        """,
        ),
    ),
    Code(
        "SR242",
        "a name that cannot be a file's",
        mended(
            "A film's name has letters, digits, `-`, `_` and `.`, at most 100 bytes. `slug` makes one of any text.",
            'name: "{{ product.name }}"      # Ember / Fjord',
            'name: "{{ product.name | slug }}"',
        ),
    ),
    Code(
        "SR243",
        "an axis or value that does not exist",
        mended(
            "A map under `only` or `skip` names axes and ids of their values: all of them must fit, of a list any.",
            "skip: {language: de}",
            "skip: {lang: de}",
        ),
    ),
    Code(
        "SR244",
        "no film is left",
        mended(
            "`only` keeps combinations and `skip` then leaves some out; together they must leave at least one.",
            """
        only: {lang: en}
        skip: {lang: en}
        """,
            "only: {lang: en}",
        ),
    ),
    Code(
        "SR245",
        "too many films",
        mended(
            """
        A board makes at most 10,000 films, counted after `only` and `skip` and before anything is composed; of at most
        100,000 combinations.
        """,
            "axes: {product: data/products.csv, lang: data/languages.csv}      # 400 x 30",
            """
        axes: {product: data/products.csv, lang: data/languages.csv}
        only: {lang: [en, de, fr]}
        """,
        ),
    ),
)

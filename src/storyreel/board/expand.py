"""A board and its files become films: variants, words, fragments and templates are dealt with, places are kept."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from storyreel.base.diagnostic import Checked, Diagnostic, Hint, error, in_order
from storyreel.base.span import Span
from storyreel.board.jinja.values import UNKNOWABLE
from storyreel.board.load import Document, load
from storyreel.board.memory import Memory
from storyreel.board.node import Mapping, Scalar, span_at
from storyreel.board.parts.axes import AxisReader, merge
from storyreel.board.parts.fill import Filler, Hole, Scope
from storyreel.board.parts.films import Composer
from storyreel.board.parts.fragments import clash
from storyreel.board.parts.library import Library
from storyreel.board.source import SourceTree
from storyreel.board.variants import Combination, Variants, combinations, name_films, read_variants

_Same = tuple[str, Span, str]

MAX_ENTRIES = 500_000
"""Scenes of all films that are composed together."""

_ALIKE = 5
"""Findings with one code at one place that are shown, each for another film."""


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """A film before it is composed: its name, its value on each axis, and what they stand for."""

    name: str
    combination: Combination
    rows: Scope = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class BoardSource:
    """Everything read for a board, and the films that it makes; composing one reads only files named by templates."""

    document: Document
    films: tuple[Cast, ...]
    variants: Variants | None
    _composer: Composer = field(repr=False)
    _keys: MappingABC[str, Scalar] = field(repr=False)

    @property
    def name(self) -> str:
        """The board's file stem."""
        return _stem(self.document.path)

    @property
    def names(self) -> tuple[str, ...]:
        """The films' names; the last axis changes fastest."""
        return tuple(film.name for film in self.films)


@dataclass(frozen=True, slots=True, eq=False)
class ExpandedFilm:
    """One film's tree: templates are filled, and of the keys that only steer, `vars` alone are left."""

    name: str
    board: str
    root: Mapping
    context: MappingABC[str, Any]
    """What its templates saw: axes, rows of tables, and vars, as plain values."""
    is_variant: bool
    axes: MappingABC[str, str] = field(default_factory=dict)
    """The id of its value on each axis."""
    holes: tuple[Hole, ...] = ()
    """What could not be filled; why is among its findings."""

    def hides(self, span: Span) -> bool:
        """True where a finding would only speak of a template that was not filled, which is reported already."""
        return any(hole.hides(span) for hole in self.holes)


def open_board(source: SourceTree, path: str, memory: Memory | None = None) -> Checked[BoardSource]:
    """Read a board with its tables and axes and name its films; None where the board itself is no map.

    `memory` is that of the readings before.
    """
    parse = None
    if memory is not None:
        memory.begin(source)
        parse = memory.pieces.parse
    loaded = load(source, path, parse=parse)
    document = loaded.value
    if document is None:
        return Checked(None, loaded.diagnostics)
    found = list(loaded.diagnostics)
    library = Library(source, parse)
    library.keep(document)
    filler = Filler(library, memory.filler if memory is not None else None)
    if memory is not None:
        memory.filler = filler
    reader = AxisReader(library, filler)
    composer = Composer(library, filler, document.root)
    composer.read_tables(library, found)
    variants = read_variants(document.root.get("variants"), reader, found)
    keys = composer.words()
    for axis in variants.axes if variants is not None else ():
        if axis.name in keys:
            found.append(clash(axis.key, keys[axis.name]))
        keys[axis.name] = axis.key
    stem = _stem(document.path)
    if variants is None:
        films = [Cast(stem, (), composer.rows({}))]
    else:
        films = _films(variants, reader, filler, composer, stem, found)
    board = BoardSource(document, tuple(films), variants, composer, keys)
    return Checked(board, in_order(found))


def expand(board: BoardSource, only: str | None = None) -> Iterator[Checked[ExpandedFilm]]:
    """The films in order, or those whose names fit the glob `only`.

    A film comes with its own findings; one that not all films have names a film in a hint. All are composed before
    the first is handed out, so that this is known.
    """
    chosen = [film for film in board.films if only is None or fnmatchcase(film.name, only)]
    roots: dict[tuple[int, ...], Mapping] = {}
    before = board._composer.entries
    composed: list[tuple[ExpandedFilm, list[Diagnostic]]] = []
    for film in chosen:
        sets = [value.set for value in film.combination if value.set is not None]
        root = roots.get(tuple(map(id, sets)))
        if root is None:
            root = board.document.root
            for over in sets:
                root = merge(root, over)
            roots[tuple(map(id, sets))] = root
        found: list[Diagnostic] = []
        tree, scope = board._composer.compose(root, film.rows, board._keys, found)
        axes = _ids(board.variants, film.combination)
        holes = board._composer.holes(tree)
        composed.append((ExpandedFilm(film.name, board.name, tree, scope, bool(axes), axes, holes), found))
        if board._composer.entries - before > MAX_ENTRIES:
            found.append(_too_many_scenes(board.document.root, len(chosen)))
            break
    yield from _told_apart(composed)


def _films(
    variants: Variants, reader: AxisReader, filler: Filler, composer: Composer, stem: str, found: list[Diagnostic]
) -> list[Cast]:
    stay = combinations(variants, reader, filler, found)
    if not stay:
        return [Cast(stem, (), composer.rows({axis.name: UNKNOWABLE for axis in variants.axes}))]
    stay = [(combination, composer.rows(scope)) for combination, scope in stay]
    names = name_films(variants, stay, filler, stem, found)
    return [Cast(name, *one) for name, one in zip(names, stay, strict=True)]


def _too_many_scenes(root: Mapping, films: int) -> Diagnostic:
    message = f"the {films:,} films of this board have more than {MAX_ENTRIES:,} scenes in all"
    return error("SR207", message, span_at(root, "scenes"), hints=["make fewer at once with `--film`"])


def _told_apart(composed: list[tuple[ExpandedFilm, list[Diagnostic]]]) -> Iterator[Checked[ExpandedFilm]]:
    """Each film with its findings, one finding for what many films share, the first film named where not all do."""
    first: dict[_Same, tuple[Diagnostic, str]] = {}
    count: dict[_Same, int] = {}
    keys: list[list[_Same]] = []
    for film, found in composed:
        mine = list(dict.fromkeys((d.code, d.span, d.message) for d in found))
        for diagnostic in found:
            first.setdefault((diagnostic.code, diagnostic.span, diagnostic.message), (diagnostic, film.name))
        for key in mine:
            count[key] = count.get(key, 0) + 1
        keys.append(mine)
    shown: dict[_Same, Diagnostic] = {}
    alike: dict[tuple[str, Span], list[Diagnostic]] = {}
    for key, (diagnostic, name) in first.items():
        group = alike.setdefault((diagnostic.code, diagnostic.span), [])
        if len(group) >= _ALIKE:
            shown[key] = group[-1]
            continue
        shown[key] = _in_film(diagnostic, name, count[key], len(composed))
        group.append(shown[key])
    for (film, _), mine in zip(composed, keys, strict=True):
        yield Checked(film, in_order(shown[key] for key in mine) if mine else ())


def _in_film(diagnostic: Diagnostic, name: str, count: int, total: int) -> Diagnostic:
    if count == total:
        return diagnostic
    others = f" and {count - 1:,} more" if count > 1 else ""
    hints = (*diagnostic.hints, Hint(f"in the film `{name}`{others}"))
    return Diagnostic(
        diagnostic.code, diagnostic.message, diagnostic.span, diagnostic.severity, diagnostic.label, hints
    )


def _ids(variants: Variants | None, combination: Combination) -> dict[str, str]:
    if variants is None or not combination:
        return {}
    return {axis.name: value.id for axis, value in zip(variants.axes, combination, strict=True)}


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".yaml").removesuffix(".yml")

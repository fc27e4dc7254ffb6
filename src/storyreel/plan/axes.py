"""Which word multiplied: how many requests a board's films share, and which axis makes them more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storyreel.plan.plan import PlannedFilm


def sharing(films: Sequence[PlannedFilm], axes: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Sentences about a board with variants. `axes` are each film's values by axis, or empty where not known."""
    if len(films) < 2:
        return ()
    users: dict[str, list[int]] = {}
    asked = 0
    for index, film in enumerate(films):
        keys = {part.key for scene in film.scenes for part in scene.parts if part.request is not None}
        asked += len(keys)
        for key in keys:
            users.setdefault(key, []).append(index)
    if not users:
        return ()
    notes = [f"{len(films):,} films share {_count(len(users), 'request')}; one by one they would ask for {asked:,}"]
    values: dict[str, set[str]] = {}
    for row in axes:
        for axis, value in row.items():
            values.setdefault(axis, set()).add(value)
    for axis, known in values.items():
        if len(known) < 2:
            continue
        varied = sum(1 for indexes in users.values() if {axes[i].get(axis) for i in indexes} != known)
        names = f"`{axis}` ({len(known)} values)"
        if varied:
            notes.append(f"{names} multiplies {varied} of {_count(len(users), 'request')}")
        else:
            notes.append(f"{names} multiplies nothing")
    return tuple(notes)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"

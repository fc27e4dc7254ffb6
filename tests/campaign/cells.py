"""Every fault of a bad day, phase by phase, and how it may end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.emulators.faults import Fault

Ends = frozenset[str]
"""States of a job, a failed one with its reason."""

KEPT: Ends = frozenset({"stored"})
OPEN: Ends = frozenset({"accepted", "ready"})
FAR_OFF = ("864000", "Fri, 31 Dec 2100 00:00:00 GMT")
REFUSED = {
    400: "invalid", 401: "credentials", 402: "quota", 403: "credentials", 404: "invalid", 405: "invalid",
    410: "invalid", 413: "invalid", 415: "invalid", 422: "invalid", 451: "refused",
}  # fmt: skip
FINAL = (400, 422)
"""Of a result at fal, where its own kind of error stands beside it: nothing will come of it any more."""
DOUBTFUL = (408, 409, 425, 499, 500, 501, 502, 503, 504, 520)
STATUSES = tuple(Fault("status", status=status) for status in (*REFUSED, *DOUBTFUL))
WAITS = tuple(
    Fault("status", status=429, headers={"retry-after": after} if after else {})
    for after in ("", "2", "-5", "864000", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 2100 00:00:00 GMT", "soon")
)
MOVED = tuple(
    Fault("redirect", status=status, location=where)
    for status in (301, 302, 303, 307, 308)
    for where in ("", "http://127.0.0.1:9/elsewhere", "file:///etc/passwd", "http://[::1", "//evil.test/x")
)
WORDS = tuple(
    Fault(kind)
    for kind in ("html", "empty", "invalid_json", "not_utf8", "wrong_shape", "wrong_types", "deep_json", "huge_json")
)
CHANGED = tuple(
    Fault(kind, location="http://127.0.0.1:9") for kind in ("duplicate_keys", "odd_id", "foreign_urls", "gzip")
)
STAGES = tuple(Fault(kind) for kind in ("unknown_status", "status_back", "completed_with_error"))
LINES = tuple(
    Fault(kind, seen=seen)
    for kind in ("reset", "close", "half_head", "half_body", "silent", "cut_without_length")
    for seen in (True, False)
    if seen or kind != "cut_without_length"
)
SLOW = (Fault("cut"), Fault("length_too_long"), Fault("length_too_short"), Fault("drip"))
FILMS = (
    *(Fault("cut", at=share) for share in (0.0, 0.01, 0.5, 0.99)),
    *(Fault("cut_without_length", at=share) for share in (0.0, 0.01, 0.5, 0.99)),
    *(Fault(kind) for kind in ("html_film", "playlist_film", "empty_film", "zero_frames", "bit_flip", "corrupt_moov")),
    *(Fault(kind) for kind in ("no_sound", "shorter", "longer", "other_size", "huge_frame", "gzip", "endless")),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault in one phase at one provider, once or as long as the first run lasts."""

    name: str
    phase: str
    fault: Fault
    is_lasting: bool = False

    def __str__(self) -> str:
        fault, words = self.fault, [self.fault.kind]
        words += [str(fault.status)] if fault.kind in ("status", "redirect") else []
        words += [f"to {fault.location or 'itself'}"] if fault.kind == "redirect" else []
        words += [f"after {after}" for after in fault.headers.values()]
        words += [f"at {fault.at}"] if fault.kind.startswith("cut") and self.phase == "download" else []
        words += ["seen"] if fault.seen else []
        words += ["always"] if self.is_lasting else []
        return f"{self.name:9} {self.phase:8} {' '.join(words)}"

    @property
    def ends(self) -> Ends:
        """How the first run may end; where it leaves the job open, the next one keeps the take."""
        if self.is_lasting:
            return _lasting(self)
        return _once(self)


def _once(cell: Cell) -> Ends:
    status = cell.fault.status if cell.fault.kind == "status" else None
    if cell.phase == "submit":
        if cell.fault.kind == "redirect":
            return frozenset({"failed: invalid"})
        return frozenset({f"failed: {REFUSED[status]}"}) if status in REFUSED else KEPT
    if cell.phase == "upload" and status in REFUSED and status not in (404, 405, 410):
        return frozenset({f"failed: {REFUSED[status]}"})
    if cell.phase == "result" and status in FINAL:
        return frozenset({"failed: invalid"})
    if cell.phase in ("poll", "result") and cell.fault.kind == "foreign_urls":
        return KEPT | OPEN  # The film is said to lie where nobody is: the next run asks again.
    if cell.phase in ("poll", "result") and cell.fault.headers.get("retry-after", "") in FAR_OFF:
        return KEPT | OPEN
    return KEPT


def _lasting(cell: Cell) -> Ends:
    once = _once(cell)
    if once != KEPT:
        return once
    if cell.phase == "submit":
        return frozenset({"failed: transient", "failed: invalid", "unknown", "parked", "stored"})
    if cell.phase == "upload":
        return frozenset({"failed: transient", "stored"})
    if cell.phase == "list":
        return frozenset({"unknown", "parked", "stored"})
    if cell.phase == "download":
        return OPEN | {"failed: expired", "failed: invalid", "stored"}
    return OPEN | {"stored", "failed: transient", "failed: internal"}


def cells() -> Iterator[Cell]:
    """All of them; those that make no sense are left out."""
    answers = (*STATUSES, *WAITS, *MOVED, *WORDS, *CHANGED, *LINES, *SLOW)
    faults = {
        "submit": (*answers, *(Fault("status", status=status, seen=True) for status in DOUBTFUL)),
        "poll": (*answers, *STAGES),
        "result": (*answers, *STAGES),
        "list": answers,
        "upload": answers,
        "download": (*STATUSES, *WAITS, *MOVED, *LINES, *FILMS, Fault("length_too_long"), Fault("length_too_short"),
                     Fault("drip")),
    }  # fmt: skip
    for name in ("fal", "replicate", "lumenfall"):
        for phase, each in faults.items():
            if (phase == "result" and name != "fal") or (phase in ("list", "upload") and name == "lumenfall"):
                continue
            for fault in each:
                yield Cell(name, phase, fault)
                if fault.kind in ("status", "html", "empty", "silent", "close", "wrong_types", "html_film", "cut"):
                    yield Cell(name, phase, fault, is_lasting=True)

"""Faults by phase, scripted one by one or at a seeded rate; and the gate before an emulator that spoils its answers."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.emulators.clock import Clock, http_date
from tests.emulators.ledger import Heard, Ledger
from tests.emulators.spoiled import CHANGED, ENDINGS, REPLACED, Answer, Fault

__all__ = ["KINDS", "Fault", "Gate", "Script"]

KINDS = (*REPLACED, *CHANGED, *ENDINGS)
PhaseOf = Callable[[Scope], str]
ErrorBody = Callable[[int], Mapping[str, Any]]


@dataclass(slots=True)
class _Rated:
    phases: Collection[str]
    rate: float
    faults: Sequence[Fault]
    chance: random.Random


@dataclass(slots=True)
class Script:
    """Which requests are spoiled, and how. Empty: none."""

    _queued: list[tuple[str, str, Fault]] = field(default_factory=list)
    _rated: list[_Rated] = field(default_factory=list)
    spent: list[tuple[str, Fault]] = field(default_factory=list)
    """What was spoiled so far: phase and fault."""

    def add(self, phase: str, *faults: Fault, times: int = 1, match: str = "") -> None:
        """The next requests of this phase whose path ends with `match` meet these faults, one each, in this order."""
        self._queued += [(phase, match, fault) for _ in range(times) for fault in faults]

    def at_rate(self, rate: float, faults: Sequence[Fault], *, phases: Collection[str], seed: int = 0) -> None:
        """This share of the requests of these phases meets one of the faults; the same ones for the same seed."""
        self._rated.append(_Rated(phases, rate, faults, random.Random(seed)))

    def clear(self) -> None:
        self._queued.clear()
        self._rated.clear()

    @property
    def waiting(self) -> int:
        """Scripted faults that no request has met yet."""
        return len(self._queued)

    def next(self, phase: str, path: str) -> Fault | None:
        found = self._take(phase, path)
        if found is not None:
            self.spent.append((phase, found))
        return found

    def _take(self, phase: str, path: str) -> Fault | None:
        for place, (wanted, match, fault) in enumerate(self._queued):
            if wanted == phase and path.endswith(match):
                del self._queued[place]
                return fault
        for rated in self._rated:
            if phase in rated.phases and rated.chance.random() < rated.rate:
                return rated.chance.choice(rated.faults)
        return None


def plain_error(status: int) -> Mapping[str, Any]:
    return {"error": f"status {status}"}


@dataclass(slots=True)
class Gate:
    """An ASGI app around another: records every request, then lets it through or spoils it."""

    app: ASGIApp
    script: Script
    ledger: Ledger
    clock: Clock
    phase_of: PhaseOf
    error_body: ErrorBody = plain_error
    takes_keys: bool = False
    """False: a key that arrives here is a leak."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/_state":
            await self.app(scope, receive, send)
            return
        heard = self._hear(scope)
        fault = self.script.next(heard.phase, heard.path)

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                heard.status = message["status"]
                date = (b"date", http_date(self.clock.now()).encode())
                message = {**message, "headers": [*message.get("headers", ()), date]}
            await send(message)

        if fault is None:
            await self.app(scope, receive, dated)
            return
        heard.fault = fault.kind
        await self._spoil(fault, scope, receive, dated)

    def _hear(self, scope: Scope) -> Heard:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        auth = headers.pop("authorization", "")
        phase = self.phase_of(scope)
        query = scope["query_string"].decode("latin-1")
        heard = Heard(self.clock.now(), scope["method"], scope["path"], query, phase, auth, headers)
        self.ledger.heard.append(heard)
        if auth and not self.takes_keys:
            self.ledger.leaked_keys += 1
        return heard

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        answer = Answer(200, [("content-type", "application/json")], b'{"id": "never-accepted", "status": "queued"}')
        if fault.seen or fault.kind in CHANGED or fault.needs_answer:
            answer = await _collected(self.app, scope, receive)
        else:
            await _drained(receive)
        if fault.kind in REPLACED:
            answer = REPLACED[fault.kind](fault, json.dumps(dict(self.error_body(fault.status))).encode())
        elif fault.kind in CHANGED:
            answer = CHANGED[fault.kind](answer, fault, scope.get("film"))
        if fault.kind in ENDINGS:
            await ENDINGS[fault.kind](answer, fault, scope, receive, send)
            return
        await answer.send(send)


async def _drained(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass


async def _collected(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """What the app would have answered."""
    answer = Answer(500, [], b"")

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(name.decode(), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, collect)
    return answer

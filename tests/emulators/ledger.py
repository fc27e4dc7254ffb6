"""What an emulator has seen, for the tests to judge by: every request, every paid job."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(slots=True)
class Heard:
    """One request, as it came in."""

    at: float
    method: str
    path: str
    query: str
    phase: str
    """submit | poll | result | cancel | download | upload | list | other"""
    auth: str
    headers: Mapping[str, str]
    status: int | None = None
    """Of the answer that went out; None where the socket was spoiled."""
    fault: str | None = None


@dataclass(slots=True)
class Submission:
    """One accepted job: this one is paid."""

    id: str
    endpoint: str
    body: Mapping[str, Any]
    auth: str
    at: float
    cost: Decimal
    claim: str | None = None
    """The idempotency key that came with it."""
    sense: str = ""
    """What is asked for: the body without its claim, with the digests of files in place of where they lie."""
    is_free: bool = False
    """True once the job has ended in a way that is not billed."""


@dataclass(slots=True)
class Ledger:
    heard: list[Heard] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    wrong_keys: int = 0
    leaked_keys: int = 0
    """Requests that carried a key where none belongs: a signed address, the media host."""
    replayed_claims: int = 0
    """Submissions that were answered with the job of the same idempotency key."""
    changed_claims: int = 0
    """Those of them whose body was another one."""

    @property
    def billed(self) -> Decimal:
        return sum((each.cost for each in self.submissions if not each.is_free), Decimal(0))

    @property
    def duplicates(self) -> int:
        """Accepted jobs beyond the first that ask the same of one endpoint; two takes of a scene are such, too."""
        counts = Counter((each.endpoint, each.sense) for each in self.submissions)
        return sum(count - 1 for count in counts.values())

    def count(self, phase: str) -> int:
        return sum(each.phase == phase for each in self.heard)

    def as_json(self) -> dict[str, Any]:
        return {
            "submissions": [asdict(each) | {"cost": str(each.cost)} for each in self.submissions],
            "accepted": len(self.submissions),
            "duplicates": self.duplicates,
            "billed": str(self.billed),
            "requests": dict(Counter(each.phase for each in self.heard)),
            "heard": [asdict(each) for each in self.heard],
            "wrong_keys": self.wrong_keys,
            "leaked_keys": self.leaked_keys,
            "replayed_claims": self.replayed_claims,
            "changed_claims": self.changed_claims,
        }


def sense_of(body: Mapping[str, Any], digest_of: Callable[[str], str | None]) -> str:
    """What a body asks for, equal for equal wishes in whatever run; `digest_of` knows files by their address."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(each) for key, each in value.items() if key != "idempotency_key"}
        if isinstance(value, list):
            return [plain(each) for each in value]
        return digest_of(value) or value if isinstance(value, str) and value.startswith("http") else value

    return json.dumps(plain(body), sort_keys=True)

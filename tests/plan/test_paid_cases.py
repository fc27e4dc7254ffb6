"""What stands in the way of a request, found before money is spent, each at its own line and column."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from storyreel.base.diagnostic import Diagnostic, in_order
from storyreel.board.source import MediaFacts, MemorySource
from storyreel.plan.build import build_plan
from storyreel.plan.losses import OnLoss
from storyreel.plan.route import Seller
from tests.plan.boards import Made
from tests.support.cases import BOARD, SUITE, Case, assert_case, load_cases
from tests.support.pipeline import compiled

PAID = sorted((SUITE / "paid").glob("*.cases"))
CASES = [pytest.param(file.stem, case, id=f"{file.stem}-{case}") for file in PAID for case in load_cases(file)]
KINDS = {
    ".png": MediaFacts("image", 1280, 720),
    ".mp4": MediaFacts("video", 1280, 720, Fraction(5)),
    ".wav": MediaFacts("audio", seconds=Fraction(10)),
}


def findings(
    case: Case, provider: str, on_loss: OnLoss = "error", sellers: Sequence[Seller] = ()
) -> tuple[Diagnostic, ...]:
    facts = {path: known for path in case.files for end, known in KINDS.items() if path.endswith(end)}
    source = MemorySource(case.files, facts)
    films, found = compiled(source, BOARD)
    planned = build_plan(films, source, Made(), provider=provider, board="board", on_loss=on_loss, sellers=sellers)
    found += planned.diagnostics
    return in_order(found)


@pytest.mark.parametrize(("provider", "case"), CASES)
def test_case(provider: str, case: Case) -> None:
    assert_case(case, findings(case, provider))


@pytest.mark.parametrize(("written", "codes"), [("", set()), ("generate_audio: true\n", {"SR311"})])
def test_a_default_that_is_lost_is_no_loss(written: str, codes: set[str]) -> None:
    board = f"storyreel: 1\n{written}scenes:\n  - {{id: a, shots: [{{duration: 4, prompt: A sea}}]}}\n"
    box = Seller("box", "openai-videos", "http://box", "KEY", dialect="openai")
    found = findings(Case("box", {BOARD: board}, ()), "box", sellers=[box])
    assert {d.code for d in found} == codes


def test_a_loss_is_a_warning_where_the_settings_say_so() -> None:
    case = next(case for case in load_cases(SUITE / "paid" / "replicate.cases") if case.name == "what-it-does-not-have")
    assert {(d.code, d.severity) for d in findings(case, "replicate")} == {("SR311", "error")}
    assert {(d.code, d.severity) for d in findings(case, "replicate", "warn")} == {("SR311", "warning")}

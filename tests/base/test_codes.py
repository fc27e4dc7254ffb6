"""The table of codes, its page, and its samples, which are held to what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from storyreel.base.codes import CODES
from storyreel.base.codes.entry import Code
from storyreel.base.codes.page import codes_page
from storyreel.base.codes.source import SOURCE
from storyreel.board.load import parse

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
ELSEWHERE = {"SR001", "SR002", "SR034"}
"""These are found by `load`, not in the text itself."""


def test_the_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8")
    assert page == codes_page(), "run: .venv/bin/python -m storyreel.base.codes.page > docs/codes.md"


def test_a_code_stands_in_the_table_once() -> None:
    from storyreel.base.codes.language import LANGUAGE
    from storyreel.base.codes.media import MEDIA
    from storyreel.base.codes.plan import PLAN
    from storyreel.base.codes.templates import TEMPLATES

    assert len(CODES) == sum(map(len, (SOURCE, LANGUAGE, TEMPLATES, PLAN, MEDIA)))


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_a_code_says_what_it_means(code: Code) -> None:
    assert re.fullmatch(r"SR[0-4]\d\d", code.code)
    assert code.title == code.title.strip()
    assert not code.title.endswith(".")
    assert len(code.explanation) > 80


def test_codes_and_their_use_are_the_same_set() -> None:
    product = ROOT / "src" / "storyreel"
    used: set[str] = set()
    for file in product.rglob("*.py"):
        if (product / "base" / "codes") not in file.parents:
            used |= set(re.findall(r'"(SR\d{3})"', file.read_text(encoding="utf-8")))
    assert used == set(CODES)


@pytest.mark.parametrize("code", [c for c in SOURCE if SAMPLES.search(c.explanation)], ids=lambda code: code.code)
def test_samples_of_the_source_codes_are_true(code: Code) -> None:
    wrong, right = SAMPLES.findall(code.explanation)
    if code.code not in ELSEWHERE:
        assert {found.code for found in parse("sample.yaml", wrong).diagnostics} == {code.code}
    assert parse("sample.yaml", right).diagnostics == ()

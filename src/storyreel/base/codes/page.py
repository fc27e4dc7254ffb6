"""The page of all codes: `python -m storyreel.base.codes.page > docs/codes.md`."""

from __future__ import annotations

import sys

from storyreel.base.codes import CODES
from storyreel.base.codes.entry import Code

_HEAD = """\
# Diagnostic codes

Every finding has a code that stays the same for good; `storyreel explain SR104` prints its entry. An error stops the
film, a warning does not. This page is generated from the codes themselves.
"""
_STAGES = {
    "0": "The text of a file",
    "1": "The storyboard language",
    "2": "Templates, tables and variants",
    "3": "The plan",
    "4": "Pictures, sound and type",
}


def codes_page() -> str:
    """Markdown: the codes by stage, a list first, then each at length."""
    codes = [CODES[code] for code in sorted(CODES)]
    parts = [_HEAD]
    for stage, title in _STAGES.items():
        of_stage = [code for code in codes if code.code[2] == stage]
        if of_stage:
            parts.append(f"## {title}\n\n" + "".join(_line(code) for code in of_stage))
            parts += [_entry(code) for code in of_stage]
    return "\n".join(parts)


def _line(code: Code) -> str:
    return f"- [{code.code}](#{code.code.lower()}) {code.title}\n"


def _entry(code: Code) -> str:
    return f'### <a id="{code.code.lower()}"></a>{code.code}: {code.title}\n\n{code.explanation.strip()}\n'


if __name__ == "__main__":
    sys.stdout.write(codes_page())

"""What is wrong with a template, with offsets in its text."""

from __future__ import annotations

from collections.abc import Collection


class TemplateRefused(Exception):
    """A template that is no template, or does what templates may not do. Offsets count characters of its text."""

    def __init__(self, message: str, offset: int, end: int | None = None, *, code: str = "SR201", hint: str = ""):
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.end = offset + 1 if end is None else max(end, offset + 1)
        self.code = code
        self.hint = hint


class FillFailed(TemplateRefused):
    """A template that is sound but fails with these values; `known` are the names that could have been meant."""

    def __init__(self, message: str, offset: int, end: int, *, code: str, hint: str = "", known: Collection[str] = ()):
        super().__init__(message, offset, end, code=code, hint=hint)
        self.known = known

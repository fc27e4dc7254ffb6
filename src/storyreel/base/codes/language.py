"""Codes of the stage 'language'."""

from __future__ import annotations

from storyreel.base.codes.entry import Code

LANGUAGE: tuple[Code, ...] = ()

"""Codes of the stage 'templates'."""

from __future__ import annotations

from storyreel.base.codes.entry import Code

TEMPLATES: tuple[Code, ...] = ()

"""Codes of the stage 'plan'."""

from __future__ import annotations

from storyreel.base.codes.entry import Code

PLAN: tuple[Code, ...] = ()

"""Codes of the stage 'source'."""

from __future__ import annotations

from storyreel.base.codes.entry import Code

SOURCE: tuple[Code, ...] = ()

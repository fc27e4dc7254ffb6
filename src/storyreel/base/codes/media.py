"""Codes of the stage 'media'."""

from __future__ import annotations

from storyreel.base.codes.entry import Code

MEDIA: tuple[Code, ...] = ()

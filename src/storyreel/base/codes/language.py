"""Codes of the stage 'language'."""

from __future__ import annotations

from storyreel.base.codes.entry import Code
from storyreel.base.codes.files import FILES
from storyreel.base.codes.keys import KEYS
from storyreel.base.codes.scenes import SCENES

LANGUAGE: tuple[Code, ...] = tuple(sorted((*KEYS, *SCENES, *FILES), key=lambda code: code.code))

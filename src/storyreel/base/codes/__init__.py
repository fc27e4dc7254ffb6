"""Every diagnostic code: its title and its explanation at length. A code is never used again for something else."""

from __future__ import annotations

from collections.abc import Mapping

from storyreel.base.codes.entry import Code
from storyreel.base.codes.language import LANGUAGE
from storyreel.base.codes.media import MEDIA
from storyreel.base.codes.plan import PLAN
from storyreel.base.codes.source import SOURCE
from storyreel.base.codes.templates import TEMPLATES

CODES: Mapping[str, Code] = {c.code: c for c in (*SOURCE, *LANGUAGE, *TEMPLATES, *PLAN, *MEDIA)}

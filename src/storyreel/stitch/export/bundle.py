"""One film with all that belongs to it in a `.zip` that unpacks alike everywhere."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from storyreel.stitch.join import placed

_STAMP = (1980, 1, 1, 0, 0, 0)
_PACKED = (".otio", ".edl", ".csv", ".srt", ".vtt", ".yaml", ".txt")


def write_bundle(target: Path, files: Mapping[str, Path], texts: Mapping[str, str]) -> None:
    """Write the archive whole or not at all. Names are paths inside it; equal content gives equal bytes."""
    with placed(target) as fresh, zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name in sorted({*files, *texts}):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            # Films are as small as they get; only words are worth packing.
            entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(_PACKED) else zipfile.ZIP_STORED
            if name in texts:
                archive.writestr(entry, texts[name])
                continue
            entry.file_size = files[name].stat().st_size
            with files[name].open("rb") as source, archive.open(entry, "w") as inside:
                shutil.copyfileobj(source, inside, 1 << 20)

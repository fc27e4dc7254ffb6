"""`doctor`: the environment that films are made in, one line a finding with its mend."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from storyreel.cli.context import DONE, FAILED, Common, Stop

NEEDED = ("pydantic", "ruamel.yaml", "jinja2", "moviepy", "imageio-ffmpeg", "pillow", "numpy", "typer", "rich")
ROOM = 2 << 30
"""Bytes of free disk below which a warning is given."""


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    mend: str = ""


def doctor(common: Common, as_json: bool) -> int:
    """Look at everything a render needs; exit 1 where something fails."""
    found = list(_look(common))
    if as_json:
        print(json.dumps({"findings": [asdict(f) for f in found]}, indent=2, ensure_ascii=False))
    else:
        for finding in found:
            print(
                f"{finding.state:<4}  {finding.what}: {finding.detail}"
                + (f"\n      {finding.mend}" if finding.mend else "")
            )
    return FAILED if any(f.state == "fail" for f in found) else DONE


def _look(common: Common) -> Iterator[Finding]:
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield from _libraries()
    yield from _ffmpeg()
    yield _voice()
    yield from _project(common)
    yield Finding(
        "terminal", "ok", f"{sys.stdout.encoding}, {'interactive' if sys.stdout.isatty() else 'not interactive'}"
    )


def _libraries() -> Iterator[Finding]:
    for name in NEEDED:
        try:
            yield Finding(name, "ok", importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, "fail", "not installed", "pip install storyreel")


def _ffmpeg() -> Iterator[Finding]:
    from storyreel.media.ffmpeg import MediaFailed, ffmpeg_path

    try:
        program = ffmpeg_path()
    except MediaFailed as missing:
        yield Finding("ffmpeg", "fail", missing.message, "pip install imageio-ffmpeg")
        return
    with tempfile.TemporaryDirectory() as folder:
        probe = [
            program, "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x36:r=24:d=0.1", "-f", "lavfi", "-i",
            "sine=d=0.1", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", str(Path(folder) / "probe.mp4"),
        ]  # fmt: skip
        try:
            done = subprocess.run(probe, capture_output=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired) as failed:
            yield Finding(
                "ffmpeg", "fail", f"{program} does not run: {failed}", "unset STORYREEL_FFMPEG, or name a working one"
            )
            return
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()[-200:]
        yield Finding(
            "ffmpeg",
            "fail",
            f"{program} cannot encode H.264 and AAC: {reason}",
            "use the bundled one: unset STORYREEL_FFMPEG",
        )
    else:
        yield Finding("ffmpeg", "ok", f"{program}, encodes H.264 and AAC")


def _voice() -> Finding:
    try:
        return Finding("scratch voices", "ok", f"espeakng-loader {importlib.metadata.version('espeakng-loader')}")
    except importlib.metadata.PackageNotFoundError:
        mend = "for spoken scratch lines: pip install 'storyreel[voice]'"
        return Finding("scratch voices", "warn", "not installed; a soft tick marks each line", mend)


def _project(common: Common) -> Iterator[Finding]:
    try:
        project = common.open()
    except Stop as stop:
        yield Finding("project", "warn", str(stop))
        return
    yield Finding(
        "project",
        "ok",
        f"{project.root}, boards: {len(project.boards())}, provider {project.settings.render.provider[0]}",
    )
    store = project.store.root
    nearest = next(folder for folder in (store, *store.parents) if folder.exists())
    if not os.access(nearest, os.W_OK):
        yield Finding("store", "fail", f"{store} cannot be written", "change its permissions, or set [store] url")
        return
    free = shutil.disk_usage(nearest).free
    state: Literal["ok", "warn"] = "ok" if free > ROOM else "warn"
    mend = "" if state == "ok" else "renders need room for takes and reels"
    yield Finding("store", state, f"{store}, {free / (1 << 30):.1f} GiB free", mend)
    if (project.root / ".env").is_file():
        yield Finding(".env", "ok", "there is one; storyreel never reads it")

"""Arguments and options that several commands take, and the words that they may have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Color(StrEnum):
    auto = "auto"
    always = "always"
    never = "never"


class Output(StrEnum):
    full = "full"
    concise = "concise"
    json = "json"
    github = "github"


class Form(StrEnum):
    json = "json"
    curl = "curl"
    python = "python"
    js = "js"


class Difference(StrEnum):
    text = "text"
    json = "json"
    github = "github"


class Export(StrEnum):
    otio = "otio"
    edl = "edl"
    srt = "srt"
    vtt = "vtt"
    csv = "csv"
    zip = "zip"


class Container(StrEnum):
    mp4 = "mp4"
    mov = "mov"
    webm = "webm"
    gif = "gif"
    prores = "prores"


class Quality(StrEnum):
    draft = "draft"
    final = "final"


class Shell(StrEnum):
    bash = "bash"
    zsh = "zsh"
    fish = "fish"
    powershell = "powershell"


Boards = Annotated[
    list[str] | None, typer.Argument(help="Boards: paths or names; default: every board.", show_default=False)
]
Board = Annotated[str, typer.Argument(help="A board: its path or its name.")]
Film = Annotated[str | None, typer.Option("--film", metavar="GLOB", help="Only films with such a name.")]
Provider = Annotated[str | None, typer.Option("--provider", help="Who makes the takes; wins over storyreel.toml.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Scene = Annotated[str, typer.Argument(help="A scene's id.")]

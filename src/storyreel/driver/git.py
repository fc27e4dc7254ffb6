"""Git as a reader of files: commits, listings, and blobs out of one process that stays open."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PATIENCE_S = 60
_PIECE = 1 << 20


class NoRevision(Exception):
    """Git has no such revision here, or cannot be asked; `str()` says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a commit."""

    mode: str
    oid: str
    size: int
    """Bytes."""


def commit_of(root: Path, revision: str) -> str:
    """The full name of a commit; raises NoRevision."""
    if shutil.which("git") is None:
        raise NoRevision("there is no git on this machine; changes are told against a git revision")
    try:
        _git(root, "rev-parse", "--show-prefix")
    except NoRevision as refused:
        if "not a git repository" in str(refused):
            raise NoRevision(f"{root} is not in a git repository") from None
        raise
    try:
        # Behind `--end-of-options` nothing that a revision is called can be an option.
        named = ("--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return _git(root, "rev-parse", *named).decode().strip()
    except NoRevision:
        first = "; nothing was committed yet" if revision == "HEAD" else ""
        raise NoRevision(f"git knows no revision {revision} here{first}") from None


def tips(root: Path) -> tuple[str, ...]:
    """What every branch and tag stands on, remote ones too, each once; raises NoRevision."""
    return tuple(dict.fromkeys(_git(root, "for-each-ref", "--format=%(objectname)").decode().split()))


def listing(root: Path, commit: str, under: str = "") -> dict[str, Entry]:
    """What a commit holds in the folder `root` and below it, by path from there; raises NoRevision.

    `under` narrows it to a folder.
    """
    found = {}
    for row in _git(root, "ls-tree", "-r", "-l", "-z", commit, *(["--", f"{under}/"] if under else [])).split(b"\0"):
        if not row:
            continue
        facts, _, path = row.partition(b"\t")
        mode, _, oid, size = facts.decode().split()
        found[path.decode(errors="surrogateescape")] = Entry(mode, oid, int(size) if size.isdigit() else 0)
    return found


def own_path(root: Path, name: str) -> Path:
    """Where git keeps a file of its own; raises NoRevision."""
    return root / _git(root, "rev-parse", "--git-path", name).decode().strip()


class Blobs:
    """Contents by their git name, out of a process that starts with the first. `close` ends it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None

    def pieces(self, oid: str) -> Iterator[bytes]:
        """The content in pieces, to be read to its end; raises NoRevision where git does not have it."""
        if self._process is None:
            self._process = _reader(self._root)
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None
        assert told is not None
        try:
            asked.write(f"{oid}\n".encode())
            asked.flush()
        except BrokenPipeError:
            raise NoRevision("git ended while it was read") from None
        head = told.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            raise NoRevision(f"git does not have the content {oid[:12]} here; is this clone a partial one?")
        left = int(head[2])
        while left:
            piece = told.read(min(left, _PIECE))
            if not piece:
                raise NoRevision("git ended while it was read")
            left -= len(piece)
            yield piece
        told.read(1)

    def close(self) -> None:
        if self._process is None:
            return
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait(_PATIENCE_S)


@contextmanager
def blobs(root: Path) -> Iterator[Blobs]:
    """Blobs while the block lasts."""
    opened = Blobs(root)
    try:
        yield opened
    finally:
        opened.close()


def _reader(root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        _command(root, "cat-file", "--batch"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )


def _git(root: Path, *words: str) -> bytes:
    """What git prints; raises NoRevision with what it says."""
    try:
        done = subprocess.run(
            _command(root, *words),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_PATIENCE_S,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        raise NoRevision(f"git did not answer within {_PATIENCE_S} seconds") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it failed and did not say why"]
        raise NoRevision(f"git: {said[0].removeprefix('fatal: ')}")
    return done.stdout


def _command(root: Path, *words: str) -> list[str]:
    return ["git", "-C", str(root), "--no-pager", *words]


def _environment() -> dict[str, str]:
    """Messages in one language, no lock taken, nothing fetched."""
    return os.environ | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}

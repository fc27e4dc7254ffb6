"""Files as a revision has them: nothing checked out, nothing outside the project, media by content."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storyreel.base.digest import digest_of
from storyreel.board.disk import DiskSource
from storyreel.board.source import SourceMissing, SourceRefused, SourceTree
from storyreel.driver.git import NoRevision, blobs
from storyreel.driver.revision import RevisionSource
from storyreel.media.probe import probe
from tests.support.repository import Repository


def png(width: int, height: int) -> bytes:
    """A black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\0" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A project in a folder of a larger repository; committed, then changed."""
    found = Repository.at(tmp_path / "work")
    project = found.root / "film"
    (project / "storyboards").mkdir(parents=True)
    (project / "storyboards" / "film.yaml").write_text("storyreel: 1\ntitle: Old\n")
    (project / "storyboards" / "part.yaml").write_text("elements: {}\n")
    (project / "storyboards" / "film.lock.yaml").write_text("storyreel: 1\n")
    (project / "face.png").write_bytes(png(300, 400))
    (found.root / "secret.txt").write_text("outside")
    (project / "out").symlink_to("../secret.txt")
    (project / "same.png").symlink_to("face.png")
    (found.root / ".gitignore").write_text("*.mp4\n")
    found.commit()
    (project / "storyboards" / "film.yaml").write_text("storyreel: 1\ntitle: New\n")
    (project / "face.png").write_bytes(png(500, 500))
    (project / "ignored.mp4").write_bytes(b"not in git")
    return found


@contextmanager
def opened(repository: Repository, revision: str = "HEAD", here: SourceTree | None = None) -> Iterator[RevisionSource]:
    root = repository.root / "film"
    with blobs(root) as contents:
        yield RevisionSource(root, revision, contents, here or DiskSource(root, probe), probe)


def test_it_reads_what_was_committed_below_the_project(repository: Repository) -> None:
    with opened(repository) as source:
        assert source.read("storyboards/film.yaml") == b"storyreel: 1\ntitle: Old\n"
        assert source.read("./storyboards//film.yaml").endswith(b"Old\n")
        assert source.listing("storyboards") == (
            "storyboards/film.lock.yaml", "storyboards/film.yaml", "storyboards/part.yaml",
        )  # fmt: skip
        assert source.boards("storyboards") == ("storyboards/film.yaml",)
        assert source.reads() == {"storyboards/film.yaml"}
        assert source.commit == repository.git("rev-parse", "HEAD")


def test_media_are_what_their_bytes_were(repository: Repository) -> None:
    with opened(repository) as source:
        assert source.digest("face.png") == digest_of(png(300, 400))
        assert source.digest("same.png") == source.digest("face.png")
        facts = source.facts("face.png")
        assert facts is not None
        assert (facts.kind, facts.width, facts.height) == ("image", 300, 400)


def test_media_that_git_ignores_are_taken_as_they_lie_but_texts_never_are(repository: Repository) -> None:
    (repository.root / "film" / "fresh.yaml").write_text("x")
    with opened(repository) as source:
        assert source.digest("ignored.mp4") == digest_of(b"not in git")
        for look in (source.read, source.digest):
            with pytest.raises(SourceMissing):
                look("nowhere.png")
        with pytest.raises(SourceMissing):
            source.read("fresh.yaml")


def test_nothing_outside_the_project_is_read(repository: Repository) -> None:
    with opened(repository) as source:
        for path in ("out", "../secret.txt", "/etc/passwd"):
            with pytest.raises(SourceRefused):
                source.read(path)
        with pytest.raises(SourceRefused, match="is a folder"):
            source.read("storyboards")
        with pytest.raises(SourceRefused, match="too large"):
            source.read("storyboards/film.yaml", limit=3)


def test_a_pointer_of_git_lfs_stands_for_its_file(repository: Repository) -> None:
    face = png(200, 100)
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest_of(face)}\nsize {len(face)}\n"
    (repository.root / "film" / "face.png").write_text(pointer)
    repository.commit("film/face.png")
    kept = repository.root / ".git" / "lfs" / "objects" / digest_of(face)[:2] / digest_of(face)[2:4] / digest_of(face)
    with opened(repository) as source:
        assert source.digest("face.png") == digest_of(face)
        assert source.facts("face.png") is None
    kept.parent.mkdir(parents=True)
    kept.write_bytes(face)
    with opened(repository) as source:
        facts = source.facts("face.png")
        assert facts is not None
        assert (facts.width, facts.height) == (200, 100)


@pytest.mark.parametrize("revision", ["nowhere", "--all", "-h", "HEAD:film", "HEAD~9", "", "a b"])
def test_what_is_no_commit_is_refused(repository: Repository, revision: str) -> None:
    with pytest.raises(NoRevision), opened(repository, revision):
        pass


def test_outside_a_repository_and_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "film").mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(NoRevision, match="is not in a git repository"), opened(Repository(tmp_path)):
        pass
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRevision, match="no git on this machine"), opened(Repository(tmp_path)):
        pass


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    repository = Repository.at(tmp_path)
    (tmp_path / "film").mkdir()
    with pytest.raises(NoRevision, match="nothing was committed yet"), opened(repository):
        pass

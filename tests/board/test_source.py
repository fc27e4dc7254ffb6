"""The two source trees: the same answers from memory and from disk, and nothing from outside the project."""

from __future__ import annotations

import hashlib
import os
from fractions import Fraction
from pathlib import Path

import pytest

from storyreel.board.disk import DiskSource
from storyreel.board.source import (
    MediaFacts,
    MemorySource,
    SourceMissing,
    SourceRefused,
    SourceTree,
    project_path,
)

FACTS = MediaFacts("image", 64, 32)
FILES: dict[str, bytes | str] = {
    "storyboards/a.yaml": "storyreel: 1\n",
    "assets/x.png": b"\x89PNG",
    "assets/sub/y.png": b"y",
}

OUTSIDE = [
    "/etc/passwd",
    "//etc/passwd",
    "../secret",
    "assets/../../secret",
    "assets/..",
    "..",
    "a/b/../c",
    "~/secret",
    "~root/secret",
    "C:/secret",
    "c:secret",
    "C:\\secret",
    "\\\\?\\C:\\secret",
    "..\\secret",
    "assets\\x.png",
    "file:///etc/passwd",
    "http://127.0.0.1/x.png",
    "https://example.org/x.png",
    "assets/x.png\0.yaml",
    "assets/\nx.png",
    "assets/\u202egnp.x",
    "assets/\x1b[2J",
    "",
    " ",
    ".",
    "./",
    "assets/",
    "assets/.",
    "a" * 256,
    "ä" * 128,
    "/dev/zero",
    "/proc/self/environ",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    for path, data in FILES.items():
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.encode() if isinstance(data, str) else data)
    (tmp_path / "secret").write_text("secret")
    return project


@pytest.fixture(params=["memory", "disk"])
def source(request: pytest.FixtureRequest, root: Path) -> SourceTree:
    if request.param == "memory":
        return MemorySource(FILES, {"assets/x.png": FACTS})
    return DiskSource(root, lambda path: FACTS if path.name == "x.png" else None)


def test_bytes_digest_and_facts(source: SourceTree) -> None:
    assert source.read("storyboards/a.yaml") == b"storyreel: 1\n"
    assert source.digest("assets/x.png") == hashlib.sha256(b"\x89PNG").hexdigest()
    assert source.facts("assets/x.png") == FACTS
    assert source.facts("storyboards/a.yaml") is None


def test_a_path_has_one_spelling(source: SourceTree) -> None:
    assert source.read("./assets//sub/./y.png") == b"y"
    assert source.reads() == {"assets/sub/y.png"}


def test_what_is_missing_is_read_too(source: SourceTree) -> None:
    for path in ("gone.yaml", "storyboards/a.yaml/b"):
        with pytest.raises(SourceMissing):
            source.read(path)
    with pytest.raises(SourceRefused):
        source.digest("../x")
    assert {"gone.yaml", "../x"} < source.reads()


def test_a_listing_names_plain_files_of_one_folder(source: SourceTree) -> None:
    assert source.listing("assets") == source.listing("assets/") == ("assets/x.png",)
    assert source.listing("") == source.listing("..") == source.listing("nowhere") == ()


def test_a_folder_and_a_large_file_are_refused(source: SourceTree) -> None:
    with pytest.raises(SourceRefused, match="is a folder"):
        source.read("assets/sub")
    with pytest.raises(SourceRefused, match="is too large: 13 bytes, at most 12"):
        source.read("storyboards/a.yaml", limit=12)
    assert len(source.read("storyboards/a.yaml", limit=13)) == 13


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_spelling_leads_out(source: SourceTree, path: str) -> None:
    for ask in (source.read, source.digest, source.facts):
        with pytest.raises(SourceRefused):
            ask(path)
    assert source.listing(path) in ((), ("assets/x.png",))  # the folder itself is no way out


def test_a_refusal_reads_on_from_the_path() -> None:
    with pytest.raises(SourceRefused, match=r"^is outside the project; write it relative to the project's root$"):
        project_path("/etc/passwd")


def disk(root: Path) -> DiskSource:
    return DiskSource(root, lambda _: None)


def test_links_within_the_project_are_followed(root: Path) -> None:
    (root / "stills").symlink_to("assets")
    (root / "one.png").symlink_to("stills/x.png")
    assert disk(root).read("one.png") == disk(root).read("stills/x.png") == b"\x89PNG"


@pytest.mark.parametrize("target", ["../secret", "/etc/hostname", "/dev/zero", "assets/../../secret"])
def test_links_out_of_the_project_are_refused(root: Path, target: str) -> None:
    (root / "link").symlink_to(target)
    (root / "folder").symlink_to(root.parent)
    for path in ("link", "folder/secret"):
        with pytest.raises(SourceRefused, match="leads out of the project"):
            disk(root).read(path)
    assert disk(root).listing("folder") == ()


def test_a_loop_of_links_ends(root: Path) -> None:
    (root / "one").symlink_to("two")
    (root / "two").symlink_to("one")
    with pytest.raises(SourceRefused, match="a link that leads nowhere"):
        disk(root).read("one")


def test_a_link_planted_after_the_look_is_not_followed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "assets" / "x.png").unlink()
    (root / "assets" / "x.png").symlink_to("../../secret")
    source = disk(root)
    monkeypatch.setattr(source, "_inside", lambda clean: clean)
    with pytest.raises(SourceRefused, match="link"):
        source.read("assets/x.png")


def test_the_project_may_itself_stand_behind_a_link(root: Path) -> None:
    alias = root.parent / "alias"
    alias.symlink_to(root)
    assert disk(alias).read("storyboards/a.yaml") == b"storyreel: 1\n"


def test_a_pipe_is_refused_without_waiting_for_its_writer(root: Path) -> None:
    os.mkfifo(root / "pipe.yaml")
    with pytest.raises(SourceRefused, match="no plain file"):
        disk(root).read("pipe.yaml")


def test_measured_once_while_the_file_stays_the_same(root: Path) -> None:
    asked: list[str] = []

    def probe(path: Path) -> MediaFacts:
        asked.append(path.name)
        return MediaFacts("audio", seconds=Fraction(len(path.read_bytes())))

    file = root / "assets" / "x.png"
    source = DiskSource(root, probe, now_ns=lambda: 1 << 62)
    long_ago = 1_000_000_000
    os.utime(file, (long_ago, long_ago))
    first = source.digest("assets/x.png")
    for tree in (source, source.renewed()):
        assert tree.facts("assets/x.png") == MediaFacts("audio", seconds=Fraction(4))
    assert asked == ["x.png"]
    assert source.renewed().reads() == frozenset()

    file.write_bytes(b"\x89PNX")
    os.utime(file, (long_ago, long_ago))
    assert source.digest("assets/x.png") != first
    source.facts("assets/x.png")
    assert len(asked) == 2


def test_a_file_still_being_written_is_measured_again(root: Path) -> None:
    asked: list[str] = []
    written = (root / "assets" / "x.png").stat().st_ctime_ns
    source = DiskSource(root, lambda path: asked.append(path.name), now_ns=lambda: written + 1_000_000)
    source.facts("assets/x.png")
    source.facts("assets/x.png")
    assert asked == ["x.png", "x.png"]

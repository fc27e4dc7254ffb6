"""`export` as an editor meets it."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from tests.support.project import Folder

otio = pytest.importorskip("opentimelineio", reason="it has no wheel for this Python")

FRAMES = 156
VARIANTS = """\
storyreel: 1
title: Ad
reel: {size: 320x180}
variants:
  axes: {lang: {en: {end: Now}, de: {end: Jetzt}}}
  name: "{{ lang.id }}"
scenes:
  - {id: end, card: {title: "{{ lang.end }}", duration: 2}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Folder:
    return Folder.with_board(tmp_path)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The same film, made once."""
    folder = Folder.with_board(tmp_path_factory.mktemp("rendered"))
    assert folder.run("render", "film").code == 0
    return folder


@pytest.mark.parametrize("provider", ["animatic", "fal"])
def test_a_film_that_was_never_made_is_exported_all_the_same(project: Folder, provider: str) -> None:
    ran = project.run("export", "film", "--format", "otio", "--provider", provider)
    assert ran.code == 0, ran.err
    timeline = otio.adapters.read_from_string(ran.out, "otio_json")
    assert timeline.duration().to_frames() == FRAMES
    clips = timeline.video_tracks()[0].find_clips()
    assert [clip.name for clip in clips] == ["pier", "sea", "title"]
    assert isinstance(clips[0].media_reference, otio.schema.MissingReference)
    edl = project.run("export", "film", "--format", "edl", "--provider", provider)
    assert otio.adapters.read_from_string(edl.out, "cmx_3600", rate=24).name == "Small"


def test_what_was_rendered_is_linked_and_laid_out(rendered: Folder) -> None:
    where = ["-o", "cut/film.otio", "--media", "cut/media", "--handles", "6f", "--stems"]
    ran = rendered.run("export", "film", "--format", "otio", *where)
    assert ran.code == 0, ran.err
    timeline = otio.adapters.read_from_file(str(rendered.root / "cut" / "film.otio"))
    assert timeline.duration().to_frames() == FRAMES
    for clip in timeline.find_clips():
        for reference in clip.media_references().values():
            file = rendered.root / "cut" / reference.target_url
            assert file.is_file()
            assert not file.is_symlink()
    names = sorted(path.relative_to(rendered.root / "cut/media").as_posix() for path in _files(rendered, "cut/media"))
    assert [name for name in names if "/" not in name] == ["001_pier_take1.mov", "002_sea_take1.mov", "003_title.mp4"]
    assert "stems/effects.wav" in names
    store = rendered.run("export", "film", "--format", "otio").out
    assert "file:///" in store


def test_captions_are_those_beside_the_reel(rendered: Folder) -> None:
    for form in ("srt", "vtt"):
        beside = (rendered.root / "output" / "film" / f"film.{form}").read_text(encoding="utf-8")
        assert rendered.run("export", "film", "--format", form).out == beside


def test_a_shot_list(project: Folder) -> None:
    rows = list(csv.DictReader(io.StringIO(project.run("export", "film", "--format", "csv", "--provider", "fal").out)))
    assert [row["scene"] for row in rows] == ["pier", "pier", "sea", "title"]
    assert [row["price_usd"] for row in rows] == ["0.378", "", "0.378", ""]


def test_a_bundle_holds_reel_takes_and_cut(rendered: Folder) -> None:
    ran = rendered.run("export", "film", "--format", "zip", "-o", "film.zip")
    assert ran.code == 0, ran.err
    with zipfile.ZipFile(rendered.root / "film.zip") as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        for form in ("mp4", "otio", "edl", "srt", "vtt", "csv", "yaml"):
            assert f"film.{form}" in names
        assert "media/001_pier_take1.mp4" in names
        timeline = otio.adapters.read_from_string(archive.read("film.otio").decode(), "otio_json")
        assert {clip.media_reference.target_url for clip in timeline.find_clips()} <= set(names)


def test_a_bundle_holds_no_reel_of_another_cut(rendered: Folder) -> None:
    board = (rendered.root / "storyboards/film.yaml").read_text()
    rendered.edit("THE END", "FIN")
    ran = rendered.run("export", "film", "--format", "zip", "-o", "other.zip")
    rendered.write("storyboards/film.yaml", board)
    assert (ran.code, "of another cut" in ran.err) == (0, True), ran.err
    with zipfile.ZipFile(rendered.root / "other.zip") as archive:
        assert not [name for name in archive.namelist() if name.startswith("film.mp4") or "contact" in name]


def test_several_films_go_into_a_folder_or_by_a_pattern(project: Folder) -> None:
    project.write("storyboards/ad.yaml", VARIANTS)
    assert project.run("export", "ad", "--format", "edl", "-o", "cuts/").code == 0
    assert project.run("export", "ad", "--format", "edl", "-o", "by/{film}/cut.edl").code == 0
    found = {path.relative_to(project.root).as_posix() for path in project.root.rglob("*.edl")}
    assert found == {"cuts/en.edl", "cuts/de.edl", "by/en/cut.edl", "by/de/cut.edl"}
    assert project.run("export", "ad", "--format", "edl", "--film", "de").out.startswith("TITLE: Ad")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ad", "--format", "edl"], "2 films"),
        (["ad", "--format", "edl", "-o", "one.edl"], "do not go into one file"),
        (["film", "--format", "zip"], "-o film.zip"),
        (["film", "--format", "csv", "--media", "m"], "names no files"),
        (["film", "--format", "otio", "--stems"], "--media"),
        (["film", "--format", "otio", "--media", "m", "--handles", "soon"], "12f"),
        (["film", "--format", "aaf"], "aaf"),
    ],
)
def test_a_wrong_call_exits_2(project: Folder, words: list[str], said: str) -> None:
    project.write("storyboards/ad.yaml", VARIANTS)
    ran = project.run("export", *words)
    assert ran.code == 2
    assert said in ran.err


def test_a_broken_board_exports_nothing(project: Folder) -> None:
    project.edit("duration: 3", "duration: soon")
    ran = project.run("export", "film", "--format", "edl")
    assert (ran.code, ran.out, "SR" in ran.err) == (1, "", True)


def _files(project: Folder, folder: str) -> list[Path]:
    return [path for path in (project.root / folder).rglob("*") if path.is_file()]

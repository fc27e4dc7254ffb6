"""From a storyboard to a reel, and what is not made again. One project, rendered step by step."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from tests.support.project import EXE, Folder, Ran, endless


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder.with_board(tmp_path_factory.mktemp("film"))
    assert render(folder).code == 0
    return folder


@pytest.fixture
def project(rendered: Folder) -> Iterator[Folder]:
    """The rendered project; its board is put back afterwards."""
    board = rendered.root / "storyboards/film.yaml"
    text = board.read_text()
    yield rendered
    board.write_text(text)


def render(folder: Folder) -> Ran:
    return folder.run("render", "film", "--provider", "animatic", "--json")


def made(folder: Folder) -> int:
    ran = render(folder)
    assert ran.code == 0, ran.err
    count = ran.json["requests"]["generated"]
    assert isinstance(count, int)
    return count


def test_the_reel_has_exactly_the_planned_frames(project: Folder) -> None:
    (film,) = project.run("plan", "film", "--json").json["films"]
    reel = project.root / film["output"]
    with av.open(str(reel)) as opened:
        video, audio = opened.streams.video[0], opened.streams.audio[0]
        frames = [frame.pts for frame in opened.decode(video) if frame.pts is not None]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height) == (320, 180)
        assert video.average_rate == 24
        assert (audio.codec_context.name, audio.codec_context.sample_rate) == ("aac", 48_000)
    assert len(frames) == film["frames"] == (3 + 3 + 1) * 24 - 12
    assert frames == sorted(set(frames))


def test_the_reel_starts_before_it_is_all_there(project: Folder) -> None:
    data = (project.root / "output/film/film.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_what_lies_beside_the_reel(project: Folder) -> None:
    names = {file.name for file in (project.root / "output/film").iterdir()}
    assert names == {"film.mp4", "film.srt", "film.vtt", "film.contact-sheet.png"}
    assert "It is dark." in (project.root / "output/film/film.srt").read_text()


def test_a_second_render_makes_and_writes_nothing(project: Folder) -> None:
    reel = project.root / "output/film/film.mp4"
    before = reel.stat().st_mtime_ns
    assert project.run("plan", "film", "--detailed-exitcode").code == 0
    assert made(project) == 0
    assert reel.stat().st_mtime_ns == before


def test_editing_one_shot_makes_one_scene_again(project: Folder) -> None:
    project.edit("A black sea", "A white sea")
    assert project.run("plan", "film", "--detailed-exitcode").code == 3
    assert made(project) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: sea", "id: ocean"),
        ("  - id: sea", "  # a comment\n  - id: sea\n    note: colder"),
        ("title: Small", "title: Large"),
        ("{title: THE END, duration: 1}", "{title: FIN, duration: 1}"),
        ("dissolve 0.5", "wipe 0.25"),
    ],
)
def test_what_is_no_part_of_the_request_makes_nothing_again(project: Folder, old: str, new: str) -> None:
    project.edit(old, new)
    assert made(project) == 0


def test_moving_a_scene_makes_nothing_again(project: Folder) -> None:
    board = project.root / "storyboards/film.yaml"
    head, pier, sea, title = board.read_text().replace("    transition: dissolve 0.5\n", "").split("  - id: ")
    board.write_text("  - id: ".join([head, sea, pier, title]))
    assert made(project) == 0


def test_a_reel_that_was_tampered_with_is_cut_again(project: Folder) -> None:
    reel = project.root / "output/film/film.mp4"
    made(project)
    reel.write_bytes(b"not a film")
    assert made(project) == 0
    with av.open(str(reel)) as opened:
        assert opened.streams.video


def test_films_are_written_inside_the_project(project: Folder, tmp_path: Path) -> None:
    project.edit("title: Small", "title: Elsewhere\nlanguage: de")
    film = project.root / "output/film"
    film.rename(tmp_path / "kept")
    film.symlink_to(tmp_path)
    ran = project.run("render", "film")
    film.unlink()
    (tmp_path / "kept").rename(film)
    assert (ran.code, "leads out of the project" in ran.err) == (1, True)


def test_nothing_connects_and_nothing_is_resolved(project: Folder) -> None:
    guard = (
        "import sys\n"
        "def refuse(event, args):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.gethostbyname', 'socket.sendto'):\n"
        "        raise SystemExit(f'{event} {args}')\n"
        "sys.addaudithook(refuse)\n"
        "from storyreel.cli import main\n"
        "main()\n"
    )
    project.edit("A black sea", "A grey sea")
    for words in (["check"], ["plan", "film"], ["render", "film"]):
        command = [sys.executable, "-c", guard, *words]
        done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_planted_environment_starts_no_program(project: Folder, tmp_path: Path) -> None:
    mark, trap = tmp_path / "mark", tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{mark}'\n")
    trap.chmod(0o755)
    project.write(".env", f"FFMPEG_BINARY={trap}\nIMAGEIO_FFMPEG_EXE={trap}\n")
    project.edit("THE END", "THE VERY END")
    trapped = {"IMAGEIO_FFMPEG_EXE": str(trap), "FFMPEG_BINARY": str(trap)}
    assert project.run("render", "film", env=trapped).code == 0
    assert not mark.exists()
    (project.root / ".env").unlink()


@pytest.mark.parametrize(("interrupt", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_render_keeps_the_last_reel_and_leaves_no_child(
    project: Folder, tmp_path: Path, interrupt: signal.Signals, code: int
) -> None:
    reel = project.root / "output/film/film.mp4"
    made(project)
    before = reel.read_bytes()
    project.edit("A black sea", f"A sea that takes {code} longer")
    command = [EXE, "render", "film"]
    running = subprocess.Popen(
        command,
        cwd=project.root,
        env=endless(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (drawing := children(running.pid)) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(interrupt)
    _, err = running.communicate(timeout=60)
    assert running.returncode == code, err
    assert "goes on where this one stopped" in err
    assert "Traceback" not in err
    assert not any(Path("/proc", pid).exists() for pid in drawing)
    assert reel.read_bytes() == before
    assert made(project) == 1


def children(pid: int) -> list[str]:
    """Processes whose parent is `pid`."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It ended meanwhile.
        if fields[1] == str(pid):
            found.append(status.parent.name)
    return found

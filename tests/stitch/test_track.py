"""The sound is measured while it is encoded: the same numbers, and a failure is told as what it is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.ffmpeg import MediaFailed, read_sound
from storyreel.media.process import Finished, Processes
from storyreel.stitch.loudness import measure
from storyreel.stitch.track import encode, encode_heard


def noise(seconds: int) -> bytes:
    steps = np.random.default_rng(5).normal(0, 2000, (seconds * AUDIO_HZ, 2)).cumsum(axis=0) % 8000 - 4000
    return steps.astype("<i2").tobytes()


def test_what_is_heard_is_what_the_file_holds(tmp_path: Path) -> None:
    track = tmp_path / "it's [a] film|one \\ two" / "track.m4a"
    track.parent.mkdir()
    found = asyncio.run(encode_heard([noise(5)], track, peaks=True))
    told = asyncio.run(measure(track))
    assert found.lufs == pytest.approx(told.lufs, abs=0.05)
    assert found.true_peak_db == pytest.approx(told.true_peak_db, abs=0.1)
    plain = tmp_path / "plain.m4a"
    asyncio.run(encode([noise(5)], plain))
    assert np.array_equal(asyncio.run(read_sound(track)), asyncio.run(read_sound(plain)))


class Fails(Processes):
    """The real runner, but one of both programs ends at once, or never comes alive."""

    def __init__(self, word: str, *, starts: bool) -> None:
        super().__init__()
        self.word, self.starts = word, starts

    async def run(self, argv: Any, /, **more: Any) -> Finished:
        if any(self.word in part for part in argv):
            if not self.starts:
                raise MediaFailed(f"{self.word} could not be started")
            return Finished(1, b"", "No space left on device")
        return await super().run(argv, **more)


@pytest.mark.parametrize(
    ("word", "starts", "says"),
    [("adts", True, "disk is full"), ("adts", False, "adts could not"), ("ebur128", False, "ebur128 could not")],
)
def test_where_either_fails_the_other_does_not_wait_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, starts: bool, says: str
) -> None:
    monkeypatch.setattr("storyreel.stitch.track._LAST_WORDS_S", 0.2)
    with pytest.raises(MediaFailed, match=says):
        asyncio.run(encode_heard([noise(1)], tmp_path / "track.m4a", peaks=False, runner=Fails(word, starts=starts)))


def test_a_file_that_cannot_be_written_is_said_by_the_encoder(tmp_path: Path) -> None:
    with pytest.raises(MediaFailed) as problem:
        asyncio.run(encode_heard([noise(1)], tmp_path / "nowhere" / "track.m4a", peaks=False))
    assert "nowhere" in problem.value.detail


class Tells(Processes):
    """The real runner, which tells when it is asked for something."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def run(self, argv: Any, /, **more: Any) -> Finished:
        self.asked.set()
        return await super().run(argv, **more)


def test_a_cancelled_encoding_leaves_no_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def stopped() -> None:
        runner = Tells()
        task = asyncio.ensure_future(encode_heard([noise(20)], tmp_path / "track.m4a", peaks=False, runner=runner))
        await runner.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    assert not list(tmp_path.glob("storyreel-*"))

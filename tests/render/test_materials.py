"""What a body names: files, frames and voices, each come by once."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from storyreel.base.digest import digest_of
from storyreel.base.money import Usd
from storyreel.providers.spec import Failed, NotSent, Unreachable, Unsure, Uploaded
from storyreel.render.events import FileUploaded, TakeFailed, TakeKept, TakeParked, VoiceMade
from storyreel.render.order import FrameNeeded, Order
from storyreel.render.terms import Terms
from tests.render.vendor import Production, key_of, order, way

FACE = digest_of(b"face")
SAMPLE = digest_of(b"sample")


def with_face(made: Production, name: str, **more: object) -> Order:
    return order(
        name, way(name, body={"image": f"asset:sha256:{FACE}", **more}, assets=made.asset("face.png", b"face"))
    )


def test_a_file_is_uploaded_once_however_many_want_it_at_once_and_reused_by_the_next_run(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(concurrency=50)}
    events = made.buy(*(with_face(made, f"s{n}") for n in range(50)))
    assert sum(isinstance(event, TakeKept) for event in events) == 50
    assert made.studio.uploaded == [FACE]
    assert [e for e in events if isinstance(e, FileUploaded)] == [FileUploaded(FACE, "studio")]
    assert {job.body["image"] for job in made.studio.posted} == {f"https://studio.test/files/{FACE}"}
    made.buy(with_face(made, "later"))
    assert made.studio.uploaded == [FACE]


def test_a_file_that_is_named_inside_json_text_is_uploaded_like_any_other(tmp_path: Path) -> None:
    made = Production(tmp_path)
    shots = '[{"prompt": "[Mara]: {wait}",  "duration": 3}]'
    reference = f'{{"image_url":"asset:sha256:{FACE}"}}'
    wanted = way("storm", body={"image_reference": reference, "shots": shots}, assets=made.asset("face.png", b"face"))
    made.buy(order("storm", wanted))
    body = made.studio.posted[0].body
    assert json.loads(body["image_reference"]) == {"image_url": f"https://studio.test/files/{FACE}"}
    assert body["shots"] == shots


def test_an_upload_that_ends_soon_is_made_again(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.uploads = [Uploaded("https://studio.test/short", made.clock.wall() + 60)]
    made.buy(with_face(made, "a"))
    made.buy(with_face(made, "b"))
    assert len(made.studio.uploaded) == 2


def test_a_file_that_changed_since_it_was_planned_with_is_not_sent(tmp_path: Path) -> None:
    made = Production(tmp_path)
    wanted = with_face(made, "storm")
    (tmp_path / "face.png").write_bytes(b"another face")
    events = made.buy(wanted)
    assert [e.message for e in events if isinstance(e, TakeFailed)] == [
        "face.png is not the file any more that was planned with; run again"
    ]
    assert made.studio.posted == []
    assert made.studio.uploaded == []


def test_an_upload_is_tried_again_and_its_failure_buys_nothing(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.uploads = [Unreachable("down"), Unreachable("down", retry_after=7.0)]
    assert any(isinstance(event, TakeKept) for event in made.buy(with_face(made, "a")))
    made = Production(tmp_path / "other")
    made.studio.uploads = [Failed("invalid", "the picture is too large")]
    events = made.buy(with_face(made, "b"))
    assert [e.message for e in events if isinstance(e, TakeFailed)] == ["the picture is too large"]
    assert made.studio.posted == []
    assert made.journal.jobs() == ()


def test_bytes_that_the_adapter_sends_itself_go_along_again_when_the_same_claim_leaves_again(tmp_path: Path) -> None:
    made = Production(tmp_path, recovery="keyed")
    made.studio.uploads = [Uploaded(None)]
    made.studio.starts = [Unsure("the line broke")]
    made.buy(with_face(made, "storm"))
    placeholder = f"asset:sha256:{FACE}"
    assert [job.body["image"] for job in made.studio.posted] == [placeholder] * 2
    assert [job.files[placeholder].read_bytes() for job in made.studio.posted] == [b"face"] * 2


def test_the_frame_of_another_scene_is_cut_out_once_and_uploaded(tmp_path: Path) -> None:
    made = Production(tmp_path)
    frame = FrameNeeded(key_of("first"), 1, 119, "24")
    start = way("second", body={"start": f"frame:{frame.key}:1"})
    events = made.buy(
        order("second", start, frames=[frame]), order("first"), order("second", start, take=2, frames=[frame])
    )
    assert sum(isinstance(event, TakeKept) for event in events) == 3
    assert made.stills == [frame]
    assert made.studio.posted[0].key == key_of("first")
    sent = {job.body["start"] for job in made.studio.posted if job.key == key_of("second")}
    assert sent == {f"https://studio.test/files/{made.studio.uploaded[0]}"}


def test_who_waits_for_a_take_that_was_not_made_is_not_bought(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.starts = [Failed("refused", "not these words")]
    frame = FrameNeeded(key_of("first"), 1, 119, "24")
    made.buy(order("first"), order("second", way("second", body={"start": f"frame:{frame.key}:1"}), frames=[frame]))
    assert [job.key for job in made.studio.posted] == [key_of("first")]


def test_one_second_of_a_film_of_the_project_becomes_a_picture(tmp_path: Path) -> None:
    made = Production(tmp_path)
    assets = made.asset("ivo.mp4", b"a film of Ivo")
    (digest,) = assets
    made.buy(order("storm", way("storm", body={"image": f"asset:sha256:{digest}#t=5/2"}, assets=assets)))
    assert made.stills == [Fraction(5, 2)]
    assert made.studio.posted[0].body["image"].startswith("https://studio.test/files/")


def test_words_that_look_like_a_placeholder_stay_words(tmp_path: Path) -> None:
    made = Production(tmp_path)
    words = {"prompt": "asset:sha256:" + "0" * 64, "note": "voice:sha256:" + "0" * 64, "other": "frame:x:1"}
    made.buy(order("storm", way("storm", body=words)))
    assert made.studio.posted[0].body == words


def voiced(made: Production, name: str, *providers: str) -> Order:
    body, assets = {"voice": f"voice:sha256:{SAMPLE}"}, made.asset("voice.wav", b"sample")
    return order(name, *(way(name, one, body=body, assets=assets) for one in providers or ("studio",)))


def test_a_voice_is_bought_once_though_many_need_it_at_the_same_time(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(concurrency=1)}
    events = made.buy(*(voiced(made, f"s{n}") for n in range(5)))
    assert sum(isinstance(event, TakeKept) for event in events) == 5
    assert [e for e in events if isinstance(e, VoiceMade)] == [VoiceMade(SAMPLE, "studio", Usd("0.02"))]
    first, *others = made.studio.posted
    assert first.body == {"voice_url": f"https://studio.test/files/{SAMPLE}"}
    assert {job.body["voice"] for job in others} == {f"voice from https://studio.test/files/{SAMPLE}"}
    made.buy(voiced(made, "later"))
    assert sum("voice_url" in job.body for job in made.studio.posted) == 1
    assert made.journal.jobs()[0].key == f"voice:{SAMPLE}"


def test_a_voice_that_is_parked_is_not_bought_by_the_next_run_either(tmp_path: Path) -> None:
    made = Production(tmp_path, recovery="blind")
    made.studio.starts = [Unsure("the line broke")]
    for _ in range(2):
        events = made.buy(voiced(made, "storm"))
        assert [e.key for e in events if isinstance(e, TakeParked)] == [f"voice:{SAMPLE}"]
        assert [e.message for e in events if isinstance(e, TakeFailed)] == ["the voice that it needs was not made"]
    assert len(made.studio.posted) == 1


def test_another_provider_makes_its_own_voice_and_has_its_own_upload(tmp_path: Path) -> None:
    made = Production(tmp_path, "one", "two")
    made.vendors["one"].starts = [None, *[NotSent("nobody answers")] * 99]
    made.buy(voiced(made, "storm", "one", "two"))
    assert made.vendors["two"].uploaded == [SAMPLE]
    assert [(job.provider, job.key[:5], job.state) for job in made.journal.jobs() if job.state == "stored"] == [
        ("one", "voice", "stored"),
        ("two", "voice", "stored"),
        ("two", key_of("storm")[:5], "stored"),
    ]

"""Bodies that fit the published schemas, and a note on every parameter."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.base.digest import digest_of
from storyreel.plan.lower import Lowered, Written, lower
from storyreel.plan.parameters import parameters
from storyreel.plan.request import Asset, ElementRequest, Frame, FrameIn, FrameOf, Request, ShotRequest, SpokenLine
from storyreel.plan.route import SecondPrice, Seller, known_sellers, route_of
from tests.plan.schemas import assert_fits

REF = Path(__file__).resolve().parents[1] / "ref" / "treatments.json"
KEY = "k" * 64


def asset(name: str) -> Asset:
    return Asset(name, digest_of(name.encode()))


MARA = ElementRequest("Mara", "woman, 34", asset("mara.png"), (asset("left.png"),), voice_tone="dry")
IVO = ElementRequest("Ivo", "boy, 12", asset("ivo.png"))
NORRA = ElementRequest("Norra", "dancer", video=asset("norra.mp4"), voice_id="vo_1")
GULL = ElementRequest("Gull", "a gull")
ONE = Request("kling-v3", "standard", "16:9", (ShotRequest("@Mara looks up", 5),), True, elements=(MARA,))
TWO = replace(ONE, shots=(ShotRequest("@Mara looks up", 3, "wide"), ShotRequest("A gull", 4, sound="wind")))
FULL = Request(
    "kling-v3", "standard", None,
    (ShotRequest("@Mara waits", 3, "wide", (SpokenLine("Norra", "low", "No."),)), ShotRequest("@Ivo", 4, sound="wind")),
    True, "a quay", "35mm", "blur", 0.5, "customize", (MARA, NORRA, IVO), (asset("a.png"),), None, None, {"seed": 7},
)  # fmt: skip


def lowered(request: Request, provider: str = "fal", **written: Any) -> Lowered:
    route = route_of(request, known_sellers()[provider])
    assert route is not None
    return lower(request, route, Written(**written))


words = st.text(st.characters(codec="utf-8", exclude_characters="@"), min_size=1, max_size=60).filter(str.strip)
casts = st.lists(st.sampled_from([MARA, IVO, NORRA, GULL, replace(MARA, name="Twin"), replace(NORRA, name="Double")]),
                 max_size=5, unique_by=lambda e: e.name)  # fmt: skip
frames: st.SearchStrategy[Frame] = st.sampled_from(
    [asset("a.png"), FrameOf(KEY, 2, "storm"), FrameIn(asset("b.mp4"), Fraction(3, 2))]
)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    cast = tuple(draw(casts))
    lengths = draw(st.lists(st.integers(1, 15), min_size=1, max_size=6).filter(lambda each: 3 <= sum(each) <= 15))
    has_audio = draw(st.booleans())
    shots = []
    for length in lengths:
        names = draw(st.lists(st.sampled_from(cast), max_size=2)) if cast else []
        said = draw(st.sampled_from(cast)) if cast and has_audio and draw(st.booleans()) else None
        lines = (SpokenLine(said.name, None, draw(words)),) if said is not None else ()
        prompt = " ".join([draw(words), *(f"@{element.name}" for element in names)])
        camera = draw(st.none() | words)
        shots.append(ShotRequest(prompt, length, camera, lines, draw(st.none() | words) if has_audio else None))
    start = tuple(draw(st.lists(frames, max_size=2)))
    return Request(
        draw(st.sampled_from(["kling-v3", "kling-o3"])),
        draw(st.sampled_from(["standard", "pro", "4k"])),
        None if start else draw(st.sampled_from(["16:9", "9:16", "1:1"])),
        tuple(shots),
        has_audio,
        draw(st.none() | words),
        draw(st.none() | words),
        draw(st.none() | words),
        draw(st.none() | st.floats(0, 1)),
        draw(st.sampled_from([None, "customize", "intelligent"])),
        cast,
        start,
        draw(st.none() | frames),
    )


@settings(max_examples=400, deadline=None)
@given(requests(), st.sampled_from(["fal", "replicate", "lumenfall"]))
def test_every_body_fits_the_schema_of_its_endpoint(request: Request, provider: str) -> None:
    route = route_of(request, known_sellers()[provider])
    if route is None:
        assert provider == "lumenfall"
        return
    sent = lower(request, route)
    noted = [note.param for note in sent.notes]
    assert sorted(noted) == sorted(name for name, _ in parameters(request))
    if not any(problem.severity == "error" for problem in sent.problems):
        assert_fits(route.seller.kind, sent.endpoint, sent.body)
    said = json.dumps(sent.body)
    assert set(sent.assets) == {digest for digest in sent.assets if digest in said}


@settings(max_examples=100, deadline=None)
@given(requests(), st.sampled_from(["openai", "litellm", "vllm-omni", "sglang"]))
def test_every_dialect_says_what_becomes_of_each_parameter(request: Request, dialect: str) -> None:
    route = route_of(request, Seller("box", "openai-videos", "http://box/v1", "BOX_KEY", dialect=dialect))
    assert route is not None
    sent = lower(request, route)
    assert sorted(note.param for note in sent.notes) == sorted(name for name, _ in parameters(request))
    assert sent.url == "http://box/v1/videos"
    assert sent.cost_usd is None
    if sent.encoding == "multipart":
        assert all(isinstance(value, str) for value in sent.body.values())


def test_fal_takes_text_durations_and_no_prompt_beside_shots() -> None:
    assert lowered(TWO).body == {
        "duration": "7",
        "generate_audio": True,
        "aspect_ratio": "16:9",
        "multi_prompt": [
            {"prompt": "wide. Mara (woman, 34) looks up.", "duration": "3"},
            {"prompt": "A gull. wind.", "duration": "4"},
        ],
    }


def test_replicate_takes_a_text_of_shots_beside_a_prompt() -> None:
    body = lowered(replace(TWO, place="a quay", style="35mm"), "replicate").body["input"]
    assert (body["prompt"], body["duration"], body["mode"]) == ("a quay\n35mm", 7, "standard")
    assert [shot["duration"] for shot in json.loads(body["multi_prompt"])] == [3, 4]
    assert lowered(TWO, "replicate").body["input"]["prompt"] == "wide. Mara (woman, 34) looks up."


def test_lumenfall_is_asked_for_a_pinned_model() -> None:
    body = lowered(ONE, "lumenfall").body
    assert (body["model"], body["seconds"], body["prompt"]) == ("fal/kling-v3", "5", "Mara (woman, 34) looks up.")
    shown = lowered(replace(ONE, shape=None, start=(asset("a.png"), asset("b.png"))), "lumenfall").body
    assert shown["model"] == "fal/kling-v3-i2v"
    assert [list(reference) for reference in shown["input_reference"]] == [["image_url"]] * 2
    pro = lowered(replace(ONE, tier="pro"), "lumenfall").body
    assert (pro["model"], pro["mode"]) == ("replicate/kling-v3", "pro")


@pytest.mark.parametrize(("dialect", "seconds"), [("openai", "7"), ("vllm-omni", "7"), ("litellm", "7"), ("sglang", 7)])
def test_other_servers_take_all_shots_in_one_prompt(dialect: str, seconds: object) -> None:
    route = route_of(TWO, Seller("box", "openai-videos", "http://box", "KEY", dialect=dialect))
    assert route is not None
    body = lower(TWO, route).body
    assert body["prompt"] == "Shot 1, 3 s: wide. Mara (woman, 34) looks up.\nShot 2, 4 s: A gull. wind."
    assert (body["model"], body["seconds"], body["size"]) == ("kling-v3", seconds, "1280x720")


def test_elements_go_along_with_a_start_picture_or_a_model_that_refers() -> None:
    shown = lowered(replace(TWO, shape=None, start=(asset("a.png"),)))
    assert shown.endpoint == "fal-ai/kling-video/v3/standard/image-to-video"
    assert shown.body["multi_prompt"][0]["prompt"] == "wide. @Element1 looks up."
    pictures = [f"asset:sha256:{asset(name).digest}" for name in ("mara.png", "left.png")]
    assert shown.body["elements"] == [{"frontal_image_url": pictures[0], "reference_image_urls": pictures[1:]}]
    referred = lowered(replace(TWO, model="kling-o3"))
    assert referred.endpoint == "fal-ai/kling-video/o3/standard/reference-to-video"
    assert (referred.body["elements"], referred.body["aspect_ratio"]) == (shown.body["elements"], "16:9")
    omni = lowered(replace(TWO, model="kling-o3", elements=(MARA, IVO)), "replicate").body["input"]
    assert len(omni["reference_images"]) == 2
    assert json.loads(omni["multi_prompt"])[0]["prompt"] == "wide. <<<image_1>>> looks up."


def test_numbers_count_what_is_sent() -> None:
    asked = replace(ONE, shots=(ShotRequest("@Ivo and @Mara", 5),), elements=(IVO, MARA), start=(asset("a.png"),))
    assert lowered(asked).body["prompt"] == "Ivo (boy, 12) and @Element1."


def test_intelligent_shots_are_joined() -> None:
    asked = replace(TWO, shot_type="intelligent")
    body = lowered(asked).body
    assert (body["prompt"], body["shot_type"]) == ("wide. Mara (woman, 34) looks up.\nA gull. wind.", "intelligent")
    assert "multi_prompt" not in body
    assert [problem.code for problem in lowered(asked, "replicate").problems if problem.severity == "loss"] == ["SR311"]


def test_a_bound_voice_is_named_and_costs_more() -> None:
    said = (ShotRequest("@Norra", 5, lines=(SpokenLine("Norra", None, "No."),)),)
    asked = replace(ONE, shots=said, elements=(NORRA,), start=(asset("a.png"),), shape=None)
    assert lowered(asked).body["elements"][0]["voice_id"] == "vo_1"
    assert lowered(asked).cost_usd == Decimal("0.77")
    sample = asset("voice.wav")
    made = lowered(replace(asked, elements=(replace(NORRA, voice_id=None, voice_sample=sample),)))
    assert made.body["elements"][0]["voice_id"] == f"voice:sha256:{sample.digest}"
    assert made.assets[sample.digest] == "voice.wav"
    silent = lowered(replace(asked, shots=(ShotRequest("@Norra", 5),)))
    assert "voice_id" not in silent.body["elements"][0]
    assert silent.cost_usd == Decimal("0.63")


def test_what_is_not_uploaded_stands_by_its_digest() -> None:
    other = replace(ONE, shape=None, start=(FrameOf(KEY, 2, "storm"),), end=asset("b.png"))
    body = lowered(other).body
    assert body["start_image_url"] == f"frame:{KEY}:2"
    assert body["end_image_url"] == f"asset:sha256:{asset('b.png').digest}"
    cut = replace(ONE, shape=None, start=(FrameIn(asset("sea.mp4"), Fraction(9, 2)),))
    assert lowered(cut).body["start_image_url"] == f"asset:sha256:{asset('sea.mp4').digest}#t=4.5"


def test_extra_passes_through_and_displaces_nothing() -> None:
    sent = lowered(replace(ONE, extra={"seed": 7, "duration": 9, "multi_prompt": []}))
    assert sent.body["seed"] == 7
    assert sent.body["duration"] == "5"
    assert [problem.code for problem in sent.problems if problem.severity == "error"] == ["SR316", "SR316"]
    shots = (replace(TWO.shots[0], extra={"index": 1, "prompt": "x"}), TWO.shots[1])
    own = lowered(replace(TWO, shots=shots))
    assert own.body["multi_prompt"][0]["index"] == 1
    assert own.body["multi_prompt"][0]["prompt"] != "x"
    keyed = lowered(replace(ONE, extra={"idempotency_key": "mine"}), "lumenfall")
    assert "SR316" in {problem.code for problem in keyed.problems}


def test_own_prices_win_and_an_unknown_one_is_none() -> None:
    own = replace(known_sellers()["fal"], prices={"standard": SecondPrice(Decimal("0.1"), Decimal("0.2"))})
    route = route_of(ONE, own)
    assert route is not None
    assert lower(ONE, route).cost_usd == Decimal("1.0")
    assert lowered(replace(ONE, model="kling-o3"), "replicate").cost_usd is None
    assert lowered(replace(ONE, tier="pro"), "lumenfall").cost_usd is None


def test_what_decides_no_field_is_noted_all_the_same() -> None:
    notes = {note.param: note.treatment for note in lowered(ONE, size="1080x1350", resolution="1K", takes=3).notes}
    assert (notes["size"], notes["resolution"], notes["takes"]) == ("converted", "converted", "emulated")


def test_treatments_are_as_agreed(request: pytest.FixtureRequest) -> None:
    """The table of the docs: a request with every parameter, at every provider. `pytest --update` rewrites it."""
    table: dict[str, dict[str, str]] = {}
    for name, asked, seller in _asked():
        route = route_of(asked, seller)
        assert route is not None
        notes = lower(asked, route, Written("1080x1350", "1K", 2)).notes
        table[name] = {note.param: f"{note.treatment}: {note.detail}".removesuffix(": ") for note in notes}
    said = json.dumps(table, indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update"):
        REF.write_text(said, encoding="utf-8")
    assert said == REF.read_text(encoding="utf-8")


def _asked() -> list[tuple[str, Request, Seller]]:
    text = replace(FULL, shape="16:9", start=())
    single = replace(FULL, shots=FULL.shots[:1], end=asset("b.png"), shot_type=None, elements=(MARA, NORRA))
    known = known_sellers()
    asked = [
        (f"{provider} {model} {name}", replace(one, model=model), known[provider])
        for provider, models in (("fal", ("kling-v3", "kling-o3")), ("replicate", ("kling-v3", "kling-o3")),
                                 ("lumenfall", ("kling-v3",)))
        for model in models
        for name, one in (("text", text), ("start", FULL), ("end", single))
    ]  # fmt: skip
    boxes = [Seller("box", "openai-videos", "http://box", "KEY", dialect=d) for d in ("openai", "vllm-omni", "sglang")]
    return [*asked, *((f"{box.dialect} start", FULL, box) for box in boxes)]

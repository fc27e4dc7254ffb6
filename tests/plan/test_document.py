"""The plan as JSON and as an explanation."""

from __future__ import annotations

import json

import pytest

from storyreel.plan.document import plan_document
from storyreel.plan.explain import explain_scene
from storyreel.plan.route import Seller
from tests.plan.boards import Made, card, film, keys, plan, planned, scene, shot

BOARD = film(
    scene("pier", shot("@Mara waits.", "4.5"), shot("A gull.", "4"), place="a pier", takes="2"),
    card("end", transition="fade 0.5"),
    elements={"Mara": {"description": "woman, 34"}},
    fps="23.976",
)


def test_the_document_says_what_is_made_and_what_it_costs() -> None:
    found = plan_document(plan(BOARD, provider="fal"))
    assert json.loads(json.dumps(found)) == found
    assert (found["requests"], found["total_usd"], found["prices_as_of"]) == (2, "2.268", "2026-10-31")
    (one,) = found["films"]
    assert (one["name"], one["output"], one["frames"], one["fps"]) == ("film", "output/film/film.mp4", 252, 23.976024)
    assert one["cost_usd"] == "2.268"
    pier, end = one["scenes"]
    assert pier["notes"] == ["9 s bought, 8.5 s shown: kling-v3 sells whole seconds"]
    assert pier["parts"][0].pop("quoted_on") is None
    assert {**pier["parts"][0], "key": ""} == {
        "key": "",
        "take": 1,
        "action": "generate",
        "reason": "candidate 1 of 2: no take of these words yet",
        "provider": "fal",
        "endpoint": "fal-ai/kling-video/v3/standard/text-to-video",
        "seconds": 9,
        "frames": 204,
        "cost_usd": "1.134",
    }
    assert [part["action"] for part in end["parts"]] == ["local"]


def test_nothing_to_make_costs_nothing() -> None:
    made = Made(*((key, take) for key in keys(planned(BOARD, provider="fal")) for take in (1, 2)))
    found = plan_document(plan(BOARD, provider="fal", takes=made))
    assert (found["requests"], found["total_usd"], found["films"][0]["cost_usd"]) == (0, "0.00", "0.00")


def test_an_unknown_price_is_null() -> None:
    found = plan_document(
        plan(BOARD, provider="mybox", sellers=[Seller("mybox", "openai-videos", "http://box", "KEY")])
    )
    assert found["total_usd"] is None
    assert found["films"][0]["scenes"][0]["parts"][0]["cost_usd"] is None


def test_each_setting_has_its_treatment() -> None:
    found = explain_scene(planned(BOARD), "pier")
    treated = {p.name: p.treatment for p in found.parts[0].parameters}
    assert treated["elements"] == "emulated"
    assert treated["shots"] == "converted"
    bought = explain_scene(planned(BOARD, provider="fal"), "pier").parts[0]
    assert {p.name: (p.value, p.treatment) for p in bought.parameters} == {
        "model": ("kling-v3", "converted"),
        "tier": ("standard", "converted"),
        "aspect_ratio": ("16:9", "passthrough"),
        "duration": ("9 s", "converted"),
        "shots": ("5 s + 4 s", "converted"),
        "prompt": ("12 characters / 7 characters", "renamed"),
        "generate_audio": ("true", "passthrough"),
        "place": ("a pier", "converted"),
        "elements": ("Mara", "emulated"),
        "takes": ("", "emulated"),
    }
    assert [(s.number, s.seconds, s.sent) for s in bought.shots] == [
        (1, 5, "a pier. Mara (woman, 34) waits."),
        (2, 4, "a pier. A gull."),
    ]


def test_a_card_has_nothing_to_explain_but_its_reason() -> None:
    (one,) = explain_scene(planned(BOARD), "end").parts
    assert (one.parameters, one.shots, one.part.reason) == ((), (), "a card, drawn here")


def test_an_unknown_scene_is_refused() -> None:
    with pytest.raises(LookupError):
        explain_scene(planned(BOARD), "quay")

"""Strangers' JSON, read for what it means."""

from __future__ import annotations

import pytest

from storyreel.providers.fields import id_in


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"id": "video_1"}, "video_1"),
        ({"id": 41}, "41"),
        ({"task_id": "t", "id": ""}, "t"),
        ({"id": True}, None),
        ({"id": 4.5}, None),
        ({"id": "../up"}, None),
        ({}, None),
    ],
)
def test_a_job_is_named_by_a_word_or_a_whole_number_that_can_stand_in_an_address(
    data: dict[str, object], expected: str | None
) -> None:
    assert id_in(data, "id", "task_id") == expected

"""A provider is tried for nothing, and leaves nothing that could pass for a take."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulators.faults import Fault
from tests.emulators.stand import KEYS, stand
from tests.support.project import Folder


def test_lumenfall_is_tried_from_the_request_to_the_film(tmp_path: Path) -> None:
    folder = Folder.with_board(tmp_path)
    with stand(scale=0.25) as providers:
        folder.write("storyreel.toml", providers.settings())
        box = providers.lumenfall
        found = folder.run("providers", "--try", "lumenfall", "--json", env=KEYS)
        assert (found.code, found.json["works"]) == (0, True), found.err
        assert found.json["submit_s"] < found.json["total_s"]
        assert (box.mocked, len(box.ledger.submissions)) == (1, 0)
        assert not (tmp_path / ".storyreel/journal.db").exists()
        assert not list(tmp_path.rglob("*.mp4"))

        said = folder.run("providers", "--try", "lumenfall", env=KEYS)
        assert "a mock film came back (3.0 s" in said.out
        box.faults.add("submit", Fault("status", status=402))
        assert folder.run("providers", "--try", "lumenfall", env=KEYS).code == 5
        box.faults.add("poll", Fault("status", status=500))
        assert folder.run("providers", "--try", "lumenfall", env=KEYS).code == 0

        box.ledger.heard.clear()
        bought = folder.run("render", "film", "--provider", "lumenfall", "--yes", "--json", env=KEYS)
        assert (bought.code, bought.json["requests"]["generated"]) == (0, 2), "nothing of the mock is reused"
        assert not any("x-lumenfall-replay" in each.headers for each in box.ledger.heard)


@pytest.mark.parametrize("name", ["fal", "replicate", "animatic", "lumenfal"])
def test_who_makes_nothing_up_is_not_tried(tmp_path: Path, name: str) -> None:
    refused = Folder.with_board(tmp_path).run("providers", "--try", name, env=KEYS)
    assert refused.code == 2
    assert ("would cost money" in refused.err) == (name != "lumenfal")

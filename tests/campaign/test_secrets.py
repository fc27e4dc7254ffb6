"""Keys, signed addresses and upload passes, planted where a provider may repeat them, and looked for everywhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.campaign.rig import NAMES, PICTURE, TODAY
from tests.emulators.faults import Fault
from tests.emulators.jobs import Schedule
from tests.emulators.stand import Stand, stand
from tests.support.project import Folder, Ran

KEYS = {
    "FAL_KEY": "c4n4ry-fal/id:c4n4ry+fal/secret=one",
    "REPLICATE_API_TOKEN": "r8_c4n4ry/replicate+secret=two",
    "LUMENFALL_API_KEY": "lmnfl_c4n4ry.lumenfall/secret+three=",
}
PROMPT = "A lighthouse keeper nobody may quote walks out on the gallery"
BOARD = f"""\
storyreel: 1
title: Secrets
reel: {{size: 160x90}}
captions: 'off'
loudness: null
scenes:
  - {{id: one, start: mara.png, shots: [{{duration: 3, prompt: {PROMPT} one}}]}}
  - {{id: two, shots: [{{duration: 3, prompt: {PROMPT} two}}]}}
"""


def spellings(secret: str) -> set[str]:
    """Plain, quoted in both ways, and in both alphabets of base64; whole and its secret part."""
    plain = {secret, *(part for mark in ":." if len(part := secret.partition(mark)[2]) > 8)}
    quoted = {quote(each, safe="") for each in plain}
    coded = {code(each.encode()).decode().rstrip("=") for each in plain for code in _CODES}
    return plain | quoted | {each.replace("%2F", "%2f").replace("%3A", "%3a") for each in quoted} | coded


_CODES = (base64.b64encode, base64.urlsafe_b64encode)


def echo(key: str, signed: str) -> bytes:
    """What a careless server says: everything that it was told, in every spelling."""
    words = f"invalid input: {' '.join(sorted(spellings(key)))}; {PROMPT} one; {PROMPT} two; see {signed}"
    words += (
        f" Authorization: Bearer {key} https://user:{quote(key, safe='')}@host.test/a?X-Amz-Signature=c4n4ry-signed"
    )
    said = {"detail": [{"loc": ["body", "prompt"], "msg": words, "type": "value_error", "input": words}]}
    return json.dumps(said | {"error": {"message": words, "code": "INVALID_REQUEST"}, "title": words}).encode()


@pytest.fixture
def providers() -> Iterator[Stand]:
    with stand(schedule=Schedule(0.05, 0.1), scale=0.1, is_film_fixed=True) as found:
        found.fal.key, found.replicate.key, found.lumenfall.key = KEYS.values()
        yield found


def runs(folder: Folder, providers: Stand, name: str, key: str) -> Iterator[Ran]:
    """Renders that fail in every phase, then one that is done, then everything that can be asked."""
    vendor, signed = providers.vendors[name], "https://host.test/film.mp4?X-Amz-Signature=c4n4ry-signed"
    words = echo(key, signed)
    loud = ("-vv", "render", "film", "--provider", name, "--yes")
    for phase, status in (("submit", 422), ("submit", 400), ("submit", 500)):
        vendor.faults.add(phase, Fault("status", status=status, body=words), times=2)
        yield folder.run(*loud, env=KEYS)
    vendor.faults.add("result" if name == "fal" else "poll", Fault("status", status=500, body=words), times=3)
    providers.media.faults.add("download", Fault("status", status=500, body=words), Fault("html", body=words))
    yield folder.run(*loud, "--json", env=KEYS)
    yield folder.run(*loud, env=KEYS)
    yield folder.run("jobs", "list", env=KEYS)
    listed = folder.run("jobs", "list", "--json", env=KEYS)
    yield listed
    for key in {row["key"] for row in listed.json["jobs"]}:
        yield folder.run("jobs", "show", key, "--json", env=KEYS)
    for form in ("json", "curl", "python", "js"):
        yield folder.run("compile", "film", "--provider", name, "--as", form, env=KEYS)
    yield folder.run("plan", "film", "--provider", name, "--json", env=KEYS)
    yield folder.run("explain", "one", "--board", "film", env=KEYS)
    yield folder.run("providers", "--stats", env=KEYS)
    yield folder.run("doctor", env=KEYS)


def files(root: Path) -> Mapping[str, bytes]:
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def places(secret: str, texts: Mapping[str, bytes]) -> list[tuple[str, str]]:
    return [(secret, place) for place, data in texts.items() if secret.encode() in data]


@pytest.mark.parametrize("name", TODAY)
def test_no_secret_is_told_or_written_down(tmp_path: Path, providers: Stand, name: str) -> None:
    folder = Folder.with_board(tmp_path, BOARD)
    folder.write("storyreel.toml", providers.settings(more='list_delay = 1\nresubmit = "absent"\n'))
    (tmp_path / "mara.png").write_bytes(PICTURE.read_bytes() + bytes(300 * 1024))
    key = dict(zip(NAMES, KEYS.values(), strict=True))[name]

    said = list(runs(folder, providers, name, key))
    assert providers.vendors[name].ledger.submissions, "nothing was tried"
    keys = {spelling for each in KEYS.values() for spelling in spellings(each)}
    addresses = {"X-Amz-Signature", "c4n4ry-signed", *providers.fal.storage.tokens}
    told = {f"output {place}": f"{ran.out}\n{ran.err}".encode() for place, ran in enumerate(said)}
    written = files(tmp_path)
    journal = {path: data for path, data in written.items() if path.startswith(".storyreel/journal.db")}
    assert journal
    for path in journal:
        assert (tmp_path / path).stat().st_mode & 0o077 == 0, path
    # Media may hold any bytes; what is looked for is too long to stand there by chance.
    rest = {path: data for path, data in written.items() if path not in journal}
    found = [each for secret in keys for each in places(secret, {**told, **written})]
    found += [each for secret in addresses for each in places(secret, {**told, **rest})]
    assert found == []
    repeated = [line for ran in said for line in ran.err.splitlines() if "may quote" in line and " - {id:" not in line]
    assert repeated == [], "a message repeats the words of the request"
    assert providers.media.ledger.leaked_keys == 0

"""What must hold of a production after it was killed as often as one likes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from storyreel.base.digest import digest_of
from storyreel.render.journal import Journal
from storyreel.render.order import Order
from tests.crash.scenario import Stage


def problems(stage: Stage, orders: Sequence[Order]) -> list[str]:
    """Every broken promise: paid twice, lost, half a file, or an end that is none."""
    vendor, jobs = stage.vendor(), Journal.past(stage.journal, 0.0)
    accepted = vendor.rows("accepted")
    found = []
    for (key, take), count in Counter((row["key"], row["take"]) for row in accepted).items():
        if count > 1:
            found.append(f"paid {count} times: {key[:8]} {take}")
    owned = {job.operation.id for job in jobs if job.operation is not None}
    parked = {job.ident for job in jobs if job.state == "parked"}
    found += [
        f"lost: {row['id']}" for row in accepted if row["id"] not in owned and (row["key"], row["take"]) not in parked
    ]
    for blob in (stage.folder / "store" / "cas").rglob("*"):
        if blob.is_file() and digest_of(blob.read_bytes()) != blob.name:
            found.append(f"bad blob {blob.name[:12]}")
    for one in orders:
        mine = [job for job in jobs if job.ident == one.ident]
        last = mine[-1] if mine else None
        needs = {key for key, _ in one.needs} | {key for key, _ in parked if key.startswith("voice:")}
        if last is None and needs & {key for key, _ in parked}:
            continue  # It waits for a voice or a frame that a person must decide on.
        if last is None or (last.is_open and last.state != "parked"):
            found.append(f"not ended: {one.scene} {last and last.state}")
        elif last.state == "stored":
            record = stage.store.find(*one.ident)
            assert last.operation is not None
            if record is None or stage.store.path(record).read_bytes() != vendor.film(str(last.operation.id)):
                found.append(f"other bytes than were made: {one.scene}")
        elif last.state == "parked" and vendor.recovery != "blind" and stage.resubmit == "absent" and last.posts < 2:
            # Killed as it was sent once more, it has used up its one more POST.
            found.append(f"parked: {one.scene}")
    stray = [file.name for file in (stage.folder / "store" / "tmp").glob("*.mp4*")]
    return found + [f"stray file {name}" for name in stray]

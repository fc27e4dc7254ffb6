"""All emulators at once, each under its own origin."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.emulators.clock import Clock
from tests.emulators.dialects import LUMENFALL
from tests.emulators.fal import Fal
from tests.emulators.faults import Fault
from tests.emulators.jobs import Schedule
from tests.emulators.media import MediaHost
from tests.emulators.openai_videos import OpenAIVideos
from tests.emulators.replicate import Replicate
from tests.emulators.serve import running

KEYS = {"FAL_KEY": "fal-id:fal-secret", "REPLICATE_API_TOKEN": "r8_secret", "LUMENFALL_API_KEY": "lmnfl_id.secret"}
"""What the emulators let in."""
PHASES = ("submit", "poll", "result", "download", "upload", "list")


@dataclass(frozen=True, slots=True)
class Stand:
    clock: Clock
    media: MediaHost
    fal: Fal
    replicate: Replicate
    lumenfall: OpenAIVideos
    fal_url: str
    fal_storage_url: str
    replicate_url: str
    lumenfall_url: str

    @property
    def vendors(self) -> dict[str, Fal | Replicate | OpenAIVideos]:
        return {"fal": self.fal, "replicate": self.replicate, "lumenfall": self.lumenfall}

    def spoil(self, rate: float, faults: Sequence[Fault], *, seed: int = 0, phases: Collection[str] = PHASES) -> None:
        """Let this share of the requests at all of them meet one of the faults."""
        for place, each in enumerate((self.media, *self.vendors.values())):
            each.faults.at_rate(rate, faults, phases=phases, seed=seed + place)

    def settings(self, *, more: str = "") -> str:
        """A storyreel.toml that reaches them; `more` goes under each provider."""
        return f"""\
[providers.fal]
queue_url = "{self.fal_url}"
storage_url = "{self.fal_storage_url}"
platform_url = "{self.fal_url}/v1"
allow_private = true
{more}
[providers.replicate]
base_url = "{self.replicate_url}/v1"
allow_private = true
{more}
[providers.lumenfall]
kind = "openai-videos"
base_url = "{self.lumenfall_url}/openai/v1"
idempotency = true
allow_private = true
{more}"""


@contextmanager
def stand(
    *, schedule: Schedule | None = None, scale: float = 1.0, is_film_fixed: bool = False, clock: Clock | None = None
) -> Iterator[Stand]:
    """Serve all of them on one clock until the block ends."""
    clock = clock or Clock()
    media = MediaHost(clock)
    fal, replicate, lumenfall = Fal(media), Replicate(media), OpenAIVideos(media, LUMENFALL)
    for each in (fal, replicate, lumenfall):
        each.schedule = schedule or each.schedule
        each.scale, each.is_film_fixed = scale, is_film_fixed
    with ExitStack() as stack:
        media.url = stack.enter_context(running(media.app))
        urls = [stack.enter_context(running(each.app)) for each in (fal, fal, replicate, lumenfall)]
        yield Stand(clock, media, fal, replicate, lumenfall, *urls)

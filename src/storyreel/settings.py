"""`storyreel.toml` as frozen values. Keys never stand here: they come from the environment alone."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from storyreel.base.nearest import nearest

FILE = "storyreel.toml"


class SettingsRefused(Exception):
    """The file cannot be read as settings; `str()` says where and why, one finding a line."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]


class Render(_Frozen):
    provider: Names = ("animatic",)
    policy: Literal["cheapest", "fastest", "reliable"] = "cheapest"
    on_loss: Literal["error", "warn"] = "error"
    max_cost: Decimal | None = Field(default=None, ge=0)


class TierPrices(_Frozen):
    """US dollars a second."""

    silent: Decimal = Field(ge=0)
    audio: Decimal = Field(ge=0)
    voice: Decimal | None = Field(default=None, ge=0)
    """With a bound voice; not known where it is left out."""


class ProviderSettings(_Frozen):
    kind: str | None = None
    dialect: str | None = None
    """For OpenAI-shaped servers: how theirs differs from OpenAI's own."""
    base_url: str | None = None
    queue_url: str | None = None
    storage_url: str | None = None
    platform_url: str | None = None
    key_env: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    allow_private: bool = False
    idempotency: bool = False
    concurrency: int = Field(default=4, ge=1, le=256)
    rate: float | None = Field(default=None, gt=0, le=1000, allow_inf_nan=False)
    """Paid requests a second at most; as many as there are slots where it is left out."""
    list_delay: int = Field(default=900, ge=0)
    resubmit: Literal["never", "absent"] = "never"
    price_per_second: dict[str, TierPrices] = Field(default_factory=dict)


def _folder(url: str) -> str:
    scheme, mark, _ = url.partition("://")
    if mark:
        raise PydanticCustomError("store", f"a store is a folder, for example on a shared disk; {scheme}:// is not one")
    if not url.strip():
        raise PydanticCustomError("store", "a store is a folder; leave `url` out for the project's own")
    return url


class StoreSettings(_Frozen):
    url: Annotated[str, AfterValidator(_folder)] = ".storyreel/store"
    """A folder: relative to the project, absolute, or beginning with `~`."""

    def folder(self, root: Path) -> Path:
        """Where the store of the project in `root` lies."""
        return root / Path(self.url).expanduser()


class Settings(_Frozen):
    render: Render = Render()
    providers: dict[str, ProviderSettings] = Field(default_factory=dict)
    store: StoreSettings = StoreSettings()


def read_settings(root: Path) -> Settings:
    """The settings of the project in `root`; defaults where it has no file; raises SettingsRefused."""
    try:
        data = tomllib.loads((root / FILE).read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise SettingsRefused(f"{FILE}: {broken}") from broken
    try:
        return Settings.model_validate(data)
    except ValidationError as refused:
        raise SettingsRefused("\n".join(_sentences(refused))) from None


def _sentences(refused: ValidationError) -> list[str]:
    found = []
    for problem in refused.errors(include_input=False, include_url=False, include_context=False):
        place = ".".join(str(step) for step in problem["loc"])
        if problem["type"] == "extra_forbidden":
            close = nearest(str(problem["loc"][-1]), _known_names())
            found.append(f"{FILE}: unknown setting `{place}`" + (f"; did you mean `{close}`?" if close else ""))
        else:
            found.append(f"{FILE}: `{place}`: {problem['msg'][:1].lower()}{problem['msg'][1:]}")
    return found


def _known_names() -> set[str]:
    models: tuple[type[BaseModel], ...] = (Settings, Render, ProviderSettings, TierPrices, StoreSettings)
    return {name for model in models for name in model.model_fields}

"""What a platform is and what it accepts: read from ``platforms.toml``, or from the operator's copy of it."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from sandbox.territories import expand

SHIPPED = Path(__file__).with_name("platforms.toml")

PartyId = Annotated[str, StringConstraints(pattern=r"^PADPIDA[A-Za-z0-9]{11}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DealTerm(_Frozen):
    """One way of selling that the platform offers; ``unit_price`` is what it owes for one usage, in its accounting currency."""

    commercial_model: str
    use_type: str
    unit_price: Decimal = Field(gt=0)
    daily_usages: int = Field(ge=1)


class Limits(_Frozen):
    """Bytes, seconds and pixels beyond which nothing is looked at."""

    settle_seconds: float = Field(default=0.5, ge=0)
    s3_settle_seconds: float = Field(default=1.5, ge=0)
    quiet_seconds: float = Field(default=30.0, gt=0)
    poll_seconds: float = Field(default=0.2, gt=0)
    xml_bytes: int = 10_000_000
    file_bytes: int = 1_000_000_000
    inbox_bytes: int = 10_000_000_000
    files_per_delivery: int = 500
    audio_seconds: int = 10_800
    image_pixels: int = 100_000_000


class Platform(_Frozen):
    """A platform: its party id, its door and the countries it serves (ISO 3166-1 alpha-2, or ``Worldwide`` less the excluded)."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
    name: str
    party_id: PartyId
    protocol: Literal["sftp", "s3"]
    territories: tuple[str, ...]
    excluded_territories: tuple[str, ...] = ()
    currency: Currency
    minimum_cover_px: int = Field(ge=1)
    withholding: dict[str, Decimal] = {}
    deal_terms: tuple[DealTerm, ...] = Field(min_length=1)
    authorized_keys: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known_territories(self) -> Self:
        for code in (*self.territories, *self.excluded_territories):
            if not expand(code):
                raise ValueError(f"{self.id}: {code!r} is not a territory")
        return self

    @property
    def served(self) -> frozenset[str]:
        """Every country served, as ISO alpha-2 codes."""
        named = frozenset[str]().union(*(expand(code) for code in self.territories))
        return named - frozenset[str]().union(*(expand(code) for code in self.excluded_territories))

    @property
    def service(self) -> str:
        """The name as DSR writes it: without spaces and underscores."""
        return "".join(character for character in self.name if character.isalnum())


class Settings(_Frozen):
    """The whole configuration. ``rates`` are US dollars for one unit of a currency."""

    senders: tuple[PartyId, ...]
    limits: Limits = Limits()
    platforms: tuple[Platform, ...] = Field(min_length=1)
    rates: dict[Currency, Decimal]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [platform.id for platform in self.platforms]
        if len(set(ids)) != len(ids):
            raise ValueError("two platforms have the same id")
        for platform in self.platforms:
            if platform.currency not in self.rates:
                raise ValueError(f"{platform.id}: no rate for its accounting currency {platform.currency}")
        return self

    def platform(self, platform_id: str) -> Platform | None:
        return next((platform for platform in self.platforms if platform.id == platform_id), None)


def load(path: Path = SHIPPED, senders: tuple[str, ...] = ()) -> Settings:
    """Read the configuration; ``senders`` given on the command line replace those of the file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    if senders:
        data["senders"] = list(senders)
    return Settings.model_validate(data)

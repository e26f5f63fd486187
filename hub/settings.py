"""Every setting of the hub, read from the environment (`BANMAO_…`) once.

The defaults run the whole hub on one machine from a folder (`BANMAO_DATA`): embedded PostgreSQL, local object storage.
"""

from __future__ import annotations

import secrets
from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BANMAO_", extra="ignore", frozen=True)

    data: Path = Field(default=ROOT / ".data", description="Folder of everything that the hub keeps on this machine")
    database_url: str | None = Field(
        default=None,
        description="postgresql://… of the application's role on an external server; unset: PostgreSQL from its wheel",
    )
    database_owner_url: str | None = Field(
        default=None, description="postgresql://… of the role that owns the tables and migrates them"
    )
    storage: str = Field(default="", description="s3://bucket/prefix, or a folder; unset: BANMAO_DATA/objects")
    s3_endpoint: str | None = None
    s3_region: str = "us-east-1"
    s3_access_key: str | None = None
    s3_secret_key: SecretStr | None = None

    host: str = "127.0.0.1"
    port: int = 8640
    base_url: str = Field(default="", description="Public address, for links in documents; unset: http://host:port")
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of proxies in front, parted by commas: what their X-Forwarded-For says is believed",
    )
    secret: SecretStr | None = Field(
        default=None, description="Key of all secrets; unset: made once, BANMAO_DATA/secret"
    )

    standards: Path | None = Field(default=None, description="Folder of the standards' own schemas (DDEX, Avails)")
    models: Path | None = Field(default=None, description="Folder of translation packages; unset: BANMAO_DATA/models")
    translation_engines: str = Field(
        default="argos, multilingual, libretranslate", description="Engines in the order in which they are asked"
    )
    argos_beam_size: int = Field(default=4, ge=1, le=8)
    multilingual: Path | None = Field(
        default=None,
        description="Folder of one model for many languages; unset: the folder multilingual beside the packages",
    )
    multilingual_beam_size: int = Field(default=4, ge=1, le=8)
    libretranslate_url: str = Field(default="", description="https://… of a LibreTranslate-compatible server")
    libretranslate_key: SecretStr | None = None
    libretranslate_timeout: float = Field(default=20, gt=0, le=600, description="Seconds that one answer may take")
    libretranslate_confidential: bool = Field(
        default=False, description="Send talk, notes and whatever else has an audience to that server too"
    )
    translation_threads: int = Field(default=2, ge=1, le=64)

    session_days: int = 30
    sign_in_attempts: int = Field(
        default=8, description="Failed sign-ins per address and e-mail in a quarter of an hour"
    )
    max_request_bytes: int = 2 * 1024 * 1024
    max_upload_bytes: int = 512 * 1024 * 1024
    longest_pause: float = Field(default=30, description="Seconds that a request may stop for while it is being sent")
    graphql_depth: int = 14
    graphql_aliases: int = 30
    graphql_tokens: int = 2000
    graphql_cost: int = 12_000
    graphql_list: int = 1000
    page_size: int = Field(default=100, description="Longest page of any list")

    def path(self, *parts: str) -> Path:
        """A path in the data folder."""
        return self.data.joinpath(*parts)

    @property
    def models_folder(self) -> Path:
        return self.models or self.path("models")

    @property
    def multilingual_folder(self) -> Path:
        return self.multilingual or self.models_folder / "multilingual"

    @property
    def scratch_folder(self) -> Path:
        """Where processes keep their working files, see `hub.scratch`."""
        return self.path("scratch")

    @property
    def address(self) -> str:
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @cached_property
    def key(self) -> bytes:
        """The 32 bytes from which every other key is derived."""
        if self.secret is not None:
            return self.secret.get_secret_value().encode()
        file = self.path("secret")
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh = file.with_suffix(f".{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(32))
            try:
                file.hardlink_to(fresh)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return file.read_text().strip().encode()

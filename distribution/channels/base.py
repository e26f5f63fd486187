"""What every way to a partner can do: put files where the partner looks, and see what the partner left.

    async with open_connection(settings) as partner:
        await partner.upload(file, "inbox/N_…/resources/a.flac")

Names are relative to what the operator entered for the channel. Errors are `PartnerError`s: `Unreachable` passes with time,
`Refused` needs somebody to change something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from distribution.problems import Problem
from hub.i18n import Message, _

UNDER_WAY: Final = ".part"
"""Ending of a file that is still being sent; partners do not look at such files."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}", re.ASCII)


class PartnerError(Exception):
    """A partner's server did not do what was asked. `problem` is what is shown with the delivery."""

    def __init__(self, code: str, message: Message, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.problem = Problem(code, message, "channel")


class Unreachable(PartnerError):
    """Passes with time: the job is tried again."""

    def __init__(self, detail: str) -> None:
        super().__init__("UNREACHABLE", _("The platform's server cannot be reached. The hub keeps trying."), detail)


class Refused(PartnerError):
    """Will not pass by itself: somebody has to change something."""


def sign_in_refused(detail: str) -> Refused:
    return Refused(
        "SIGN_IN_REFUSED", _("The platform's server refuses the hub's sign-in. Ask your operator to check it."), detail
    )


def host_key_changed(detail: str) -> Refused:
    return Refused(
        "HOST_KEY_CHANGED",
        _("The platform's server is not the one that was agreed: its key has changed. Ask your operator to check it."),
        detail,
    )


def write_refused(detail: str) -> Refused:
    return Refused(
        "WRITE_REFUSED", _("The platform's server does not take the files. Ask your operator to check it."), detail
    )


@dataclass(frozen=True, slots=True)
class Remote:
    """A file at the partner's: its name in its folder, and its size in bytes."""

    name: str
    size: int


class Connection(Protocol):
    """An open way to a partner. `path` is relative, with `/`; folders are made as needed."""

    async def size(self, path: str) -> int | None:
        """Bytes of a complete file, None when there is none."""

    async def upload(self, source: Path, path: str) -> None:
        """Send a file. It appears whole; what a broken sending left is gone on with where the protocol can."""

    async def files(self, folder: str) -> list[Remote]:
        """The files of a folder by name, without those under way; empty when there is no folder."""

    async def read(self, path: str, limit: int) -> bytes:
        """A whole small file; `Refused` when it is longer than `limit` bytes."""

    async def fetch(self, path: str, target: Path, limit: int) -> None:
        """Copy a file here; `Refused` when it is longer than `limit` bytes."""


class Folders(BaseModel):
    """Where a partner looks and leaves things; relative to the root of the server, the bucket or the chroot."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inbox: str = "inbox"
    acknowledgements: str = "inbox/acknowledgements"
    reports: str = "outgoing"


class SftpSettings(Folders):
    protocol: Literal["sftp"] = "sftp"
    host: str = Field(min_length=1, max_length=253)
    port: int = Field(default=22, ge=1, le=65535)
    host_key: str = Field(pattern=r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/=]+$")
    username: str = Field(min_length=1, max_length=64)
    password: SecretStr | None = None
    private_key: SecretStr | None = None


class S3Settings(Folders):
    protocol: Literal["s3"] = "s3"
    endpoint_url: str = Field(pattern=r"^https?://[^\s]+$", max_length=500)
    region: str = "us-east-1"
    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    access_key_id: str = Field(min_length=1, max_length=200)
    secret_access_key: SecretStr
    reports: str = "reports"


SECRETS: Final = frozenset({"password", "private_key", "secret_access_key"})
"""Settings that are sealed at rest."""


def is_plain_name(name: str) -> bool:
    """Whether a name from a partner's server may be used in a path."""
    return _NAME.fullmatch(name) is not None and ".." not in name

"""The sender's side of a platform: the same few gestures over SFTP and over S3, with real clients."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import asyncssh
import boto3
import httpx
from botocore.config import Config
from lxml import etree

from tests.sandbox.ern import Album
from tests.sandbox.process import Sandbox

PATIENCE = 20.0


@dataclass(frozen=True)
class Answer:
    """An acknowledgement, read."""

    name: str
    content: bytes

    def _texts(self, name: str) -> list[str]:
        return [node.text or "" for node in etree.fromstring(self.content).iter(name)]

    @property
    def message_id(self) -> str:
        return self._texts("MessageId")[-1]

    @property
    def status(self) -> str:
        return self._texts("ReleaseStatus")[-1]

    @property
    def accepted(self) -> bool:
        return self._texts("Status") == ["FileOK"]

    @property
    def codes(self) -> list[str]:
        """The platform's own codes, in order; empty when accepted."""
        nodes = etree.fromstring(self.content).iter("Status")
        return [code for node in nodes if (code := node.get("UserDefinedValue"))]

    @property
    def reasons(self) -> dict[str, tuple[str, str]]:
        """Path and sentence of the last reason with each code."""
        found = {}
        for node in etree.fromstring(self.content).iter("MessageStatus"):
            status, sentence = node.find("Status"), node.findtext("StatusMessage") or ""
            if status is not None and status.get("UserDefinedValue"):
                path, _, words = sentence.partition(" | ")
                found[str(status.get("UserDefinedValue"))] = (path, words)
        return found


class Partner(Protocol):
    """A door of a platform, from outside. Paths are relative to its top."""

    async def put(self, path: str, content: bytes) -> None: ...

    async def get(self, path: str) -> bytes: ...

    async def names(self, folder: str) -> list[str]: ...


@dataclass
class SftpPartner:
    client: asyncssh.SFTPClient

    async def put(self, path: str, content: bytes) -> None:
        await self.client.makedirs(path.rpartition("/")[0], exist_ok=True)
        async with self.client.open(path, "wb") as file:
            await file.write(content)

    async def get(self, path: str) -> bytes:
        async with self.client.open(path, "rb") as file:
            return await file.read()

    async def names(self, folder: str) -> list[str]:
        return sorted(str(name) for name in await self.client.listdir(folder) if name not in (".", ".."))


@dataclass
class S3Partner:
    client: Any
    bucket: str

    async def put(self, path: str, content: bytes) -> None:
        await asyncio.to_thread(self.client.put_object, Bucket=self.bucket, Key=path, Body=content)

    async def get(self, path: str) -> bytes:
        found = await asyncio.to_thread(self.client.get_object, Bucket=self.bucket, Key=path)
        content: bytes = await asyncio.to_thread(found["Body"].read)
        return content

    async def names(self, folder: str) -> list[str]:
        found = await asyncio.to_thread(
            self.client.list_objects_v2, Bucket=self.bucket, Prefix=f"{folder}/", Delimiter="/"
        )
        keys = [item["Key"] for item in found.get("Contents", [])] + [
            item["Prefix"] for item in found.get("CommonPrefixes", [])
        ]
        return sorted(key.removeprefix(f"{folder}/").strip("/") for key in keys)


@asynccontextmanager
async def connected(box: Sandbox, platform_id: str, **wrong: str) -> AsyncIterator[Partner]:
    """Come in by the platform's door with the credentials of sandbox.json; `wrong` replaces some of them."""
    platform = box.platform(platform_id) | wrong
    if platform["protocol"] == "s3":
        yield S3Partner(s3_client(platform), platform["bucket"])
        return
    async with sftp_connection(box, platform) as connection, connection.start_sftp_client() as client:
        yield SftpPartner(client)


def sftp_connection(box: Sandbox, platform: Mapping[str, Any], **options: Any) -> Any:
    """An SSH connection that trusts only the announced host key."""
    sftp = box.info["sftp"]
    known = asyncssh.import_known_hosts(f"[{sftp['host']}]:{sftp['port']} {sftp['host_key']}\n")
    credentials = {"username": platform["username"], "password": platform["password"], "client_keys": None} | options
    return asyncssh.connect(sftp["host"], sftp["port"], known_hosts=known, config=None, agent_path=None, **credentials)


def s3_client(platform: Mapping[str, Any]) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=platform["endpoint_url"],
        region_name=platform["region"],
        aws_access_key_id=platform["access_key_id"],
        aws_secret_access_key=platform["secret_access_key"],
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}, signature_version="s3v4"),
    )


async def upload(partner: Partner, files: Mapping[str, bytes], folder: str) -> None:
    for name, content in files.items():
        await partner.put(f"inbox/{folder}/{name}", content)


async def deliver(partner: Partner, made: Album, folder: str | None = None) -> Answer:
    """Deliver a release and wait for the answer."""
    await upload(partner, made.delivery(), folder or made.folder())
    return await answer(partner, made.message_id)


async def answers(partner: Partner) -> list[str]:
    return await partner.names("inbox/acknowledgements")


async def answer(partner: Partner, message_id: str, but: frozenset[str] = frozenset()) -> Answer:
    """Wait for the acknowledgement of a message, other than those named in `but`."""
    until = time.monotonic() + PATIENCE
    while True:
        for name in await answers(partner):
            if name.startswith(f"ACK_{message_id}_") and name not in but:
                return Answer(name, await partner.get(f"inbox/acknowledgements/{name}"))
        if time.monotonic() > until:
            raise TimeoutError(f"no answer to {message_id}")
        await asyncio.sleep(0.03)


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something to be so; `TimeoutError` when it is not in time."""
    last = time.monotonic() + PATIENCE
    while not await asyncio.to_thread(happened):
        if time.monotonic() > last:
            raise TimeoutError("it did not happen")
        await asyncio.sleep(0.05)


async def taken(partner: Partner, icpn: str) -> None:
    """Wait until nothing of a release is left in the inbox: a platform clears it after it has answered."""
    last = time.monotonic() + PATIENCE
    while any(icpn in name for name in await partner.names("inbox")):
        if time.monotonic() > last:
            raise TimeoutError("the inbox was not cleared")
        await asyncio.sleep(0.05)


def http(box: Sandbox) -> httpx.Client:
    """The HTTP side, with its key."""
    return httpx.Client(
        base_url=box.info["http"]["url"], headers={"Authorization": f"Bearer {box.info['http']['key']}"}, timeout=60
    )


def releases(box: Sandbox, platform_id: str, icpn: str, on: str | None = None) -> dict[str, Any] | None:
    """What the platform says of one release, or None when it holds none."""
    with http(box) as client:
        found = client.get(f"/platforms/{platform_id}/releases", params={"on": on} if on else {})
        found.raise_for_status()
    return next((release for release in found.json()["releases"] if release["icpn"] == icpn), None)


def messages(box: Sandbox, platform_id: str, message_id: str) -> list[dict[str, Any]]:
    with http(box) as client:
        found = client.get(f"/platforms/{platform_id}/messages", params={"message_id": message_id})
        found.raise_for_status()
    listed: list[dict[str, Any]] = found.json()["messages"]
    return listed

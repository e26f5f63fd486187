"""The overseas platforms from outside: their SFTP and S3 doors, and the keys that the sandbox gives."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import asyncssh
import boto3
import httpx
from botocore.config import Config

from banmao.story.client import StoryFailed

_STATUS = re.compile(rb"<ReleaseStatus>([A-Za-z]+)</ReleaseStatus>")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A platform's answer, as it lies in the partner's folder."""

    name: str
    status: str
    accepted: bool


def platforms(sandbox: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox["platforms"]
    return found


async def acknowledgement(sandbox: dict[str, Any], platform_name: str, message_id: str) -> Acknowledgement:
    """The answer to a message, fetched over the platform's own door."""
    reporter = _named(sandbox, platform_name)
    start = f"ACK_{re.sub('[^A-Za-z0-9.-]', '-', message_id)}_"
    for name in await _names(sandbox, reporter, reporter["acknowledgements"]):
        if name.startswith(start):
            content = await _fetch(sandbox, reporter, reporter["acknowledgements"], name)
            match = _STATUS.search(content)
            return Acknowledgement(name, match[1].decode() if match else "?", b">FileOK<" in content)
    raise StoryFailed(f"{platform_name} has not acknowledged {message_id}")


async def live(sandbox: dict[str, Any], platform_name: str) -> set[str]:
    """The ISRCs that the platform has on sale."""
    reporter = _named(sandbox, platform_name)
    releases = await _http(sandbox, "GET", f"/platforms/{reporter['id']}/releases")
    return set(re.findall(r'"isrc": ?"([A-Z0-9]{12})"', releases.text))


async def sales_report(sandbox: dict[str, Any], reporter: dict[str, Any], period: str) -> tuple[str, bytes]:
    """Have the platform report a month, and fetch the report: its name and content."""
    made = await _http(sandbox, "POST", f"/platforms/{reporter['id']}/sales?period={period}&seed=7")
    name = str(made.json()["name"])
    return name, await _fetch(sandbox, reporter, reporter["reports"], name)


def _named(sandbox: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in platforms(sandbox) if each["name"] == name)


async def _http(sandbox: dict[str, Any], method: str, path: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=60) as client:
        headers = {"Authorization": f"Bearer {sandbox['http']['key']}"}
        response = await client.request(method, sandbox["http"]["url"] + path, headers=headers)
        response.raise_for_status()
        return response


async def _names(sandbox: dict[str, Any], reporter: dict[str, Any], folder: str) -> list[str]:
    if reporter["protocol"] == "s3":
        client = _bucket(sandbox, reporter)
        found = await asyncio.to_thread(client.list_objects_v2, Bucket=reporter["bucket"], Prefix=folder)
        return [item["Key"].removeprefix(folder) for item in found.get("Contents", ())]
    async with _sftp(sandbox, reporter) as connection, connection.start_sftp_client() as files:
        return [str(name) for name in await files.listdir(folder)]


async def _fetch(sandbox: dict[str, Any], reporter: dict[str, Any], folder: str, name: str) -> bytes:
    if reporter["protocol"] == "s3":
        client = _bucket(sandbox, reporter)
        found = await asyncio.to_thread(client.get_object, Bucket=reporter["bucket"], Key=folder + name)
        return bytes(await asyncio.to_thread(found["Body"].read))
    path = f"{folder.rstrip('/')}/{name}"
    async with (
        _sftp(sandbox, reporter) as connection,
        connection.start_sftp_client() as files,
        files.open(path, "rb") as file,
    ):
        return bytes(await file.read())


def _sftp(sandbox: dict[str, Any], reporter: dict[str, Any]) -> Any:
    door = sandbox["sftp"]
    return asyncssh.connect(
        door["host"],
        door["port"],
        username=reporter["username"],
        password=reporter["password"],
        known_hosts=asyncssh.import_known_hosts(f"[{door['host']}]:{door['port']} {door['host_key']}\n"),
        client_keys=None,
    )


def _bucket(sandbox: dict[str, Any], reporter: dict[str, Any]) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=sandbox["s3"]["endpoint_url"],
        region_name=sandbox["s3"]["region"],
        aws_access_key_id=reporter["access_key_id"],
        aws_secret_access_key=reporter["secret_access_key"],
        config=Config(s3={"addressing_style": "path"}),
    )

"""S3: a bucket of the partner's, addressed by path. An object appears whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from distribution.channels.base import (
    UNDER_WAY,
    Remote,
    S3Settings,
    Unreachable,
    sign_in_refused,
    write_refused,
)

T = TypeVar("T")

MISSING: Final = frozenset({"NoSuchKey", "404", "NotFound"})
NOT_US: Final = frozenset(
    {"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AllAccessDisabled", "ExpiredToken"}
)
NOT_THERE: Final = frozenset({"NoSuchBucket", "PermanentRedirect", "InvalidBucketName", "EntityTooLarge"})


class S3:
    """A bucket. boto3 blocks, so every call has a thread."""

    def __init__(self, settings: S3Settings) -> None:
        self._bucket = settings.bucket
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=settings.endpoint_url,
            region_name=settings.region,
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=settings.secret_access_key.get_secret_value(),
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=10,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    async def size(self, path: str) -> int | None:
        def ask() -> int | None:
            try:
                return int(self._client.head_object(Bucket=self._bucket, Key=path)["ContentLength"])
            except ClientError as error:
                if _code(error) in MISSING:
                    return None
                raise

        return await _call(ask)

    async def upload(self, source: Path, path: str) -> None:
        await _call(lambda: self._client.upload_file(str(source), self._bucket, path))

    async def files(self, folder: str) -> list[Remote]:
        prefix = folder.rstrip("/") + "/"

        def ask() -> list[Remote]:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix, Delimiter="/"
            )
            return [
                Remote(item["Key"].removeprefix(prefix), item["Size"])
                for page in pages
                for item in page.get("Contents", [])
            ]

        found = await _call(ask)
        return [file for file in found if file.name and file.name[0] != "." and not file.name.endswith(UNDER_WAY)]

    async def read(self, path: str, limit: int) -> bytes:
        def ask() -> bytes:
            answer = self._client.get_object(Bucket=self._bucket, Key=path)
            with answer["Body"] as body:
                return bytes(body.read(limit + 1))

        content = await _call(ask)
        if len(content) > limit:
            raise write_refused(f"{path} is too long")
        return content

    async def fetch(self, path: str, target: Path, limit: int) -> None:
        length = await self.size(path)
        if length is None or length > limit:
            raise write_refused(f"{path} is missing or too long")
        await _call(lambda: self._client.download_file(self._bucket, path, str(target)))

    def close(self) -> None:
        self._client.close()


async def _call(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except ClientError as error:
        code = _code(error)
        if code in NOT_US:
            raise sign_in_refused(code) from error
        if code in NOT_THERE | MISSING:
            raise write_refused(code) from error
        raise Unreachable(code) from error
    except (BotoCoreError, boto3.exceptions.Boto3Error, OSError) as error:
        cause = error.__context__
        if isinstance(cause, ClientError) and _code(cause) in NOT_US:
            raise sign_in_refused(_code(cause)) from error
        if isinstance(cause, ClientError) and _code(cause) in NOT_THERE | MISSING:
            raise write_refused(_code(cause)) from error
        raise Unreachable(str(error)) from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@asynccontextmanager
async def connect(settings: S3Settings) -> AsyncIterator[S3]:
    """The partner's bucket. Whether it can be reached shows with the first call."""
    bucket = await asyncio.to_thread(S3, settings)
    try:
        yield bucket
    finally:
        await asyncio.to_thread(bucket.close)

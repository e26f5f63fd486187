"""Real S3 servers on loopback: rclone's and moto's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import httpx
from pydantic import SecretStr

KEY, SECRET = "banmao-test", "a-secret-of-the-test"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def rclone(root: Path) -> Iterator[str]:
    """The address of `rclone serve s3` over a folder."""
    port = free_port()
    program = str(Path(sys.executable).parent / "rclone")
    with _serving(
        [program, "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}", str(root)], port
    ) as address:
        yield address


@contextmanager
def moto() -> Iterator[str]:
    """The address of moto's S3."""
    port = free_port()
    with _serving([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port) as address:
        yield address


def bucket(address: str) -> dict[str, Any]:
    """A new bucket, as the hub's settings name it."""
    name = f"b{os.urandom(4).hex()}"
    boto3.client(
        "s3", endpoint_url=address, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    ).create_bucket(Bucket=name)
    return {
        "storage": f"s3://{name}/hub",
        "s3_endpoint": address,
        "s3_access_key": KEY,
        "s3_secret_key": SecretStr(SECRET),
    }


@contextmanager
def _serving(command: list[str], port: int) -> Iterator[str]:
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(server, address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    for _attempt in range(200):
        try:
            httpx.get(address, timeout=1)
            return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError(f"the S3 server did not start: {server.args!r}")

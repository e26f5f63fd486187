"""Objects in a local folder and on real S3 servers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from hub.errors import HubError, NotFound, TooLarge
from hub.settings import Settings
from hub.storage import Storage, open_storage, receive
from tests import objects


@pytest.fixture(scope="module")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with objects.rclone(tmp_path_factory.mktemp("rclone")) as address:
        yield address


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    with objects.moto() as address:
        yield address


@pytest.fixture(params=["local", "rclone", "moto"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "local":
        return open_storage(Settings(data=tmp_path))
    return open_storage(Settings(data=tmp_path, **objects.bucket(request.getfixturevalue(request.param))))


async def test_an_object_is_written_read_replaced_and_removed(storage: Storage, tmp_path: Path) -> None:
    await storage.put("covers/a/1.jpg", b"first", "image/jpeg")
    await storage.put("covers/a/1.jpg", b"second")
    assert await storage.get("covers/a/1.jpg") == b"second"
    big = tmp_path / "big"
    big.write_bytes(os.urandom(9 * 1024 * 1024))
    await storage.put("audio/big.flac", big)
    copy = tmp_path / "copy"
    await storage.fetch("audio/big.flac", copy)
    assert copy.read_bytes() == big.read_bytes()
    assert await storage.length("audio/big.flac") == 9 * 1024 * 1024
    assert await storage.piece("audio/big.flac", 1000, 50) == big.read_bytes()[1000:1050]
    assert await storage.piece("audio/big.flac", 9 * 1024 * 1024 - 5, 50) == big.read_bytes()[-5:]
    await storage.delete("covers/a/1.jpg")
    await storage.delete("covers/a/1.jpg")
    with pytest.raises(NotFound):
        await storage.get("covers/a/1.jpg")
    with pytest.raises(NotFound):
        await storage.fetch("nothing/here", copy)
    with pytest.raises(NotFound):
        await storage.length("nothing/here")
    with pytest.raises(NotFound):
        await storage.piece("nothing/here", 0, 5)


@pytest.mark.parametrize("key", ["../secret", "/etc/passwd", "a//b", "a/../b", "", "a b", ".hidden"])
async def test_keys_do_not_escape(storage: Storage, key: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="storage key"):
        await storage.put(key, b"x")


async def test_wrong_keys_of_a_bucket_are_a_coded_error(rclone: str, tmp_path: Path) -> None:
    storage = open_storage(
        Settings(
            data=tmp_path,
            storage="s3://nowhere",
            s3_endpoint=rclone,
            s3_access_key=objects.KEY,
            s3_secret_key=SecretStr("wrong"),
        )
    )
    with pytest.raises(HubError) as refused:
        await storage.put("a", b"x")
    assert refused.value.code == "UNAVAILABLE"


class Upload:
    def __init__(self, content: bytes) -> None:
        self.left = content

    async def read(self, size: int = -1, /) -> bytes:
        taken, self.left = self.left[:size], self.left[size:]
        return taken


async def test_an_upload_past_the_limit_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        async with receive(Upload(b"x" * 2000), limit=1000, folder=tmp_path):
            pytest.fail("it was taken")
    assert list(tmp_path.iterdir()) == []
    async with receive(Upload(b"abc"), limit=1000, folder=tmp_path) as received:
        assert (received.size, received.path.read_bytes()) == (3, b"abc")
    assert list(tmp_path.iterdir()) == []

"""What strangers try: bombs, escapes, floods, other people's keys. Each is answered or turned away, and nothing changes."""

from __future__ import annotations

import io
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import asyncssh
import httpx
import pytest
from botocore.exceptions import ClientError
from PIL import Image

from tests.sandbox import ern
from tests.sandbox.desk import Desk
from tests.sandbox.ern import Album, album
from tests.sandbox.partner import Partner, answer, connected, http, s3_client, sftp_connection, upload
from tests.sandbox.process import Sandbox, configuration, sandbox

LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip


def bombs() -> dict[str, bytes]:
    made = album(tracks=1)
    plain = made.xml().decode().partition("?>")[2]
    return {
        "laughs": f'<?xml version="1.0"?>{LAUGHS}{plain.replace("Songs", "&i;")}'.encode(),
        "file": f'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>{plain}'.encode(),
        "network": f'<?xml version="1.0"?><!DOCTYPE m SYSTEM "http://127.0.0.1:9/evil.dtd">{plain}'.encode(),
        "utf-16": f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}{plain}'.encode("utf-16"),
        "other-root": b'<?xml version="1.0"?><html/>',
        "huge": b"<a>" + b"x" * 10_000_001,
    }


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("laughs", "XML_HOSTILE"),
        ("file", "XML_HOSTILE"),
        ("network", "XML_HOSTILE"),
        ("utf-16", "XML_HOSTILE"),
        ("other-root", "NAMESPACE"),
        ("huge", "XML_TOO_LARGE"),
    ],
)
def test_a_bomb_is_refused_at_once_without_going_off(desk: Desk, kind: str, code: str) -> None:
    (told,) = desk.take({"9501100000019.xml": bombs()[kind]}, "N_9501100000019_20261123120000000")
    assert told.codes == [code]
    assert told.message_id == "N_9501100000019_20261123120000000"
    assert desk.catalogue() == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "XML_INCOMPLETE"),
        (b"<a><b>", "XML_INCOMPLETE"),
        (b"\x00\x01\x02\n\x03", "XML_MALFORMED"),
        (b"<a></b>\n<c/>\n", "XML_MALFORMED"),
        (b"<a>" * 100_000 + b"\n</a>", "XML_MALFORMED"),
    ],
    ids=["empty", "cut", "bytes", "tangled", "deep"],
)
def test_what_is_not_xml_is_refused_after_the_quiet_time(desk: Desk, content: bytes, code: str) -> None:
    folder = "N_9501100000019_20261123120000000"
    assert desk.take({"9501100000019.xml": content}, folder) == []
    desk.intake._limits = desk.intake._limits.model_copy(update={"quiet_seconds": 0.0})
    (told,) = desk.take({}, folder)
    assert told.codes == [code]
    assert desk.catalogue() == []


def test_a_picture_bomb_is_not_decoded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    size = (30_000).to_bytes(4, "big")
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size * 2 + b"\x08\x02\x00\x00\x00")
        + chunk(b"IDAT", b"")
        + chunk(b"IEND", b"")
    )
    monkeypatch.setattr(ern, "cover", lambda _: bomb)
    made = album(tracks=1)
    (told,) = desk.take(made.delivery(), made.folder())
    assert set(told.codes) <= {"COVER_FORMAT", "COVER_UNDECODABLE"}
    assert told.codes


def test_links_in_a_delivery_are_no_files(desk: Desk, tmp_path: Path) -> None:
    made = album(tracks=1)
    secret = tmp_path / "secret.flac"
    secret.write_bytes(made.tracks[0].audio)
    files = made.delivery()
    del files[made.tracks[0].file_name]
    folder = made.folder()
    desk.lay(files, folder)
    (desk.intake.paths.inbox / folder / made.tracks[0].file_name).symlink_to(secret)
    desk.intake._limits = desk.intake._limits.model_copy(update={"quiet_seconds": 0.0})
    (told,) = desk.take({}, folder)
    assert told.codes == ["FILE_MISSING"]


def test_a_delivery_of_ten_thousand_files_is_not_read(desk: Desk) -> None:
    made = album(tracks=1)
    flood = {f"resources/{number}.txt": b"" for number in range(501)}
    (told,) = desk.take(made.delivery() | flood, made.folder())
    assert told.codes == ["TOO_MANY_FILES"]


def test_a_mistake_of_our_own_refuses_one_delivery_and_blocks_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandbox.rules import resources

    first, second = album(tracks=1), album(tracks=1)
    monkeypatch.setattr(resources, "inspect", lambda *_: 1 / 0)
    (told,) = desk.take(first.delivery(), first.folder())
    assert told.codes == ["INTERNAL"]
    monkeypatch.undo()
    (told,) = desk.take(second.delivery(), second.folder())
    assert told.accepted
    (told,) = desk.take(first.delivery(), first.folder())
    assert told.accepted


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/inbox/../../sandbox.sqlite3", "../../../secrets/http_key", "/inbox/../..//"]
)
async def test_sftp_paths_do_not_lead_out(nusantara: Partner, path: str) -> None:
    client: asyncssh.SFTPClient = nusantara.client  # type: ignore[attr-defined]
    with pytest.raises(asyncssh.SFTPError):
        await client.stat(path)
    with pytest.raises(asyncssh.SFTPError):
        await client.open(path, "rb")


@pytest.mark.parametrize(
    "path",
    [
        "/evil.txt",
        "/inbox/evil.txt",
        "/outgoing/evil.tsv",
        "/inbox/acknowledgements/ACK_1_1.xml",
        "/elsewhere/evil.txt",
        f"/inbox/N_1_20261123120000000/{'x' * 201}",
        "/inbox/N_1_20261123120000000/a\nb.xml",
    ],
)
async def test_sftp_writes_only_into_deliveries(nusantara: Partner, path: str) -> None:
    client: asyncssh.SFTPClient = nusantara.client  # type: ignore[attr-defined]
    await nusantara.put("/inbox/N_1_20261123120000000/1.xml.part", b"")
    with pytest.raises(asyncssh.SFTPPermissionDenied):
        await client.open(path, "wb")
    with pytest.raises(asyncssh.SFTPPermissionDenied):
        await client.rename("/inbox/N_1_20261123120000000/1.xml.part", path)
    with pytest.raises(asyncssh.SFTPPermissionDenied):
        await client.posix_rename("/inbox/N_1_20261123120000000/1.xml.part", path)


async def test_sftp_has_no_links_and_no_shell(box: Sandbox, nusantara: Partner) -> None:
    client: asyncssh.SFTPClient = nusantara.client  # type: ignore[attr-defined]
    await client.makedirs("/inbox/N_2_20261123120000000", exist_ok=True)
    with pytest.raises(asyncssh.SFTPError):
        await client.symlink("/etc/passwd", "/inbox/N_2_20261123120000000/2.xml")
    async with sftp_connection(box, box.platform("nusantara")) as connection:
        with pytest.raises(asyncssh.Error):
            await connection.run("id", check=True)
        with pytest.raises(asyncssh.Error):
            await connection.open_connection("127.0.0.1", 80)


@pytest.mark.parametrize(("username", "password"), [("nusantara", "wrong"), ("nobody", ""), ("nobody", "no such user")])
async def test_sftp_turns_strangers_away(box: Sandbox, username: str, password: str) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        await sftp_connection(box, {"username": username, "password": password})


async def test_a_platforms_password_opens_no_other_platform(box: Sandbox) -> None:
    other = box.platform("world-tone")
    with pytest.raises(asyncssh.PermissionDenied):
        await sftp_connection(box, {"username": "nusantara", "password": other["password"]})


async def test_a_public_key_opens_the_door_when_it_is_known(box: Sandbox) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    platform = box.platform("nusantara")
    with pytest.raises(asyncssh.PermissionDenied):
        await sftp_connection(box, platform, password=None, client_keys=[key])
    (box.home / "platforms" / "nusantara" / "authorized_keys").write_bytes(b"# hub\n" + key.export_public_key())
    async with sftp_connection(box, platform, password=None, client_keys=[key]) as connection:
        assert connection.get_extra_info("username") == "nusantara"


def test_s3_turns_strangers_away(box: Sandbox) -> None:
    client = s3_client(box.platform("mekong") | {"secret_access_key": "wrong"})
    with pytest.raises(ClientError):
        client.put_object(Bucket="mekong", Key="inbox/N_1_20261123120000000/1.xml", Body=b"")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic xyz"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/platforms"),
        ("GET", "/platforms/nusantara/releases"),
        ("GET", "/platforms/nusantara/messages"),
        ("POST", "/platforms/nusantara/sales?period=2026-10"),
    ],
)
def test_http_wants_the_key(box: Sandbox, header: dict[str, str], method: str, path: str) -> None:
    found = httpx.request(method, box.info["http"]["url"] + path, headers=header)
    assert found.status_code == 401
    assert found.json()["detail"]["code"] == "KEY"


def test_http_tells_of_platforms_but_not_their_credentials(box: Sandbox) -> None:
    with http(box) as client:
        told = client.get("/platforms")
    assert [platform["id"] for platform in told.json()] == ["nusantara", "mekong", "world-tone"]
    for platform in box.info["platforms"]:
        assert (platform.get("password") or platform["secret_access_key"]) not in told.text


def test_health_needs_no_key(box: Sandbox) -> None:
    assert httpx.get(box.info["http"]["url"] + "/healthz").json() == {"status": "ok"}


def test_secrets_are_for_the_owner_only(box: Sandbox) -> None:
    assert (box.home / "sandbox.json").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (box.home / "secrets").iterdir())


@pytest.fixture(scope="module")
async def tight(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    """A sandbox with little room and little patience."""
    folder = tmp_path_factory.mktemp("tight")
    config = configuration(folder, quiet=1.0, file_bytes=100_000, inbox_bytes=400_000)
    with sandbox(folder / "home", "--config", str(config), "--today", "2026-11-23") as running:
        yield running


async def test_sftp_takes_no_file_that_is_too_large(tight: Sandbox) -> None:
    async with connected(tight, "nusantara") as partner:
        with pytest.raises(asyncssh.SFTPError):
            await partner.put("inbox/N_1_20261123120000000/resources/big.flac", b"x" * 100_001)
        client: asyncssh.SFTPClient = partner.client  # type: ignore[attr-defined]
        async with client.open("inbox/N_1_20261123120000000/resources/sparse.flac", "wb") as file:
            with pytest.raises(asyncssh.SFTPError):
                await file.truncate(10**12)


async def test_sftp_takes_no_more_than_the_inbox_holds(tight: Sandbox) -> None:
    async with connected(tight, "world-tone") as partner:
        with pytest.raises(asyncssh.SFTPError):
            for number in range(6):
                await partner.put(f"inbox/N_1_20261123120000000/resources/{number}.flac", b"x" * 99_000)


def _noise() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((1500, 1500), 90).save(file, "JPEG")
    return file.getvalue()


async def test_s3_files_that_are_too_large_are_refused(tight: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = _noise()
    monkeypatch.setattr(ern, "cover", lambda _: noise)
    made = album(tracks=1, recipient=ern.MEKONG, deals=(ern.Deal(("TH",)),))
    async with connected(tight, "mekong") as partner:
        await upload(partner, made.delivery(), made.folder())
        assert (await answer(partner, made.message_id)).codes == ["FILE_TOO_LARGE"]


async def test_half_a_delivery_is_refused_after_the_quiet_time_and_may_come_again(tight: Sandbox) -> None:
    made: Album = album(tracks=1)
    files = made.delivery()
    missing = made.tracks[0].file_name
    async with connected(tight, "nusantara") as partner:
        await upload(partner, {name: content for name, content in files.items() if name != missing}, made.folder())
        told = await answer(partner, made.message_id)
        assert told.codes == ["FILE_MISSING"]
        assert told.reasons["FILE_MISSING"][0] == missing
        await upload(partner, files | {missing: ern.tone(70)}, made.folder())
        wrong = await answer(partner, made.message_id, but=frozenset({told.name}))
        assert wrong.codes == ["FILE_HASH"]
        await upload(partner, files, made.folder())
        last = await answer(partner, made.message_id, but=frozenset({told.name, wrong.name}))
        assert last.accepted

"""Deliveries over real SFTP and S3 servers: what arrives, in which order, how often, and what breaks."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import asyncssh
import pytest
from pydantic import SecretStr

from distribution.channels import choreography
from distribution.channels.base import Connection, Refused, S3Settings, SftpSettings, Unreachable
from distribution.channels.choreography import Package, Resource
from distribution.channels.protocols import open_connection
from hub.errors import Invalid
from tests.distribution.partners import Faults, free_port, raw_client, s3_partner, sftp_partner

SOUND, PICTURE = b"sound" * 300_000, b"picture" * 1000
ACKNOWLEDGED = """<ack:AcknowledgementMessage xmlns:ack="http://ddex.net/xml/ern-c-sftp/18" AvsVersionId="9">
  <MessageHeader><MessageId>M-1</MessageId><MessageSender><PartyId>PADPIDA2026010101N</PartyId></MessageSender>
  <MessageCreatedDateTime>2026-11-23T09:30:20Z</MessageCreatedDateTime></MessageHeader>
  <ReleaseStatus><ReleaseId><ICPN>9501101530003</ICPN></ReleaseId><ReleaseStatus>{status}</ReleaseStatus>
    <Acknowledgement><MessageType>NewReleaseMessage</MessageType><MessageId>{message}</MessageId>{reasons}</Acknowledgement>
  </ReleaseStatus></ack:AcknowledgementMessage>"""
FINE = "<MessageStatus><Status>FileOK</Status></MessageStatus>"
BAD = (
    '<MessageStatus><Status UserDefinedValue="ISRC_SYNTAX">IdentifierSyntaxInvalid</Status>'
    "<StatusMessage>/a/ISRC | “HELLO” is not an ISRC.</StatusMessage></MessageStatus>"
)


def acknowledged(message: str, status: str = "ReleaseMadeAvailableToConsumers", reasons: str = FINE) -> bytes:
    return ACKNOWLEDGED.format(message=message, status=status, reasons=reasons).encode()


@pytest.fixture
def package(tmp_path: Path) -> Package:
    folder = tmp_path / "objects"
    folder.mkdir()
    (folder / "sound").write_bytes(SOUND)
    (folder / "picture").write_bytes(PICTURE)
    (folder / "message").write_bytes(b"<message/>")
    name = choreography.folder_name("9501101530003", datetime(2026, 11, 23, 9, 30, 15, 123_456, tzinfo=UTC))
    return Package(
        folder=name,
        release_id="9501101530003",
        message_id="BM-1",
        message=folder / "message",
        resources=(
            Resource("resources/a.flac", "sound", len(SOUND)),
            Resource("resources/a.jpg", "picture", len(PICTURE)),
        ),
    )


class Watched:
    """A connection that notes what is sent through it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.uploads: list[str] = []

    async def upload(self, source: Path, path: str) -> None:
        self.uploads.append(path.rpartition("/")[2])
        await self.connection.upload(source, path)

    def __getattr__(self, name: str) -> object:
        return getattr(self.connection, name)


def local(package: Package) -> choreography.Local:
    async def bring(key: str) -> Path:
        return package.message.parent / key

    return bring


@pytest.fixture(scope="module", params=["rclone", "moto"])
def bucket(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Settings]:
    with s3_partner(request.param, tmp_path_factory.mktemp("s3") / "root") as settings:
        yield settings


@pytest.fixture(params=["sftp", "s3"])
async def partner(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SftpSettings | S3Settings]:
    async with AsyncExitStack() as stack:
        if request.param == "sftp":
            (tmp_path / "root").mkdir()
            yield await stack.enter_async_context(sftp_partner(tmp_path / "root"))
        else:
            yield stack.enter_context(s3_partner("rclone", tmp_path / "s3"))


async def test_the_message_goes_last_and_sending_twice_arrives_once(
    partner: SftpSettings | S3Settings, package: Package
) -> None:
    async with open_connection(partner) as connection:
        watched = Watched(connection)
        await choreography.send(watched, "inbox", package, local(package))  # type: ignore[arg-type]
        assert watched.uploads == ["a.flac", "a.jpg", "9501101530003.xml"]
        base = f"inbox/{package.folder}"
        assert (
            hashlib.sha256(await connection.read(f"{base}/resources/a.flac", 10**7)).digest()
            == hashlib.sha256(SOUND).digest()
        )
        watched.uploads.clear()
        await choreography.send(watched, "inbox", package, local(package))  # type: ignore[arg-type]
        assert watched.uploads == ["9501101530003.xml"]
        assert [file.name for file in await connection.files(f"{base}/resources")] == ["a.flac", "a.jpg"]
        assert [file.name for file in await connection.files(base)] == ["9501101530003.xml"]


def test_the_folder_says_priority_release_and_moment(package: Package) -> None:
    assert package.folder == "N_9501101530003_20261123093015123"
    with pytest.raises(ValueError, match="identifier"):
        choreography.folder_name("../up", datetime.now(UTC))


async def test_an_acknowledgement_is_found_by_its_message(partner: SftpSettings | S3Settings, tmp_path: Path) -> None:
    answers = {
        "ACK_BM-1_20261123093020000.xml": acknowledged("BM-1"),
        "ACK_BM-2_20261123093021000.xml": acknowledged("BM-2", "ProcessingErrorAtReleaseDistributor", BAD),
        "ACK_BM-3_20261123093022000.xml": b"<half",
        "note.txt": b"hello",
    }
    async with open_connection(partner) as connection:
        assert await choreography.acknowledgement(connection, "inbox/acknowledgements", "BM-1") is None
        for name, content in answers.items():
            (tmp_path / name).write_bytes(content)
            await connection.upload(tmp_path / name, f"inbox/acknowledgements/{name}")
        good = await choreography.acknowledgement(connection, "inbox/acknowledgements", "BM-1")
        bad = await choreography.acknowledgement(connection, "inbox/acknowledgements", "BM-2")
        assert await choreography.acknowledgement(connection, "inbox/acknowledgements", "BM-4") is None
        with pytest.raises(Invalid):
            await choreography.acknowledgement(connection, "inbox/acknowledgements", "BM-3")
    assert good is not None
    assert (good[0].verdict.name, good[0].problems, good[1]) == ("LIVE", (), answers["ACK_BM-1_20261123093020000.xml"])
    assert bad is not None
    (problem,) = bad[0].problems
    assert (problem.code, problem.field) == ("ISRC_SYNTAX", "/a/ISRC")
    assert "“HELLO” is not an ISRC." in str(problem.message)


async def test_a_file_longer_than_expected_is_not_read(partner: SftpSettings | S3Settings, tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * 1001)
    async with open_connection(partner) as connection:
        await connection.upload(tmp_path / "long", "outgoing/long")
    async with open_connection(partner) as connection:
        with pytest.raises(Refused):
            await connection.read("outgoing/long", 1000)
        with pytest.raises(Refused):
            await connection.fetch("outgoing/long", tmp_path / "copy", 1000)
    assert not (tmp_path / "copy").exists()


async def test_a_broken_line_is_gone_on_with_where_it_broke(tmp_path: Path, package: Package) -> None:
    root, faults = tmp_path / "root", Faults()
    root.mkdir()
    faults.break_after = 600_000
    async with sftp_partner(root, faults) as settings:
        with pytest.raises(Unreachable):
            async with open_connection(settings) as connection:
                await choreography.send(connection, "inbox", package, local(package))
        (part,) = root.rglob("*.part")
        held = part.stat().st_size
        assert 0 < held < len(SOUND)
        assert not list(root.rglob("*.xml")), "without its message a delivery is no delivery"
        faults.break_after, faults.written = None, 0
        async with open_connection(settings) as connection:
            await choreography.send(connection, "inbox", package, local(package))
        assert faults.written == len(SOUND) - held + len(PICTURE) + len(b"<message/>")
    assert (root / "inbox" / package.folder / "resources" / "a.flac").read_bytes() == SOUND
    assert not list(root.rglob("*.part"))


async def test_a_server_with_another_key_gets_nothing(tmp_path: Path, package: Package) -> None:
    (tmp_path / "root").mkdir()
    other = " ".join(asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().split()[:2])
    async with sftp_partner(tmp_path / "root") as settings:
        with pytest.raises(Refused) as refused:
            async with open_connection(settings.model_copy(update={"host_key": other})) as connection:
                await choreography.send(connection, "inbox", package, local(package))
    assert refused.value.problem.code == "HOST_KEY_CHANGED"
    assert list((tmp_path / "root").iterdir()) == []


async def test_a_wrong_password_is_not_tried_for_ever(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    async with sftp_partner(tmp_path / "root") as settings:
        with pytest.raises(Refused) as refused:
            async with open_connection(settings.model_copy(update={"password": SecretStr("wrong")})):
                pass
    assert refused.value.problem.code == "SIGN_IN_REFUSED"


async def test_a_full_or_closed_server_is_refused(tmp_path: Path, package: Package) -> None:
    faults = Faults()
    faults.read_only = True
    (tmp_path / "root").mkdir()
    async with sftp_partner(tmp_path / "root", faults) as settings:
        with pytest.raises(Refused) as refused:
            async with open_connection(settings) as connection:
                await choreography.send(connection, "inbox", package, local(package))
    assert refused.value.problem.code == "WRITE_REFUSED"


async def test_a_server_that_is_down_passes_with_time(package: Package) -> None:
    sftp = SftpSettings(
        host="127.0.0.1",
        port=free_port(),
        host_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8DHkMzWcR1JLsHm8O9cZqJ0HdcrbVQYBsmRXGqSUCM",
        username="hub",
    )
    with pytest.raises(Unreachable):
        async with open_connection(sftp):
            pass
    bucket = S3Settings(
        endpoint_url=f"http://127.0.0.1:{free_port()}",
        bucket="partner",
        access_key_id="a",
        secret_access_key=SecretStr("b"),
    )
    with pytest.raises(Unreachable):
        async with open_connection(bucket) as connection:
            await connection.files("inbox")


async def test_wrong_secrets_of_a_bucket_are_refused_and_write_nothing(tmp_path: Path, package: Package) -> None:
    with s3_partner("rclone", tmp_path / "s3") as settings:
        wrong = settings.model_copy(update={"secret_access_key": SecretStr("wrong")})
        with pytest.raises(Refused) as refused:
            async with open_connection(wrong) as connection:
                await choreography.send(connection, "inbox", package, local(package))
        assert refused.value.problem.code == "SIGN_IN_REFUSED"
        assert list((tmp_path / "s3" / "partner").iterdir()) == []


async def test_a_bucket_that_does_not_exist_is_refused(bucket: S3Settings, package: Package) -> None:
    with pytest.raises(Refused):
        async with open_connection(bucket.model_copy(update={"bucket": "nobodys"})) as connection:
            await connection.upload(package.message, "inbox/message.xml")


async def test_large_objects_go_to_a_bucket_in_parts(bucket: S3Settings, tmp_path: Path) -> None:
    content = b"0123456789abcdef" * (1 << 20)
    (tmp_path / "large").write_bytes(content)
    async with open_connection(bucket) as connection:
        await connection.upload(tmp_path / "large", "inbox/large")
        assert await connection.size("inbox/large") == len(content)
        assert await connection.size("inbox/none") is None
        assert [file.size for file in await connection.files("inbox")] == [len(content)]
    assert raw_client(bucket).get_object(Bucket="partner", Key="inbox/large")["Body"].read(16) == content[:16]

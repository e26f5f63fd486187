"""Releases delivered over the real doors, release by release and as batches, answered and put on sale."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from tests.sandbox import ern
from tests.sandbox.ern import Deal, album
from tests.sandbox.partner import Partner, answer, answers, connected, deliver, messages, releases, taken, until, upload
from tests.sandbox.process import Sandbox


async def test_a_release_over_sftp_is_live_where_its_deals_say(box: Sandbox, nusantara: Partner) -> None:
    made = album(tracks=2)
    told = await deliver(nusantara, made)
    assert told.accepted
    assert told.status == "ReleaseMadeAvailableToConsumers"
    live = releases(box, "nusantara", made.icpn)
    assert live is not None
    assert live["status"] == "live"
    assert sorted(live["territories"]) == ["ID", "MY"]
    assert [track["isrc"] for track in live["tracks"]] == [track.isrc for track in made.tracks]
    assert [track["duration_ms"] for track in live["tracks"]] == [2000, 2000]
    await taken(nusantara, made.icpn)


async def test_a_release_over_s3_is_live_where_its_deals_say(box: Sandbox, mekong: Partner) -> None:
    made = album(recipient=ern.MEKONG, deals=(Deal(("TH", "LA", "VN")),))
    told = await deliver(mekong, made)
    assert told.accepted
    live = releases(box, "mekong", made.icpn)
    assert live is not None
    assert sorted(live["territories"]) == ["LA", "TH", "VN"]
    await taken(mekong, made.icpn)


async def test_a_platform_for_the_rest_of_the_world_wants_big_covers(box: Sandbox) -> None:
    async with connected(box, "world-tone") as partner:
        small = album(recipient=ern.WORLD_TONE, deals=(Deal(("FR", "PH")),))
        told = await deliver(partner, small)
        assert told.codes == ["COVER_SIZE"]
        assert releases(box, "world-tone", small.icpn) is None
        big = small.again(cover_pixels=3000)
        assert (await deliver(partner, big)).accepted
    live = releases(box, "world-tone", big.icpn)
    assert live is not None
    assert sorted(live["territories"]) == ["FR", "PH"]


async def test_the_same_message_twice_happens_once_and_is_answered_alike(box: Sandbox, nusantara: Partner) -> None:
    made = album()
    files = made.delivery()
    await upload(nusantara, files, made.folder())
    first = await answer(nusantara, made.message_id)
    await upload(nusantara, files, made.folder())
    await until(lambda: len(messages(box, "nusantara", made.message_id)) == 2)
    again = [name for name in await answers(nusantara) if made.message_id in name]
    assert again == [first.name]
    assert await nusantara.get(f"inbox/acknowledgements/{first.name}") == first.content
    assert [message["verdict"] for message in messages(box, "nusantara", made.message_id)] == ["repeated", "accepted"]


@pytest.mark.parametrize("unfinished", [".part", ".filepart", ".tmp"])
async def test_an_upload_under_way_is_left_alone_until_it_has_its_name(nusantara: Partner, unfinished: str) -> None:
    made = album()
    files = made.delivery()
    folder = made.folder()
    name = made.tracks[0].file_name
    await upload(nusantara, {other: content for other, content in files.items() if other != name}, folder)
    await upload(nusantara, {f"{name}{unfinished}": files[name]}, folder)
    await asyncio.sleep(0.6)
    assert folder in await nusantara.names("inbox")
    assert not [ack for ack in await answers(nusantara) if made.message_id in ack]
    await nusantara.client.rename(f"inbox/{folder}/{name}{unfinished}", f"inbox/{folder}/{name}")  # type: ignore[attr-defined]
    assert (await answer(nusantara, made.message_id)).accepted


async def test_xml_that_arrives_in_pieces_is_read_when_it_is_whole(nusantara: Partner) -> None:
    made = album()
    files = made.delivery()
    folder = made.folder()
    xml = files.pop(f"{made.icpn}.xml")
    await upload(nusantara, files | {f"{made.icpn}.xml": xml[: len(xml) // 2]}, folder)
    await asyncio.sleep(0.6)
    assert folder in await nusantara.names("inbox")
    await upload(nusantara, {f"{made.icpn}.xml": xml}, folder)
    assert (await answer(nusantara, made.message_id)).accepted


@pytest.mark.parametrize("named", [True, False], ids=["files-named", "no-files-named"])
async def test_takedown_by_a_message_without_deals_and_files(box: Sandbox, nusantara: Partner, named: bool) -> None:
    made = album()
    await deliver(nusantara, made)
    down = made.again(deals=(), resources=named)
    await upload(nusantara, {f"{made.icpn}.xml": down.xml()}, down.folder())
    told = await answer(nusantara, down.message_id)
    assert told.accepted
    assert told.status == "ReleaseNotAvailable"
    gone = releases(box, "nusantara", made.icpn)
    assert gone is not None
    assert (gone["status"], gone["territories"]) == ("taken_down", {})


async def test_a_batch_is_looked_at_when_its_manifest_is_there(box: Sandbox, mekong: Partner) -> None:
    deals = (Deal(("KH", "MM")),)
    both = [album(tracks=1, recipient=ern.MEKONG, deals=deals), album(tracks=1, recipient=ern.MEKONG, deals=deals)]
    batch_id = "20261123093015123"
    for made in both:
        files = {f"{made.icpn}/{name}": content for name, content in made.delivery().items()}
        await upload(mekong, files, f"N_{batch_id}")
    await asyncio.sleep(0.6)
    assert f"N_{batch_id}" in await mekong.names("inbox")
    await upload(mekong, {f"BatchComplete_{batch_id}.xml": _manifest(both)}, f"N_{batch_id}")
    for made in both:
        told = await answer(mekong, made.message_id)
        assert told.accepted
        assert f"<BatchId>{batch_id}</BatchId>".encode() in told.content
        assert releases(box, "mekong", made.icpn) is not None


async def test_a_batch_that_contradicts_its_manifest_is_refused_whole(box: Sandbox, mekong: Partner) -> None:
    made = album(tracks=1, recipient=ern.MEKONG, deals=(Deal(("KH",)),))
    batch_id = "20261123093015124"
    files = {f"{made.icpn}/{name}": content for name, content in made.delivery().items()}
    manifest = _manifest([made]).replace(b"<NumberOfMessages>1<", b"<NumberOfMessages>2<")
    await upload(mekong, files | {f"BatchComplete_{batch_id}.xml": manifest}, f"P_{batch_id}")
    told = await answer(mekong, made.message_id)
    assert told.codes == ["MANIFEST"]
    assert releases(box, "mekong", made.icpn) is None


def _manifest(albums: list[ern.Album]) -> bytes:
    entries = "".join(
        "<MessageInBatch><MessageType>NewReleaseMessage</MessageType>"
        f"<MessageId>{made.message_id}</MessageId><URL>./{made.icpn}/{made.icpn}.xml</URL>"
        f"<HashSum><Algorithm>SHA-256</Algorithm><HashSumValue>{hashlib.sha256(made.xml()).hexdigest()}</HashSumValue></HashSum>"
        "</MessageInBatch>"
        for made in albums
    )
    return (
        '<?xml version="1.0"?><ernc:ManifestMessage xmlns:ernc="http://ddex.net/xml/ern-c-sftp/18">'
        f"<NumberOfMessages>{len(albums)}</NumberOfMessages>{entries}</ernc:ManifestMessage>"
    ).encode()

"""Lists on their way out, through the front door: what is written, who may have it, and that it comes back as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from catalog.exports import service as exports
from hub import links
from tests.catalog.conftest import Hub
from tests.factories.accounts import Actor, actor
from tests.factories.onix import message, product, sales_rights, shortened

SAMPLES = ("Onix3.1-single-ref.xml", "onix3-single.xml", "single-book-onix3-short.xml")
IMPORT = "mutation ($file: Upload!) { importCatalog(file: $file, format: ONIX) { id } }"
TAKEN = """query ($id: ID!) { catalogImport(id: $id) {
  status created updated unchanged proposed skipped problems { code } } }"""
EXPORT = """mutation ($format: CatalogFormat!, $variant: String, $workIds: [ID!], $filter: CatalogExportFilter,
  $machine: Boolean) {
  exportCatalog(format: $format, variant: $variant, workIds: $workIds, filter: $filter, machineDrafts: $machine) {
    id status total leftOut downloadUrl } }"""
WRITTEN = "query ($id: ID!) { catalogExport(id: $id) { status variant fileName total done leftOut bytes downloadUrl expiresAt } }"
MINE = """{ myWorks(first: 50) { edges { node { id status kind originalLanguage publicationYear countryOfOrigin subjects
  zh: title(language: "zh") { text origin } en: title(language: "en") { text origin } vi: title(language: "vi") { text origin }
  description(language: "en") { text } contributors { name nameOriginal role } identifiers { scheme value }
  mandates { source scope { rights territories languages exclusive } } } } } }"""
CHANGE = "mutation ($id: ID!, $input: UpdateWorkInput!) { updateWork(workId: $id, input: $input) { id } }"
EXTENT = "<Extent><ExtentType>00</ExtentType><ExtentValue>320</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>"


async def house(hub: Hub, kind: str = "PUBLISHER", roles: Sequence[str] = ("ADMIN",)) -> Actor:
    return await actor(hub.api.runtime, f"house-{uuid4().hex[:8]}", kind=kind, country="CN", language="zh", roles=roles)


async def take(hub: Hub, someone: Actor, content: bytes) -> dict[str, Any]:
    """Import a file: how many records became what."""
    files = {"file": ("list.xml", content, "application/xml")}
    sent = await hub.api.data(IMPORT, {"file": None}, token=someone.token, files=files)
    await hub.work_off()
    seen = (await hub.api.data(TAKEN, {"id": sent["importCatalog"]["id"]}, token=someone.token))["catalogImport"]
    assert seen["status"] == "DONE", seen
    return {name: count for name, count in seen.items() if count and name not in ("status", "problems")}


async def export(hub: Hub, someone: Actor, **asked: Any) -> tuple[dict[str, Any], bytes]:
    """An export and its file, fetched by its link without signing in."""
    sent = await hub.api.data(EXPORT, {"format": "ONIX", **asked}, token=someone.token)
    assert (sent["exportCatalog"]["status"], sent["exportCatalog"]["downloadUrl"]) == ("RUNNING", None)
    await hub.work_off()
    found = (await hub.api.data(WRITTEN, {"id": sent["exportCatalog"]["id"]}, token=someone.token))["catalogExport"]
    assert found["status"] == "DONE"
    response = await hub.api.http.get(found["downloadUrl"])
    assert response.status_code == 200
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["content-disposition"] == f'attachment; filename="{found["fileName"]}"'
    assert len(response.content) == int(found["bytes"])
    return found | {"id": sent["exportCatalog"]["id"]}, response.content


async def mine(hub: Hub, someone: Actor) -> list[dict[str, Any]]:
    answer = (await hub.api.data(MINE, token=someone.token))["myWorks"]
    works = [{name: value for name, value in edge["node"].items() if name != "id"} for edge in answer["edges"]]
    return sorted(works, key=lambda work: str(work["identifiers"]))


def products(content: bytes) -> list[bytes]:
    """The Products of a message that the hub wrote, in whatever order."""
    return sorted(line for line in content.splitlines() if line.lower().startswith(b"<product>"))


def several() -> bytes:
    """Two records that are valid to the letter, with more in them than the hub models."""
    title = """<TitleDetail><TitleType>06</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
      <TitleText language="eng">Strange Tales</TitleText></TitleElement></TitleDetail>"""
    rights = sales_rights("01", "CN SG") + "<ROWSalesRightsType>02</ROWSalesRightsType>"
    publisher = "<Publisher><PublishingRole>01</PublishingRole><PublisherName>象山</PublisherName></Publisher>"
    first = product(rights=rights).replace("<Subject>", f"{EXTENT}<Subject>")
    second = product("cn.liaozhai", isbn="9787020008735", title="聊斋志异", author="蒲松龄")
    listed = message([first, second.replace("<Contributor>", f"{title}<Contributor>")]).decode()
    return listed.replace("<CountryOfPublication>", f"{publisher}<CountryOfPublication>").encode()


@pytest.mark.parametrize("variant", ["REFERENCE_3_1", "SHORT_3_1", "REFERENCE_3_0", "SHORT_3_0"])
async def test_a_list_goes_out_and_comes_back_unchanged_and_is_the_same_elsewhere(one_hub: Hub, variant: str) -> None:
    first, second = await house(one_hub), await house(one_hub)
    assert await take(one_hub, first, shortened(several())) == {"created": 2}
    found, content = await export(one_hub, first, variant=variant)
    assert (found["total"], found["done"], found["leftOut"], found["variant"]) == (2, 2, 0, variant)
    assert b"<b219>320</b219>" in content or b"<ExtentValue>320</ExtentValue>" in content
    assert await take(one_hub, first, content) == {"unchanged": 2}
    assert await take(one_hub, second, content) == {"created": 2}
    assert await mine(one_hub, second) == await mine(one_hub, first)
    again = (await export(one_hub, second, variant=variant))[1]
    assert products(again) == products(content)


@pytest.mark.standards
async def test_other_people_s_samples_come_back_unchanged(one_hub: Hub, standards: Path) -> None:
    for name in SAMPLES:
        first, second = await house(one_hub), await house(one_hub)
        original = (standards / "onix" / name).read_bytes()
        assert await take(one_hub, first, original) == {"created": 1}
        assert await take(one_hub, first, original) == {"unchanged": 1}
        _found, content = await export(one_hub, first)
        assert await take(one_hub, first, content) == {"unchanged": 1}
        assert await take(one_hub, second, content) == {"created": 1}
        assert await mine(one_hub, second) == await mine(one_hub, first)


async def test_what_a_person_corrected_goes_out_and_is_not_undone_by_the_same_file(one_hub: Hub) -> None:
    someone = await house(one_hub)
    await take(one_hub, someone, several())
    listed = (await one_hub.api.data(MINE, token=someone.token))["myWorks"]["edges"]
    work = next(edge["node"]["id"] for edge in listed if edge["node"]["zh"]["text"] == "聊斋志异")
    await one_hub.api.data(CHANGE, {"id": work, "input": {"title": "聊斋志异选"}}, token=someone.token)
    assert await take(one_hub, someone, several()) == {"unchanged": 2}
    found, content = await export(one_hub, someone, workIds=[work])
    assert found["total"] == 1
    assert "聊斋志异选".encode() in content
    assert b"Strange Tales" not in content, "the translation was of the older title"
    elsewhere = await house(one_hub)
    await take(one_hub, elsewhere, content)
    assert [one["zh"]["text"] for one in await mine(one_hub, elsewhere)] == ["聊斋志异选"]


async def test_an_update_of_a_part_keeps_the_rest_of_the_record(one_hub: Hub) -> None:
    someone = await house(one_hub)
    await take(one_hub, someone, several())
    block = """<Product><RecordReference>cn.xiangshan.sanguo</RecordReference><NotificationType>04</NotificationType>
      <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9787020002207</IDValue></ProductIdentifier>
      <CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience><Text>新的简介。</Text>
      </TextContent></CollateralDetail></Product>"""
    assert await take(one_hub, someone, message([block])) == {"skipped": 1}, (
        "in which language the words are is not said"
    )
    header = "<DefaultLanguageOfText>chi</DefaultLanguageOfText>"
    assert await take(one_hub, someone, message([block], header=header)) == {"updated": 1}
    assert await take(one_hub, someone, message([block], header=header)) == {"unchanged": 1}
    _found, content = await export(one_hub, someone)
    assert EXTENT.encode() in content
    assert "新的简介。".encode() in content
    assert b"<NotificationType>04" not in content


async def test_what_its_sender_deletes_leaves_the_shelf_and_comes_back_as_a_draft(one_hub: Hub) -> None:
    someone = await house(one_hub)
    await take(one_hub, someone, several())
    assert await take(one_hub, someone, message([product(notification="05")])) == {"updated": 1}
    withdrawn = next(work for work in await mine(one_hub, someone) if work["status"] == "WITHDRAWN")
    assert withdrawn["zh"]["text"] == "三国演义"
    _found, content = await export(one_hub, someone, filter={"status": "WITHDRAWN"})
    assert b"<NotificationType>05</NotificationType>" in content
    assert await take(one_hub, someone, several()) == {"updated": 1, "unchanged": 1}
    assert {work["status"] for work in await mine(one_hub, someone)} == {"DRAFT"}
    gone = several().replace(b"<PublishingDate>", b"<PublishingStatus>05</PublishingStatus><PublishingDate>")
    assert await take(one_hub, someone, gone) == {"updated": 2}
    assert {work["status"] for work in await mine(one_hub, someone)} == {"WITHDRAWN"}
    assert await take(one_hub, await house(one_hub), gone) == {"skipped": 2}


async def test_who_may_not_and_what_cannot_be_are_refused_and_nothing_is_written(one_hub: Hub) -> None:
    someone, stranger = await house(one_hub), await house(one_hub)
    viewer = await actor(
        one_hub.api.runtime, someone.caller.organization_kind.lower() + uuid4().hex[:6], roles=["VIEWER"]
    )
    platform = await house(one_hub, kind="PLATFORM")
    await take(one_hub, someone, several())
    work = (await one_hub.api.data(MINE, token=someone.token))["myWorks"]["edges"][0]["node"]["id"]
    before = one_hub.database.content()

    async def refused(whose: Actor | None, **asked: Any) -> tuple[str, str | None]:
        asked = {"format": "ONIX", **asked}
        found = await one_hub.api.refusal(EXPORT, asked, token=whose.token if whose else None)
        return found["code"], found["field"]

    assert (await refused(None))[0] == "UNAUTHENTICATED"
    assert (await refused(viewer))[0] == "FORBIDDEN"
    assert (await refused(platform))[0] == "FORBIDDEN"
    assert await refused(stranger, workIds=[work]) == ("NOT_FOUND", "workIds")
    assert await refused(stranger) == ("INVALID", "filter")
    assert await refused(someone, format="ERN") == ("INVALID", "format")
    assert await refused(someone, variant="KLINGON") == ("INVALID", "variant")
    assert await refused(someone, filter={"kind": "MUSIC"}) == ("INVALID", "filter")
    assert await refused(someone, workIds=[work], filter={"kind": "BOOK"}) == ("INVALID", "filter")
    assert one_hub.database.content() == before


async def test_a_link_is_for_one_file_for_a_while(one_hub: Hub) -> None:
    someone, stranger = await house(one_hub), await house(one_hub)
    await take(one_hub, someone, several())
    found, _content = await export(one_hub, someone)
    key, own = one_hub.api.runtime.settings.key, UUID(found["id"])

    async def status(ticket: str, export_id: UUID = own) -> int:
        return (await one_hub.api.http.get(f"/exports/{export_id}/{ticket}/list.xml")).status_code

    hour = timedelta(hours=1)
    assert await status(links.ticket(key, exports.PURPOSE, own, someone.organization_id, hour)) == 200
    assert await status(links.ticket(key, exports.PURPOSE, own, someone.organization_id, -hour)) == 404
    assert await status(links.ticket(key, exports.PURPOSE, own, stranger.organization_id, hour)) == 404
    assert await status(links.ticket(key, "another", own, someone.organization_id, hour)) == 404
    assert await status(links.ticket(b"not the key", exports.PURPOSE, own, someone.organization_id, hour)) == 404
    assert await status(links.ticket(key, exports.PURPOSE, uuid4(), someone.organization_id, hour)) == 404
    assert await status("x" * 90) == 404
    assert (await one_hub.api.data(WRITTEN, {"id": str(own)}, token=stranger.token))["catalogExport"] is None
    await exports.forget(one_hub.worker, own, someone.organization_id)
    assert await status(links.ticket(key, exports.PURPOSE, own, someone.organization_id, hour)) == 404
    assert not list(Path(one_hub.worker.settings.path("objects")).rglob(f"{own}*"))

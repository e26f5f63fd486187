"""What the operator enters: channels whose secrets stay secret, ranges that overlap nothing; nobody else may."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from distribution import gtins, queries, registry
from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import release as make

ENTER = "mutation($input: EnterChannelInput!) { enterChannel(input: $input) { id name format protocol territories } }"
ALLOCATE = """mutation($id: ID!, $prefix: String!, $year: Int!, $first: Int!, $last: Int!) {
  allocateIsrcRange(organizationId: $id, prefix: $prefix, year: $year, first: $first, last: $last) { prefix next } }"""
CHANNEL: dict[str, Any] = {
    "slug": "mekong",
    "name": "Mekong Music",
    "partyId": "PADPIDA2026010102M",
    "senderPartyId": "PADPIDA2026112301B",
    "senderName": "Banmao",
    "territories": ["ASEAN"],
    "dealTerms": [{"commercialModel": "SubscriptionModel", "useType": "OnDemandStream"}],
    "sftp": {"host": "sftp.example", "hostKey": "ssh-ed25519 AAAA", "username": "hub", "password": "quiet river"},
}
YEAR = datetime.now(UTC).year
TABLES = ("channels", "isrc_allocations", "audit_log")


async def test_a_channel_is_entered_and_its_secrets_are_sealed(
    api: Api, runtime: Runtime, database: TestDatabase
) -> None:
    desk = await make.operator(runtime)
    entered = (await api.data(ENTER, {"input": CHANNEL}, token=desk.token))["enterChannel"]
    assert (entered["format"], entered["protocol"], len(entered["territories"])) == ("ERN 4.3.2", "sftp", 11)
    ((settings, secrets),) = database.rows("SELECT settings, secrets FROM channels")
    assert "quiet river" not in json.dumps(settings)
    assert b"quiet river" not in bytes(secrets)
    async with runtime.database.transaction() as tx:
        (row,) = await queries.channels(tx.session)
        opened = registry.settings_of(runtime.vault, row)
    assert opened.protocol == "sftp"
    assert opened.password is not None
    assert opened.password.get_secret_value() == "quiet river"
    changed = {**CHANNEL, "name": "Mekong"}
    again = (await api.data(ENTER, {"input": changed}, token=desk.token))["enterChannel"]
    assert (again["id"], again["name"]) == (entered["id"], "Mekong")


async def test_a_channel_that_cannot_be_is_refused(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    desk, label = await make.operator(runtime), await make.label(runtime)
    before = database.counts(*TABLES)
    sftp = CHANNEL["sftp"]
    for changes, field in [
        ({"sftp": None}, "sftp"),
        ({"s3": {"endpointUrl": "http://x", "bucket": "b-b", "accessKeyId": "a", "secretAccessKey": "s"}}, "sftp"),
        ({"sftp": {**sftp, "hostKey": "trust me"}}, "settings.host_key"),
        ({"sftp": {**sftp, "host": ""}}, "settings.host"),
        ({"sftp": {**sftp, "port": 70_000}}, "settings.port"),
        (
            {
                "sftp": None,
                "s3": {"endpointUrl": "ftp://x", "bucket": "b-b", "accessKeyId": "a", "secretAccessKey": "s"},
            },
            "settings.endpoint_url",
        ),
        ({"territories": ["XX"]}, "territories"),
        ({"territories": []}, "territories"),
        ({"dealTerms": [{"commercialModel": "PayAsYouGoModel", "useType": "OnDemandStream"}]}, "dealTerms"),
        ({"name": ""}, "name"),
        ({"minimumCover": 0}, "minimumCover"),
    ]:
        refused = await api.refusal(ENTER, {"input": {**CHANNEL, **changes}}, token=desk.token)
        assert (refused["code"], refused["field"]) == ("INVALID", field), changes
        assert "quiet river" not in json.dumps(refused)
    assert (await api.refusal(ENTER, {"input": CHANNEL}, token=label.token))["code"] == "FORBIDDEN"
    assert database.counts(*TABLES) == before


async def test_ranges_overlap_nothing_and_are_the_operators(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    desk, label, other = (
        await make.operator(runtime),
        await make.label(runtime),
        await make.label(runtime, "another-label"),
    )
    mine = {"id": str(label.organization_id), "prefix": "AA-6Q7", "year": YEAR, "first": 1, "last": 100}
    assert (await api.data(ALLOCATE, mine, token=desk.token))["allocateIsrcRange"] == {"prefix": "AA6Q7", "next": 1}
    before = database.counts(*TABLES)
    for changes, code, field in [
        ({"id": str(other.organization_id), "first": 100, "last": 200}, "CONFLICT", "first"),
        ({"prefix": "CNA12"}, "INVALID", "prefix"),
        ({"prefix": "nonsense"}, "INVALID", "prefix"),
        ({"first": 9, "last": 3}, "INVALID", "first"),
        ({"first": 0, "last": 100_000}, "INVALID", "first"),
        ({"year": 26}, "INVALID", "year"),
        ({"year": 2200}, "INVALID", "year"),
    ]:
        refused = await api.refusal(ALLOCATE, {**mine, **changes}, token=desk.token)
        assert (refused["code"], refused["field"]) == (code, field), changes
    assert (await api.refusal(ALLOCATE, {**mine, "first": 500, "last": 600}, token=label.token))["code"] == "FORBIDDEN"
    assert database.counts(*TABLES) == before
    release = await make.release(api, label, cover=False)
    assert (await make.track(api, label, release))["isrc"] == f"AA6Q7{YEAR % 100:02d}00001"


async def test_a_release_gets_its_gtin_when_it_is_first_published(
    api: Api, runtime: Runtime, database: TestDatabase
) -> None:
    desk, label = await make.operator(runtime), await make.label(runtime)
    await make.channel(runtime, desk.organization_id)
    await make.allocate(runtime, label.organization_id)
    enter = "mutation($id: ID!, $prefix: String!) { allocateGtinPrefix(organizationId: $id, prefix: $prefix) { prefix next } }"
    mine = {"id": str(label.organization_id), "prefix": "9501101530"}
    assert (await api.data(enter, mine, token=desk.token))["allocateGtinPrefix"] == {"prefix": "9501101530", "next": 0}
    for variables, token, code in [
        (mine, desk.token, "CONFLICT"),
        ({**mine, "prefix": "12"}, desk.token, "INVALID"),
        ({**mine, "prefix": "950110199x"}, desk.token, "INVALID"),
        ({**mine, "prefix": "950110199"}, label.token, "FORBIDDEN"),
    ]:
        assert (await api.refusal(enter, variables, token=token))["code"] == code
    assert database.count("gtin_prefixes") == 1
    query = "query($id: ID!) { release(id: $id) { gtin } }"
    found = []
    for number in range(2):
        release = await make.release(api, label, title=f"release {number}")
        await make.track(api, label, release, f"track {number}")
        assert (await api.data(query, {"id": release}, token=label.token))["release"]["gtin"] is None
        for _time in range(2):
            await api.data(make.PUBLISH, {"id": release}, token=label.token)
        found.append((await api.data(query, {"id": release}, token=label.token))["release"]["gtin"])
    assert found == ["9501101530003", "9501101530010"]


def test_a_gtin_has_its_check_digit_and_a_prefix_its_end() -> None:
    assert gtins.code("9501101530", 0) == "9501101530003"
    assert gtins.left("9501101530", 99)
    assert not gtins.left("9501101530", 100)
    with pytest.raises(ValueError, match="no item"):
        gtins.code("9501101530", 100)

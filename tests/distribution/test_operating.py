"""What the operator enters: channels whose secrets stay secret, ranges that overlap nothing; nobody else may."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from distribution import queries, registry
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
    ]:
        refused = await api.refusal(ALLOCATE, {**mine, **changes}, token=desk.token)
        assert (refused["code"], refused["field"]) == (code, field), changes
    assert (await api.refusal(ALLOCATE, {**mine, "first": 500, "last": 600}, token=label.token))["code"] == "FORBIDDEN"
    assert database.counts(*TABLES) == before
    release = await make.release(api, label, cover=False)
    assert (await make.track(api, label, release))["isrc"] == f"AA6Q7{YEAR % 100:02d}00001"

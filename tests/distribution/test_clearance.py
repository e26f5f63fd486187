"""Where a release of a work may go: what its label holds, right by right, place by place, until when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from catalog import queries as catalog
from distribution import clearance, queries
from distribution.clearance import Offer
from distribution.models import Channel
from hub.runtime import Runtime
from marketplace import claims
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import catalog as works
from tests.factories import release as make
from tests.factories.accounts import Actor, actor

MUSIC = ("STREAMING", "DOWNLOAD")
TODAY = date(2026, 11, 23)
WRITTEN = ("deliveries", "delivery_attempts", "procrastinate_jobs")


async def offers(runtime: Runtime, who: Actor, release_id: str, channel: Channel) -> list[Offer]:
    async with runtime.database.transaction(who.caller, read_only=True) as tx:
        release = await queries.release(tx.session, UUID(release_id))
        assert release is not None
        return await clearance.offers(tx.session, release, channel, TODAY)


async def license_to(runtime: Runtime, owner: Actor, licensee: Actor, work_id: UUID, **scope: object) -> None:
    """A licence to an organization of the hub, as a contract leaves it."""
    async with runtime.database.transaction(owner.caller) as tx:
        work = await catalog.work(tx.session, work_id)
        assert work is not None
        granted = await claims.put_license(tx.session, owner.caller, work, "licensee", works.scope(MUSIC, **scope))  # type: ignore[arg-type]
        granted.licensee_id = licensee.organization_id


async def test_an_owner_may_use_what_its_mandates_give_and_nobody_holds(api: Api, runtime: Runtime) -> None:
    desk, who = await make.operator(runtime), await make.label(runtime)
    channel = await make.channel(runtime, desk.organization_id)
    work = await works.work(runtime, who, "茉莉花", kind="MUSIC", mandates=[works.scope(MUSIC, ("TH", "VN"))])
    release = await make.release(api, who, workId=str(work))
    whole = Offer("DOWNLOAD", ("TH", "VN"), date(2026, 11, 1), date(2036, 1, 1))
    assert await offers(runtime, who, release, channel) == [whole, Offer("STREAMING", *_rest(whole))]

    async with runtime.database.transaction(who.caller) as tx:
        row = await catalog.work(tx.session, work)
        assert row is not None
        await claims.put_license(tx.session, who.caller, row, "somebody", works.scope(("STREAMING",), ("VN",)))
        await claims.put_license(
            tx.session, who.caller, row, "somebody else", works.scope(("DOWNLOAD",), ("TH",), exclusive=False)
        )
    streaming = Offer("STREAMING", ("TH",), date(2026, 11, 1), date(2036, 1, 1))
    assert await offers(runtime, who, release, channel) == [whole, streaming], (
        "only an exclusive licence shuts the owner out"
    )


def _rest(offer: Offer) -> tuple[tuple[str, ...], date, date | None]:
    return offer.territories, offer.start, offer.end


async def test_a_licensee_may_use_what_its_licence_gives_until_it_ends(
    api: Api, runtime: Runtime, database: TestDatabase
) -> None:
    desk, who = await make.operator(runtime), await make.label(runtime)
    owner = await actor(runtime, "guilin", country="CN", language="zh")
    channel = await make.channel(runtime, desk.organization_id)
    mandate = works.scope(MUSIC, ("WORLD",), end=None)
    work = await works.work(runtime, owner, "茉莉花", kind="MUSIC", mandates=[mandate])
    release = await make.release(api, who, workId=str(work))
    await make.allocate(runtime, who.organization_id)
    await make.track(api, who, release)
    assert await offers(runtime, who, release, channel) == []
    before = database.counts(*WRITTEN)
    for variables in ({"id": release}, {"id": release, "channels": [str(channel.id)]}):
        refused = await api.refusal(make.PUBLISH, variables, token=who.token, language="vi")
        assert refused["code"] == "NOT_CLEARED"
        assert set(refused["params"]["territories"]) == {"ID", "TH", "VN"}
    assert database.counts(*WRITTEN) == before

    await license_to(runtime, owner, who, work, territories=("TH",), start=date(2026, 12, 1), end=date(2027, 12, 1))
    assert [_rest(offer) for offer in await offers(runtime, who, release, channel)] == [
        (("TH",), date(2026, 12, 1), date(2027, 12, 1))
    ] * 2
    (sent,) = (await api.data(make.PUBLISH, {"id": release}, token=who.token))["publishAbroad"]
    assert sent["territories"] == ["TH"]


async def test_a_release_never_goes_beyond_its_own_territories(api: Api, runtime: Runtime) -> None:
    desk, who = await make.operator(runtime), await make.label(runtime)
    channel = await make.channel(runtime, desk.organization_id, terms=(("SubscriptionModel", "OnDemandStream"),))
    release = await make.release(api, who, territories=["LA", "TH"])
    assert await offers(runtime, who, release, channel) == [Offer("STREAMING", ("TH",), date(2026, 11, 1), None)]
    assert await offers(runtime, who, await make.release(api, who, territories=["LA"]), channel) == []

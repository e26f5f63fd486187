"""Publish abroad, take down, send again: decisions, written with the jobs that carry them out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from distribution import awaited, clearance, gtins, packaging, queries
from distribution.channels import choreography
from distribution.clearance import Offer
from distribution.codes import today
from distribution.errors import NotCleared, NothingToPublish, NothingToTakeDown
from distribution.models import Channel, Delivery, DeliveryAttempt, Release
from distribution.packaging import Content
from distribution.problems import Problem
from distribution.service import own_release
from hub import audit
from hub.errors import NotFound
from hub.events import tell
from hub.formats import Listing, Territory
from hub.i18n import _
from hub.jobs import enqueue
from hub.security import Caller

AGAIN = frozenset({"REJECTED", "FAILED", "TAKEN_DOWN"})
"""States after which publishing sends a new message, whatever has been sent before."""


async def publish_abroad(
    session: AsyncSession, caller: Caller, release_id: UUID, channel_ids: Collection[UUID] | None
) -> list[Delivery]:
    """Send a release to channels (None: to every one that the rights allow). Pressing twice sends once.

    Raises `NotFound`, `Forbidden`, `NothingToPublish`, `NotCleared`; then nothing is sent anywhere.
    """
    release = await own_release(session, caller, release_id)
    content = await content_of(session, release)
    if found := packaging.problems(content):
        raise _unready(found)
    channels = await _chosen(session, channel_ids)
    if not (await queries.deliveries_of(session, [release.id]))[release.id]:
        await gtins.assign(session, release)
    deliveries = []
    refusals: list[Problem] = []
    for channel in channels:
        offers = await clearance.offers(session, release, channel, today())
        if not offers:
            if channel_ids is not None:
                raise _not_cleared([channel])
            continue
        if found := packaging.channel_problems(content, channel):
            if channel_ids is not None:
                raise _unready(found)
            refusals += found
            continue
        deliveries.append(await _send(session, release, channel, offers))
    if not deliveries:
        raise _unready(refusals) if refusals else _not_cleared(channels)
    await audit.record(
        session,
        caller,
        "distribution.release.published",
        "release",
        release.id,
        channels=[str(d.channel_id) for d in deliveries],
    )
    return deliveries


async def take_down(
    session: AsyncSession,
    caller: Caller,
    release_id: UUID,
    channel_ids: Collection[UUID] | None,
    territories: frozenset[str] | None,
) -> list[Delivery]:
    """Take a release down from channels (None: all), in some territories (None: everywhere).

    What never went out is just not sent. Raises `NotFound`, `Forbidden`, `NothingToTakeDown`.
    """
    release = await own_release(session, caller, release_id)
    there = (await queries.deliveries_of(session, [release.id]))[release.id]
    if channel_ids is not None:
        if set(channel_ids) - {delivery.channel_id for delivery in there}:
            raise NotFound(field="channelIds")
        there = [delivery for delivery in there if delivery.channel_id in channel_ids]
    taken = await _take_down(session, release, there, territories)
    if not taken:
        raise NothingToTakeDown(field="releaseId")
    await _record_takedown(session, caller, release, taken)
    return taken


async def withdraw(session: AsyncSession, release: Release) -> list[Delivery]:
    """Take a release down everywhere because its label's feed says so. What is down already stays so."""
    there = (await queries.deliveries_of(session, [release.id]))[release.id]
    taken = await _take_down(session, release, there, None)
    if taken:
        await _record_takedown(session, None, release, taken)
    return taken


async def _record_takedown(
    session: AsyncSession, caller: Caller | None, release: Release, taken: Sequence[Delivery]
) -> None:
    channels = [str(delivery.channel_id) for delivery in taken]
    await audit.record(session, caller, "distribution.release.taken_down", "release", release.id, channels=channels)


async def _take_down(
    session: AsyncSession, release: Release, there: Sequence[Delivery], territories: frozenset[str] | None
) -> list[Delivery]:
    """What is told to take it down; what says so already is left alone."""
    taken = []
    for delivery in there:
        attempt = (
            None if delivery.attempt_id is None else await queries.attempt(session, delivery.attempt_id, lock=True)
        )
        if delivery.status == "TAKEN_DOWN" or attempt is None:
            continue
        left = _without([Offer.restored(item) for item in attempt.offers], territories)
        if left == [Offer.restored(item) for item in attempt.offers] and not attempt.takedown:
            continue
        if delivery.status != "TAKING_DOWN" or attempt.offers != [offer.stored() for offer in left]:
            await _take_down_one(session, release, delivery, left)
        taken.append(delivery)
    return taken


async def send_again(session: AsyncSession, caller: Caller, delivery_id: UUID) -> Delivery:
    """Send a delivery that was rejected or has failed once more, as a new message. Raises `NotFound`, `Forbidden`, …"""
    delivery = await queries.delivery(session, delivery_id)
    if delivery is None:
        raise NotFound(field="deliveryId")
    attempt = None if delivery.attempt_id is None else await queries.attempt(session, delivery.attempt_id)
    if attempt is not None and attempt.takedown and not attempt.offers:
        [taken] = await take_down(session, caller, delivery.release_id, [delivery.channel_id], None)
        return taken
    [sent] = await publish_abroad(session, caller, delivery.release_id, [delivery.channel_id])
    return sent


async def content_of(session: AsyncSession, release: Release) -> Content:
    missing = (await awaited.of_releases(session, [release.id]))[release.id]
    return Content(release, (await queries.tracks(session, [release.id]))[release.id], missing)


async def _chosen(session: AsyncSession, channel_ids: Collection[UUID] | None) -> Sequence[Channel]:
    if channel_ids is None:
        return await queries.channels(session)
    found = await queries.channels_by_id(session, channel_ids)
    if not channel_ids or any(item not in found or not found[item].active for item in channel_ids):
        raise NotFound(field="channelIds")
    return [found[item] for item in dict.fromkeys(channel_ids)]


async def _send(session: AsyncSession, release: Release, channel: Channel, offers: list[Offer]) -> Delivery:
    """The delivery of a release to a channel, with a message on its way unless the latest one already says all this."""
    delivery = (
        await session.scalars(
            select(Delivery)
            .where(Delivery.release_id == release.id, Delivery.channel_id == channel.id)
            .with_for_update()
        )
    ).one_or_none()
    if delivery is None:
        delivery = Delivery(
            organization_id=release.organization_id, release_id=release.id, channel_id=channel.id, territories=[]
        )
        session.add(delivery)
        await session.flush()
    elif delivery.attempt_id is not None and delivery.status not in AGAIN:
        latest = await queries.attempt(session, delivery.attempt_id)
        if latest is not None and latest.offers == [offer.stored() for offer in offers]:
            return delivery
    delivery.territories = clearance.territories_of(offers)
    await _start(session, release, delivery, offers, "QUEUED", takedown=False)
    return delivery


async def _take_down_one(session: AsyncSession, release: Release, delivery: Delivery, left: list[Offer]) -> None:
    if not await queries.was_sent(session, delivery.id):
        assert delivery.attempt_id is not None
        waiting = await queries.attempt(session, delivery.attempt_id, lock=True)
        assert waiting is not None
        waiting.step = "FAILED"
        delivery.status, delivery.territories = "TAKEN_DOWN", []
        delivery.updated_at = datetime.now(UTC)
        await announce(session, delivery)
        return
    await _start(session, release, delivery, left, "TAKING_DOWN", takedown=True)


async def _start(
    session: AsyncSession, release: Release, delivery: Delivery, offers: list[Offer], status: str, *, takedown: bool
) -> None:
    attempt_id: UUID = (await session.execute(select(func.uuidv7()))).scalar_one()
    now = datetime.now(UTC)
    session.add(
        DeliveryAttempt(
            id=attempt_id,
            organization_id=delivery.organization_id,
            delivery_id=delivery.id,
            message_id=packaging.message_id(attempt_id),
            folder=choreography.folder_name(packaging.release_id(release), now),
            offers=[offer.stored() for offer in offers],
            takedown=takedown,
            before=delivery.status if takedown and delivery.status != "TAKING_DOWN" else None,
            created_at=now,
        )
    )
    await session.flush()
    delivery.attempt_id, delivery.status, delivery.problems, delivery.updated_at = attempt_id, status, [], now
    await session.flush()
    await enqueue(
        session,
        "distribution.deliver",
        lock=f"delivery:{delivery.id}",
        organization_id=str(delivery.organization_id),
        attempt_id=str(attempt_id),
    )
    await announce(session, delivery)


async def announce(session: AsyncSession, delivery: Delivery) -> None:
    """Tell whoever watches the release that its delivery has changed."""
    await tell(session, topic(delivery.release_id), delivery=str(delivery.id))


def topic(release_id: UUID) -> str:
    return f"release:{release_id}"


def _without(offers: list[Offer], territories: frozenset[str] | None) -> list[Offer]:
    if territories is None:
        return []
    kept = [
        Offer(offer.right, tuple(code for code in offer.territories if code not in territories), offer.start, offer.end)
        for offer in offers
    ]
    return [offer for offer in kept if offer.territories]


def _unready(found: Sequence[Problem]) -> NothingToPublish:
    return NothingToPublish(
        _("The release is not ready to be published. %(first)s", first=found[0].message),
        field=found[0].field,
        problems=[problem.code for problem in found],
    )


def _not_cleared(channels: Sequence[Channel]) -> NotCleared:
    territories = sorted({code for channel in channels for code in channel.territories})
    if len(channels) != 1:
        return NotCleared(field="releaseId", territories=territories)
    return NotCleared(
        _(
            "Your organization does not hold the rights for %(channel)s: %(territories)s.",
            channel=channels[0].name,
            territories=Listing(tuple(Territory(code) for code in territories[:12])),
        ),
        field="channelIds",
        territories=territories,
    )

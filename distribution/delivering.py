"""A delivery's way, step by step: prepare the message, send it, read the answer.

Each step is written before the next begins, and each may be run again: the message's id, folder and bytes never change once it is
prepared, files that arrived are not sent again, and an answer that is there already is read instead of sending. A worker killed
anywhere leaves a delivery that another one goes on with.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from distribution import clearance, packaging, queries, registry
from distribution.channels import choreography
from distribution.channels.base import PartnerError, Refused
from distribution.channels.choreography import Package, Resource
from distribution.channels.protocols import open_connection
from distribution.clearance import Offer
from distribution.messages import ern, rules
from distribution.messages.ack import Acknowledgement, Verdict
from distribution.messages.model import MessagingParty
from distribution.messages.validate import validate
from distribution.models import Channel, Delivery, DeliveryAttempt, Release
from distribution.packaging import Content, Envelope
from distribution.problems import Problem
from distribution.publishing import announce, content_of
from hub.errors import Invalid
from hub.i18n import _
from hub.jobs import enqueue
from hub.runtime import Runtime

log = logging.getLogger("banmao.distribution")

FIRST_LOOK: Final = 1.0
LONGEST_WAIT: Final = 300.0
MOST_TRIES: Final = 200
MOST_LOOKS: Final = 4000
"""About a fortnight of asking for an answer."""


@dataclass(frozen=True, slots=True)
class Job:
    """One message, with all that its steps need."""

    delivery: Delivery
    attempt: DeliveryAttempt
    release: Release
    channel: Channel
    content: Content

    @property
    def lock(self) -> str:
        return f"delivery:{self.delivery.id}"

    @property
    def latest(self) -> bool:
        return self.delivery.attempt_id == self.attempt.id


async def load(session: AsyncSession, attempt_id: UUID, *, lock: bool = False) -> Job | None:
    attempt = await queries.attempt(session, attempt_id)
    if attempt is None:
        return None
    delivery = await queries.delivery(session, attempt.delivery_id, lock=lock)
    assert delivery is not None
    if lock:
        await session.refresh(attempt, with_for_update=True)
        await session.refresh(delivery)
    release = await queries.release(session, delivery.release_id)
    channel = (await queries.channels_by_id(session, [delivery.channel_id]))[delivery.channel_id]
    assert release is not None
    return Job(delivery, attempt, release, channel, await content_of(session, release))


async def _loaded(runtime: Runtime, organization: UUID, attempt_id: UUID) -> Job | None:
    async with runtime.database.transaction(organization=organization) as tx, tx.use() as session:
        return await load(session, attempt_id)


@asynccontextmanager
async def changing(runtime: Runtime, organization: UUID, attempt_id: UUID) -> AsyncIterator[tuple[AsyncSession, Job]]:
    """A transaction that holds the delivery and its message; whoever watches is told when it commits."""
    async with runtime.database.transaction(organization=organization) as tx, tx.use() as session:
        job = await load(session, attempt_id, lock=True)
        assert job is not None
        yield session, job
        job.delivery.updated_at = datetime.now(UTC)
        await announce(session, job.delivery)


async def deliver(runtime: Runtime, organization: UUID, attempt_id: UUID, tries: int) -> None:
    """Prepare and send one message, from wherever the last run of this job stopped."""
    job = await _loaded(runtime, organization, attempt_id)
    if job is None or job.attempt.step not in ("QUEUED", "PREPARED"):
        return
    resumed = job.attempt.step == "PREPARED"
    if not resumed and not await prepare(runtime, organization, job):
        met = await _loaded(runtime, organization, attempt_id)
        resumed = met is not None and met.attempt.step == "PREPARED"
        if not resumed:
            return
    try:
        await send(runtime, organization, attempt_id, resumed=resumed)
    except Refused as refused:
        await fail(runtime, organization, attempt_id, [refused.problem])
    except PartnerError as error:
        log.warning("delivery %s: %s", attempt_id, error)
        await try_later(runtime, organization, attempt_id, tries, error.problem)


async def prepare(runtime: Runtime, organization: UUID, job: Job) -> bool:
    """Write the message once and for all. False when it may not be sent, or another run of the job was faster.

    A message that makes nothing available goes without files.
    """
    async with changing(runtime, organization, job.attempt.id) as (_session, held):
        if held.attempt.step != "QUEUED":
            return False
        if not held.latest:
            held.attempt.step = "FAILED"
            return False
        if not held.attempt.takedown:
            held.delivery.status = "PREPARING"
    message = packaging.message(job.content, envelope(job))
    content = await asyncio.to_thread(ern.build, message)
    found = rules.check(message) or await asyncio.to_thread(validate, content, runtime.settings.standards)
    if found:
        await fail(runtime, organization, job.attempt.id, found)
        return False
    key = f"deliveries/{job.attempt.id}/message.xml"
    resources = packaging.resources(job.content) if job.attempt.offers else []
    await runtime.storage.put(key, content, "application/xml")
    async with changing(runtime, organization, job.attempt.id) as (_session, held):
        if held.attempt.step != "QUEUED":
            return False
        held.attempt.step, held.attempt.message_key = "PREPARED", key
        held.attempt.files = [asdict(resource) for resource in resources]
        if not held.attempt.takedown and held.latest:
            held.delivery.status = "SENDING"
    return True


def envelope(job: Job) -> Envelope:
    """Everything about the message that is not the release. It is made of what is stored, so it is always the same."""
    channel = job.channel
    return Envelope(
        message_id=job.attempt.message_id,
        thread_id=f"BM-{job.delivery.id.hex}",
        created=job.attempt.created_at,
        sender=MessagingParty(channel.sender_party_id, channel.sender_name),
        recipient=MessagingParty(channel.party_id, channel.name),
        avs_version=channel.avs_version,
        offers=[Offer.restored(item) for item in job.attempt.offers],
        deal_terms=channel.deal_terms,
    )


async def send(runtime: Runtime, organization: UUID, attempt_id: UUID, *, resumed: bool) -> None:
    """Put the package into the partner's inbox, unless the partner has answered it already. Raises `PartnerError`."""
    job = await _loaded(runtime, organization, attempt_id)
    assert job is not None
    assert job.attempt.message_key is not None
    settings = registry.settings_of(runtime.vault, job.channel)
    with runtime.scratch.folder("delivery") as folder:
        async with open_connection(settings) as partner:
            if resumed and (answered := await _answer(partner, settings.acknowledgements, job)):
                await record_answer(runtime, organization, attempt_id, *answered)
                return
            message = folder / "message.xml"
            await runtime.storage.fetch(job.attempt.message_key, message)
            package = Package(
                job.attempt.folder,
                packaging.release_id(job.release),
                job.attempt.message_id,
                message,
                [Resource(**file) for file in job.attempt.files],
            )

            async def local(key: str) -> Path:
                path = folder / "resource"
                await runtime.storage.fetch(key, path)
                return path

            async def progress(sent: int) -> None:
                async with changing(runtime, organization, attempt_id) as (_session, held):
                    held.attempt.files_sent = sent

            await choreography.send(partner, settings.inbox, package, local, progress)
    async with changing(runtime, organization, attempt_id) as (session, held):
        held.attempt.step, held.attempt.sent_at = "SENT", datetime.now(UTC)
        if held.latest:
            held.delivery.problems = []
            if not held.attempt.takedown:
                held.delivery.status = "SENT"
        await look_later(session, held, 0)


async def look(runtime: Runtime, organization: UUID, attempt_id: UUID, looks: int) -> None:
    """Ask once whether the partner has answered; if not, ask again later, less and less often."""
    job = await _loaded(runtime, organization, attempt_id)
    if job is None or job.attempt.step != "SENT":
        return
    settings = registry.settings_of(runtime.vault, job.channel)
    found: list[Problem] = []
    try:
        async with open_connection(settings) as partner:
            answered = await _answer(partner, settings.acknowledgements, job)
    except Refused as refused:
        answered, found = None, [refused.problem]
    except PartnerError as error:
        log.warning("answer to %s: %s", attempt_id, error)
        answered, found = None, [error.problem]
    except Invalid as error:
        answered, found = None, [Problem("ANSWER_NOT_UNDERSTOOD", error.message, error.field)]
    if answered is not None:
        await record_answer(runtime, organization, attempt_id, *answered)
    elif looks >= MOST_LOOKS:
        await fail(
            runtime, organization, attempt_id, [Problem("NO_ANSWER", _("The platform has not answered. Ask it."))]
        )
    else:
        async with changing(runtime, organization, attempt_id) as (session, held):
            if held.latest:
                held.delivery.problems = [problem.stored() for problem in found]
            await look_later(session, held, looks + 1)


async def _answer(partner: Any, folder: str, job: Job) -> tuple[Acknowledgement, bytes] | None:
    answered = await choreography.acknowledgement(partner, folder, job.attempt.message_id)
    return answered if answered is not None and answered[0].sender == job.channel.party_id else None


async def record_answer(
    runtime: Runtime, organization: UUID, attempt_id: UUID, answer: Acknowledgement, content: bytes
) -> None:
    """Keep the partner's answer and let the delivery say it."""
    key = f"deliveries/{attempt_id}/answer.xml"
    await runtime.storage.put(key, content, "application/xml")
    async with changing(runtime, organization, attempt_id) as (session, job):
        if job.attempt.step not in ("PREPARED", "SENT"):
            return
        job.attempt.step, job.attempt.answer_key, job.attempt.answered_at = "ANSWERED", key, datetime.now(UTC)
        job.attempt.sent_at = job.attempt.sent_at or answer.created
        if not job.latest:
            return
        offers = [Offer.restored(item) for item in job.attempt.offers]
        job.delivery.problems = [problem.stored() for problem in answer.problems]
        if answer.verdict is Verdict.REFUSED:
            job.delivery.status = (job.attempt.before or "LIVE") if job.attempt.takedown else "REJECTED"
            return
        job.delivery.status = {Verdict.LIVE: "LIVE", Verdict.ACCEPTED: "ACKNOWLEDGED", Verdict.GONE: "TAKEN_DOWN"}[
            answer.verdict
        ]
        job.delivery.territories = clearance.territories_of(offers) if answer.verdict is not Verdict.GONE else []
        if answer.verdict is Verdict.ACCEPTED and offers:
            start = datetime.combine(min(offer.start for offer in offers), time(), UTC)
            await enqueue(
                session,
                "distribution.go_live",
                lock=job.lock,
                at=max(start, datetime.now(UTC)),
                organization_id=str(organization),
                attempt_id=str(attempt_id),
            )


async def go_live(runtime: Runtime, organization: UUID, attempt_id: UUID) -> None:
    """The first deal of a message that the platform has accepted begins today."""
    async with changing(runtime, organization, attempt_id) as (_session, job):
        if job.latest and job.delivery.status == "ACKNOWLEDGED":
            job.delivery.status = "LIVE"


async def fail(runtime: Runtime, organization: UUID, attempt_id: UUID, found: Sequence[Problem]) -> None:
    async with changing(runtime, organization, attempt_id) as (_session, job):
        job.attempt.step = "FAILED"
        if job.latest:
            job.delivery.status = "FAILED"
            job.delivery.problems = [problem.stored() for problem in found]


async def try_later(runtime: Runtime, organization: UUID, attempt_id: UUID, tries: int, problem: Problem) -> None:
    if tries >= MOST_TRIES:
        await fail(runtime, organization, attempt_id, [problem])
        return
    async with changing(runtime, organization, attempt_id) as (session, job):
        if job.latest:
            job.delivery.problems = [problem.stored()]
        await enqueue(
            session,
            "distribution.deliver",
            lock=job.lock,
            at=_after(tries),
            organization_id=str(organization),
            attempt_id=str(attempt_id),
            tries=tries + 1,
        )


async def look_later(session: AsyncSession, job: Job, looks: int) -> None:
    await enqueue(
        session,
        "distribution.look",
        lock=job.lock,
        at=_after(looks),
        organization_id=str(job.delivery.organization_id),
        attempt_id=str(job.attempt.id),
        looks=looks,
    )


def _after(times: int) -> datetime:
    """When to do something again: after a second at first, after five minutes in the end."""
    return datetime.now(UTC) + timedelta(seconds=min(FIRST_LOOK * 1.5 ** min(times, 40), LONGEST_WAIT))

"""Decisions and writes about samples: brought, shown, taken back, removed, opened."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from accounts.policies import require
from catalog import service as catalog
from catalog.assets import policies, queries
from catalog.assets.errors import AudienceUnclear, FileMissing, GrantUnknown, NotReady, SampleUnknown
from catalog.assets.models import Opening, Sample, SampleCopy, SampleGrant, SampleOpening, SampleStatus
from catalog.errors import NotYourWork
from catalog.models import Work
from hub import audit, events, jobs
from hub.errors import Invalid, NotFound
from hub.i18n import _
from hub.runtime import Runtime
from hub.security import Caller
from hub.storage import Readable
from hub.uploads import service as uploads
from hub.uploads.models import Upload

CHECK = "catalog.sample.check"
FORGET_COPY = "catalog.sample.forget_copy"
FORGET_SAMPLE = "catalog.sample.forget"
LONGEST_SHARING = timedelta(days=365)
COPY_KEPT = timedelta(days=2)
UNNAMED = "sample"
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are taken for each other on paper."""


def topic(sample_id: UUID) -> str:
    """The name under which news of a sample is told (`hub.events`)."""
    return f"sample:{sample_id}"


async def add(
    session: AsyncSession,
    runtime: Runtime,
    caller: Caller,
    work_id: UUID,
    *,
    upload_id: UUID | None,
    file: Readable | None,
) -> Sample:
    """Make a sample of a finished upload, or of a file that came with the form. A job looks at it; until then nobody sees it."""
    work = await catalog.visible(session, caller, work_id)
    if not policies.may_bring(caller, work):
        raise NotYourWork
    if upload_id is not None:
        upload = await uploads.take(session, caller, upload_id)
    elif file is not None:
        upload = await uploads.keep(session, runtime, caller, file)
    else:
        raise FileMissing(field="file")
    row = await _begin(session, work, caller.person_id, upload)
    await audit.record(session, caller, "catalog.sample.added", "sample", row.id, work_id=str(work.id))
    return row


async def take_in(
    session: AsyncSession, runtime: Runtime, work: Work, person_id: UUID, name: str, content: bytes
) -> Sample:
    """The same for a file of the hub's own making: the demo."""
    upload = await uploads.put(session, runtime, work.owner_id, person_id, content, name)
    return await _begin(session, work, person_id, upload)


async def _begin(session: AsyncSession, work: Work, person_id: UUID, upload: Upload) -> Sample:
    row = Sample(organization_id=work.owner_id, work_id=work.id, person_id=person_id, name=upload.name or UNNAMED)
    session.add(row)
    await session.flush()
    await session.refresh(row)
    organization = str(work.owner_id)
    await jobs.enqueue(session, CHECK, sample_id=str(row.id), upload_id=str(upload.id), organization_id=organization)
    return row


async def visible(session: AsyncSession, sample_id: UUID) -> Sample:
    """A sample that the reader may see. SampleUnknown."""
    row = await queries.sample(session, sample_id)
    if row is None:
        raise SampleUnknown(field="sampleId")
    return row


async def _own(session: AsyncSession, caller: Caller, sample_id: UUID) -> Sample:
    row = await queries.sample(session, sample_id)
    if row is None or not policies.is_of_owner(caller, row):
        raise SampleUnknown(field="sampleId")
    require(policies.may_share(caller, row))
    return row


async def share(
    session: AsyncSession,
    caller: Caller,
    sample_id: UUID,
    *,
    everybody: bool,
    organization_id: UUID | None,
    email: str | None,
    expires_at: datetime,
) -> SampleGrant:
    """Show the sample to one audience until a moment; doing it again moves the moment.

    NotReady, AudienceUnclear, INVALID for a moment that is over or more than a year ahead.
    """
    row = await _own(session, caller, sample_id)
    if row.status != SampleStatus.READY.value:
        raise NotReady(field="sampleId")
    if sum((everybody, organization_id is not None, email is not None)) != 1:
        raise AudienceUnclear(field="organizationId")
    if organization_id is not None and not await accounts.organizations(session, [organization_id]):
        raise NotFound(field="organizationId")
    now = datetime.now(UTC)
    if not now < expires_at <= now + LONGEST_SHARING:
        raise Invalid(_("Choose a day between tomorrow and a year from now."), field="expiresAt")
    return await grant(
        session, row, caller.person_id, to_id=organization_id, email=email, expires_at=expires_at, caller=caller
    )


async def grant(
    session: AsyncSession,
    row: Sample,
    person_id: UUID,
    *,
    to_id: UUID | None = None,
    email: str | None = None,
    expires_at: datetime,
    caller: Caller | None = None,
) -> SampleGrant:
    """Write a grant, whoever does it: a person or the demo."""
    values = {
        "sample_id": row.id,
        "organization_id": row.organization_id,
        "person_id": person_id,
        "to_id": to_id,
        "email": email.lower() if email else None,
        "expires_at": expires_at,
    }
    written = (
        insert(SampleGrant)
        .values(values)
        .on_conflict_do_update(
            index_elements=["sample_id", "to_id", "email"],
            index_where=SampleGrant.revoked_at.is_(None),
            set_={"expires_at": expires_at, "person_id": person_id, "created_at": func.now()},
        )
        .returning(SampleGrant)
    )
    made = (await session.scalars(written, execution_options={"populate_existing": True})).one()
    audience = "organization" if to_id else "person" if email else "everybody"
    await audit.record(session, caller, "catalog.sample.shared", "sample", row.id, audience=audience)
    return made


async def revoke(session: AsyncSession, caller: Caller, grant_id: UUID) -> Sample:
    """Take a sharing back: from now on nobody opens the sample by it, whatever address they have. GrantUnknown."""
    found = await queries.grant(session, grant_id, lock=True)
    if found is None or found.organization_id != caller.organization_id:
        raise GrantUnknown(field="grantId")
    row = await _own(session, caller, found.sample_id)
    found.revoked_at = datetime.now(UTC)
    await session.flush()
    await audit.record(session, caller, "catalog.sample.unshared", "sample", row.id, grant_id=str(found.id))
    return row


async def remove(session: AsyncSession, caller: Caller, sample_id: UUID) -> Sample:
    """Take the sample away from everybody and delete its file. Who opened it stays written down."""
    row = await _own(session, caller, sample_id)
    row.removed_at = datetime.now(UTC)
    await session.flush()
    await jobs.enqueue(session, FORGET_SAMPLE, sample_id=str(row.id))
    await audit.record(session, caller, "catalog.sample.removed", "sample", row.id)
    return row


@dataclass(frozen=True, slots=True)
class Opened:
    """A sample in a reader's hands. `copy`: the reader's own marked copy; None for the owner's people, who see it as it is."""

    sample: Sample
    copy: SampleCopy | None


async def open_sample(session: AsyncSession, caller: Caller, sample_id: UUID, how: Opening) -> Opened:
    """Let somebody open a sample, and write it down. SampleUnknown when it is not shown to them."""
    row = await visible(session, sample_id)
    if row.status != SampleStatus.READY.value:
        raise SampleUnknown
    if policies.is_of_owner(caller, row):
        return Opened(row, None)
    by = await queries.reaching(session, row.id)
    if by is None:
        raise SampleUnknown
    copy = await _copy(session, caller, row)
    noted = insert(SampleOpening).values(
        sample_id=row.id,
        owner_id=row.organization_id,
        person_id=caller.person_id,
        organization_id=caller.organization_id,
        grant_id=by.id,
        code=copy.code,
        how=how.value,
    )
    await session.execute(noted.on_conflict_do_nothing().inline())
    return Opened(row, copy)


async def _copy(session: AsyncSession, caller: Caller, row: Sample) -> SampleCopy:
    """Today's copy of this viewer; of two who ask at once one makes it."""
    found = await queries.copy_of_today(session, row.id, caller.person_id, caller.organization_id)
    if found is not None:
        return found
    made = insert(SampleCopy).values(
        sample_id=row.id,
        owner_id=row.organization_id,
        person_id=caller.person_id,
        organization_id=caller.organization_id,
        code=new_code(),
    )
    await session.execute(made.on_conflict_do_nothing().inline())
    found = await queries.copy_of_today(session, row.id, caller.person_id, caller.organization_id)
    assert found is not None
    await jobs.enqueue(
        session,
        FORGET_COPY,
        once=f"{FORGET_COPY}:{found.id}",
        at=datetime.now(UTC) + COPY_KEPT,
        copy_id=str(found.id),
        pages=row.pages or 0,
    )
    return found


def new_code() -> str:
    """Eight letters, as `7K3Q-9XTD`: 40 bits, enough that nobody writes another's by chance."""
    drawn = "".join(secrets.choice(LETTERS) for _letter in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def code_as_kept(typed: str) -> str:
    """A code as somebody read it off a page."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


async def settled(session: AsyncSession, row: Sample) -> None:
    """Tell whoever waits that a sample has been looked at."""
    await events.tell(session, topic(row.id))

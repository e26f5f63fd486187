"""Samples in GraphQL: bringing, sharing, and the report of who opened what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast
from zoneinfo import available_timezones

import strawberry
from strawberry.file_uploads import Upload

from catalog.assets import models, policies, queries, service
from catalog.assets.api.types import (
    DayOpenings,
    OrganizationOpenings,
    Sample,
    SampleOpening,
    SampleReport,
    SampleTally,
    SampleTrace,
    person_name,
)
from catalog.assets.loaders import SamplesLoader
from catalog.loaders import WorkLoader
from catalog.policies import may_see
from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import _
from hub.storage import Readable
from hub.types import Connection, after_row, connection, page_size, row_id, words

LONGEST_EMAIL = 254
REPORT_DAYS = 30


async def _own(info: Info, sample_id: str) -> models.Sample | None:
    """A sample of the caller's organization."""
    caller = info.context.person
    async with info.context.tx.use() as session:
        row = await queries.sample(session, row_id(sample_id, "sampleId"))
    return row if row is not None and policies.is_of_owner(caller, row) else None


@strawberry.type
class Queries:
    @strawberry.field(description="A sample that is shown to me; null when there is none")
    async def sample(self, info: Info, id: ID) -> Sample | None:
        _caller = info.context.person
        async with info.context.tx.use() as session:
            row = await queries.sample(session, row_id(id))
        return Sample.of(row) if row else None

    @strawberry.field(description="The samples of a work that are shown to me, oldest first")
    async def samples(self, info: Info, work_id: ID) -> list[Sample]:
        caller = info.context.person
        work = await info.context.load(WorkLoader, row_id(work_id, "workId"))
        if work is None or not may_see(caller, work):
            return []
        return [Sample.of(row) for row in await info.context.load(SamplesLoader, work.id) or []]

    @strawberry.field(description="My organization's samples, newest first")
    async def my_samples(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Sample]:
        caller = info.context.person
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.mine(session, caller.organization_id, after_row(after), size + 1)
        return connection(rows, total, size, Sample.of)

    @strawberry.field(
        description="Who opened a sample of mine; null when it is not mine. zone: whose calendar the days are of, such as"
        " Asia/Bangkok"
    )
    async def sample_report(self, info: Info, sample_id: ID, zone: str = "UTC") -> SampleReport | None:
        row = await _own(info, sample_id)
        if row is None:
            return None
        if zone not in available_timezones():
            raise Invalid(field="zone")
        async with info.context.tx.use() as session:
            organizations = await queries.by_organization(session, row.id)
            today = await queries.today(session, zone)
            first = today - timedelta(days=REPORT_DAYS - 1)
            counted = await queries.by_day(session, row.id, zone, first)
        days = [first + timedelta(days=number) for number in range(REPORT_DAYS)]
        return SampleReport(
            organizations=[
                OrganizationOpenings(tally=SampleTally.of(tally), organization_id=organization)
                for organization, tally in organizations
            ],
            days=[DayOpenings(day=day, openings=counted.get(day, 0)) for day in days],
        )

    @strawberry.field(description="Every opening of a sample of mine, newest first; null when it is not mine")
    async def sample_openings(
        self, info: Info, sample_id: ID, first: int = 20, after: str | None = None
    ) -> Connection[SampleOpening] | None:
        row = await _own(info, sample_id)
        if row is None:
            return None
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.openings(session, row.id, after_row(after), size + 1)
        return connection(rows, total, size, SampleOpening.of)

    @strawberry.field(description="Whose copy of a sample of mine carries this code; null when none does")
    async def sample_trace(self, info: Info, code: str) -> SampleTrace | None:
        caller = info.context.person
        typed = words(code, "code", longest=40)
        async with info.context.tx.use() as session:
            row = await queries.copy_by_code(session, caller.organization_id, service.code_as_kept(typed or ""))
        if row is None:
            return None
        return SampleTrace(person=await person_name(info, row.person_id), created_at=row.created_at, row=row)


@strawberry.type
class Mutations:
    @strawberry.mutation(
        description="Add a sample to a work of mine: a finished upload (tus, /uploads) or a file. A job checks it; nobody sees"
        " it until it is shared"
    )
    async def add_sample(
        self, info: Info, work_id: ID, upload_id: ID | None = None, file: Upload | None = None
    ) -> Sample:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.add(
                session,
                info.context.runtime,
                caller,
                row_id(work_id, "workId"),
                upload_id=row_id(upload_id, "uploadId") if upload_id else None,
                file=cast(Readable | None, file),
            )
        return Sample.of(row)

    @strawberry.mutation(
        description="Show a sample of mine until a moment: to everybody who has signed in, an organization, or one person by"
        " e-mail. Again for the same: the moment moves"
    )
    async def share_sample(
        self,
        info: Info,
        sample_id: ID,
        expires_at: datetime,
        organization_id: ID | None = None,
        email: str | None = None,
        everybody: bool = False,
    ) -> Sample:
        caller = info.context.person
        address = words(email, "email", longest=LONGEST_EMAIL, required=False)
        if address is not None and "@" not in address[1:-1]:
            raise Invalid(_("Enter an e-mail address such as name@example.org."), field="email")
        async with info.context.tx.use() as session:
            found = await service.share(
                session,
                caller,
                row_id(sample_id, "sampleId"),
                everybody=everybody,
                organization_id=row_id(organization_id, "organizationId") if organization_id else None,
                email=address,
                expires_at=expires_at,
            )
            row = await service.visible(session, found.sample_id)
        info.context.forget()
        return Sample.of(row)

    @strawberry.mutation(description="Take a sharing back, at once")
    async def end_sharing(self, info: Info, grant_id: ID) -> Sample:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.revoke(session, caller, row_id(grant_id, "grantId"))
        info.context.forget()
        return Sample.of(row)

    @strawberry.mutation(description="Take a sample of mine away and delete its file; the report of its openings stays")
    async def remove_sample(self, info: Info, sample_id: ID) -> bool:
        caller = info.context.person
        async with info.context.tx.use() as session:
            await service.remove(session, caller, row_id(sample_id, "sampleId"))
        return True

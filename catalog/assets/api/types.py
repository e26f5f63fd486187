"""Samples and their reports, as GraphQL types."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import strawberry

from accounts.api import Organization
from accounts.loaders import PersonLoader
from catalog.api.types import Work
from catalog.assets import examining, links, marking, models, policies, problems, queries
from catalog.assets.loaders import GrantsLoader, TalliesLoader
from catalog.assets.marking import Marking
from catalog.assets.models import Opening, SampleFormat, SampleStatus
from hub.context import ID, Info
from hub.types import BigInt, Problem, page_size

strawberry.enum(SampleFormat)
strawberry.enum(SampleStatus)
strawberry.enum(Marking, name="SampleMarking")
strawberry.enum(Opening, name="SampleOpeningKind")


@strawberry.type(
    description="Shows a sample to an organization, to one person (email), or (neither) to everybody who has signed in"
)
class SampleGrant:
    id: ID
    email: str | None
    expires_at: datetime
    over: bool
    row: strawberry.Private[models.SampleGrant]

    @strawberry.field
    async def organization(self, info: Info) -> Organization | None:
        return await Organization.load(info, self.row.to_id) if self.row.to_id else None

    @classmethod
    def of(cls, row: models.SampleGrant) -> SampleGrant:
        over = row.expires_at <= datetime.now(UTC)
        return cls(id=ID(str(row.id)), email=row.email, expires_at=row.expires_at, over=over, row=row)


@strawberry.type(description="How often something was opened, how often as a file, by how many people, and when last")
class SampleTally:
    openings: int
    downloads: int
    people: int
    last: datetime

    @classmethod
    def of(cls, tally: queries.Tally) -> SampleTally:
        return cls(openings=tally.openings, downloads=tally.downloads, people=tally.people, last=tally.last)


@strawberry.type(
    description="A file that gives a taste of a work. Addresses are signed for whoever asks, for some hours; what they open"
    " is marked and written down, unless the owner's own people ask"
)
class Sample:
    id: ID
    name: str
    status: SampleStatus
    format: SampleFormat | None
    bytes: BigInt | None
    pages: int | None
    duration_ms: int | None
    width: int | None = strawberry.field(description="In pixels; of the pages of a PDF in points")
    height: int | None
    created_at: datetime
    row: strawberry.Private[models.Sample]

    @strawberry.field
    async def work(self, info: Info) -> Work:
        return await Work.load(info, self.row.work_id)

    @strawberry.field(description="Whether the caller acts for the owner")
    def mine(self, info: Info) -> bool:
        return policies.is_of_owner(info.context.caller, self.row)

    @strawberry.field(description="Whether the caller may share, end sharing and remove")
    def editable(self, info: Info) -> bool:
        caller = info.context.caller
        return caller is not None and policies.may_share(caller, self.row)

    @strawberry.field(description="Why it was refused, or what is odd about it; for the owner")
    def problem(self, info: Info) -> Problem | None:
        kept = self.row.problem
        if kept is None or not policies.is_of_owner(info.context.caller, self.row):
            return None
        message = problems.sentence(kept).render(info.context.language)
        return Problem(code=kept["code"], field="file", line=None, message=message)

    @strawberry.field(description="What of the viewer a copy carries; null until it has been checked")
    def marking(self) -> Marking | None:
        return marking.marking_of(self.row.format) if self.row.format else None

    @strawberry.field(description="Small picture of it, 160 or 480 pixels wide; null without one")
    def thumbnail_url(self, info: Info, width: int = 160) -> str | None:
        size = next((known for known in examining.THUMBNAILS if known >= width), examining.THUMBNAILS[-1])
        return self._address(info, f"thumbnails/{size}.jpg") if self.row.has_thumbnail else None

    @strawberry.field(description="Pages or pictures as JPEG; empty for what has none")
    def page_urls(self, info: Info, first: int = 12, skip: int = 0) -> list[str]:
        size = page_size(first, info)
        if self.row.format not in marking.DRAWN or skip < 0:
            return []
        numbers = range(skip + 1, min(self.row.pages or 0, skip + size) + 1)
        return [address for number in numbers if (address := self._address(info, f"pages/{number}.jpg"))]

    @strawberry.field(description="The whole file, for a browser or player to show; ranges are answered")
    def file_url(self, info: Info) -> str | None:
        return self._address(info, "file")

    @strawberry.field(description="The whole file, to be kept")
    def download_url(self, info: Info) -> str | None:
        return self._address(info, "download")

    @strawberry.field(description="To whom it is shown; for others than the owner, until when to them")
    async def grants(self, info: Info) -> list[SampleGrant]:
        return [SampleGrant.of(row) for row in await info.context.load(GrantsLoader, self.row.id) or []]

    @strawberry.field(description="For the owner; null when nobody has opened it")
    async def tally(self, info: Info) -> SampleTally | None:
        if not policies.is_of_owner(info.context.caller, self.row):
            return None
        found = await info.context.load(TalliesLoader, self.row.id)
        return SampleTally.of(found) if found else None

    def _address(self, info: Info, what: str) -> str | None:
        if self.row.status != SampleStatus.READY.value:
            return None
        ticket = links.ticket(info.context.runtime.settings.key, info.context.person, self.row.id)
        return f"/samples/{self.row.id}/{ticket}/{what}"

    @classmethod
    def of(cls, row: models.Sample) -> Sample:
        return cls(
            id=ID(str(row.id)),
            name=row.name,
            status=SampleStatus(row.status),
            format=SampleFormat(row.format) if row.format else None,
            bytes=BigInt(row.bytes) if row.bytes is not None else None,
            pages=row.pages,
            duration_ms=row.duration_ms,
            width=row.width,
            height=row.height,
            created_at=row.created_at,
            row=row,
        )


@strawberry.type(description="Somebody opened a sample. code: on the copy that they had")
class SampleOpening:
    id: ID
    how: Opening
    code: str
    created_at: datetime
    row: strawberry.Private[models.SampleOpening]

    @strawberry.field
    async def organization(self, info: Info) -> Organization:
        return await Organization.load(info, self.row.organization_id)

    @strawberry.field(description="The person's name")
    async def person(self, info: Info) -> str:
        return await person_name(info, self.row.person_id)

    @classmethod
    def of(cls, row: models.SampleOpening) -> SampleOpening:
        return cls(id=ID(str(row.id)), how=Opening(row.how), code=row.code, created_at=row.created_at, row=row)


async def person_name(info: Info, person_id: UUID) -> str:
    person = await info.context.load(PersonLoader, person_id)
    return person.name if person else ""


@strawberry.type
class OrganizationOpenings:
    tally: SampleTally
    organization_id: strawberry.Private[UUID]

    @strawberry.field
    async def organization(self, info: Info) -> Organization:
        return await Organization.load(info, self.organization_id)


@strawberry.type
class DayOpenings:
    day: date
    openings: int


@strawberry.type(description="days: every day of the last weeks, the last one today, days without openings among them")
class SampleReport:
    organizations: list[OrganizationOpenings]
    days: list[DayOpenings]


@strawberry.type(description="Whose copy carries a trace code, and since when they had it")
class SampleTrace:
    person: str
    created_at: datetime
    row: strawberry.Private[models.SampleCopy]

    @strawberry.field
    async def organization(self, info: Info) -> Organization:
        return await Organization.load(info, self.row.organization_id)

    @strawberry.field
    async def sample(self, info: Info) -> Sample:
        async with info.context.tx.use() as session:
            [row] = await queries.samples(session, [self.row.sample_id])
        return Sample.of(row)

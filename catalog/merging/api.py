"""Possible doubles, in GraphQL."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

import strawberry

from catalog.api.types import Work
from catalog.imports.api import CatalogFormat
from catalog.loaders import WorkLoader
from catalog.merging import queries, service
from catalog.merging.models import Proposal, ProposalStatus, Reason
from catalog.merging.waiting import record_of
from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import _
from hub.types import Connection, LanguageTag, connection, page_size, place, row_id

MOST_AT_ONCE = 100

strawberry.enum(Reason, name="DoubleReason")
strawberry.enum(ProposalStatus, name="DoubleStatus")


@strawberry.enum
class DoubleDecision(Enum):
    """MERGE: the same work. LIST: another one. LEAVE_OUT: not wanted."""

    MERGE = ProposalStatus.MERGED.value
    LIST = ProposalStatus.LISTED.value
    LEAVE_OUT = ProposalStatus.LEFT_OUT.value


@strawberry.type(description="What the record that waits says")
class WaitingRecord:
    reference: str
    format: CatalogFormat
    title: str | None
    language: LanguageTag | None
    contributors: list[str]
    identifiers: list[str]
    publication_year: int | None


@strawberry.type(description="A record that may be a work that is listed. score: 0 to 100, how near their titles are")
class PossibleDouble:
    id: ID
    reason: Reason
    score: int
    status: ProposalStatus
    created_at: datetime
    record: WaitingRecord
    work_id: strawberry.Private[UUID]
    listed_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The work that the record may be")
    async def work(self, info: Info) -> Work:
        row = await info.context.load(WorkLoader, self.work_id)
        assert row is not None
        return Work.of(row)

    @strawberry.field(description="The work that the record became, once decided")
    def listed(self) -> ID | None:
        return ID(str(self.listed_id)) if self.listed_id else None

    @classmethod
    def of(cls, row: Proposal) -> PossibleDouble:
        record = record_of(row)
        return cls(
            id=ID(str(row.id)),
            reason=Reason(row.reason),
            score=row.score,
            status=ProposalStatus(row.status),
            created_at=row.created_at,
            work_id=row.work_id,
            listed_id=row.listed_id,
            record=WaitingRecord(
                reference=row.reference,
                format=CatalogFormat(row.format),
                title=record.titles[0].text if record.titles else None,
                language=LanguageTag(record.titles[0].language) if record.titles else None,
                contributors=[credit.name for credit in record.credits],
                identifiers=[f"{found.scheme} {found.value}" for found in record.identifiers],
                publication_year=record.publication_year,
            ),
        )


@strawberry.type
class Queries:
    @strawberry.field(description="Records that wait for my organization's decision, the likeliest doubles first")
    async def possible_doubles(
        self, info: Info, least: int = 0, first: int = 20, after: str | None = None
    ) -> Connection[PossibleDouble]:
        caller, size = info.context.person, page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.open_proposals(
                session, caller.organization_id, least=least, before=_place(after), limit=size + 1
            )
        return connection(rows, total, size, PossibleDouble.of, at=lambda row: f"{row.score}|{row.id}")


@strawberry.type
class Mutations:
    @strawberry.mutation(description="Decide on possible doubles, all or none; at most 100")
    async def decide_doubles(self, info: Info, ids: list[ID], decision: DoubleDecision) -> list[PossibleDouble]:
        caller = info.context.person
        if not 1 <= len(ids) <= MOST_AT_ONCE:
            raise Invalid(_("Choose between 1 and %(most)s titles.", most=MOST_AT_ONCE), field="ids")
        wanted = [row_id(one, f"ids.{at}") for at, one in enumerate(ids)]
        async with info.context.tx.use() as session:
            rows = await service.decide(session, caller, wanted, ProposalStatus(decision.value))
        info.context.forget()
        return [PossibleDouble.of(row) for row in rows]

    @strawberry.mutation(
        description="Decide on everything that waits with at least this score, as a job. Answers how much that is"
    )
    async def decide_all_doubles(self, info: Info, decision: DoubleDecision, least: int = 0) -> int:
        caller = info.context.person
        async with info.context.tx.use() as session:
            return await service.decide_all(session, caller, ProposalStatus(decision.value), least)


def _place(after: str | None) -> tuple[int, UUID] | None:
    if (value := place(after)) is None:
        return None
    score, _bar, proposal_id = value.partition("|")
    if not score.isdigit():
        raise Invalid(_("This list cannot be continued from here. Start it again."), field="after")
    return int(score), row_id(ID(proposal_id), "after")

"""Every SELECT of the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text, tuple_, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from accounts.models import Organization
from catalog.formats.references import id_of_reference
from catalog.identifiers import Identified
from catalog.imports.models import ImportRow
from catalog.models import Asset, Contributor, Holdback, Identifier, Mandate, SearchChange, Work, WorkStatus
from hub.bulk import among
from hub.database import rows
from hub.security import Caller
from translation import queries as texts
from translation.choice import Shown
from translation.models import Rendering, Text

CHANGES = text(
    "SELECT xid::text::bigint AS xid, seq, work_id FROM search_feed"
    " WHERE (xid, seq) > (CAST(CAST(:xid AS text) AS xid8), :seq) AND xid < pg_snapshot_xmin(pg_current_snapshot())"
    " ORDER BY search_feed.xid, seq LIMIT :limit"
)
HORIZON = text(
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1,"
    " coalesce((SELECT max(seq) FROM search_feed WHERE xid < pg_snapshot_xmin(pg_current_snapshot())), 0)"
)
OfWork = TypeVar("OfWork", Contributor, Identifier, Mandate, Holdback)


async def work(session: AsyncSession, work_id: UUID, *, lock: bool = False) -> Work | None:
    """One work; with `lock` nobody else changes it until the transaction ends."""
    query = select(Work).where(Work.id == work_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def works(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Work]:
    return (await session.scalars(select(Work).where(Work.id.in_(ids)))).all()


async def published(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Work]:
    """Those of `ids` that everybody may see."""
    query = select(Work).where(among(Work.id, ids), Work.status == WorkStatus.PUBLISHED.value)
    return (await session.scalars(query)).all()


class WorkRow(NamedTuple):
    """A work, as a row: for showing, not for changing."""

    id: UUID
    kind: str
    status: str
    owner_id: UUID
    original_language: str
    title_id: UUID
    description_id: UUID | None
    publication_year: int | None
    country_of_origin: str | None
    subjects: Sequence[str]
    record_reference: str | None
    cover_id: UUID | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ContributorRow(NamedTuple):
    """A contributor, as a row."""

    name: str
    name_original: str | None
    role: str


class CoverRow(NamedTuple):
    """A cover, as a row."""

    id: UUID
    sha256: str
    widths: Sequence[int]


class Card(NamedTuple):
    """What a list shows of a work. `title` and `description`: for the reader; None where they may not read them."""

    work: Work
    title: Shown | None
    description: Shown | None
    owner: Organization
    contributors: list[Contributor]
    cover: Asset | None


def carded(languages: str) -> str:
    """The columns of works `w` that make a `card`, with texts in some languages, of an expression for their tags."""
    return (
        f"{', '.join(f'w.{name}' for name in WorkRow._fields)}, json_build_array("  # noqa: S608
        f"{texts.telling('w.title_id', languages)}, {texts.telling('w.description_id', languages)},"
        f" {accounts.presented('w.owner_id')},"
        " (SELECT json_agg(json_build_array(c.name, c.name_original, c.role) ORDER BY c.position)"
        " FROM contributors c WHERE c.work_id = w.id),"
        " (SELECT json_build_array(a.sha256, a.widths) FROM assets a WHERE a.id = w.cover_id))"
    )


CARDS = f"SELECT {carded('$2')} FROM works w WHERE w.id = ANY($1::uuid[]) AND w.status = 'PUBLISHED'"  # noqa: S608


async def cards(session: AsyncSession, ids: Collection[str], language: str) -> Mapping[str, Card]:
    """Those of `ids` that everybody may see, with all that a list shows of them, in one statement."""
    found = await rows(session, CARDS, list(ids), texts.forms(language))
    return {str(row[0]): card(row, language) for row in found}


def card(row: Sequence[Any], language: str) -> Card:
    """The card of the columns that `carded` names."""
    work = WorkRow(*row[:-1])
    title, description, owner, credited, cover = row[-1]
    contributors = [ContributorRow(*each) for each in credited or ()]
    return Card(
        work=cast(Work, work),
        title=texts.shown(work.title_id, title, language) if title else None,
        description=texts.shown(work.description_id, description, language)
        if work.description_id and description
        else None,
        owner=accounts.shown(work.owner_id, owner),
        contributors=cast(list[Contributor], contributors),
        cover=cast(Asset, CoverRow(work.cover_id, *cover)) if work.cover_id and cover else None,
    )


async def published_ids(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Ids of published works in order, from just after one of them."""
    query = select(Work.id).where(Work.status == WorkStatus.PUBLISHED.value).order_by(Work.id).limit(limit)
    return (await session.scalars(query.where(Work.id > after) if after else query)).all()


async def count_published(session: AsyncSession) -> int:
    return (await session.scalars(select(func.count()).where(Work.status == WorkStatus.PUBLISHED.value))).one()


def _mine(owner_id: UUID, status: str | None, kind: str | None, words: str | None) -> Select[Work]:
    query = select(Work).where(Work.owner_id == owner_id)
    if status is not None:
        query = query.where(Work.status == status)
    if kind is not None:
        query = query.where(Work.kind == kind)
    if words:
        pattern = f"%{words.replace('%', '').replace('_', '')}%"
        titled = select(Text.id).where(Text.id == Work.title_id, Text.words.ilike(pattern))
        rendered = select(Rendering.id).where(Rendering.text_id == Work.title_id, Rendering.words.ilike(pattern))
        coded = select(Identifier.value).where(Identifier.work_id == Work.id, Identifier.value.ilike(pattern))
        query = query.where(or_(titled.exists(), rendered.exists(), coded.exists()))
    return query


async def my_works(
    session: AsyncSession,
    caller: Caller,
    *,
    status: str | None,
    kind: str | None,
    words: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> tuple[Sequence[Work], int]:
    """The caller's organization's works, last changed first, from just after `before`; and how many there are in all."""
    mine = _mine(caller.organization_id, status, kind, words)
    total = await session.scalar(select(func.count()).select_from(mine.subquery()))
    page = mine.order_by(Work.updated_at.desc(), Work.id.desc()).limit(limit)
    if before is not None:
        page = page.where(tuple_(Work.updated_at, Work.id) < tuple_(*before))
    return (await session.scalars(page)).all(), total or 0


async def listed(session: AsyncSession, owner_id: UUID, chosen: Mapping[str, Any]) -> Mapping[str, int]:
    """How many of the owner's works of each kind are chosen (`Export.chosen`)."""
    of = _listed(owner_id, chosen).subquery()
    rows = await session.execute(select(of.c.kind, func.count()).group_by(of.c.kind))
    return {row[0]: row[1] for row in rows}


async def listed_page(
    session: AsyncSession,
    owner_id: UUID,
    chosen: Mapping[str, Any],
    kinds: Collection[str],
    after: UUID | None,
    limit: int,
) -> Sequence[Work]:
    """Chosen works of some kinds in the order in which they were listed, from just after one of them."""
    query = _listed(owner_id, chosen).where(Work.kind.in_(kinds)).order_by(Work.id).limit(limit)
    return (await session.scalars(query.where(Work.id > after) if after else query)).all()


def _listed(owner_id: UUID, chosen: Mapping[str, Any]) -> Select[Work]:
    if "ids" in chosen:
        ids = [UUID(work_id) for work_id in chosen["ids"]]
        return select(Work).where(Work.owner_id == owner_id, Work.id.in_(ids))
    query = _mine(owner_id, chosen.get("status"), chosen.get("kind"), chosen.get("query"))
    if "import" in chosen:
        query = query.where(Work.id.in_(select(ImportRow.work_id).where(ImportRow.import_id == UUID(chosen["import"]))))
    return query


async def publish_drafts(
    session: AsyncSession, owner_id: UUID, chosen: Mapping[str, Any], now: datetime
) -> Sequence[UUID]:
    """Publish the drafts among chosen works, locked in one order; answers which they were."""
    drafts = _listed(owner_id, chosen).where(Work.status == WorkStatus.DRAFT.value).order_by(Work.id)
    ids = (await session.scalars(drafts.with_only_columns(Work.id).with_for_update(of=Work))).all()
    values = {"status": WorkStatus.PUBLISHED.value, "updated_at": now, "published_at": now}
    await session.execute(update(Work).where(among(Work.id, ids)).values(values))
    return ids


def told(owner_id: UUID, chosen: Mapping[str, Any], purposes: Collection[str]) -> Select[UUID]:
    """The texts (ids) in which chosen works of the owner's are told: of titles, of descriptions, or both."""
    works = _listed(owner_id, chosen).subquery()
    of = {"title": works.c.title_id, "description": works.c.description_id}
    columns = [select(column).where(column.is_not(None)) for purpose, column in of.items() if purpose in purposes]
    return select(union(*columns).subquery().c[0])


async def by_references(session: AsyncSession, owner_id: UUID, references: Collection[str]) -> Mapping[str, Work]:
    """The owner's works by the sender's own keys, or by those that the hub makes for works without one."""
    made = {reference: work_id for reference in references if (work_id := id_of_reference(reference))}
    query = select(Work).where(Work.owner_id == owner_id)
    found = {
        row.record_reference: row
        for row in await session.scalars(query.where(among(Work.record_reference, references)))
    }
    ids = {row.id: row for row in await session.scalars(query.where(Work.id.in_(made.values())))} if made else {}
    own = {reference: ids[work_id] for reference, work_id in made.items() if work_id in ids}
    return own | {reference: row for reference, row in found.items() if reference is not None}


async def by_identifiers(
    session: AsyncSession, owner_id: UUID, wanted: Collection[Identified]
) -> Mapping[tuple[str, str], UUID]:
    """Which of the owner's works carries each identifier that is taken."""
    pairs = {(identified.scheme, identified.value) for identified in wanted}
    if not pairs:
        return {}
    query = select(Identifier.scheme, Identifier.value, Identifier.work_id).where(
        Identifier.owner_id == owner_id, among(Identifier.value, {value for _scheme, value in pairs})
    )
    rows = await session.execute(query)
    return {(row.scheme, row.value): row.work_id for row in rows if (row.scheme, row.value) in pairs}


async def contributors(session: AsyncSession, work_ids: Collection[UUID]) -> Mapping[UUID, list[Contributor]]:
    query = select(Contributor).where(among(Contributor.work_id, work_ids))
    return await _by_work(session, query.order_by(Contributor.position))


async def identifiers(session: AsyncSession, work_ids: Collection[UUID]) -> Mapping[UUID, list[Identifier]]:
    query = select(Identifier).where(among(Identifier.work_id, work_ids))
    return await _by_work(session, query.order_by(Identifier.scheme, Identifier.value))


async def mandates(session: AsyncSession, work_ids: Collection[UUID]) -> Mapping[UUID, list[Mandate]]:
    """Rights in, oldest first."""
    return await _by_work(session, select(Mandate).where(among(Mandate.work_id, work_ids)).order_by(Mandate.id))


async def holdbacks(session: AsyncSession, work_ids: Collection[UUID]) -> Mapping[UUID, list[Holdback]]:
    """What owners keep back, oldest first."""
    return await _by_work(session, select(Holdback).where(among(Holdback.work_id, work_ids)).order_by(Holdback.id))


async def _by_work(session: AsyncSession, query: Select[OfWork]) -> Mapping[UUID, list[OfWork]]:
    found: dict[UUID, list[OfWork]] = defaultdict(list)
    for row in await session.scalars(query):
        found[row.work_id].append(row)
    return found


async def assets(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Asset]:
    return (await session.scalars(select(Asset).where(Asset.id.in_(ids)))).all()


async def told_by(session: AsyncSession, text_ids: Collection[UUID]) -> Sequence[UUID]:
    """Works whose title or description is one of these texts."""
    query = select(Work.id).where(or_(Work.title_id.in_(text_ids), Work.description_id.in_(text_ids)))
    return (await session.scalars(query)).all()


class Change(NamedTuple):
    """A row of the search feed: which transaction wrote it, its number, the work to look at again."""

    xid: int
    seq: int
    work_id: UUID


async def changes(session: AsyncSession, xid: int, seq: int, limit: int) -> Sequence[Change]:
    """The feed after a row, of transactions older than every running one: nothing is passed over that commits late."""
    rows = await session.execute(CHANGES, {"xid": str(xid), "seq": seq, "limit": limit})
    return [Change(row.xid, row.seq, row.work_id) for row in rows]


async def feed_horizon(session: AsyncSession) -> tuple[int, int]:
    """Transaction and row up to which everything in the tables is committed and visible now."""
    row = (await session.execute(HORIZON)).one()
    return int(row[0]), int(row[1])


async def oldest_change(session: AsyncSession) -> int | None:
    """The first row of the feed that is still kept."""
    return await session.scalar(select(func.min(SearchChange.seq)))

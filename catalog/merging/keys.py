"""Keeping the keys by which alike works are found, and finding them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries as catalog
from catalog.facts import WorkFacts
from catalog.merging import queries
from catalog.merging.alike import Likeness, likeness, score
from catalog.merging.errors import LooksListed
from catalog.merging.models import WorkKey
from catalog.models import Work
from hub.bulk import insert_rows
from translation import queries as texts


def likeness_of(facts: WorkFacts) -> Likeness:
    """What facts that are about to be written are compared by."""
    names = [name for credit in facts.contributors for name in (credit.name, credit.name_original) if name]
    return likeness([facts.title.text, *facts.title.supplied.values()], names, facts.kind)


async def write(session: AsyncSession, owner_id: UUID, likenesses: Mapping[UUID, Likeness]) -> None:
    """Keys of works that have none yet, in one statement."""
    rows = [{"work_id": work_id, "key": key} for work_id, found in likenesses.items() for key in found.keys]
    await insert_rows(session, WorkKey, rows, owner_id=owner_id)


async def rewrite(session: AsyncSession, works: Sequence[Work]) -> None:
    """Keys of works as they are now."""
    await session.execute(delete(WorkKey).where(WorkKey.work_id.in_([work.id for work in works])))
    found = await queries.likenesses(session, works)
    for work in works:
        await write(session, work.owner_id, {work.id: found[work.id]})


async def nearest(
    session: AsyncSession, owner_id: UUID, wanted: Mapping[str, Likeness], *, but: Collection[UUID] = ()
) -> dict[str, tuple[Work, int]]:
    """The owner's work that each of `wanted` is most like, with the score; those that are like none are missing."""
    keyed = await queries.keyed(session, owner_id, {key for one in wanted.values() for key in one.keys})
    ids = {work_id for found in keyed.values() for work_id in found} - set(but)
    if not ids:
        return {}
    works = {work.id: work for work in await catalog.works(session, ids)}
    likenesses = await queries.likenesses(session, list(works.values()))
    best: dict[str, tuple[Work, int]] = {}
    for name, one in wanted.items():
        candidates = {work_id for key in one.keys for work_id in keyed.get(key, ())} & ids
        scored = [(score(one, likenesses[work_id]), str(work_id), works[work_id]) for work_id in candidates]
        top, _order, work = max(scored, key=lambda each: each[:2], default=(0, "", None))
        if work is not None and top:
            best[name] = (work, top)
    return best


async def refuse_listed(session: AsyncSession, owner_id: UUID, facts: WorkFacts) -> None:
    """LooksListed where the owner lists a work like this one."""
    found = await nearest(session, owner_id, {"": likeness_of(facts)})
    if "" in found:
        work, _score = found[""]
        title = await texts.text(session, work.title_id)
        raise LooksListed(field="title", workId=str(work.id), title=title.words if title else "")

"""Works read out of the tables for a writer: a page at a time, with everything that belongs to them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries
from catalog.facts import Credit
from catalog.formats.exported import ExportedText, ExportedWork, Granted, Kept, Rendered
from catalog.identifiers import Identified
from catalog.imports import queries as import_queries
from catalog.imports.models import KeptRecord
from catalog.models import Work
from catalog.scopes import scope_of
from translation import queries as texts
from translation.choice import PERSONS, same_language
from translation.models import Origin, Rendering, Text


async def exported(
    session: AsyncSession, works: Sequence[Work], *, record_format: str, machine: bool
) -> list[ExportedWork]:
    """`works` in their order, with the records of `record_format` that they came from; with `machine`, unchecked drafts too."""
    ids = [work.id for work in works]
    credited = await queries.contributors(session, ids)
    coded = await queries.identifiers(session, ids)
    granted = await queries.mandates(session, ids)
    held = await queries.holdbacks(session, ids)
    kept = await import_queries.kept_records(session, ids, record_format)
    words = await _texts(session, works, machine)
    return [
        ExportedWork(
            id=work.id,
            kind=work.kind,
            status=work.status,
            original_language=work.original_language,
            title=words[work.title_id],
            description=words[work.description_id] if work.description_id else None,
            contributors=[Credit(row.name, row.role, row.name_original) for row in credited.get(work.id, [])],
            identifiers=[Identified(row.scheme, row.value) for row in coded.get(work.id, [])],
            subjects=work.subjects,
            publication_year=work.publication_year,
            country_of_origin=work.country_of_origin,
            record_reference=work.record_reference,
            mandates=[Granted(scope_of(row), row.source) for row in granted.get(work.id, [])],
            holdbacks=[scope_of(row) for row in held.get(work.id, [])],
            updated_at=work.updated_at,
            kept=_kept(kept.get(work.id)),
        )
        for work in works
    ]


def _kept(row: KeptRecord | None) -> Kept | None:
    return Kept(row.dialect, zlib.decompress(row.content)) if row else None


async def _texts(session: AsyncSession, works: Sequence[Work], machine: bool) -> Mapping[UUID, ExportedText]:
    ids = [text_id for work in works for text_id in (work.title_id, work.description_id) if text_id is not None]
    rendered = await texts.renderings(session, ids)
    return {
        text.id: ExportedText(text.words, text.language, _renderings(text, rendered.get(text.id, []), machine))
        for text in await texts.texts(session, ids)
    }


def _renderings(text: Text, rows: Sequence[Rendering], machine: bool) -> dict[str, Rendered]:
    """What a person stands behind, of the present words; then, where wanted, drafts that passed their checks."""
    found: dict[str, Rendered] = {}
    for origin in (*PERSONS, *((Origin.MACHINE,) if machine else ())):
        for row in sorted(rows, key=lambda row: row.language):
            stale = row.text_version != text.version or row.problems
            if row.origin == origin and not stale and not same_language(row.language, text.language):
                found.setdefault(row.language, Rendered(row.words, origin))
    return found

"""The desk's lists in GraphQL: texts of a language by state, their neighbours, how many stand where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

import strawberry

from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import LANGUAGES, _
from hub.types import LanguageTag, PageInfo, cursor, known_language, page_size, place, row_id, words
from translation import queries as texts
from translation.choice import State, best
from translation.desk import queries
from translation.models import Rendering, Text

LONGEST_QUERY = 200
MOST_TEXT_IDS = 1_000


@strawberry.enum(name="TextPurpose")
class Purpose(Enum):
    TITLE = "title"
    DESCRIPTION = "description"
    MESSAGE = "message"
    NOTE = "note"
    CLAUSE = "clause"


strawberry.enum(State, name="RenderingState", description="What there is of a text in one language")


@strawberry.type(
    description="One text in the list of a language. text: what is shown of it in that language, if anything"
)
class DeskRow:
    text_id: ID
    purpose: Purpose
    state: State
    language: LanguageTag
    version: int
    source: str
    source_language: LanguageTag
    seems: LanguageTag | None = strawberry.field(description="What the original looks like, if not what it claims")
    text: str | None
    updated_at: datetime | None


@strawberry.type
class DeskPage:
    rows: list[DeskRow]
    page_info: PageInfo


@strawberry.type(description="How many of my organization's texts stand where, in one language")
class DeskCount:
    language: LanguageTag
    purpose: Purpose
    state: State
    texts: int


def _wanted(
    info: Info,
    language: LanguageTag,
    states: list[State] | None,
    purposes: list[Purpose] | None,
    query: str | None,
    text_ids: list[ID] | None,
) -> queries.Wanted:
    if text_ids is not None and len(text_ids) > MOST_TEXT_IDS:
        raise Invalid(_("Ask for at most %(most)s texts at once.", most=MOST_TEXT_IDS), field="textIds")
    return queries.Wanted(
        info.context.person.organization_id,
        known_language(language, "language"),
        frozenset(state.value for state in states or ()),
        frozenset(purpose.value for purpose in purposes or ()),
        words(query, "query", longest=LONGEST_QUERY, required=False) or "",
        [row_id(text_id, "textIds") for text_id in text_ids] if text_ids is not None else None,
    )


@strawberry.type
class ListQueries:
    @strawberry.field(description="My organization's texts in one language, newest first")
    async def translation_desk(
        self,
        info: Info,
        language: LanguageTag,
        states: list[State] | None = None,
        purposes: list[Purpose] | None = None,
        query: str | None = None,
        text_ids: list[ID] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> DeskPage:
        wanted, size, last = (
            _wanted(info, language, states, purposes, query, text_ids),
            page_size(first, info),
            place(after),
        )
        async with info.context.tx.use() as session:
            found = await queries.page(session, wanted, before=row_id(last, "after") if last else None, limit=size + 1)
            ids = [one.text_id for one in found[:size]]
            by_id = {row.id: row for row in await texts.texts(session, ids)}
            rows = await texts.renderings(session, ids, [wanted.language])
        page = [
            _desk_row(by_id[one.text_id], rows.get(one.text_id, []), wanted.language, one.state)
            for one in found[:size]
            if one.text_id in by_id
        ]
        end = cursor(ids[-1]) if ids else None
        return DeskPage(rows=page, page_info=PageInfo(has_next_page=len(found) > size, end_cursor=end))

    @strawberry.field(description="The texts beside one in the same list: newer and older; null at its ends")
    async def translation_desk_neighbours(
        self,
        info: Info,
        text_id: ID,
        language: LanguageTag,
        states: list[State] | None = None,
        purposes: list[Purpose] | None = None,
        query: str | None = None,
        text_ids: list[ID] | None = None,
    ) -> list[ID | None]:
        wanted = _wanted(info, language, states, purposes, query, text_ids)
        async with info.context.tx.use() as session:
            beside = await queries.neighbours(session, wanted, row_id(text_id, "textId"))
        return [ID(str(one)) if one else None for one in beside]

    @strawberry.field(description="Where my organization's texts stand, in every language that they are not written in")
    async def translation_counts(self, info: Info) -> list[DeskCount]:
        caller = info.context.person
        async with info.context.tx.use() as session:
            found = await queries.counts(session, caller.organization_id, LANGUAGES)
        return [
            DeskCount(
                language=LanguageTag(one.language),
                purpose=Purpose(one.purpose),
                state=State(one.state),
                texts=one.texts,
            )
            for one in found
        ]


def _desk_row(row: Text, rows: Sequence[Rendering], language: str, state: str) -> DeskRow:
    shown = best(row, rows, language)
    made = shown.rendering
    return DeskRow(
        text_id=ID(str(row.id)),
        purpose=Purpose(row.purpose),
        state=State(state),
        language=LanguageTag(language),
        version=row.version,
        source=row.words,
        source_language=LanguageTag(row.language),
        seems=LanguageTag(row.seems) if row.seems else None,
        text=made.words if made else None,
        updated_at=made.updated_at if made else None,
    )

"""Search in GraphQL: works with facets, suggestions, works like another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

import strawberry
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from catalog import phrases, subjects
from catalog.api.filters import WorkFilter
from catalog.api.types import Facet, FacetValue, Work, WorkConnection, WorkEdge
from catalog.facts import checked_language
from catalog.scopes import expanded
from catalog.search import service
from catalog.search.analysis import cut
from catalog.search.query import Filters, Reader
from catalog.search.schema import OTHER, field_language
from catalog.search.service import Page
from hub.context import ID, Info
from hub.errors import Invalid
from hub.formats import Territory as TerritoryName
from hub.i18n import Renderable, _
from hub.types import LanguageTag, PageInfo, Territory, cursor, page_size, place, row_id
from hub.vocabulary import KINDS, RIGHTS, STANDINGS
from translation.api import localized_text

LONGEST_QUERY = 300
LONGEST_BEGINNING = 80
MOST_SUGGESTED = 12
SIMILAR = 6


@strawberry.enum
class SuggestionKind(Enum):
    TITLE = "TITLE"
    PERSON = "PERSON"
    SUBJECT = "SUBJECT"


@strawberry.type(
    description="What the beginning of a word may become. workId: of a title; value: of a subject, as WorkFilter takes it."
    " works: how many there are; null for a title"
)
class Suggestion:
    kind: SuggestionKind
    text: str
    language: LanguageTag | None = None
    work_id: ID | None = None
    value: str | None = None
    works: int | None = None


def reader_of(info: Info, language: str | None, territory: str | None) -> Reader:
    """Who searches: in the language asked for or their own, for the territory asked for or their organization's.

    INVALID for a language or territory that there is not.
    """
    own = info.context.language
    spoken = field_language(checked_language(language, "language")) if language else own
    caller = info.context.caller
    where = caller.country if caller else None
    if territory is not None:
        named = expanded([territory], "territory")
        if len(named) != 1:
            raise Invalid(_("Choose one territory, not a group of them."), field="territory")
        where = next(iter(named))
    return Reader(own if spoken == OTHER else spoken, where)


def _offset(after: str | None) -> tuple[int, int]:
    """The place in the index from which on works are looked at, and how many came before it."""
    value = place(after)
    if value is None:
        return 0, 0
    at, _dot, before = value.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 8 for part in (at, before or "0")):
        raise Invalid(_("This list cannot be continued from here. Start it again."), field="after")
    return int(at), int(before or 0)


@lru_cache(maxsize=10_000)
def _name(facet: str, value: str, language: str) -> str:
    return _named(facet, value).render(language)


def _named(facet: str, value: str) -> Renderable:
    match facet:
        case "kind":
            return KINDS[value]
        case "originalLanguage":
            return phrases.Language(value)
        case "country":
            return TerritoryName(value)
        case "right":
            return RIGHTS[value]
        case "availability":
            return STANDINGS[value]
    return subjects.label(value)


def asks_for(info: Info, name: str) -> bool:
    """Whether a field of the answer is asked for at all: counting facets is most of the work of a search."""
    fragments = info._raw_info.fragments

    def within(selections: SelectionSetNode | None) -> bool:
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode) and node.name.value == name:
                return True
            if isinstance(node, InlineFragmentNode) and within(node.selection_set):
                return True
            if isinstance(node, FragmentSpreadNode) and within(fragments[node.name.value].selection_set):
                return True
        return False

    return any(within(node.selection_set) for node in info._raw_info.field_nodes)


@lru_cache(maxsize=16)
def _subjects(language: str) -> Mapping[str, tuple[str, list[str]]]:
    """Subject code → its name, and what that begins with from each of its words on."""
    named = {code: said.render(language) for code, said in subjects.THEMA.items() if code.isalpha()}
    cuts = {code: cut(name).sequence for code, name in named.items()}
    return {
        code: (name, [" ".join(cuts[code][start:]) for start in range(len(cuts[code]))]) for code, name in named.items()
    }


@strawberry.type
class Queries:
    @strawberry.field(
        description="Published works by words of any language: the reader's first, then the original's."
        " territory: where rights are wanted, the reader's own unless said otherwise; what is free there comes first"
    )
    async def search_works(
        self,
        info: Info,
        query: str,
        language: LanguageTag | None = None,
        filter: WorkFilter | None = None,
        first: int | None = 20,
        after: str | None = None,
        territory: Territory | None = None,
    ) -> WorkConnection:
        if len(query) > LONGEST_QUERY:
            raise Invalid(_("Search for fewer words: at most %(most)s letters.", most=LONGEST_QUERY), field="query")
        size, (offset, before) = page_size(20 if first is None else first, info), _offset(after)
        reader = reader_of(info, language, territory)
        filters = filter.filters() if filter else Filters()
        asked = filter.scope() if filter else None
        async with info.context.tx.use() as session:
            page = await service.search(
                session,
                info.context.runtime,
                text=query.replace("\0", " "),
                reader=reader,
                filters=filters,
                available_for=asked,
                offset=offset,
                limit=size,
                facets=asks_for(info, "facets"),
                language=info.context.language,
            )
        return _connection(info, page, before)

    @strawberry.field(description="Published works about the same as one; territory as in searchWorks")
    async def similar_works(
        self, info: Info, work_id: ID, first: int | None = SIMILAR, territory: Territory | None = None
    ) -> list[Work]:
        size = page_size(SIMILAR if first is None else first, info)
        reader = reader_of(info, None, territory)
        async with info.context.tx.use() as session:
            runtime, own = info.context.runtime, info.context.language
            found = await service.like(session, runtime, row_id(work_id, "workId"), reader, size, own)
        return [Work.on(card, info) for card in found]

    @strawberry.field(description="Titles, people and subjects that go on as the query begins; at most 12")
    async def search_suggestions(self, info: Info, query: str, first: int | None = 8) -> list[Suggestion]:
        size = min(page_size(8 if first is None else first, info), MOST_SUGGESTED)
        typed = " ".join(query.replace("\0", " ").split())
        if not typed or len(typed) > LONGEST_BEGINNING:
            return []
        index = service.index_of(info.context.runtime)
        language = info.context.language
        ids = await asyncio.to_thread(index.titles, typed, size)
        people = await asyncio.to_thread(index.people, typed, size // 2)
        async with info.context.tx.use() as session:
            works = await service.shown(session, ids, language)
        found = [
            Suggestion(kind=SuggestionKind.PERSON, text=name, works=count)
            for name, count in people[: max(size // 3, 1)]
        ]
        start = " ".join(cut(typed).sequence)
        about = [
            Suggestion(kind=SuggestionKind.SUBJECT, text=name, value=code, works=count)
            for code, (name, beginnings) in _subjects(language).items()
            if start and any(each.startswith(start) for each in beginnings) and (count := index.about(code))
        ]
        found += sorted(about, key=lambda one: -(one.works or 0))[: max(size // 4, 1)]
        for card in works[: size - len(found)]:
            if card.title is not None:
                title = localized_text(card.title, language)
                work_id = ID(str(card.work.id))
                found.append(
                    Suggestion(kind=SuggestionKind.TITLE, text=title.text, language=title.language, work_id=work_id)
                )
        order = list(SuggestionKind)
        return sorted(found, key=lambda one: order.index(one.kind))


def _connection(info: Info, page: Page, before: int) -> WorkConnection:
    seen = before + len(page.works)
    edges = [
        WorkEdge(node=Work.on(card, info), cursor=cursor(f"{at + 1}.{before + number}"))
        for number, (at, card) in enumerate(page.works, 1)
    ]
    last = cursor(f"{page.next}.{seen}") if page.next is not None else edges[-1].cursor if edges else None
    return WorkConnection(
        edges=edges,
        page_info=PageInfo(has_next_page=page.next is not None, end_cursor=last),
        total_count=page.total if page.exact else before + page.total,
        total_is_exact=page.exact,
        facets=[
            Facet(
                name=facet,
                values=[
                    FacetValue(value=value, label=_name(facet, value, info.context.language), count=count)
                    for value, count in counts.items()
                ],
            )
            for facet, counts in page.facets.items()
        ],
    )

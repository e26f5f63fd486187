"""Search in GraphQL, with facets; and the words that forms choose from."""

from __future__ import annotations

import strawberry

from catalog import identifiers, languages, phrases, rights, subjects
from catalog.api.scopes import ScopeInput
from catalog.api.types import Facet, FacetValue, Named, Work, WorkConnection, WorkEdge
from catalog.facts import checked_language, checked_subjects
from catalog.models import WorkKind
from catalog.scopes import expanded
from catalog.search import service
from catalog.search.query import Filters
from catalog.search.schema import OTHER, field_language
from catalog.territories import GROUPS, WORLD
from hub.context import Info
from hub.errors import Invalid
from hub.formats import Territory as TerritoryName
from hub.i18n import Renderable, _
from hub.types import LanguageTag, PageInfo, Territory, cursor, page_size, place
from hub.vocabulary import KINDS, RIGHTS, ROLES

LONGEST_QUERY = 300
MOST_FILTERED = 100


@strawberry.input
class WorkFilter:
    kinds: list[WorkKind] | None = None
    original_languages: list[LanguageTag] | None = None
    subjects: list[str] | None = None
    countries: list[Territory] | None = None
    available_for: ScopeInput | None = None


def _filters(given: WorkFilter | None) -> Filters:
    """INVALID, with the field, for a language, subject or country that there is not."""
    if given is None:
        return Filters()
    for name, values in (("originalLanguages", given.original_languages), ("countries", given.countries)):
        if len(values or ()) > MOST_FILTERED:
            raise Invalid(
                _("At most %(most)s are possible here. Leave some out.", most=MOST_FILTERED), field=f"filter.{name}"
            )
    return Filters(
        kinds=[kind.value for kind in given.kinds or ()],
        original_languages=[
            checked_language(tag, f"filter.originalLanguages.{at}")
            for at, tag in enumerate(given.original_languages or ())
        ],
        subjects=checked_subjects(given.subjects or (), "filter.subjects"),
        countries=sorted(expanded(given.countries, "filter.countries")) if given.countries else (),
    )


def _offset(after: str | None) -> int:
    value = place(after)
    if value is None:
        return 0
    if not (value.isascii() and value.isdigit()) or len(value) > 6:
        raise Invalid(_("This list cannot be continued from here. Start it again."), field="after")
    return int(value)


def _name(facet: str, value: str) -> Renderable:
    if facet == "kind":
        return KINDS[value]
    if facet == "originalLanguage":
        return phrases.Language(value)
    if facet == "country":
        return TerritoryName(value)
    return subjects.label(value)


@strawberry.type(description="A named group of territories, as ScopeInput takes it")
class TerritoryGroup:
    value: str
    label: str
    territories: list[Territory]


@strawberry.type(description="What forms choose from, each named in the reader's language")
class Vocabulary:
    kinds: list[Named]
    rights: list[Named]
    roles: list[Named]
    subjects: list[Named]
    territories: list[Named]
    territory_groups: list[TerritoryGroup]
    rights_languages: list[Named]
    identifier_schemes: list[str]


@strawberry.type
class Queries:
    @strawberry.field(description="Published works by words of any language: the reader's first, then the original's")
    async def search_works(
        self,
        info: Info,
        query: str,
        language: LanguageTag | None = None,
        filter: WorkFilter | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> WorkConnection:
        if len(query) > LONGEST_QUERY:
            raise Invalid(_("Search for fewer words: at most %(most)s letters.", most=LONGEST_QUERY), field="query")
        size, offset = page_size(20 if first is None else first, info), _offset(after)
        reader = field_language(checked_language(language, "language")) if language else info.context.language
        asked = filter.available_for.scope("filter.availableFor") if filter and filter.available_for else None
        filters = _filters(filter)
        async with info.context.tx.use() as session:
            page = await service.search(
                session,
                info.context.runtime,
                text=query.replace("\0", " "),
                reader=info.context.language if reader == OTHER else reader,
                filters=filters,
                available_for=asked,
                offset=offset,
                limit=size,
            )
        edges = [
            WorkEdge(node=Work.of(work), cursor=cursor(offset + number)) for number, work in enumerate(page.works, 1)
        ]
        last = cursor(offset + size) if page.more else edges[-1].cursor if edges else None
        return WorkConnection(
            edges=edges,
            page_info=PageInfo(has_next_page=page.more, end_cursor=last),
            total_count=page.total,
            facets=[
                Facet(
                    name=facet,
                    values=[
                        FacetValue(value=value, label=_name(facet, value).render(info.context.language), count=count)
                        for value, count in counts.items()
                    ],
                )
                for facet, counts in page.facets.items()
            ],
        )

    @strawberry.field
    def vocabulary(self, info: Info, kind: WorkKind | None = None) -> Vocabulary:
        """`kind`: only the rights that are usually traded for works of a kind, and the derivative ones."""
        offered = (*rights.RIGHTS_BY_KIND[kind.value], *rights.DERIVATIVE_RIGHTS) if kind else tuple(rights.RightType)
        tags = sorted(languages.shown(languages.RIGHTS_LANGUAGES) or [])
        return Vocabulary(
            kinds=[Named.of(value, name, info) for value, name in KINDS.items()],
            rights=[Named.of(right.value, RIGHTS[right], info) for right in offered],
            roles=[Named.of(value, name, info) for value, name in ROLES.items()],
            subjects=[Named.of(value, name, info) for value, name in subjects.THEMA.items()],
            territories=[Named.of(code, TerritoryName(code), info) for code in sorted(WORLD)],
            territory_groups=[
                TerritoryGroup(
                    value=group,
                    label=name.render(info.context.language),
                    territories=[Territory(code) for code in sorted(GROUPS[group])],
                )
                for group, name in phrases.GROUPS.items()
            ],
            rights_languages=[Named.of(tag, phrases.Language(tag), info) for tag in tags],
            identifier_schemes=list(identifiers.SCHEMES),
        )

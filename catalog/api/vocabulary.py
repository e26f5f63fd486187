"""The words that forms choose from, in GraphQL."""

from __future__ import annotations

import strawberry

from catalog import identifiers, languages, phrases, rights, subjects
from catalog.api.types import Named
from catalog.models import WorkKind
from catalog.territories import GROUPS, WORLD
from hub.context import Info
from hub.formats import Territory as TerritoryName
from hub.types import Territory
from hub.vocabulary import KINDS, RIGHTS, ROLES


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

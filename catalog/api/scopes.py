"""Scopes in GraphQL, in and out. The domains above use these too."""

from __future__ import annotations

from datetime import date

import strawberry

from catalog import languages, phrases, scopes
from catalog.rights import RightType, Scope
from hub.context import Info
from hub.i18n import render
from hub.types import LanguageTag, Territory
from hub.vocabulary import RIGHTS

strawberry.enum(RightType)


@strawberry.input(description="half-open: end is the first day after; null: without end")
class PeriodInput:
    start: date
    end: date | None = None


@strawberry.type(description="half-open: end is the first day after; null: without end")
class Period:
    start: date
    end: date | None


@strawberry.input(description="languages null: every language")
class ScopeInput:
    rights: list[RightType]
    territories: list[Territory]
    except_territories: list[Territory] | None = None
    languages: list[LanguageTag] | None = None
    period: PeriodInput
    exclusive: bool

    def scope(self, field: str = "scope") -> Scope:
        """What is asked for, groups expanded; INVALID with the field that is empty, unknown or out of order."""
        return scopes.checked(
            rights=self.rights,
            territories=self.territories,
            except_territories=self.except_territories or (),
            languages=self.languages,
            start=self.period.start,
            end=self.period.end,
            exclusive=self.exclusive,
            field=field,
        )


@strawberry.type(name="Scope", description="languages null: every language. summary: one sentence for the reader")
class ScopeType:
    rights: list[RightType]
    territories: list[Territory]
    languages: list[LanguageTag] | None
    period: Period
    exclusive: bool
    scope: strawberry.Private[Scope]
    holdback: strawberry.Private[bool] = False

    @strawberry.field
    def summary(self, info: Info) -> str:
        said = phrases.held_back(self.scope) if self.holdback else phrases.scope(self.scope)
        return said.render(info.context.language)

    @strawberry.field(description="Names of the rights, in the order of rights")
    def right_names(self, info: Info) -> list[str]:
        return [RIGHTS[right].render(info.context.language) for right in self.rights]

    @strawberry.field(description="The territories in words, folded into named groups")
    def territory_words(self, info: Info) -> str:
        return str(render(phrases.territories(self.scope.territories), info.context.language))

    @strawberry.field(description="The languages in words")
    def language_words(self, info: Info) -> str:
        return str(render(phrases.languages(self.scope.languages), info.context.language))

    @strawberry.field(description="The period in words, with its last day")
    def period_words(self, info: Info) -> str:
        return str(render(phrases.period(self.scope.start, self.scope.end), info.context.language))

    @classmethod
    def of(cls, scope: Scope, *, holdback: bool = False) -> ScopeType:
        shown = languages.shown(scope.languages)
        return cls(
            rights=[right for right in RightType if right in scope.rights],
            territories=[Territory(code) for code in sorted(scope.territories)],
            languages=None if shown is None else [LanguageTag(tag) for tag in shown],
            period=Period(start=scope.start, end=scope.end),
            exclusive=scope.exclusive,
            scope=scope,
            holdback=holdback,
        )

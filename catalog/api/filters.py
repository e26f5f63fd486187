"""What a search is narrowed by, in GraphQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import strawberry

from catalog.api.scopes import PeriodInput, ScopeInput
from catalog.facts import checked_language, checked_subjects
from catalog.models import WorkKind
from catalog.rights import RightType, Scope
from catalog.scopes import expanded
from catalog.search.query import Filters
from catalog.search.standing import Availability
from hub.errors import Invalid
from hub.i18n import _
from hub.types import LanguageTag, Territory

MOST_FILTERED = 100
strawberry.enum(
    Availability,
    name="WorkAvailability",
    description="How a work stands in the reader's territory. FREE: one right at least is; PART: only parts of rights are;"
    " HELD, SOLD: nothing is left; NONE: not offered there",
)


@strawberry.input(description="availability: in the territory that is searched for; the index knows it, to the second")
class WorkFilter:
    kinds: list[WorkKind] | None = None
    original_languages: list[LanguageTag] | None = None
    subjects: list[str] | None = None
    countries: list[Territory] | None = None
    availability: list[Availability] | None = None
    available_for: ScopeInput | None = None

    def filters(self) -> Filters:
        """INVALID, with the field, for a language, subject or country that there is not."""
        for name, values in (("originalLanguages", self.original_languages), ("countries", self.countries)):
            if len(values or ()) > MOST_FILTERED:
                raise Invalid(
                    _("At most %(most)s are possible here. Leave some out.", most=MOST_FILTERED), field=f"filter.{name}"
                )
        return Filters(
            kinds=tuple(sorted({kind.value for kind in self.kinds or ()})),
            original_languages=tuple(
                checked_language(tag, f"filter.originalLanguages.{at}")
                for at, tag in enumerate(self.original_languages or ())
            ),
            subjects=tuple(checked_subjects(self.subjects or (), "filter.subjects")),
            countries=tuple(sorted(expanded(self.countries, "filter.countries"))) if self.countries else (),
            availability=tuple(sorted({status.value for status in self.availability or ()})),
        )

    def scope(self) -> Scope | None:
        return self.available_for.scope("filter.availableFor") if self.available_for else None

    def as_json(self) -> dict[str, Any]:
        """The same as `of` reads it: what was given, unchanged."""
        found: dict[str, Any] = {
            "kinds": [kind.value for kind in self.kinds or ()],
            "originalLanguages": list(self.original_languages or ()),
            "subjects": list(self.subjects or ()),
            "countries": list(self.countries or ()),
            "availability": [status.value for status in self.availability or ()],
        }
        if asked := self.available_for:
            found["availableFor"] = {
                "rights": [right.value for right in asked.rights],
                "territories": list(asked.territories),
                "exceptTerritories": list(asked.except_territories or ()),
                "languages": None if asked.languages is None else list(asked.languages),
                "start": asked.period.start.isoformat(),
                "end": asked.period.end.isoformat() if asked.period.end else None,
                "exclusive": asked.exclusive,
            }
        return {name: value for name, value in found.items() if value}


def kept(given: Mapping[str, Any]) -> WorkFilter:
    """A filter that was kept with `as_json`."""
    asked = given.get("availableFor")
    return WorkFilter(
        kinds=[WorkKind(kind) for kind in given.get("kinds", ())],
        original_languages=[LanguageTag(tag) for tag in given.get("originalLanguages", ())],
        subjects=list(given.get("subjects", ())),
        countries=[Territory(code) for code in given.get("countries", ())],
        availability=[Availability(status) for status in given.get("availability", ())],
        available_for=_scope(asked) if asked else None,
    )


def _scope(asked: Mapping[str, Any]) -> ScopeInput:
    """A period that began before today begins today: what was free then is no answer now."""
    today = datetime.now(UTC).date()
    start, end = date.fromisoformat(asked["start"]), asked["end"]
    return ScopeInput(
        rights=[RightType(right) for right in asked["rights"]],
        territories=[Territory(code) for code in asked["territories"]],
        except_territories=[Territory(code) for code in asked["exceptTerritories"]],
        languages=None if asked["languages"] is None else [LanguageTag(tag) for tag in asked["languages"]],
        period=PeriodInput(start=max(start, today), end=date.fromisoformat(end) if end else None),
        exclusive=asked["exclusive"],
    )

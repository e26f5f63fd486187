"""A scope as a form asks for it: rights, territories, languages, a term, exclusivity.

A form proposes one language and a term in years. What is on the table already may be more exact: then the form offers just
that besides, so that an answer which changes nothing says the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams

from hub import formats
from hub.i18n import LANGUAGES, _, ngettext
from hub.vocabulary import RIGHTS
from web.facts import MAP, WORLD, language, languages
from web.forms import DAY, ONE_OFFERED, Form
from web.labels import rights_for

YEARS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20)
MOST_YEARS = 99
USUAL = "5"
"""Years of a licence, unless something else is asked for."""
EVERY = "every"
"""Value of the language field for "all languages"; of the term field for "without end"."""
TAGS = re.compile(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8}){0,3}(,[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8}){0,3}){0,399}")
"""Value of the language field for several languages."""


@dataclass
class ScopeFields:
    """What the fields of a scope hold, and what they offer.

    `language`: a tag, several between commas, or `EVERY`. `years`: a number, the first day after the term, or `EVERY`.
    """

    offered: list[str]
    rights: list[str]
    territories: list[str]
    language: str
    start: str
    years: str
    exclusive: bool

    @property
    def territory_options(self) -> list[str]:
        return [*MAP, *(code for code in self.territories if code in WORLD and code not in MAP)]

    @property
    def language_options(self) -> list[tuple[str, str]]:
        several = [] if self.language in (*LANGUAGES, EVERY) or not TAGS.fullmatch(self.language) else [self.language]
        return [
            *((tags, languages(tags.split(","))) for tags in several),
            *((tag, language(tag)) for tag in LANGUAGES),
            (EVERY, str(_("All languages"))),
        ]

    @property
    def year_options(self) -> list[tuple[str, str]]:
        counts = {*YEARS, *([int(self.years)] if is_count(self.years) else [])}
        years = [(str(count), in_years(count)) for count in sorted(counts)]
        end = as_day(self.years)
        exact = formats.Day(formats.last_day(end)) if end else None
        return [
            *([(self.years, str(_("Until %(day)s", day=exact)))] if exact else []),
            *years,
            (EVERY, str(_("Without end"))),
        ]


def in_years(count: int) -> str:
    return str(ngettext("%(count)s year", "%(count)s years", count))


def is_count(text: str) -> bool:
    return re.fullmatch("[1-9][0-9]?", text) is not None


def as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) and text > "0001-01-01" else None
    except ValueError:
        return None


def years_after(start: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def proposal(kind: str, territory: str, language: str, given: QueryParams | None = None) -> ScopeFields:
    """Fields filled from the address, or with what a reader most often asks: their own country and language."""
    asked = given or QueryParams()
    offered = list(rights_for(kind))
    today = datetime.now(UTC).date()
    first_of_next = (
        today.replace(day=1).replace(month=today.month % 12 + 1, year=today.year + today.month // 12)
    ).isoformat()
    return ScopeFields(
        offered=offered,
        rights=[right for right in asked.getlist("right") if right in offered] or offered[:1],
        territories=asked.getlist("territory") or [territory],
        language=asked.get("language") or language,
        start=asked.get("start") or first_of_next,
        years=asked.get("years") or USUAL,
        exclusive=asked.get("exclusive", "yes" if not asked else "") == "yes",
    )


def of_terms(kind: str, scope: Mapping[str, Any]) -> ScopeFields:
    """Fields filled from a scope that is on the table."""
    start, end = date.fromisoformat(scope["period"]["start"]), scope["period"]["end"]
    tags = scope["languages"]
    return ScopeFields(
        offered=list(dict.fromkeys([*rights_for(kind), *scope["rights"]])),
        rights=list(scope["rights"]),
        territories=list(scope["territories"]),
        language=",".join(tags) if tags else EVERY,
        start=start.isoformat(),
        years=term(start, end),
        exclusive=bool(scope["exclusive"]),
    )


def term(start: date, end: str | None) -> str:
    """The term field's value: whole years where the period is that long to the day."""
    if end is None:
        return EVERY
    years = date.fromisoformat(end).year - start.year
    whole = 1 <= years <= MOST_YEARS and years_after(start, years).isoformat() == end
    return str(years) if whole else end


def scope_input(form: Form) -> dict[str, Any] | None:
    """`ScopeInput` of the contract, or None with the wrong fields named."""
    rights, territories = form.choices("right", RIGHTS), form.many("territory")
    start, tags, exclusive = form.day("start"), form.value("language"), form.flag("exclusive")
    if not rights:
        form.wrong("right", _("Choose at least one right."))
    if not territories:
        form.wrong("territory", _("Choose at least one territory."))
    if not TAGS.fullmatch(tags):
        form.wrong("language", ONE_OFFERED)
    end = _end(form, start)
    if form.errors or start is None:
        return None
    return {
        "rights": rights,
        "territories": territories,
        "languages": None if tags == EVERY else tags.split(","),
        "period": {"start": start.isoformat(), "end": end.isoformat() if end else None},
        "exclusive": exclusive,
    }


def _end(form: Form, start: date | None) -> date | None:
    said = form.value("years")
    if said == EVERY:
        return None
    if DAY.fullmatch(said):
        return form.day("years")
    years = form.number("years", least=1, most=MOST_YEARS)
    if start is None or years is None:
        return None
    if start.year + years > date.max.year:
        form.wrong("start", _("Enter a date: year, month and day."))
        return None
    return years_after(start, years)


SCOPE_NAMES = {
    "rights": "right",
    "territories": "territory",
    "exceptTerritories": "territory",
    "languages": "language",
    "period": "start",
    "start": "start",
    "end": "years",
}
"""The operation's fields of a scope by the form's."""


def as_form(params: QueryParams) -> Form:
    """A question asked by address, read like a form."""
    return Form(FormData([(name, value) for name, value in params.multi_items()]))


def as_address(form: Form) -> str:
    """The scope as an address, so that the next page starts from it."""
    names = ("right", "territory", "language", "start", "years", "exclusive")
    return urlencode([(name, value) for name in names for value in form.many(name)])

"""A scope as a form asks for it: rights, territories, a language, a term in years, exclusivity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams

from hub.i18n import LANGUAGES, _, ngettext
from hub.vocabulary import RIGHTS
from web.facts import language
from web.forms import Form
from web.labels import rights_for

YEARS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20)
EVERY = "every"
"""Value of the language field for "all languages"; of the term field for "without end"."""


@dataclass
class ScopeFields:
    """What the fields of a scope hold, and what they offer."""

    offered: list[str]
    rights: list[str]
    territories: list[str]
    language: str
    start: str
    years: str
    exclusive: bool

    @property
    def language_options(self) -> list[tuple[str, str]]:
        return [(tag, language(tag)) for tag in LANGUAGES] + [(EVERY, str(_("All languages")))]

    @property
    def year_options(self) -> list[tuple[str, str]]:
        years = [(str(count), str(ngettext("%(count)s year", "%(count)s years", count))) for count in YEARS]
        return [*years, (EVERY, str(_("Without end")))]


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
        years=asked.get("years") or "5",
        exclusive=asked.get("exclusive", "yes" if not asked else "") == "yes",
    )


def of_terms(kind: str, scope: Mapping[str, Any]) -> ScopeFields:
    """Fields filled from a scope that is on the table."""
    start = date.fromisoformat(scope["period"]["start"])
    end = scope["period"]["end"]
    years = EVERY
    if end is not None:
        last = date.fromisoformat(end)
        years = str(max(1, round((last - start).days / 365.25)))
    tags = scope["languages"]
    return ScopeFields(
        offered=list(dict.fromkeys([*rights_for(kind), *scope["rights"]])),
        rights=list(scope["rights"]),
        territories=list(scope["territories"]),
        language=tags[0] if tags else EVERY,
        start=start.isoformat(),
        years=years,
        exclusive=bool(scope["exclusive"]),
    )


def scope_input(form: Form) -> dict[str, Any] | None:
    """`ScopeInput` of the contract, or None with the wrong fields named."""
    rights = [right for right in form.many("right") if right in RIGHTS]
    territories = form.many("territory")
    start = form.day("start")
    if not rights:
        form.wrong("right", _("Choose at least one right."))
    if not territories:
        form.wrong("territory", _("Choose at least one territory."))
    end: date | None = None
    if form.value("years") != EVERY:
        years = form.number("years", least=1, most=99)
        if start and years and start.year + years > date.max.year:
            form.wrong("start", _("Enter a date: year, month and day."))
        elif start and years:
            end = years_after(start, years)
    if form.errors or start is None:
        return None
    tag = form.value("language")
    return {
        "rights": rights,
        "territories": territories,
        "languages": None if tag == EVERY else [tag],
        "period": {"start": start.isoformat(), "end": end.isoformat() if end else None},
        "exclusive": form.value("exclusive") == "yes",
    }


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

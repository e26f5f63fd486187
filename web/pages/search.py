"""Search: what is there, and is it free for me?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from hub.i18n import _, supported
from hub.vocabulary import RIGHTS, STANDINGS
from web.facts import MAP, language, territory
from web.labels import LABELS, label
from web.page import AS_WRITTEN, Page
from web.pages.scopes import EVERY, USUAL, YEARS, in_years, is_count, term, years_after
from web.routing import Area

area = Area()
FACETS = {
    "kind": "kinds",
    "originalLanguage": "originalLanguages",
    "subject": "subjects",
    "country": "countries",
    "availability": "availability",
}
"""The facets of the operation, which are also the parameters of the address, and the field of `WorkFilter` of each."""
PAGE_SIZE = 10
TYPED = "x-typed"
"""Sent by the search box while somebody types: the address follows, and leaves no trace of every letter in the history."""
MOST_CHOSEN = 20


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that can be taken back: `without` is the address without it."""

    label: str
    without: str


@dataclass
class Asked:
    """What a reader asked for, as the address says it.

    `rights_in`: the language of the rights, a tag or `EVERY`; `years`: for how long, a number or `EVERY`.
    """

    q: str
    language: str
    territory: str
    rights_in: str
    years: str
    rights: list[str]
    chosen: dict[str, list[str]]
    after: str | None
    plain: str = ""
    next: str = ""
    chips: list[Chip] = field(default_factory=list)

    def filter(self) -> dict[str, Any]:
        """`WorkFilter` of the contract; the rights asked must be free in the territory from today."""
        chosen: dict[str, Any] = {FACETS[facet]: values for facet, values in self.chosen.items() if values}
        if self.rights:
            chosen["availableFor"] = {
                "rights": self.rights,
                "territories": [self.territory],
                "languages": None if self.rights_in == EVERY else [self.rights_in],
                "period": self._period(),
                "exclusive": False,
            }
        return chosen

    def _period(self) -> dict[str, str | None]:
        today = datetime.now(UTC).date()
        end = years_after(today, int(self.years)) if is_count(self.years) else None
        return {"start": today.isoformat(), "end": end.isoformat() if end else None}

    @property
    def terms(self) -> list[tuple[str, str]]:
        """What the field for the term offers."""
        counts = {*YEARS, *([int(self.years)] if is_count(self.years) else [])}
        return [*((str(count), in_years(count)) for count in sorted(counts)), (EVERY, str(_("Without end")))]

    @property
    def address(self) -> list[tuple[str, str]]:
        """The same as fields of a form that asks it again."""
        named = [("q", self.q), ("search_in", self.language), ("territory", self.territory)]
        named += [("rights_in", self.rights_in), ("years", self.years)]
        named += [("right", right) for right in self.rights]
        return named + [(facet, value) for facet, values in self.chosen.items() for value in values]

    @property
    def empty(self) -> bool:
        return not self.q and not self.rights and not any(self.chosen.values())


def read(page: Page, given: Mapping[str, str], many: Mapping[str, list[str]]) -> Asked:
    """A question from the fields of an address or a form; what it does not understand it leaves out."""
    wanted, rights_in, years = given.get("territory", ""), given.get("rights_in"), given.get("years", "")
    language = supported(given.get("search_in")) or page.language
    asked = Asked(
        q=given.get("q", "").strip(),
        language=language,
        territory=wanted if wanted in MAP else page.country if page.country in MAP else MAP[0],
        rights_in=EVERY if rights_in == EVERY else supported(rights_in) or language,
        years=years if years == EVERY or is_count(years) else USUAL,
        rights=[value for value in many.get("right", ()) if value in RIGHTS],
        chosen={facet: list(many.get(facet, ()))[:MOST_CHOSEN] for facet in FACETS},
        after=given.get("after"),
    )
    asked.chosen["kind"] = [value for value in asked.chosen["kind"] if value in LABELS["kind"]]
    asked.chosen["availability"] = [value for value in asked.chosen["availability"] if value in STANDINGS]
    return asked


def chips(page: Page, asked: Asked, facets: Sequence[Mapping[str, Any]]) -> list[Chip]:
    """A chip for every filter that is set, named as its facet names it."""
    found = []
    for value in asked.rights:
        rest = [other for other in asked.rights if other != value]
        spoken = [language(asked.rights_in)] if asked.rights_in != EVERY else []
        lasting = [in_years(int(asked.years))] if asked.years != EVERY else []
        name = " · ".join([label("right", value), territory(asked.territory), *spoken, *lasting])
        found.append(Chip(name, page.here(right=rest, after=None)))
    names = {(facet["name"], item["value"]): item["label"] for facet in facets for item in facet["values"]}
    for facet, values in asked.chosen.items():
        for value in values:
            rest = [other for other in values if other != value]
            name = names.get((facet, value)) or _named(facet, value)
            if facet == "availability":
                name = f"{name} · {territory(asked.territory)}"
            found.append(Chip(name, page.here(**{facet: rest, "after": None})))
    return found


def _named(facet: str, value: str) -> str:
    """What a value is called that no result has."""
    match facet:
        case "kind":
            return label("kind", value)
        case "originalLanguage":
            return language(value)
        case "country":
            return territory(value)
        case "availability":
            return str(STANDINGS[value])
    return value


@area.get("/search")
async def search(page: Page) -> Response:
    asked = read(page, page.query, {name: page.many(name) for name in ("right", *FACETS)})
    asked.plain = page.here(right=None, after=None, **dict.fromkeys(FACETS, None))
    data = await page.ask(
        "SearchWorks",
        query=asked.q,
        language=asked.language,
        territory=asked.territory,
        filter=asked.filter() or None,
        first=PAGE_SIZE,
        after=asked.after,
    )
    found = data["searchWorks"]
    asked.chips = chips(page, asked, found["facets"])
    asked.next = page.here(after=found["pageInfo"]["endCursor"])
    saved = await page.ask("SavedSearches")
    response = page.render(
        "pages/search.html",
        asked=asked,
        found=found,
        counts={facet["name"]: {item["value"]: item["count"] for item in facet["values"]} for facet in found["facets"]},
        saved=saved["savedSearches"],
        overview=await overviews(page, [edge["node"]["id"] for edge in found["edges"]]),
    )
    if page.request.headers.get(TYPED):
        response.headers["HX-Replace-Url"] = quote(page.path, safe=AS_WRITTEN)
    return response


@area.get("/search/suggestions")
async def suggestions(page: Page) -> Response:
    """What the search box offers below itself while somebody types: a list box, nothing around it."""
    data = await page.ask("Suggestions", query=page.query.get("q", "")[:200])
    return page.render("parts/suggestions.html", found=data["searchSuggestions"])


@area.post("/search/saved")
async def save(page: Page) -> Response:
    form = await page.form()
    asked = read(
        page,
        {name: form.value(name) for name in ("q", "search_in", "territory", "rights_in", "years")},
        {name: form.many(name) for name in ("right", *FACETS)},
    )
    await page.do(
        "SaveSearch",
        form,
        name=form.value("name") or asked.q,
        query=asked.q,
        language=asked.language,
        territory=asked.territory,
        filter=asked.filter() or None,
    )
    return page.go(f"/search?{urlencode(asked.address)}", "search-saved")


@area.post("/search/saved/{id:uuid}/open")
async def open_saved(page: Page) -> Response:
    """Go to what a saved search finds; from now on it counts as seen."""
    form = await page.form()
    data = await page.do("LookAtSavedSearch", form, id=page.part("id"))
    return page.go(f"/search?{urlencode(_address(data['lookAtSavedSearch']))}")


@area.post("/search/saved/{id:uuid}/remove")
async def remove_saved(page: Page) -> Response:
    form = await page.form()
    await page.do("RemoveSavedSearch", form, id=page.part("id"))
    return page.go(page.own_path(form.value("back") or "/search"), "search-removed")


def _address(saved: Mapping[str, Any]) -> list[tuple[str, str]]:
    kept = saved["filter"]
    free = kept["availableFor"] or {"rights": [], "languages": None, "period": None}
    period = free["period"]
    return Asked(
        q=saved["query"],
        language=saved["language"],
        territory=saved["territory"] or "",
        rights_in=next(iter(free["languages"] or ()), EVERY),
        years=term(date.fromisoformat(period["start"]), period["end"]) if period else USUAL,
        rights=free["rights"],
        chosen={facet: kept[name] for facet, name in FACETS.items()},
        after=None,
    ).address


async def overviews(page: Page, ids: list[str]) -> dict[str, Mapping[str, Any]]:
    """Rights by territory of several works, for their strips."""
    if not ids:
        return {}
    data = await page.ask("WorkRights", workIds=ids, territories=list(MAP))
    return {item["workId"]: item for item in data["workRights"]}

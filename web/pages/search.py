"""Search: what is there, and is it free for me?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from hub.i18n import supported
from hub.vocabulary import RIGHTS
from web.facts import MAP, language, territory
from web.labels import LABELS, label
from web.page import Page
from web.routing import Area

area = Area()
FACETS = {
    "kind": "kinds",
    "originalLanguage": "originalLanguages",
    "subject": "subjects",
    "country": "countries",
}
"""The facets of the operation, which are also the parameters of the address, and the field of `WorkFilter` of each."""
PAGE_SIZE = 10
MOST_CHOSEN = 20


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that can be taken back: `without` is the address without it."""

    label: str
    without: str


@dataclass
class Asked:
    """What a reader asked for, as the address says it."""

    q: str
    language: str
    territory: str
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
                "period": {"start": datetime.now(UTC).date().isoformat()},
                "exclusive": False,
            }
        return chosen


def read(page: Page) -> Asked:
    """The address as a question; what it does not understand it leaves out."""
    wanted = page.query.get("territory", "")
    asked = Asked(
        q=page.query.get("q", "").strip(),
        language=supported(page.query.get("search_in")) or page.language,
        territory=wanted if wanted in MAP else page.country if page.country in MAP else MAP[0],
        rights=[value for value in page.many("right") if value in RIGHTS],
        chosen={facet: page.many(facet)[:MOST_CHOSEN] for facet in FACETS},
        after=page.query.get("after"),
    )
    asked.chosen["kind"] = [value for value in asked.chosen["kind"] if value in LABELS["kind"]]
    asked.plain = page.here(right=None, after=None, **dict.fromkeys(FACETS, None))
    return asked


def chips(page: Page, asked: Asked, facets: Sequence[Mapping[str, Any]]) -> list[Chip]:
    """A chip for every filter that is set, named as its facet names it."""
    found = []
    for value in asked.rights:
        rest = [other for other in asked.rights if other != value]
        name = f"{label('right', value)} · {territory(asked.territory)}"
        found.append(Chip(name, page.here(right=rest, after=None)))
    names = {(facet["name"], item["value"]): item["label"] for facet in facets for item in facet["values"]}
    for facet, values in asked.chosen.items():
        for value in values:
            rest = [other for other in values if other != value]
            name = names.get((facet, value)) or _named(facet, value)
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
    return value


@area.get("/search")
async def search(page: Page) -> Response:
    asked = read(page)
    data = await page.ask(
        "SearchWorks",
        query=asked.q,
        language=asked.language,
        filter=asked.filter() or None,
        first=PAGE_SIZE,
        after=asked.after,
    )
    found = data["searchWorks"]
    asked.chips = chips(page, asked, found["facets"])
    asked.next = page.here(after=found["pageInfo"]["endCursor"])
    return page.render(
        "pages/search.html",
        asked=asked,
        found=found,
        overview=await overviews(page, [edge["node"]["id"] for edge in found["edges"]]),
    )


async def overviews(page: Page, ids: list[str]) -> dict[str, Mapping[str, Any]]:
    """Rights by territory of several works, for their strips."""
    if not ids:
        return {}
    data = await page.ask("WorkRights", workIds=ids, territories=list(MAP))
    return {item["workId"]: item for item in data["workRights"]}

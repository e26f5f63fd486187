"""Search: what is there, and is it free for me?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from hub.i18n import supported
from web.facts import MAP, language, territory
from web.labels import LABELS, RIGHTS, label
from web.page import Page
from web.routing import Area

area = Area()
PARAMETERS = {"language": "original"}
"""A facet of the operation by its name in the address, where that differs: `language` is also what is searched in."""
PAGE_SIZE = 10


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
        chosen: dict[str, Any] = {}
        for facet, name in (
            ("kind", "kinds"),
            ("original", "originalLanguages"),
            ("subject", "subjects"),
            ("country", "countries"),
        ):
            if values := self.chosen.get(facet):
                chosen[name] = values
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
        chosen={
            "kind": [value for value in page.many("kind") if value in LABELS["kind"]],
            "original": page.many("original"),
            "subject": page.many("subject"),
            "country": page.many("country"),
        },
        after=page.query.get("after"),
    )
    for value in asked.rights:
        rest = [other for other in asked.rights if other != value]
        name = f"{label('right', value)} · {territory(asked.territory)}"
        asked.chips.append(Chip(name, page.here(right=rest, after=None)))
    for facet, values in asked.chosen.items():
        for value in values:
            rest = [other for other in values if other != value]
            asked.chips.append(Chip(_named(facet, value), page.here(**{facet: rest, "after": None})))
    asked.plain = page.here(right=None, after=None, **dict.fromkeys(asked.chosen, None))
    return asked


def _named(facet: str, value: str) -> str:
    match facet:
        case "kind":
            return label("kind", value)
        case "original":
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
    asked.next = page.here(after=found["pageInfo"]["endCursor"])
    return page.render(
        "pages/search.html",
        asked=asked,
        found=found,
        facet_parameter=lambda name: PARAMETERS.get(name, name),
        overview=await overviews(page, [edge["node"]["id"] for edge in found["edges"]]),
    )


async def overviews(page: Page, ids: list[str]) -> dict[str, Mapping[str, Any]]:
    """Rights by territory of several works, for their strips."""
    if not ids:
        return {}
    data = await page.ask("WorkRights", workIds=ids, territories=list(MAP))
    return {item["workId"]: item for item in data["workRights"]}

"""Home: what must I do today? For each kind of organization its own work first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from hub.i18n import Message, _
from web.page import Page
from web.pages.deals import plotted
from web.pages.desk import OF_WORKS, TO_DO
from web.pages.search import overviews
from web.pages.statements import course, drawn
from web.routing import Area

area = Area()


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody of this kind most often begins with."""

    href: str
    icon: str
    label: Message


SEARCH = Action("/search", "search", _("Search works"))
ACTIONS: Mapping[str, Action] = {
    "PUBLISHER": Action("/imports", "upload", _("Import titles")),
    "AGENCY": SEARCH,
    "LABEL": Action("/releases/new", "plus", _("New release")),
    "STUDIO": Action("/deals", "tiles", _("Deals")),
    "PLATFORM": SEARCH,
    "OPERATOR": Action("/sales", "upload", _("Sales reports")),
}
PARTS: Mapping[str, tuple[str, ...]] = {
    "PUBLISHER": ("ToDo", "CatalogueDesk", "TranslationGlance", "SavedSearches", "Drafts", "LastStatement", "NewWorks"),
    "AGENCY": ("ToDo", "CatalogueDesk", "TranslationGlance", "SavedSearches", "NewWorks"),
    "LABEL": ("ToDo", "CatalogueDesk", "TranslationGlance", "TroubledDeliveries", "LatestReleases", "LastStatement"),
    "STUDIO": ("ToDo", "SavedSearches", "StudioGlance", "NewWorks"),
    "PLATFORM": ("ToDo", "SavedSearches", "NewWorks"),
    "OPERATOR": ("TroubledDeliveries", "LatestReports"),
}
"""The operations that a kind's home is made of, in the order of the page."""


@area.get("/")
async def home(page: Page) -> Response:
    viewer = await page.recognize()
    kind = viewer["organization"]["kind"]
    parts = {name: await page.glance(name) for name in PARTS[kind]}
    works = _nodes(parts.get("NewWorks"), "searchWorks")
    statements = _nodes(parts.get("LastStatement"), "statements")
    earned = course(statements[0], statements) if statements else []
    studio, catalogue = parts.get("StudioGlance"), parts.get("CatalogueDesk")
    return page.render(
        "pages/home.html",
        action=ACTIONS[kind],
        parts={name: found for name, found in parts.items() if found},
        waiting=_confirmable(parts.get("CatalogueDesk")),
        doubles=catalogue["possibleDoubles"]["totalCount"] if catalogue else 0,
        review=_to_review(parts.get("TranslationGlance")),
        overview=await overviews(page, [work["id"] for work in works]),
        territory=page.country,
        course=drawn(earned, 330, 150) if len(earned) > 1 else None,
        stages=plotted(studio["studioSummary"]) if studio else None,
    )


def _confirmable(part: Mapping[str, Any] | None) -> list[tuple[Mapping[str, Any], int]]:
    """Previews that nobody has confirmed, each with how many of its titles can be taken over."""
    found = [(run, run["created"] + run["updated"] + run["proposed"]) for run in _nodes(part, "catalogImports")]
    return [(run, takes) for run, takes in found if takes and run["status"] == "PREVIEW" and not run["appliedId"]]


def _to_review(part: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """How many translations of works want a person, and the language that has most of them."""
    texts: Counter[str] = Counter()
    for one in part["translationCounts"] if part else ():
        if one["state"] in TO_DO and one["purpose"] in OF_WORKS:
            texts[one["language"]] += one["texts"]
    return {"texts": texts.total(), "language": texts.most_common(1)[0][0]} if texts else None


def _nodes(part: Mapping[str, Any] | None, name: str) -> list[Mapping[str, Any]]:
    """What a part lists; nothing where it may not be seen."""
    return [edge["node"] for edge in part[name]["edges"]] if part else []

"""Where each kind of organization goes: at most six short words, the same on a phone at the foot of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.i18n import Message, _


@dataclass(frozen=True, slots=True)
class Entry:
    href: str
    icon: str
    label: Message
    counts: str = ""
    also: tuple[str, ...] = ()
    """Paths beside `href` that belong here."""


@dataclass(frozen=True, slots=True)
class Place:
    href: str
    icon: str
    label: Message
    current: bool
    count: int


HOME = Entry("/", "home", _("Home"))
LISTING = ("/imports", "/exports", "/doubles", "/samples", "/translation")
CATALOGUE = Entry("/works", "book", _("Catalogue"), also=LISTING)
SEARCH = Entry("/search", "search", _("Search"))
NEGOTIATIONS = Entry("/negotiations", "talk", _("Negotiations"), "negotiations")
CONTRACTS = Entry("/contracts", "seal", _("Contracts"), "contracts")
DEALS = Entry("/deals", "tiles", _("Deals"))
RELEASES = Entry("/releases", "music", _("Releases"), also=("/works", *LISTING))
DELIVERIES = Entry("/deliveries", "send", _("Deliveries"))
SALES = Entry("/sales", "list", _("Sales reports"))
STATEMENTS = Entry("/statements", "coin", _("Statements"))

NAVIGATION: Mapping[str, tuple[Entry, ...]] = {
    "PUBLISHER": (HOME, CATALOGUE, SEARCH, NEGOTIATIONS, CONTRACTS, STATEMENTS),
    "AGENCY": (HOME, SEARCH, NEGOTIATIONS, CONTRACTS, CATALOGUE),
    "LABEL": (HOME, RELEASES, DELIVERIES, SALES, STATEMENTS, NEGOTIATIONS),
    "STUDIO": (HOME, DEALS, SEARCH, NEGOTIATIONS, CONTRACTS, CATALOGUE),
    "PLATFORM": (HOME, SEARCH, NEGOTIATIONS, CONTRACTS),
    "OPERATOR": (HOME, SEARCH, DELIVERIES, SALES, STATEMENTS),
}


def places(kind: str, path: str, counts: Mapping[str, int]) -> list[Place]:
    """The entries for an organization, with the one that `path` belongs to marked."""
    return [
        Place(
            entry.href,
            entry.icon,
            entry.label,
            any(path == own or (own != "/" and path.startswith(own + "/")) for own in (entry.href, *entry.also)),
            counts.get(entry.counts, 0),
        )
        for entry in NAVIGATION[kind]
    ]

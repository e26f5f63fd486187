"""Facts of an answer said for the reader: what the templates call as filters.

Dates and times arrive as ISO 8601 strings, money as the hub's own `formatted`, territories and languages as codes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pycountry
from markupsafe import Markup, escape

from hub import formats
from hub.i18n import NATIVE_NAMES, _, current_language, ngettext, supported
from web.labels import State, label

STRIP = ("CN", "MM", "LA", "VN", "TH", "KH", "MY", "SG", "BN", "ID", "PH", "TL")
"""China and the eleven members of ASEAN, in the order of every strip."""
MAP = (*STRIP, "KR", "JP", "HK", "MO", "TW")
ASEAN = frozenset(STRIP) - {"CN"}
WORLD = frozenset(country.alpha_2 for country in pycountry.countries)
ZONES = {
    "CN": "Asia/Shanghai",
    "HK": "Asia/Hong_Kong",
    "MO": "Asia/Macau",
    "TW": "Asia/Taipei",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "MM": "Asia/Yangon",
    "LA": "Asia/Vientiane",
    "VN": "Asia/Ho_Chi_Minh",
    "TH": "Asia/Bangkok",
    "KH": "Asia/Phnom_Penh",
    "MY": "Asia/Kuala_Lumpur",
    "SG": "Asia/Singapore",
    "BN": "Asia/Brunei",
    "ID": "Asia/Jakarta",
    "PH": "Asia/Manila",
    "TL": "Asia/Dili",
}
SHORT_NAMES = {"zh": {"CN": "内地", "HK": "香港", "MO": "澳门", "TW": "台湾", "ID": "印尼"}}
"""Names that fit a tile where the full one does not."""

BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)

CLUSTER = re.compile(
    "[\u0e40-\u0e44\u0ec0-\u0ec4]?."
    "[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b6-\u17d3]*"
)
"""A first letter with its marks; Thai and Lao write some vowels before it."""

zone: ContextVar[str] = ContextVar("banmao_zone", default="UTC")
"""IANA name of the reader's time zone: that of the organization's country."""


def as_day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value[:10])


def as_moment(value: str | datetime) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone.get()))


def day(value: str | date) -> Markup:
    return _stamped(as_day(value).isoformat(), formats.day(as_day(value), current_language()))


def moment(value: str | datetime) -> Markup:
    when = as_moment(value)
    return _stamped(when.isoformat(), formats.moment(when, current_language()))


def _stamped(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def number(value: int | str) -> str:
    return formats.number(int(value), current_language())


def percent(value: str | None) -> str:
    """A percentage given as a decimal string: "7.5"."""
    return "—" if value is None else formats.percent(Decimal(value) / 100, current_language())


def part(value: str) -> str:
    """A part of 1 given as a decimal string, as a percentage: "0.29" is 29%."""
    return formats.percent(Decimal(value), current_language())


def year(value: int) -> str:
    return formats.year(value, current_language())


def territory(code: str) -> str:
    return formats.territory(code, current_language())


def short_territory(code: str) -> str:
    return SHORT_NAMES.get(current_language(), {}).get(code) or territory(code)


def territories(codes: Sequence[str]) -> str:
    """The names of territories; the world and ASEAN by their own names."""
    given = frozenset(codes)
    missing = WORLD - given
    if len(missing) <= 12 and len(given) > len(missing):
        whole = str(_("Worldwide"))
        return str(_("Worldwide except %(names)s", names=joined(map(territory, sorted(missing))))) if missing else whole
    names = [territory(code) for code in codes]
    if given >= ASEAN:
        names = [str(_("ASEAN")), *(territory(code) for code in codes if code not in ASEAN)]
    return joined(names)


def language(tag: str) -> str:
    return formats.language_name(tag, current_language())


def own_name(tag: str) -> str:
    return NATIVE_NAMES[tag]


def languages(tags: Sequence[str] | None) -> str:
    if tags is None:
        return str(_("All languages"))
    here = current_language()
    return joined(formats.language_name(tag, here, within=place > 0) for place, tag in enumerate(tags))


def labels(values: Sequence[str], family: str) -> str:
    return dotted(label(family, value) for value in values)


def dotted(items: Iterable[str], most: int = 0) -> str:
    """Several things beside each other; of more than `most`, the first ones and how many others."""
    given = list(items)
    if most and len(given) > most + 1:
        rest = len(given) - most
        given = [*given[:most], str(ngettext("%(count)s more", "%(count)s more", rest))]
    return " · ".join(given)


def some_labels(values: Sequence[str], family: str) -> str:
    return dotted((label(family, value) for value in values), 3)


def joined(items: Iterable[str]) -> str:
    return formats.conjunction(items, current_language())


def pairs(values: Iterable[str], family: str) -> list[tuple[str, str]]:
    return [(value, label(family, value)) for value in values]


def language_pairs(tags: Iterable[str]) -> list[tuple[str, str]]:
    return [(tag, language(tag)) for tag in tags]


def territory_pairs(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, territory(code)) for code in codes]


def term(period: Mapping[str, str | None]) -> str:
    """First and last day; the contract's periods are half-open."""
    start = formats.day(as_day(period["start"] or ""), current_language())
    if period["end"] is None:
        return str(_("From %(start)s, without end", start=start))
    end = formats.day(formats.last_day(as_day(period["end"])), current_language())
    return str(_("%(start)s to %(end)s", start=start, end=end))


def until(end: str) -> Markup:
    """The last day of a period that ends (exclusively) on `end`."""
    return day(formats.last_day(as_day(end)))


def period(value: str) -> str:
    """An accounting period: `2026-10` or `2026-Q4`."""
    year_part, _dash, rest = value.partition("-")
    first = date(int(year_part), int(rest[1]) * 3 - 2 if rest.startswith("Q") else int(rest), 1)
    return (
        formats.quarter(first, current_language()) if rest.startswith("Q") else formats.month(first, current_language())
    )


def short_period(value: str) -> str:
    """The same where there is little room: the month's short name, or the quarter's."""
    year_part, _dash, rest = value.partition("-")
    if rest.startswith("Q"):
        return formats.short_quarter(date(int(year_part), int(rest[1]) * 3 - 2, 1), current_language())
    return formats.short_month(date(int(year_part), int(rest), 1), current_language())


def reported(report: Mapping[str, Any]) -> str:
    """What a sales report is called: its platform and, once it has been read, its month."""
    name = str(report["channel"]["name"])
    return f"{name} · {period(report['period'])}" if report["period"] else name


def currency(code: str) -> str:
    return formats.currency(code, current_language())


def today() -> Markup:
    now = datetime.now(ZoneInfo(zone.get())).date()
    return _stamped(now.isoformat(), formats.day(now, current_language(), "full"))


def device(user_agent: str) -> str:
    """The browser and system of a User-Agent in two words; the whole header says no more to a person."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return " · ".join(filter(None, (browser, system))) or user_agent[:60] or "—"


def size(count: int | str) -> str:
    """Bytes as people count them: 820 kB, 2.4 MB."""
    return formats.size(int(count), current_language())


def duration(milliseconds: int) -> str:
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02}"


def isrc(code: str) -> str:
    """ISO 3901 display form: `AA-6Q7-20-00047`."""
    return f"{code[:2]}-{code[2:5]}-{code[5:7]}-{code[7:]}" if len(code) == 12 else code


def identifier(item: Mapping[str, str]) -> str:
    return isrc(item["value"]) if item["scheme"] == "ISRC" else item["value"]


def initials(name: str) -> str:
    """Two letters for a Latin name, the first character (with its marks) for any other."""
    words = name.split()
    if name and name[0].isascii():
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
    cluster = CLUSTER.match(name)
    return cluster.group() if cluster else "·"


def paragraphs(text: str) -> list[str]:
    return [part for part in text.splitlines() if part.strip()]


def marked(text: str, query: str) -> Markup:
    """`text` with the words of the query marked where they stand."""
    words = sorted({word for word in query.split() if len(word) > 1}, key=len, reverse=True)
    if not words:
        return escape(text)
    parts = re.split("(" + "|".join(map(re.escape, words)) + ")", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


def byline(work: Mapping[str, Any]) -> str:
    own = work["originalLanguage"] == current_language()
    names = list(dict.fromkeys(person_name(person, own) for person in work["contributors"]))
    shown = joined(names[:3]) if names else str(_("Author unknown"))
    return f"{shown} · {year(work['publicationYear'])}" if work["publicationYear"] else shown


def person_name(person: Mapping[str, Any], own: bool) -> str:
    """A contributor's name; readers of its own script see that alone, others both."""
    original = person["nameOriginal"]
    return f"{person['name']} {original}" if original and not own else original or person["name"]


def credited(person: Mapping[str, Any], work: Mapping[str, Any]) -> str:
    return person_name(person, work["originalLanguage"] == current_language())


def is_foreign(text: Mapping[str, Any]) -> bool:
    """Whether a reader is shown an original in another language, because there is nothing in theirs yet."""
    return text["origin"] == "ORIGINAL" and (supported(text["language"]) or text["language"]) != current_language()


def seed(identity: str) -> int:
    return zlib.crc32(identity.encode())


MOTIFS = {
    "BOOK": ("ridges", "waves", "spiral", "petals", "moon"),
    "COMIC": ("flames", "spiral", "ridges"),
    "MUSIC": ("strings", "spiral", "moon"),
    "ANIMATION": ("spiral", "waves", "flames"),
}


def motif(kind: str, number: int) -> str:
    return MOTIFS[kind][number // 5 % len(MOTIFS[kind])]


def by_territory(items: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {item["territory"]: item for item in items}


def here(overview: Mapping[str, Any], code: str) -> dict[str, Any]:
    """A work's rights in one territory, by state; `until`: the last day of the first hold or license to end.

    `part`: free in some languages or at some times only. Nobody may read that as free.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for right in overview["rights"]:
        for item in right["territories"]:
            if item["territory"] == code:
                found.setdefault(item["status"], []).append({**item, "right": right["right"]})
    held, sold = found.get("HELD", []), found.get("SOLD", [])
    ends = sorted(item["until"] for item in held or sold if item["until"])
    return {
        "free": [item["right"] for item in found.get("FREE", [])],
        "part": [item["right"] for item in found.get("PART", [])],
        "held": [item["right"] for item in held],
        "sold": [item["right"] for item in sold],
        "until": ends[0] if ends else None,
    }


def merged(overview: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One state per territory for all rights of a work: free when all that is offered is, else partly, held or sold."""
    states: dict[str, list[str]] = {}
    for right in overview["rights"]:
        for item in right["territories"]:
            states.setdefault(item["territory"], []).append(item["status"])

    def whole(values: list[str]) -> str:
        offered = [value for value in values if value != "NONE"]
        if not offered:
            return "NONE"
        if all(value == "FREE" for value in offered):
            return "FREE"
        if any(value in ("FREE", "PART") for value in offered):
            return "PART"
        return "HELD" if "HELD" in offered else "SOLD"

    return [{"territory": code, "status": whole(values), "until": None} for code, values in states.items()]


def is_offered(right: Mapping[str, Any]) -> bool:
    return any(item["status"] != "NONE" for item in right["territories"])


def sums(amounts: Sequence[Mapping[str, Any]]) -> str:
    """Amounts in several currencies: each on its own, never converted."""
    return " + ".join(str(amount["formatted"]) for amount in amounts)


def tally(right: Mapping[str, Any]) -> State:
    """For the seller: in how many territories a right can still be sold."""
    states = [item["status"] for item in right["territories"]]
    if free := states.count("FREE"):
        return State("jade", "tick", ngettext("Free in %(count)s territory", "Free in %(count)s territories", free))
    if part := states.count("PART"):
        words = ngettext("Partly free in %(count)s territory", "Partly free in %(count)s territories", part)
        return State("jade", "tick", words)
    if "HELD" in states:
        return State("gamboge", "clock", _("Held"))
    return State("", "cross", _("Sold")) if "SOLD" in states else State("", "lock", _("Not offered"))


def days_left(value: str) -> int:
    return (as_day(value) - datetime.now(ZoneInfo(zone.get())).date()) // timedelta(days=1)

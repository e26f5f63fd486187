"""Territories: ISO 3166-1 alpha-2 codes and the named groups that the trade writes for short.

A group is expanded on input and never stored. The groups are closed lists kept here: a contract signed for "ASEAN"
means the members of the day it was signed, so a change of membership must never change what was granted.
Continents follow UN M49; `EU` and `EUROZONE` are the states of 2026; ASEAN has had eleven members since Timor-Leste
joined in October 2025. Greenland-like dependencies belong to the continent that M49 puts them in, not to their state.
"""

from collections.abc import Iterable
from typing import Final

import pycountry

ALPHA2_TO_NUMERIC: Final[dict[str, int]] = {country.alpha_2: int(country.numeric) for country in pycountry.countries}
NUMERIC_TO_ALPHA2: Final[dict[int, str]] = {number: code for code, number in ALPHA2_TO_NUMERIC.items()}
WORLD: Final[frozenset[str]] = frozenset(ALPHA2_TO_NUMERIC)


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NORTHERN_AFRICA = _codes("DZ EG EH LY MA SD TN")
_SUB_SAHARAN_AFRICA = _codes(
    "AO BF BI BJ BW CD CF CG CI CM CV DJ ER ET GA GH GM GN GQ GW IO KE KM LR LS MG ML MR MU MW MZ NA NE NG RE RW SC "
    "SH SL SN SO SS ST SZ TD TF TG TZ UG YT ZA ZM ZW"
)
_LATIN_AMERICA = _codes(
    "AG AI AR AW BB BL BO BQ BR BS BV BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY LC MF MQ MS MX NI "
    "PA PE PR PY SR SV SX TC TT UY VC VE VG VI"
)
_EASTERN_ASIA = _codes("CN HK JP KP KR MN MO TW")
_SOUTH_EASTERN_ASIA = _codes("BN ID KH LA MM MY PH SG TH TL VN")
_SOUTHERN_ASIA = _codes("AF BD BT IN IR LK MV NP PK")
_CENTRAL_ASIA = _codes("KG KZ TJ TM UZ")
_WESTERN_ASIA = _codes("AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE")
_EUROZONE = _codes("AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK")

GROUPS: Final[dict[str, frozenset[str]]] = {
    "WORLD": WORLD,
    "ASEAN": _SOUTH_EASTERN_ASIA,
    "EU": _EUROZONE | _codes("CZ DK HU PL RO SE"),
    "EUROZONE": _EUROZONE,
    "LATAM": _LATIN_AMERICA,
    "AFRICA": _NORTHERN_AFRICA | _SUB_SAHARAN_AFRICA,
    "ASIA": _EASTERN_ASIA | _SOUTH_EASTERN_ASIA | _SOUTHERN_ASIA | _CENTRAL_ASIA | _WESTERN_ASIA,
    "EAST_ASIA": _EASTERN_ASIA,
    "SOUTH_ASIA": _SOUTHERN_ASIA,
    "CENTRAL_ASIA": _CENTRAL_ASIA,
    "EUROPE": _codes(
        "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT "
        "NL NO PL PT RO RS RU SE SI SJ SK SM UA VA"
    ),
    "MIDDLE_EAST": _codes("AE BH EG IQ IR JO KW LB OM PS QA SA SY YE"),
    "NORTH_AMERICA": _codes("BM CA GL PM US"),
    "OCEANIA": _codes("AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"),
}


NEIGHBOURS: Final[tuple[str, ...]] = (
    "CN", "MM", "LA", "VN", "TH", "KH", "MY", "SG", "BN", "ID", "PH", "TL", "KR", "JP", "HK", "MO", "TW",
)  # fmt: skip
"""China, ASEAN and their neighbours: what overviews show, and what search counts by."""


class UnknownTerritory(ValueError):
    """`code` is neither an ISO 3166-1 alpha-2 code nor one of `GROUPS`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"unknown territory {code!r}")
        self.code = code


def expand(codes: Iterable[str], without: Iterable[str] = ()) -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes named by `codes` (codes and groups, any case) less those named by `without`.

    Raises `UnknownTerritory` for the first code that is neither.
    """
    return _expand(codes) - _expand(without)


def _expand(codes: Iterable[str]) -> frozenset[str]:
    members: set[str] = set()
    for raw in codes:
        code = raw.strip().upper()
        if code in GROUPS:
            members |= GROUPS[code]
        elif code in ALPHA2_TO_NUMERIC:
            members.add(code)
        else:
            raise UnknownTerritory(raw)
    return frozenset(members)


def numbers(codes: Iterable[str]) -> list[int]:
    """ISO 3166-1 numeric codes, ascending, as the integer arrays of the exclusion constraint hold them."""
    return sorted(ALPHA2_TO_NUMERIC[code] for code in codes)


def from_numbers(values: Iterable[int]) -> frozenset[str]:
    """The inverse of `numbers`."""
    return frozenset(NUMERIC_TO_ALPHA2[value] for value in values)


# Largest first, so that a set folds to the fewest names.
_BY_SIZE: Final = sorted(((name, members) for name, members in GROUPS.items()), key=lambda item: -len(item[1]))


def fold(codes: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    """`codes` written as few names as possible: `(group or code, exceptions)` in reading order.

    A group is used when it is complete, or when at least three quarters of it are there and no more than eight are missing.
    The union of (group − exceptions) is exactly `codes`.

    >>> fold(GROUPS["ASEAN"] - {"TH"} | {"JP"})
    [('ASEAN', frozenset({'TH'})), ('JP', frozenset())]
    """
    left = set(codes)
    folded: list[tuple[str, frozenset[str]]] = []
    for name, members in _BY_SIZE:
        missing = members - codes
        gained = len(members & left)
        if gained > 1 + len(missing) and len(missing) <= min(8, len(members) // 4):
            folded.append((name, frozenset(missing)))
            left -= members
    folded.extend((code, frozenset()) for code in sorted(left))
    return folded

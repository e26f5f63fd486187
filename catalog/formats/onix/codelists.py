"""EDItEUR's code lists, read from the copy that `onixcheck` carries, and what we make of the codes."""

from functools import cache
from pathlib import Path
from typing import Final

from lxml import etree
from onixcheck import schema

_XSD = {"x": "http://www.w3.org/2001/XMLSchema"}


@cache
def _lists() -> dict[str, frozenset[str]]:
    tree = etree.parse(str(Path(schema.O31_XSD_REFERENCE).with_name("ONIX_BookProduct_CodeLists.xsd")))
    return {
        simple.get("name", ""): frozenset(value.get("value", "") for value in simple.iterfind(".//x:enumeration", _XSD))
        for simple in tree.iterfind("x:simpleType", _XSD)
    }


def is_code(number: int, value: str) -> bool:
    """Is `value` in List `number`?"""
    return value in _lists()[f"List{number}"]


SCHEMES: Final[dict[str, str]] = {
    "02": "ISBN", "03": "GTIN", "04": "GTIN", "05": "ISMN", "06": "DOI", "14": "GTIN", "15": "ISBN", "25": "ISMN",
}  # fmt: skip
"""List 5 (ProductIDType) → scheme. Types that are not here belong to one sender or library and are passed over."""

_ROLES: Final[dict[str, tuple[str, ...]]] = {
    "A01": ("aut",), "A02": ("aut",), "A03": ("aus",), "A04": ("lbt",), "A05": ("lyr",), "A06": ("cmp",),
    "A07": ("art",), "A08": ("pht",), "A09": ("cre",), "A10": ("ccp",), "A11": ("dsr",), "A12": ("ill",),
    "A13": ("pht",), "A14": ("aut",), "A15": ("wpr",), "A16": ("wpr",), "A19": ("aft",), "A20": ("ann",),
    "A21": ("wac",), "A22": ("aft",), "A23": ("wfw",), "A24": ("win",), "A25": ("ann",), "A29": ("win",),
    "A30": ("prg",), "A31": ("lbt", "lyr"), "A35": ("ill",), "A36": ("cov",), "A38": ("ant",), "A39": ("ctg",),
    "A40": ("clr",), "A41": ("bkd",), "A42": ("aut",), "A43": ("ivr",), "A44": ("ive",), "A45": ("aut",),
    "A46": ("art",), "A47": ("clr",), "A48": ("art",), "A51": ("res",), "A52": ("art",), "A56": ("cov",),
    "B01": ("edt",), "B02": ("edt",), "B03": ("adp",), "B04": ("abr",), "B05": ("adp",), "B06": ("trl",),
    "B07": ("nrt",), "B08": ("trl", "wac"), "B09": ("edt",), "B10": ("edt", "trl"), "B11": ("edt",), "B12": ("edt",),
    "B13": ("edt",), "B16": ("edt",), "B18": ("edt",), "B19": ("edt",), "B20": ("edt",), "B21": ("edt",),
    "B22": ("adp",), "B24": ("edt",), "B25": ("arr",), "B26": ("edt",), "B29": ("edt",), "B31": ("edt",),
    "B32": ("trl",), "B33": ("trc",), "B36": ("edt",), "C01": ("com",), "C02": ("com",), "C04": ("cur",),
    "D01": ("pro",), "D02": ("drt",), "D03": ("cnd",), "D04": ("chr",), "E01": ("act",), "E02": ("dnc",),
    "E03": ("nrt",), "E04": ("cmm",), "E05": ("sng",), "E06": ("itr",), "E07": ("nrt",), "E08": ("prf",),
    "E09": ("spk",), "E10": ("pre",), "E99": ("prf",), "F01": ("cng",), "F02": ("flm",),
}  # fmt: skip


def relators(role: str) -> tuple[str, ...]:
    """MARC relator codes of a List 17 role; `ctb` (contributor) where MARC has nothing closer."""
    return _ROLES.get(role, ("ctb",))


_CODES: Final[dict[str, str]] = {
    "aut": "A01", "cre": "A09", "art": "A07", "ill": "A12", "trl": "B06", "edt": "B01", "nrt": "E07", "ctb": "Z99", "pht": "A13",
    "wfw": "A23", "ann": "A20", "aft": "A19", "win": "A24", "clr": "A40", "cov": "A36", "itr": "E06", "prf": "E08", "com": "C01",
    "wac": "A21", "lbt": "A04", "prg": "A30", "ant": "A38", "wpr": "A15",
}  # fmt: skip
"""Relator → List 17, where the first of several would not be the plainest."""


@cache
def code_of_role(relator: str) -> str:
    """The List 17 role of a MARC relator that `relators` turns back into it; Z99 (other) where there is none."""
    plainest = _CODES.get(relator)
    if plainest is not None:
        return plainest
    return next((code for code, found in _ROLES.items() if found == (relator,)), "Z99")


THEMA_QUALIFIERS: Final = {"1": "94", "2": "95", "3": "96", "4": "97", "5": "98", "6": "99"}
"""First letter of a Thema qualifier → its scheme (List 27); everything else is a category, 93."""
THEMA: Final = frozenset({"93", "94", "95", "96", "97", "98", "99"})
"""List 27 (SubjectSchemeIdentifier): Thema subject category and its qualifiers."""
BISAC: Final = "10"

REGIONS: Final[dict[str, str]] = {
    "WORLD": "WORLD", "ECZ": "EUROZONE", "CN-TW": "TW", "CN-71": "TW", "CN-HK": "HK", "CN-91": "HK", "CN-MO": "MO",
    "CN-92": "MO", "GB-IOM": "IM",
}  # fmt: skip
"""List 49 regions that are a group or a territory of ISO 3166-1. The others are parts of a country."""

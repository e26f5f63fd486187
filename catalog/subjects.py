"""Subject codes and their names: Thema categories and qualifiers (EDItEUR), and BISAC headings by their first letters.

The names are the hub's own short words for what a code stands for. A code without a name of its own takes that of the nearest
broader one: in Thema, that is the code with letters taken off its end.
"""

import re
from dataclasses import dataclass

from hub.formats import Territory
from hub.i18n import Message, Renderable, _

THEMA: dict[str, Message] = {
    "A": _("Arts"),
    "ATF": _("Film and cinema"),
    "ATX": _("Puppetry, circus and other stage arts"),
    "AT": _("Stage and screen"),
    "AV": _("Music"),
    "AVLP": _("Popular music"),
    "AVLT": _("Folk and traditional music"),
    "AVLW": _("World music"),
    "AVQS": _("Songs and songbooks"),
    "C": _("Language and linguistics"),
    "D": _("Literature"),
    "DB": _("Ancient and medieval texts"),
    "DC": _("Poetry"),
    "DCA": _("Classic poetry"),
    "DCC": _("Modern poetry"),
    "DCF": _("Poetry of one poet"),
    "DCQ": _("Poetry anthologies"),
    "DD": _("Plays"),
    "DDA": _("Classic plays"),
    "DH": _("Traditional and religious texts"),
    "DN": _("Biography and prose"),
    "DNB": _("Biography"),
    "DNC": _("Memoirs"),
    "DND": _("Diaries and letters"),
    "DNL": _("Essays"),
    "DS": _("Literary studies"),
    "F": _("Fiction"),
    "FB": _("General and literary fiction"),
    "FBC": _("Classic fiction"),
    "FC": _("Biographical fiction"),
    "FF": _("Crime fiction"),
    "FH": _("Thrillers"),
    "FJ": _("Adventure fiction"),
    "FJH": _("Historical adventure"),
    "FJM": _("War fiction"),
    "FK": _("Horror and ghost stories"),
    "FKC": _("Classic ghost stories"),
    "FL": _("Science fiction"),
    "FM": _("Fantasy"),
    "FMB": _("Epic fantasy"),
    "FN": _("Myths, legends and fairy tales"),
    "FR": _("Romance"),
    "FRH": _("Historical romance"),
    "FS": _("Family sagas"),
    "FU": _("Humour"),
    "FUP": _("Satire"),
    "FV": _("Historical fiction"),
    "FW": _("Religious and spiritual fiction"),
    "FX": _("Fiction about life and society"),
    "FY": _("Special forms of fiction"),
    "FYB": _("Short stories"),
    "FYT": _("Fiction in translation"),
    "G": _("Reference"),
    "J": _("Society"),
    "JBGB": _("Folklore"),
    "JBSF": _("Women and society"),
    "K": _("Business and economics"),
    "L": _("Law"),
    "M": _("Medicine"),
    "N": _("History"),
    "NH": _("History"),
    "NHF": _("Asian history"),
    "NHTB": _("Social and cultural history"),
    "NHTQ": _("Colonial history"),
    "P": _("Science and mathematics"),
    "Q": _("Philosophy and religion"),
    "QD": _("Philosophy"),
    "QR": _("Religion"),
    "QRF": _("Buddhism"),
    "R": _("Geography and travel"),
    "S": _("Sport"),
    "T": _("Technology and farming"),
    "TV": _("Farming"),
    "U": _("Computing"),
    "V": _("Health"),
    "W": _("Lifestyle and hobbies"),
    "WB": _("Food and cookery"),
    "X": _("Comics"),
    "XA": _("Comics and manga"),
    "XQ": _("Comics by theme"),
    "Y": _("Children and young people"),
    "YB": _("Picture books"),
    "YF": _("Children's fiction"),
    "YFJ": _("Children's traditional stories"),
    "YN": _("Children's non-fiction"),
    "1": _("Places"),
    "2": _("Languages"),
    "3": _("Periods of history"),
    "4": _("For education"),
    "5": _("Readers and interests"),
    "6": _("Styles"),
}

SOUTH_EAST_ASIA = "1FM"
_PLACES = {
    "1FMB": "MM", "1FMC": "KH", "1FML": "LA", "1FMM": "MY", "1FMN": "ID", "1FMP": "PH", "1FMR": "BN",
    "1FMS": "SG", "1FMT": "TH", "1FMV": "VN", "1FPC": "CN", "1FPCH": "HK", "1FPCM": "MO", "1FPCW": "TW", "1FPJ": "JP",
}  # fmt: skip

BISAC = {
    "ART": "A", "BIO": "DNB", "BUS": "K", "CGN": "XA", "CKB": "WB", "DRA": "DD", "FIC": "F", "HIS": "N", "JNF": "YN", "JUV": "YF",
    "LCO": "D", "LIT": "DS", "MUS": "AV", "PER": "AT", "PHI": "QD", "POE": "DC", "REL": "QR", "SCI": "P", "SOC": "J", "YAF": "YF",
}  # fmt: skip
"""The Thema category that a BISAC heading stands for, by its first letters."""

_BISAC = re.compile(r"[A-Z]{3}[0-9]{6}")
_CODE = re.compile(r"[0-9A-Z]{1,10}(?:-[A-Z0-9-]{1,12})?")


def is_subject(code: str) -> bool:
    """Has `code` the shape of a Thema code or qualifier, or of a BISAC heading?"""
    return _CODE.fullmatch(code) is not None


@dataclass(frozen=True, slots=True)
class _Verbatim:
    words: str

    def render(self, language: str) -> str:
        return self.words


def named(code: str) -> str:
    """The nearest code to `code` that has a name of its own, itself or a broader one; `code` where none has."""
    for prefix in broader(code):
        if prefix in THEMA or prefix in _PLACES or prefix == SOUTH_EAST_ASIA:
            return prefix
    return code


def label(code: str) -> Renderable:
    """The name of a subject code; the code itself where nothing broader has a name either."""
    nearest = named(code)
    if nearest == SOUTH_EAST_ASIA:
        return _("South-East Asia")
    if nearest in _PLACES:
        return Territory(_PLACES[nearest])
    return THEMA.get(nearest) or _Verbatim(code)


def broader(code: str) -> list[str]:
    """`code` and every broader Thema code, narrowest first; a BISAC heading is followed by what it is in Thema."""
    thema = BISAC.get(code[:3], "") if _BISAC.fullmatch(code) else code.partition("-")[0]
    codes = [thema[:length] for length in range(len(thema), 0, -1)]
    return codes if thema == code else [code, *codes]

"""Names of territories, languages, rights, kinds, roles and subjects in ten languages, read back into codes.

Case, width, script of Chinese, digits, spaces, punctuation and marks of Latin letters make no difference. A name that
stands for two things of one vocabulary stands for neither. Near names are suggestions for a person.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

import pycountry
from rapidfuzz import fuzz, process

from catalog import languages as tags
from catalog.languages import RIGHTS_LANGUAGES, UnknownLanguage
from catalog.phrases import GROUPS as GROUP_NAMES
from catalog.phrases import MARC_RELATORS, ROLE_ALIASES
from catalog.rights import RightType
from catalog.search.analysis import folded, plain
from catalog.subjects import THEMA
from catalog.territories import ALPHA2_TO_NUMERIC, GROUPS
from hub.formats import language_name, locale, territory
from hub.i18n import LANGUAGES, Renderable, _
from hub.vocabulary import KINDS, RIGHTS, ROLES

NEAR: Final = 80
"""Likeness of two names, 0 to 100, from which one may have been meant by the other."""


def _aliases(lines: str) -> dict[str, str]:
    """`code: name | name`, line by line, as names and their codes."""
    listed = (line.strip().partition(": ") for line in lines.strip().splitlines())
    return {name: code for code, _colon, names in listed for name in names.split(" | ")}


_CLDR_GROUPS: Final = {
    "001": "WORLD", "142": "ASIA", "150": "EUROPE", "002": "AFRICA", "009": "OCEANIA", "419": "LATAM",
    "EU": "EU", "EZ": "EUROZONE", "030": "EAST_ASIA", "034": "SOUTH_ASIA", "143": "CENTRAL_ASIA",
    "021": "NORTH_AMERICA", "035": "ASEAN",
}  # fmt: skip
"""UN M49 in CLDR; South-Eastern Asia (035) and ASEAN are the same eleven countries."""
_COUNTRY: Final = {
    "th": ("ประเทศ", ""),
    "lo": ("ປະເທດ", ""),
    "km": ("ប្រទេស", ""),
    "my": ("", "နိုင်ငံ"),
    "vi": ("nước ", ""),
}
"""“Country”, as these languages write it before or after a country's name."""
_TERRITORY_ALIASES: Final = _aliases(
    """
    US: USA | U.S.A. | America
    GB: UK | U.K. | Great Britain | Britain
    AE: UAE
    KR: South Korea
    KP: North Korea
    VN: Viet Nam
    MM: Burma
    LA: Lao PDR
    CN: Mainland China | PRC | China | 中国 | 中国大陆
    HK: 香港
    MO: 澳门
    TW: 台湾
    WORLD: Worldwide | WW | 全球 | 全世界 | ทั่วโลก | toàn cầu | toàn thế giới | seluruh dunia
    WORLD: buong mundo | ທົ່ວໂລກ | ទូទាំងពិភពលោក | တစ်ကမ္ဘာလုံး
    ASEAN: 东盟 | อาเซียน
    EU: European Union
    LATAM: Latin America
    EAST_ASIA: East Asia
    MIDDLE_EAST: Middle East
    """
)
_LANGUAGE_ALIASES: Final = _aliases(
    """
    zh-Hans: Simplified Chinese | Chinese (Simplified) | 简体中文 | 简体
    zh-Hant: Traditional Chinese | Chinese (Traditional) | 繁体中文 | 繁体
    zh: 中文 | 汉语 | 华文
    id: Bahasa Indonesia
    ms: Bahasa Melayu | Bahasa Malaysia
    fil: Tagalog | Pilipino
    vi: Tiếng Việt
    fa: Farsi
    my: Myanmar
    lo: Laotian
    km: Cambodian
    en: 英文 | 英语
    th: 泰文 | 泰语
    vi: 越文 | 越南文 | 越南语
    ms: 马来文 | 马来语
    id: 印尼文 | 印尼语 | 印度尼西亚文
    my: 缅文 | 缅甸文 | 缅甸语
    lo: 老挝文 | 老挝语
    km: 柬文 | 高棉文 | 柬埔寨语
    fil: 菲律宾文 | 菲律宾语
    ja: 日文 | 日语
    ko: 韩文 | 韩语
    fr: 法文 | 法语
    de: 德文 | 德语
    es: 西班牙文 | 西语
    """
)
_RIGHT_ALIASES: Final = _aliases(
    """
    PRINT: Print rights | Paper | Hardcover | Paperback | Volume | 纸质 | 纸质书 | 纸质图书
    EBOOK: Digital | Digital rights | Ebook rights | 电子版
    AUDIOBOOK: Audio | Audio rights | 有声
    LARGE_PRINT: Large print rights
    SERIAL: Serial | Serial rights | First serial | First serialisation | 连载
    FILM_ADAPTATION: Film | Film rights
    TV_ADAPTATION: TV
    STAGE_ADAPTATION: Stage
    GAME_ADAPTATION: Game
    MERCHANDISING: Merchandise
    ANIMATION_ADAPTATION: Animation rights
    COMIC_ADAPTATION: Comic rights
    """
)
_KIND_ALIASES: Final = _aliases(
    """
    BOOK: Books | Novel | 图书 | 书
    COMIC: Comics | Manga | Graphic novel
    MUSIC: Album | Song
    ANIMATION: Anime | Cartoon
    """
)
_ROLE_ALIASES: Final = _aliases(
    """
    aut: By | Written by | Writer | 著 | 文
    ill: 图 | 绘 | 绘者 | Illustrated by | Illustrations
    trl: 译 | 译者 | Translated by
    edt: 编 | 主编 | Edited by
    clr: Colorist
    cmp: Music by
    lyr: Lyrics by
    """
)
YES: Final = _("Yes")
NO: Final = _("No")
EXCLUSIVE: Final = _("Exclusive")
NOT_EXCLUSIVE: Final = _("Non-exclusive")
EVERY_LANGUAGE: Final = _("every language")
_YES: Final = ("y", "true", "1", "x", "✓", "是", "有", "có", "ใช่", "ya", "oo", "ແມ່ນ", "បាទ", "ဟုတ်")
_NO: Final = ("n", "false", "0", "否", "无", "không", "ไม่", "tidak", "tak", "hindi", "ບໍ່", "ទេ", "မဟုတ်")


@lru_cache(maxsize=50_000)
def level(name: str) -> str:
    """The form in which names are compared: letters, their marks and digits only."""
    letters = (sign for sign in plain(unicodedata.normalize("NFKC", name)) if unicodedata.category(sign)[0] in "LMN")
    return folded("".join(letters))


class Names:
    """One vocabulary: what its things are called, levelled, and for each thing the name to suggest for it."""

    def __init__(self, names: Iterable[tuple[str, str]], codes: Iterable[str] = ()) -> None:
        """`names`: name and code, the ones to suggest first; `codes` mean themselves, whatever else is called so."""
        self._shown: dict[str, str] = {}
        meant: dict[str, set[str]] = defaultdict(set)
        for name, code in names:
            if key := level(name):
                meant[key].add(code)
                self._shown.setdefault(key, name)
        self._codes = {key: next(iter(found)) for key, found in meant.items() if len(found) == 1}
        for code in codes:
            self._codes[level(code)] = code
            self._shown.setdefault(level(code), code)

    def find(self, name: str) -> str | None:
        return self._codes.get(level(name))

    def near(self, name: str) -> str | None:
        """The one name that a misspelt one is like; None where there is none, or where names of several things are as near."""
        wanted = level(name)
        if len(wanted) < 3:
            return None
        found = process.extract(wanted, self._codes.keys(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=5)
        best = {self._codes[key] for key, score, _place in found if score == found[0][1]}
        return self._shown[found[0][0]] if len(best) == 1 else None


def _said(names: Mapping[str, Renderable]) -> Iterator[tuple[str, str]]:
    """English first, so that a suggestion is in letters that every keyboard has."""
    for language in ("en", *(other for other in LANGUAGES if other != "en")):
        yield from ((name.render(language), code) for code, name in names.items())


@cache
def territories() -> Names:
    """Countries by ISO 3166-1 alpha-2 and alpha-3 and by name; groups by the names of `GROUPS`, of CLDR and of UN M49."""

    def names() -> Iterator[tuple[str, str]]:
        yield from (
            (name.replace("_", " ").title() if len(name) > 5 or name == "WORLD" else name, name) for name in GROUPS
        )
        for language in ("en", *(other for other in LANGUAGES if other != "en")):
            before, after = _COUNTRY.get(language, ("", ""))
            yield from ((territory(code, language), code) for code in ALPHA2_TO_NUMERIC)
            yield from ((f"{before}{territory(code, language)}{after}", code) for code in ALPHA2_TO_NUMERIC)
            yield from ((locale(language).territories.get(code, ""), code) for code in ALPHA2_TO_NUMERIC)
            yield from ((locale(language).territories.get(m49, ""), group) for m49, group in _CLDR_GROUPS.items())
        for country in pycountry.countries:
            yield from ((getattr(country, kind, ""), country.alpha_2) for kind in ("alpha_3", "name", "common_name"))
        yield from _said(GROUP_NAMES)

    return Names(_with_aliases(names(), _TERRITORY_ALIASES), [*ALPHA2_TO_NUMERIC, *GROUPS])


@cache
def languages() -> Names:
    """Languages in which rights can be granted, by BCP 47 tag, by ISO 639-2/B and /T code, and by name. `zh` is both scripts."""
    return Names(_language_names(), sorted(RIGHTS_LANGUAGES | {"zh"}))


def _language_names() -> Iterator[tuple[str, str]]:
    listed = sorted(RIGHTS_LANGUAGES | {"zh"})

    def names() -> Iterator[tuple[str, str]]:
        for language in ("en", *(other for other in LANGUAGES if other != "en")):
            yield from ((language_name(tag, language), tag) for tag in listed)
        for tag in listed:
            if "-" not in tag:
                yield tags.to_iso639_2b(tag), tag
                record = pycountry.languages.get(alpha_2=tag) or pycountry.languages.get(alpha_3=tag)
                yield getattr(record, "alpha_3", ""), tag

    return _with_aliases(names(), _LANGUAGE_ALIASES)


@cache
def work_languages() -> Names:
    """Languages that works are written in: those in which rights are granted, and ISO's special codes."""
    return Names(_language_names(), [*sorted(RIGHTS_LANGUAGES | {"zh"}), *sorted(tags.SPECIAL)])


def work_language(name: str) -> str | None:
    """The BCP 47 tag of a language of a work, by its name or any tag."""
    found = work_languages().find(name)
    if found is not None:
        return found
    try:
        return tags.normalise(name)
    except UnknownLanguage:
        return None


@cache
def rights() -> Names:
    return Names(_with_aliases(_said(RIGHTS), _RIGHT_ALIASES), [right.value for right in RightType])


@cache
def kinds() -> Names:
    return Names(_with_aliases(_said(KINDS), _KIND_ALIASES), KINDS)


@cache
def roles() -> Names:
    """MARC relators, by code and by name."""
    return Names(_with_aliases(_said(ROLES), {**_ROLE_ALIASES, **ROLE_ALIASES}), MARC_RELATORS)


@cache
def subjects() -> Names:
    """Thema categories by name. Codes are not checked against a list: Thema has more than the hub has names for."""
    return Names(_said(THEMA))


@cache
def _answers() -> Names:
    said = [*_said({"yes": YES, "no": NO})]
    return Names([*said, *((word, "yes") for word in _YES), *((word, "no") for word in _NO)])


def yes_or_no(word: str) -> bool | None:
    """None for what is neither."""
    found = _answers().find(word) or {"✓": "yes", "✔": "yes", "√": "yes"}.get(word.strip())
    return None if found is None else found == "yes"


@cache
def _exclusivity() -> Names:
    words = {
        "yes": "excl | 独家 | 专有 | 独占",
        "no": "non-excl | nonexclusive | noneksklusif | 非独家 | 非专有 | 非独占",
    }
    typed = [(word, code) for code, listed in words.items() for word in listed.split(" | ")]
    return Names([*_said({"yes": EXCLUSIVE, "no": NOT_EXCLUSIVE}), *typed])


def exclusive(word: str) -> bool | None:
    """Whether `word` says exclusive, or that it is not; None for what says neither."""
    found = _exclusivity().find(word)
    return None if found is None else found == "yes"


@cache
def every_language() -> frozenset[str]:
    """What stands for every language, levelled."""
    words = (
        "L",
        "all languages",
        "all",
        "any",
        "any language",
        "所有语言",
        "全部语言",
        "mọi ngôn ngữ",
        "ทุกภาษา",
        "semua bahasa",
    )
    return frozenset(map(level, [*words, *(EVERY_LANGUAGE.render(language) for language in LANGUAGES)]))


def _with_aliases(names: Iterable[tuple[str, str]], aliases: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """An alias wins over what else is called so."""
    own = {level(name): code for name, code in aliases.items()}
    for name, code in names:
        yield name, own.get(level(name), code)
    yield from aliases.items()

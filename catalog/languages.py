"""Languages: BCP 47 inside, ISO 639-2/B at the ONIX border, one stable integer each for the exclusion constraint.

**Tags of works** (`normalise`) may be any well-formed `language[-Script][-REGION]`, and ISO's `mul`, `und`, `zxx`.

**Languages of rights** (`rights_language`) come from `RIGHTS_LANGUAGES`, a closed list: every language with an ISO 639-1 code and
the regional ones that are traded besides. Rights are granted in a language, not in a region of it, so `en-GB` is
refused instead of silently becoming `en`. Chinese is the one language sold by script: `zh` is `zh-Hans` and `zh-Hant`
together, `zh-TW` is `zh-Hant`. `tl` is `fil`, as in CLDR.

**Every language** is `None` in a scope and `EVERY` (the whole closed list) in an integer array, so that `&&` finds the
overlap with any one language. Adding a language therefore needs a migration that appends its number to the arrays
which hold `EVERY`.

**The integer** of a language is its ISO 639-3 code read as a base-26 number, times four, plus the script (0 none,
1 Hans, 2 Hant). It depends on no table and on no order, so it never changes.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import pycountry
from babel.core import get_global

SPECIAL: Final = frozenset({"mul", "und", "zxx"})
"""ISO 639-2: several languages, undetermined, no linguistic content (an instrumental piece)."""

_CHINESE: Final = frozenset({"zh-Hans", "zh-Hant"})
_REGIONAL: Final = """
    ace ban bbc bik bug bjn ceb chk ckb fil gil haw hil hmn ilo jam kac kok krl ksw kjg kru lus mad mak min mni mnw
    nan pag pam pap rhg sat shn skr sco syl tet tpi war yue
"""

_TAG = re.compile(r"^([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?$", re.IGNORECASE)
_ALIASES: Final[dict[str, str]] = {
    old: new for old, new in get_global("language_aliases").items() if re.fullmatch("[a-z]{2,3}", new)
} | {"tl": "fil", "tgl": "fil", "in": "id"}
_CHINESE_SCRIPTS: Final = {
    "Hans": "Hans", "CN": "Hans", "SG": "Hans", "MY": "Hans", "Hant": "Hant", "TW": "Hant", "HK": "Hant", "MO": "Hant",
}  # fmt: skip

_RECORDS: Final = {(getattr(record, "alpha_2", None) or record.alpha_3): record for record in pycountry.languages}
_BY_ALPHA3: Final[dict[str, str]] = {
    code: tag
    for tag, record in _RECORDS.items()
    for code in (record.alpha_3, getattr(record, "bibliographic", record.alpha_3))
}


class UnknownLanguage(ValueError):
    """`tag` is not a language tag that can be used here."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"unknown language {tag!r}")
        self.tag = tag


def normalise(tag: str) -> str:
    """`tag` in canonical BCP 47 form: `ZH_hans` → `zh-Hans`, `tl` → `fil`. Raises `UnknownLanguage`."""
    match = _TAG.match(tag.strip().replace("_", "-"))
    if match is None:
        raise UnknownLanguage(tag)
    language, script, region = match.group(1).lower(), match.group(2), match.group(3)
    language = _ALIASES.get(language, language)
    language = _BY_ALPHA3.get(language, language)
    if language not in _RECORDS and language not in SPECIAL:
        raise UnknownLanguage(tag)
    if script and pycountry.scripts.get(alpha_4=script.title()) is None:
        raise UnknownLanguage(tag)
    return "-".join(part for part in (language, script and script.title(), region and region.upper()) if part)


@lru_cache(maxsize=1024)
def from_iso639_2b(code: str) -> str:
    """BCP 47 language of an ISO 639-2/B code (ONIX List 74): `chi` → `zh`, `may` → `ms`. Raises `UnknownLanguage`.

    The terminology codes (`zho`, `msa`) and the ISO 639-3 codes that List 74 admits are read as well.
    """
    if not re.fullmatch("[A-Za-z]{3}", code.strip()):
        raise UnknownLanguage(code)
    return normalise(code)


def to_iso639_2b(tag: str) -> str:
    """ISO 639-2/B code of a BCP 47 tag, whatever its script and region: `zh-Hans` → `chi`."""
    language = normalise(tag).split("-")[0]
    if language in SPECIAL:
        return language
    record = _RECORDS[language]
    return str(getattr(record, "bibliographic", record.alpha_3))


def _number(tag: str) -> int:
    language, _, script = tag.partition("-")
    value = 0
    for letter in _RECORDS[language].alpha_3:
        value = value * 26 + ord(letter) - ord("a")
    return value * 4 + {"": 0, "Hans": 1, "Hant": 2}[script]


RIGHTS_LANGUAGES: Final[frozenset[str]] = _CHINESE | (
    frozenset(_ALIASES.get(tag, tag) for tag in _RECORDS if len(tag) == 2 and tag not in {"zh", "sh"})
    | frozenset(_REGIONAL.split())
)
"""The languages in which rights can be granted; Chinese as its two scripts."""

_NUMBERS: Final[dict[str, int]] = {tag: _number(tag) for tag in RIGHTS_LANGUAGES}
_TAGS: Final[dict[int, str]] = {number: tag for tag, number in _NUMBERS.items()}
EVERY: Final[tuple[int, ...]] = tuple(sorted(_TAGS))


def rights_language(tag: str) -> frozenset[str]:
    """Members of `RIGHTS_LANGUAGES` that `tag` names: one, or two for `zh`. Raises `UnknownLanguage`."""
    language, _, rest = normalise(tag).partition("-")
    if language == "zh":
        if not rest:
            return _CHINESE
        language, rest = f"zh-{_CHINESE_SCRIPTS.get(rest.partition('-')[0], '?')}", ""
    if rest or language not in RIGHTS_LANGUAGES:
        raise UnknownLanguage(tag)
    return frozenset({language})


def rights_languages(tags: Iterable[str] | None) -> frozenset[str] | None:
    """The languages of a scope: None stays None (every language). Raises `UnknownLanguage` for the first bad tag."""
    if tags is None:
        return None
    languages = frozenset[str]().union(*(rights_language(tag) for tag in tags))
    return None if languages == RIGHTS_LANGUAGES else languages


def shown(languages: frozenset[str] | None) -> list[str] | None:
    """Tags to show for a scope's languages, both scripts of Chinese folded into `zh`; None for every language."""
    if languages is None:
        return None
    if languages >= _CHINESE:
        languages = languages - _CHINESE | {"zh"}
    return sorted(languages)


def numbers(languages: frozenset[str] | None) -> list[int]:
    """Stable integers, ascending, for an integer array; all of `EVERY` for None."""
    return list(EVERY) if languages is None else sorted(_NUMBERS[tag] for tag in languages)


def from_numbers(values: Iterable[int]) -> frozenset[str] | None:
    """The inverse of `numbers`."""
    languages = frozenset(_TAGS[value] for value in values)
    return None if languages == RIGHTS_LANGUAGES else languages

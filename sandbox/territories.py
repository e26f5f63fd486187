"""Countries, their currencies, and the language tags that messages may carry."""

import re
from functools import cache

import pycountry
from babel.numbers import get_territory_currencies

_TAG = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(-(?P<script>[A-Za-z]{4}))?(-(?P<region>[A-Za-z]{2}|\d{3}))?(-[A-Za-z][A-Za-z0-9]{4,7})?",
    re.ASCII,
)


@cache
def countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)


@cache
def expand(code: str) -> frozenset[str]:
    """The countries behind a territory code: all of them for ``Worldwide``, none when the code is unknown."""
    if code == "Worldwide":
        return countries()
    return frozenset({code}) & countries()


@cache
def currency_of(territory: str) -> str | None:
    """The legal tender of a country today (ISO 4217), by CLDR."""
    tender: list[str] = get_territory_currencies(territory, tender=True)
    return tender[0] if tender else None


@cache
def is_language(tag: str) -> bool:
    """Whether a DDEX LanguageAndScriptCode names a language of ISO 639, and a script and region that exist if it has them."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return False
    language = match["language"].lower()
    languages = pycountry.languages
    known = languages.get(alpha_2=language) if len(language) == 2 else languages.get(alpha_3=language)
    script = match["script"]
    region = match["region"]
    return (
        known is not None
        and (script is None or pycountry.scripts.get(alpha_4=script.title()) is not None)
        and (region is None or region.isdigit() or region.upper() in countries())
    )

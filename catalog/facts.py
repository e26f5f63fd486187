"""What is said of a work when it is listed or changed, checked before anything is written."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from catalog import identifiers, languages, phrases
from catalog.identifiers import BadIdentifier, Fault, Identified
from catalog.limits import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_CONTRIBUTORS,
    MOST_IDENTIFIERS,
    MOST_SUBJECTS,
    YEARS,
)
from catalog.subjects import is_subject
from catalog.territories import ALPHA2_TO_NUMERIC
from hub.errors import Invalid
from hub.formats import Listing
from hub.i18n import Message, _
from hub.types import words

T = TypeVar("T")

FAULTS: dict[Fault, Message] = {
    Fault.SCHEME: _("“%(scheme)s” is no kind of identifier that the hub knows. Use one of %(schemes)s."),
    Fault.LENGTH: _("“%(value)s” has the wrong length for an %(scheme)s. Copy it again from its source."),
    Fault.CHARACTERS: _("“%(value)s” is not written like an %(scheme)s. Copy it again from its source."),
    Fault.CHECK_DIGIT: _("The check digit of the %(scheme)s “%(value)s” is wrong. Look for a mistyped digit."),
    Fault.PREFIX: _("“%(value)s” starts with a prefix that no %(scheme)s has. Copy it again from its source."),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Credit:
    """A contributor: name as a reader would know it, MARC relator code, name in its own script where that differs."""

    name: str
    role: str
    name_original: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """Words in the language that they were written in, and the same in other languages where somebody supplied them."""

    text: str
    language: str
    supplied: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class WorkFacts:
    """Everything that can be said of a work at once. Years before the Common Era count from 0 (1 BCE) down."""

    kind: str
    original_language: str
    title: Words
    description: Words | None = None
    contributors: Sequence[Credit] = ()
    identifiers: Sequence[Identified] = ()
    subjects: Sequence[str] = ()
    publication_year: int | None = None
    country_of_origin: str | None = None
    record_reference: str | None = None


def checked_language(tag: str, field: str) -> str:
    """A BCP 47 tag in canonical form; INVALID when it is none."""
    try:
        return languages.normalise(tag)
    except languages.UnknownLanguage:
        raise Invalid(
            _("“%(tag)s” is no language that the hub knows. Use a BCP 47 tag such as vi, zh or fil.", tag=tag[:40]),
            field=field,
        ) from None


def checked_title(text: str, field: str = "title") -> str:
    return " ".join((words(text, field, longest=LONGEST_TITLE) or "").split())


def checked_description(text: str | None, field: str = "description") -> str | None:
    return words(text, field, longest=LONGEST_DESCRIPTION, required=False)


def checked_credits(credits: Iterable[tuple[str, str, str | None]], field: str = "contributors") -> list[Credit]:
    """Name, role and original name of each contributor. INVALID for an unknown role or an empty name."""
    checked: list[Credit] = []
    for place, (name, role, original) in enumerate(_at_most(credits, MOST_CONTRIBUTORS, field)):
        code = phrases.ROLE_ALIASES.get(role.strip().lower(), role.strip().lower())
        if code not in phrases.MARC_RELATORS:
            raise Invalid(
                _("“%(role)s” is no MARC relator code. Use one such as aut, ill, cmp, prf or trl.", role=role[:20]),
                field=f"{field}.{place}.role",
            )
        where = f"{field}.{place}.name"
        shown = unicodedata.normalize("NFC", words(name, where, longest=LONGEST_NAME) or "")
        other = words(original, f"{field}.{place}.nameOriginal", longest=LONGEST_NAME, required=False)
        credit = Credit(shown, code, other if other != shown else None)
        if credit not in checked:
            checked.append(credit)
    return checked


def checked_identifiers(pairs: Iterable[tuple[str, str]], field: str = "identifiers") -> list[Identified]:
    """Scheme and value of each identifier, in stored form. INVALID for one that cannot be right."""
    checked: list[Identified] = []
    for place, (scheme, value) in enumerate(_at_most(pairs, MOST_IDENTIFIERS, field)):
        try:
            identified = identifiers.identify(scheme, value)
        except BadIdentifier as bad:
            part = "scheme" if bad.fault is Fault.SCHEME else "value"
            raise Invalid(
                FAULTS[bad.fault].filled(
                    scheme=bad.scheme[:20], value=bad.value[:60], schemes=Listing(identifiers.SCHEMES)
                ),
                field=f"{field}.{place}.{part}",
                scheme=bad.scheme[:20],
                value=bad.value[:60],
                fault=bad.fault.value,
            ) from None
        if all((identified.scheme, identified.value) != (other.scheme, other.value) for other in checked):
            checked.append(identified)
    return checked


def checked_subjects(codes: Iterable[str], field: str = "subjects") -> list[str]:
    """Thema or BISAC codes in capitals, without repeats. INVALID for what is shaped like neither."""
    checked: list[str] = []
    for place, raw in enumerate(_at_most(codes, MOST_SUBJECTS, field)):
        code = raw.strip().upper()
        if not is_subject(code):
            raise Invalid(
                _("“%(code)s” is no subject code. Use Thema codes such as FBC, or BISAC codes.", code=raw[:40]),
                field=f"{field}.{place}",
            )
        if code not in checked:
            checked.append(code)
    return checked


def checked_year(year: int | None, field: str = "publicationYear") -> int | None:
    if year is not None and not YEARS[0] <= year <= YEARS[1]:
        raise Invalid(_("Choose a year between 3000 BCE and 2200."), field=field)
    return year


def checked_country(code: str | None, field: str = "countryOfOrigin") -> str | None:
    """An ISO 3166-1 alpha-2 code; a group such as ASEAN is no country of origin."""
    if not code:
        return None
    if not re.fullmatch("[A-Z]{2}", code) or code not in ALPHA2_TO_NUMERIC:
        raise Invalid(_("Choose one country, by its two letters such as VN."), field=field)
    return code


def _at_most(items: Iterable[T], most: int, field: str) -> list[T]:
    listed = list(items)
    if len(listed) > most:
        raise Invalid(_("At most %(most)s are possible here. Leave some out.", most=most), field=field)
    return listed

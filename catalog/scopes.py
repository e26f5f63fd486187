"""Scopes on their way in and out: from what people ask for, and to and from the columns of tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects.postgresql import Range

from catalog import languages as tags
from catalog import territories as places
from catalog.limits import EARLIEST, LATEST
from catalog.models import Scoped
from catalog.phrases import GROUPS
from catalog.rights import RightType, Scope
from hub.errors import Invalid
from hub.formats import Listing
from hub.i18n import _


def checked(
    *,
    rights: Iterable[RightType],
    territories: Iterable[str],
    except_territories: Iterable[str] = (),
    languages: Iterable[str] | None,
    start: date,
    end: date | None,
    exclusive: bool,
    field: str = "scope",
) -> Scope:
    """A scope as somebody asks for it. INVALID, with the field, for what is empty, unknown or out of order."""
    wanted = frozenset(rights)
    if not wanted:
        raise Invalid(_("Choose at least one right."), field=f"{field}.rights")
    return Scope(
        rights=wanted,
        territories=_territories(territories, except_territories, field),
        languages=_languages(languages, f"{field}.languages"),
        start=_start(start, field),
        end=_end(start, end, field),
        exclusive=exclusive,
    )


def _territories(included: Iterable[str], left_out: Iterable[str], field: str) -> frozenset[str]:
    left = expanded(included, f"{field}.territories") - expanded(left_out, f"{field}.exceptTerritories")
    if not left:
        raise Invalid(_("No territory is left. Choose at least one."), field=f"{field}.territories")
    return left


def expanded(codes: Iterable[str], field: str) -> frozenset[str]:
    """The territories that codes and named groups stand for; INVALID for one that there is not."""
    try:
        return places.expand(codes)
    except places.UnknownTerritory as unknown:
        raise Invalid(
            _(
                "“%(code)s” is no territory that the hub knows. Use a country's two letters such as VN, or %(groups)s.",
                code=unknown.code[:40],
                groups=Listing(tuple(GROUPS)),
            ),
            field=field,
            code=unknown.code[:40],
        ) from None


def _languages(chosen: Iterable[str] | None, field: str) -> frozenset[str] | None:
    if chosen is None:
        return None
    listed = list(chosen)
    if not listed:
        raise Invalid(_("Choose at least one language, or leave the languages out for every language."), field=field)
    try:
        return tags.rights_languages(listed)
    except tags.UnknownLanguage as unknown:
        raise Invalid(
            _(
                "Rights cannot be granted in “%(tag)s”. Use a language's own tag such as vi, zh or zh-Hant, without a region.",
                tag=unknown.tag[:40],
            ),
            field=field,
            tag=unknown.tag[:40],
        ) from None


def _start(start: date, field: str) -> date:
    if not EARLIEST <= start < LATEST:
        raise Invalid(_("Choose a day between 1900 and 2199."), field=f"{field}.period.start")
    return start


def _end(start: date, end: date | None, field: str) -> date | None:
    if end is not None and end > LATEST:
        raise Invalid(_("Choose a day between 1900 and 2199."), field=f"{field}.period.end")
    if end is not None and end <= start:
        raise Invalid(_("The period ends before it starts. Choose a later end."), field=f"{field}.period.end")
    return end


def columns(scope: Scope) -> dict[str, Any]:
    """The values of `Scoped`'s columns."""
    return {
        "rights": sorted(right.value for right in scope.rights),
        "territories": _listed(scope.territories),
        "languages": None if scope.languages is None else sorted(scope.languages),
        "period": Range(scope.start, scope.end, bounds="[)"),
        "exclusive": scope.exclusive,
    }


@lru_cache(maxsize=256)
def _listed(territories: frozenset[str]) -> tuple[str, ...]:
    """In order. A house sells thousands of titles in the same places, often in all the world."""
    return tuple(sorted(territories))


def scope_of(row: Scoped) -> Scope:
    """The scope that a row's columns hold."""
    assert row.period.lower is not None
    return Scope(
        rights=frozenset(RightType(right) for right in row.rights),
        territories=frozenset(row.territories),
        languages=None if row.languages is None else frozenset(row.languages),
        start=row.period.lower,
        end=row.period.upper,
        exclusive=row.exclusive,
    )

"""Rights, written as a cell that reads back the same."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.grammar.clauses import Clause
from catalog.grammar.reading import language_named, right_named
from catalog.languages import RIGHTS_LANGUAGES, rights_language, to_iso639_2b
from catalog.rights import RightType, Scope
from catalog.territories import fold
from hub.formats import last_day


def write(clauses: Sequence[Clause]) -> str:
    """Clauses in the trade's codes, which read the same in every language."""
    return " || ".join(_written(clause) for clause in clauses)


def _written(clause: Clause) -> str:
    parts = [_written_territories(clause.territories), _written_languages(clause.languages)]
    if clause.rights is not None:
        rights = ",".join(right.value for right in RightType if right in clause.rights)
        parts.append(f"R: {rights}" if language_named(rights) else rights)
    if clause.exclusive is not None:
        parts.append("excl" if clause.exclusive else "non-excl")
    if clause.start or clause.end or clause.months:
        parts.append(_written_period(clause))
    return "; ".join(parts)


def _written_territories(codes: frozenset[str]) -> str:
    folded = fold(codes)
    names = ",".join({"WORLD": "World"}.get(name, name) for name, _missing in folded)
    missing = ",".join(sorted(frozenset[str]().union(*(left_out for _name, left_out in folded))))
    return f"{names} ex {missing}" if missing else names


def _written_languages(spoken: frozenset[str] | None) -> str:
    if spoken is None:
        return "L"
    missing = RIGHTS_LANGUAGES - spoken
    if len(missing) < len(spoken):
        return f"L ex {_codes(missing)}"
    return f"L: {_codes(spoken)}" if all(right_named(code) for code in _codes(spoken).split(",")) else _codes(spoken)


def _codes(spoken: frozenset[str]) -> str:
    """ISO 639-2/B, as rights lists do; BCP 47 for one script of Chinese, and where the code also names another language."""
    chinese = rights_language("zh")
    codes = {to_iso639_2b(tag): tag for tag in spoken - chinese}
    written = {code if language_named(code) == frozenset({tag}) else tag for code, tag in codes.items()}
    return ",".join(sorted(written | ({"chi"} if spoken >= chinese else spoken & chinese)))


def _written_period(clause: Clause) -> str:
    start = clause.start.isoformat() if clause.start else ""
    if clause.months is not None:
        length = f"{clause.months // 12}y" if clause.months % 12 == 0 else f"{clause.months}m"
        return f"{start}..{length}" if start else length
    return f"{start}..{last_day(clause.end).isoformat() if clause.end else ''}"


def of_scope(scope: Scope) -> Clause:
    """A clause that says everything that a scope does."""
    return Clause(scope.territories, scope.languages, scope.rights, scope.exclusive, scope.start, scope.end)

"""Rights as feeds say them, window by window and territory by territory, put together into few scopes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from catalog.rights import Scope, join


def disjoint(scopes: Iterable[Scope]) -> list[Scope]:
    """The same rights in disjoint boxes: what is said twice counts once, exclusive before not."""
    kept: list[Scope] = []
    for box in sorted(_fewer(scopes), key=lambda scope: not scope.exclusive):
        kept.extend(box.minus(kept))
    return join(kept)


def common(first: Iterable[Scope], second: Iterable[Scope]) -> list[Scope]:
    """What both sets of boxes hold."""
    others = list(second)
    return [shared for one in first for shared in one.minus(one.minus(others))]


def _fewer(scopes: Iterable[Scope]) -> list[Scope]:
    """Scopes that differ in territories only, then in rights only, as one: feeds have a line for each, hundreds of them."""
    places: dict[tuple[object, ...], list[Scope]] = {}
    for scope in dict.fromkeys(scopes):
        places.setdefault((scope.rights, scope.languages, scope.start, scope.end, scope.exclusive), []).append(scope)
    rights: dict[tuple[object, ...], list[Scope]] = {}
    for same in places.values():
        scope = replace(same[0], territories=frozenset[str]().union(*(one.territories for one in same)))
        key = (scope.territories, scope.languages, scope.start, scope.end, scope.exclusive)
        rights.setdefault(key, []).append(scope)
    return [replace(same[0], rights=same[0].rights.union(*(one.rights for one in same))) for same in rights.values()]

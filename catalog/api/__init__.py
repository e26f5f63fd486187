"""The catalogue in GraphQL."""

from __future__ import annotations

import strawberry

from catalog.api import search, translating, vocabulary, works
from catalog.api.scopes import Period, PeriodInput, ScopeInput, ScopeType
from catalog.api.types import Holdback, Mandate, Named, Work
from catalog.assets import api as assets
from catalog.exports import api as exports
from catalog.imports import api as imports
from catalog.merging import api as merging
from catalog.saved import api as saved

__all__ = [
    "Holdback",
    "Mandate",
    "Mutation",
    "Named",
    "Period",
    "PeriodInput",
    "Query",
    "ScopeInput",
    "ScopeType",
    "Work",
]


@strawberry.type
class Query(
    works.Queries,
    search.Queries,
    vocabulary.Queries,
    saved.Queries,
    imports.Queries,
    exports.Queries,
    merging.Queries,
    assets.Queries,
    translating.Queries,
):
    pass


@strawberry.type
class Mutation(
    works.Mutations,
    saved.Mutations,
    imports.Mutations,
    exports.Mutations,
    merging.Mutations,
    assets.Mutations,
    translating.Mutations,
):
    pass

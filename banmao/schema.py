"""The schema: every domain's queries, mutations and subscriptions, put together."""

from __future__ import annotations

import strawberry
from graphql import lexicographic_sort_schema, print_schema
from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, ParserCache, QueryDepthLimiter, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

import accounts.api
import catalog.api
import distribution.api
import marketplace.api
import translation.api
from hub.settings import ROOT, Settings
from hub.types import SCALARS

QUERIES = (
    accounts.api.Query,
    translation.api.Query,
    catalog.api.Query,
    marketplace.api.Query,
    distribution.api.Query,
)
MUTATIONS = (
    accounts.api.Mutation,
    translation.api.Mutation,
    catalog.api.Mutation,
    marketplace.api.Mutation,
    distribution.api.Mutation,
)
SUBSCRIPTIONS = (marketplace.api.Subscription, distribution.api.Subscription)
SDL = ROOT / "graphql" / "schema.graphql"


def build() -> strawberry.Schema:
    """The limiters are for WebSockets: `banmao.operations` measures requests over HTTP before, with better answers."""
    limits = Settings()
    return strawberry.Schema(
        query=merge_types("Query", QUERIES),
        mutation=merge_types("Mutation", MUTATIONS),
        subscription=merge_types("Subscription", SUBSCRIPTIONS),
        extensions=[
            lambda: ParserCache(maxsize=500),
            lambda: ValidationCache(maxsize=500),
            lambda: QueryDepthLimiter(
                max_depth=limits.graphql_depth, should_ignore=lambda field: field.field_name.startswith("__")
            ),
            lambda: MaxAliasesLimiter(max_alias_count=limits.graphql_aliases),
            lambda: MaxTokensLimiter(max_token_count=limits.graphql_tokens),
        ],
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )


schema = build()


def sdl() -> str:
    """The published contract, sorted, so that differences are readable."""
    return print_schema(lexicographic_sort_schema(schema._schema)) + "\n"

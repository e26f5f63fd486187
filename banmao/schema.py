"""The schema: every domain's queries, mutations and subscriptions, put together."""

from __future__ import annotations

import strawberry
from graphql import GraphQLError, lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

import accounts.api
import catalog.api
import distribution.api
import marketplace.api
import translation.api
from banmao.documents import KnownDocument
from banmao.execution import PlannedExecutor
from hub.settings import ROOT
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


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: `banmao.operations` logs what is ours to mend. Errors quote what people typed, passwords among it."""


def build() -> Schema:
    """What a request may ask for is measured by `banmao.operations`, before the schema sees it."""
    return Schema(
        query=merge_types("Query", QUERIES),
        mutation=merge_types("Mutation", MUTATIONS),
        subscription=merge_types("Subscription", SUBSCRIPTIONS),
        execution_context_class=PlannedExecutor,
        extensions=[KnownDocument],
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )


schema = build()


def sdl() -> str:
    """The published contract, sorted, so that differences are readable."""
    return print_schema(lexicographic_sort_schema(schema._schema)) + "\n"

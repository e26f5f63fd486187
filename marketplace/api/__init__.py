"""The marketplace in GraphQL."""

from __future__ import annotations

import strawberry

from marketplace.api import availability, deals, negotiations
from marketplace.api.types import Contract, License, Negotiation

__all__ = ["Contract", "License", "Mutation", "Negotiation", "Query", "Subscription"]


@strawberry.type
class Query(availability.Queries, negotiations.Queries, deals.Queries):
    pass


@strawberry.type
class Mutation(negotiations.Mutations, deals.Mutations):
    pass


@strawberry.type
class Subscription(negotiations.Subscriptions):
    pass

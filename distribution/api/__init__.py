"""Distribution in GraphQL."""

from __future__ import annotations

from strawberry.tools import merge_types

from distribution.api import operating, releases, revenue

Query = merge_types("DistributionQuery", (releases.Query, revenue.Query))
Mutation = merge_types("DistributionMutation", (releases.Mutation, revenue.Mutation, operating.Mutation))
Subscription = releases.Subscription

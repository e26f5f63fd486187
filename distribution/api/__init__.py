"""Distribution in GraphQL."""

from __future__ import annotations

from strawberry.tools import merge_types

from distribution.api import operating as operating
from distribution.api import releases as releases
from distribution.api import revenue as revenue

Query = merge_types("DistributionQuery", (releases.Query, revenue.Query))
Mutation = merge_types("DistributionMutation", (releases.Mutation, revenue.Mutation, operating.Mutation))
Subscription = releases.Subscription

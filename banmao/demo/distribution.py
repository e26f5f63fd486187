"""The demo's code ranges and channels: what an operator would enter by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from banmao.demo import organizations
from distribution import connecting, registry
from distribution.errors import RangeTaken
from distribution.isrc import Allocation
from hub.database import act_for
from hub.runtime import Runtime

PREFIX = "AA6Q7"
"""The example prefix of the ISRC handbook: nobody's."""
RANGE = 5_000
GTIN_PREFIX = "9501101"
"""GS1's own prefix for examples: nobody's."""
OPERATOR = "banmao"


async def allocate(session: AsyncSession, owners: dict[str, UUID]) -> None:
    """A range of this year's designations and a company prefix for each label, once."""
    labels = [given["slug"] for given in organizations() if given["kind"] == "LABEL"]
    for place, slug in enumerate(labels):
        first = place * RANGE + 1
        await act_for(session, owners[slug])
        try:
            allocation = Allocation(PREFIX, datetime.now(UTC).year, first, first + RANGE - 1)
            await registry.store_range(session, owners[slug], allocation)
            await registry.store_prefix(session, owners[slug], f"{GTIN_PREFIX}{place:02d}")
        except RangeTaken:
            continue


async def connect(runtime: Runtime, owners: dict[str, UUID], sheet: Path) -> None:
    """Enter the sandbox's platforms as channels; their ports are new at every start."""
    operator = owners[OPERATOR]
    async with runtime.database.transaction(organization=operator) as tx:
        await connecting.connect(tx.session, runtime.vault, operator, sheet)

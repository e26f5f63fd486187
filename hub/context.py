"""What every resolver is handed: the transaction, who asks, in which language, and the hub's running parts."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TypeVar

import strawberry
from strawberry.types import Info as StrawberryInfo

from hub.database import Transaction
from hub.errors import Unauthenticated
from hub.loaders import Loader, Loaders
from hub.runtime import Runtime
from hub.security import Caller

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass
class Context:
    """One GraphQL request. `client` is the network address, for rate limits."""

    runtime: Runtime
    tx: Transaction
    caller: Caller | None
    language: str
    client: str = ""
    device: str = ""
    connection_params: dict[str, object] | None = None
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start with empty loaders: a subscription does before each thing that it tells."""
        self.loaders = Loaders(self)

    def close(self) -> None:
        """Nothing more is looked up. What the loaders hold goes at once, not when the collector comes by."""
        self.loaders.close()
        del self.loaders

    @property
    def person(self) -> Caller:
        """Who asks; UNAUTHENTICATED when nobody has signed in."""
        if self.caller is None:
            raise Unauthenticated
        return self.caller

    async def load(self, kind: type[Loader[K, V]], key: K) -> V | None:
        return await self.loaders.get(kind).load(key)


Info = StrawberryInfo[Context, None]
"""The `info` of our resolvers."""

ID = strawberry.ID

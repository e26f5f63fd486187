"""Batching for nested fields, and the rule for the session.

A resolver never queries for one row: it asks a `Loader` for a key, and the loader asks once for all keys of the tick,
borrowing the request's session while it does. Loaders live for one request, made when first asked for:

    await info.context.load(OrganizationLoader, organization_id)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

if TYPE_CHECKING:
    from hub.context import Context

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Loader(ABC, Generic[K, V]):
    """One kind of look-up, batched. Subclasses select; missing keys answer None."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._loader: DataLoader[K, V | None] | None = None
        self._fetched: dict[K, V] = {}

    @abstractmethod
    async def select(self, session: AsyncSession, keys: Sequence[K]) -> Mapping[K, V]:
        """The values of all `keys` that exist, in one query."""

    async def _load(self, keys: list[K]) -> list[V | None]:
        async with self.context.tx.use() as session:
            found = await self.select(session, keys)
        return [found.get(key) for key in keys]

    async def load(self, key: K) -> V | None:
        if key in self._fetched:
            return self._fetched[key]
        if self._loader is None:
            self._loader = DataLoader(load_fn=self._load)
        return await self._loader.load(key)

    def prime(self, key: K, value: V) -> None:
        """Tell a value that a list query has already fetched."""
        self._fetched[key] = value

    async def fetch(self, session: AsyncSession, keys: Sequence[K]) -> None:
        """Have the values of a whole list at hand before its items are resolved, in one query."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._fetched]
        if missing:
            for key, value in (await self.select(session, missing)).items():
                self.prime(key, value)

    def fetched(self, key: K) -> V | None:
        """A value that was told or fetched. A resolver that finds it here answers at once instead of waiting for its turn."""
        return self._fetched.get(key)

    def clear(self, key: K) -> None:
        """Forget a value that a mutation has changed, if it has been asked for."""
        self._fetched.pop(key, None)
        if self._loader is not None:
            with suppress(KeyError):
                self._loader.clear(key)

    def close(self) -> None:
        """Nothing more is looked up: let go of what holds this loader."""
        self._loader = None


class Loaders:
    """The loaders of one request."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._made: dict[type[Loader[Any, Any]], Loader[Any, Any]] = {}

    def drop(self, kind: type[Loader[Any, Any]]) -> None:
        """Forget everything of one kind, after a mutation has changed it."""
        self._made.pop(kind, None)

    def close(self) -> None:
        for loader in self._made.values():
            loader.close()

    def get(self, kind: type[Loader[K, V]]) -> Loader[K, V]:
        if kind not in self._made:
            self._made[kind] = kind(self._context)
        return self._made[kind]

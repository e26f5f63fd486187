"""The one door: pages, scripts and partners run the same operations."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol


@dataclasses.dataclass(frozen=True, slots=True)
class Refusal:
    """One error of an operation, as the contract shows it."""

    code: str
    status: int
    message: str
    field: str | None = None
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    path: tuple[str | int, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answered: `data` and no refusals, or refusals (then a mutation has changed nothing)."""

    data: Mapping[str, Any] | None
    refusals: tuple[Refusal, ...] = ()

    @property
    def refusal(self) -> Refusal | None:
        return self.refusals[0] if self.refusals else None


class Door(Protocol):
    """Runs an operation of `graphql/operations` (by its name) in-process, exactly as over HTTP.

    `token` is what the session cookie holds; uploads are Starlette's `UploadFile`s among the variables.
    """

    async def __call__(
        self,
        operation: str,
        variables: Mapping[str, Any] | None = None,
        *,
        token: str | None,
        language: str,
        client: str = "",
        device: str = "",
        idempotency_key: str | None = None,
    ) -> Answer: ...

"""What an engine is: something that drafts sentences from one language into another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Pair = tuple[str, str]
"""(source, target), as the hub's own language tags."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One text in another language.

    `score`: the engine's own confidence in its weakest sentence, 0 to 1; `sure`: whether that is enough for this engine, since
    engines are not alike in it. `unknown`: the share of characters, 0 to 1, that the engine has no word piece for, in the
    sentence where they are most.
    """

    text: str
    engine: str
    version: str
    score: float = 1.0
    unknown: float = 0.0
    sure: bool = True


class Engine(Protocol):
    """One file per engine. Engines are made once per process, and shared by its jobs."""

    @property
    def name(self) -> str: ...

    @property
    def outside(self) -> bool:
        """Whether texts leave the house."""
        ...

    @property
    def confidential(self) -> bool:
        """Whether confidential texts may be given to it all the same."""
        ...

    async def ready(self) -> None:
        """Learn what it reaches, where that has to be asked for. Never raises."""
        ...

    def reaches(self, source: str, target: str) -> bool:
        """Whether this pair can be drafted, directly or by way of other languages. Does not load a model."""
        ...

    async def draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        """A draft of each text, in order; never blocks the event loop.

        ValueError when the pair is out of reach: ask first. PACKAGE errors of `translation.errors` when a model cannot be run.
        """
        ...

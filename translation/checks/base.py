"""What a check is: one thing that a machine draft must not get wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hub.i18n import Message


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft beside its source. `sure`: whether the engine believes it; `unknown`: the share that it cannot read."""

    source: str
    target: str
    source_language: str
    target_language: str
    sure: bool = True
    unknown: float = 0.0


class Check(Protocol):
    """`id` is stored with the draft, and stays; `reason` says to the reader why the original is shown instead."""

    @property
    def id(self) -> str: ...

    @property
    def reason(self) -> Message: ...

    def passes(self, draft: Drafted) -> bool: ...

"""What a check is: one thing that a translation must not get wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Protocol

from hub.i18n import Message
from translation.glossary.matching import Glossary


class Severity(Enum):
    """WITHHOLDS: a machine's draft that fails is not shown to readers. WARNS: it is shown; who reviews it is told.

    For words of a person every check warns: they may go on, and say why.
    """

    WITHHOLDS = "WITHHOLDS"
    WARNS = "WARNS"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A translation beside its source. `sure`: whether the engine believes it; `unknown`: the share that it cannot read.

    `glossary`: the terms of the organization and the hub's; None: there are none to keep to. `machine`: an engine made it.
    """

    source: str
    target: str
    source_language: str
    target_language: str
    sure: bool = True
    unknown: float = 0.0
    glossary: Glossary | None = None
    machine: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that is not passed, and the `words` that it is about (none: all)."""

    check: str
    severity: Severity
    reason: Message
    words: tuple[str, ...] = ()

    @property
    def stored(self) -> dict[str, object]:
        """As it stands in a rendering's `problems`."""
        return {"check": self.check} | ({"words": list(self.words)} if self.words else {})


class Check(Protocol):
    """`id` is stored with the draft, and stays; `reason` says to the reader why the original is shown instead."""

    @property
    def id(self) -> str: ...

    @property
    def reason(self) -> Message: ...

    def severity(self, draft: Drafted) -> Severity: ...

    def passes(self, draft: Drafted) -> bool: ...

    def words(self, draft: Drafted) -> tuple[str, ...]:
        """What the finding is about, when the draft does not pass."""
        ...


class Plain:
    """What most checks have in common: they withhold, and are about the whole."""

    weight: ClassVar[Severity] = Severity.WITHHOLDS

    def severity(self, draft: Drafted) -> Severity:
        return self.weight

    def words(self, draft: Drafted) -> tuple[str, ...]:
        return ()

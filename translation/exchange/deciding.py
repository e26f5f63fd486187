"""What becomes of each translation in a file, decided without writing, so that the preview and the import decide alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hub.characters import is_text
from hub.i18n import Message, _, supported
from translation import checks
from translation import queries as texts
from translation.checks import Drafted
from translation.choice import PERSONS
from translation.exchange import queries
from translation.exchange.units import Of, State, Target, Unit
from translation.glossary import Glossary
from translation.memory import fingerprint, normalized
from translation.models import Origin, Rendering, Text

LONGEST = 20_000
LONGEST_SHOWN = 300
BY_PERSON = (State.REVIEWED, State.FINAL)


class Outcome(StrEnum):
    """EMPTY: the file has no translation there. REFUSED: it has one that must not be taken."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"
    EMPTY = "EMPTY"
    REFUSED = "REFUSED"


REASONS: Mapping[str, Message] = {
    "TEXT_GONE": _("This text is no longer there, or it is not your organization's."),
    "SOURCE_CHANGED": _("The original has changed since the file was written."),
    "TRANSLATED_MEANWHILE": _("Somebody has translated this on the hub since the file was written."),
    "REVIEWED_HERE": _(
        "A person has approved other words on the hub, and the file does not say that these are reviewed."
    ),
    "OWN_LANGUAGE": _("This is the language of the original."),
    "NOT_TEXT": _("This contains characters that are not text."),
    "TOO_LONG": _("This is longer than the hub keeps."),
}
"""Why a translation of a file is refused, by the code that a preview keeps."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`warnings`: ids of the checks that the words do not pass; they are taken all the same."""

    unit: Unit
    target: Target
    outcome: Outcome
    reason: str | None = None
    before: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def stored(self) -> dict[str, Any]:
        """As a preview shows it."""
        return {
            "outcome": self.outcome.value,
            "reason": self.reason,
            "line": self.unit.line,
            "language": self.target.language,
            "sourceLanguage": self.unit.source_language,
            "source": self.unit.source[:LONGEST_SHOWN],
            "before": self.before[:LONGEST_SHOWN] if self.before else None,
            "after": self.target.words[:LONGEST_SHOWN],
            "warnings": list(self.warnings),
        }


async def decide(
    session: AsyncSession, organization_id: UUID, memory_of: UUID | None, units: Sequence[Unit], glossary: Glossary
) -> list[Decision]:
    """What becomes of some units; `memory_of`: whose memory is written (None: everybody's)."""
    ids = {unit.id for unit in units if unit.of is Of.TEXT and unit.id}
    found = {text.id: text for text in await texts.texts(session, ids)} if ids else {}
    rows = await texts.renderings(session, ids) if ids else {}
    hashes = {fingerprint(unit.source) for unit in units if unit.of is Of.MEMORY}
    kept = {
        (entry.source_language, entry.target_language, entry.source_hash): entry.target
        for entry in (await queries.own_entries(session, memory_of, hashes) if hashes else ())
    }
    decisions = []
    for unit in units:
        text = found.get(unit.id) if unit.id else None
        mine = text if text is not None and text.organization_id == organization_id else None
        for target in unit.targets:
            if unit.of is Of.TEXT:
                made = _text(unit, target, mine, rows.get(mine.id, []) if mine else [])
            else:
                made = _entry(unit, target, kept.get((unit.source_language, target.language, fingerprint(unit.source))))
            decisions.append(_warned(made, glossary))
    return decisions


def _text(unit: Unit, target: Target, text: Text | None, rows: Sequence[Rendering]) -> Decision:
    if not target.words.strip() or target.state is State.INITIAL:
        return Decision(unit, target, Outcome.EMPTY)
    if text is None:
        return Decision(unit, target, Outcome.REFUSED, "TEXT_GONE")
    if normalized(unit.source) != text.words:
        return Decision(unit, target, Outcome.REFUSED, "SOURCE_CHANGED")
    if (supported(text.language) or text.language) == target.language:
        return Decision(unit, target, Outcome.REFUSED, "OWN_LANGUAGE")
    if fault := _fault(target):
        return Decision(unit, target, Outcome.REFUSED, fault)
    said = {
        Origin(row.origin): row for row in rows if row.language == target.language and row.text_version == text.version
    }
    now = next((said[origin] for origin in PERSONS if origin in said), None)
    draft = said.get(Origin.MACHINE)
    reviewed = target.state in BY_PERSON
    words = normalized(target.words)
    if now is not None and now.words == words and (now.origin == Origin.REVIEWED or not reviewed):
        return Decision(unit, target, Outcome.SAME, before=now.words)
    if now is None and draft is not None and draft.words == words and not reviewed:
        return Decision(unit, target, Outcome.SAME, before=draft.words)
    if now is not None and target.made != fingerprint(now.words).hex():
        if target.made is not None:
            return Decision(unit, target, Outcome.REFUSED, "TRANSLATED_MEANWHILE", now.words)
        if now.origin == Origin.REVIEWED and not reviewed:
            return Decision(unit, target, Outcome.REFUSED, "REVIEWED_HERE", now.words)
    before = now or draft
    return Decision(unit, target, Outcome.CHANGED if before else Outcome.NEW, before=before.words if before else None)


def _entry(unit: Unit, target: Target, before: str | None) -> Decision:
    if not target.words.strip() or target.state is State.INITIAL:
        return Decision(unit, target, Outcome.EMPTY)
    fault = _fault(target) or ("NOT_TEXT" if not is_text(unit.source) else None)
    if fault or len(unit.source) > LONGEST:
        return Decision(unit, target, Outcome.REFUSED, fault or "TOO_LONG")
    if before == normalized(target.words):
        return Decision(unit, target, Outcome.SAME, before=before)
    return Decision(unit, target, Outcome.CHANGED if before else Outcome.NEW, before=before)


def _fault(target: Target) -> str | None:
    if not is_text(target.words):
        return "NOT_TEXT"
    return "TOO_LONG" if len(target.words) > LONGEST else None


def _warned(decision: Decision, glossary: Glossary) -> Decision:
    if decision.outcome not in (Outcome.NEW, Outcome.CHANGED):
        return decision
    unit, target = decision.unit, decision.target
    drafted = Drafted(
        unit.source, target.words, unit.source_language, target.language, glossary=glossary, machine=False
    )
    found = tuple(finding.check for finding in checks.findings(drafted))
    return Decision(unit, target, decision.outcome, decision.reason, decision.before, found)

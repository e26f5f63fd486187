"""Checks of translations, one small class each.

A machine's draft that fails a check which withholds is not shown: readers see the original, with the reason. Whatever else is
noticed, and all of it for words of a person, is a warning to whoever reviews.
"""

from hub.i18n import Message, _
from translation.checks.base import Check, Drafted, Finding, Severity
from translation.checks.confidence import Confidence, Vocabulary
from translation.checks.copied import Addresses, Codes, Placeholders, Tags
from translation.checks.marks import Brackets, EndMark, LineBreaks, Spaces
from translation.checks.negation import Negation
from translation.checks.numbers import Numbers
from translation.checks.shape import Empty, Length, Repetition, Script, Untranslated
from translation.checks.status import StatusWords
from translation.checks.terms import ForbiddenTerm, NameChanged, TermMissing

CHECKS: tuple[Check, ...] = (
    Empty(),
    StatusWords(),
    Negation(),
    Numbers(),
    Codes(),
    Placeholders(),
    Tags(),
    Addresses(),
    NameChanged(),
    ForbiddenTerm(),
    Script(),
    Untranslated(),
    Repetition(),
    Length(),
    TermMissing(),
    Vocabulary(),
    Confidence(),
    Brackets(),
    LineBreaks(),
    EndMark(),
    Spaces(),
)
"""The gravest first."""
COSMETIC = frozenset({"brackets", "lines", "spaces", "end"})
"""Not about what is said: a draft with these alone need not be looked at first, and nobody has to answer them."""

__all__ = ["CHECKS", "COSMETIC", "Check", "Drafted", "Finding", "Severity", "failed", "findings", "reason"]


def findings(draft: Drafted) -> list[Finding]:
    """All that is wrong with a translation, the gravest first. What a person wrote is never withheld."""
    found = []
    for check in CHECKS:
        if not check.passes(draft):
            severity = check.severity(draft) if draft.machine else Severity.WARNS
            found.append(Finding(check.id, severity, check.reason, check.words(draft)))
    return found


def failed(draft: Drafted) -> list[str]:
    """The ids of the checks because of which a machine's draft is withheld, the gravest first."""
    return [finding.check for finding in findings(draft) if finding.severity is Severity.WITHHOLDS]


def reason(check_id: str) -> Message:
    """Why a draft is not shown, for its reader."""
    for check in CHECKS:
        if check.id == check_id:
            return check.reason
    return _("A check of this draft failed.")

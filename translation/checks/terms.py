"""Whether a translation keeps to the glossary."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from hub.i18n import _
from translation.checks.base import Drafted, Plain, Severity
from translation.glossary.matching import TermHit


class TermMissing(Plain):
    """A term of the source is not said as the glossary says it.

    An organization's own glossary binds; the hub's advises, since an engine may well use another good word.
    """

    id = "term"
    reason = _("A word of the glossary is not used where the original has its term.")

    def severity(self, draft: Drafted) -> Severity:
        return Severity.WITHHOLDS if any(hit.own for hit in _missing(draft)) else Severity.WARNS

    def passes(self, draft: Drafted) -> bool:
        return not _missing(draft)

    def words(self, draft: Drafted) -> tuple[str, ...]:
        return tuple(dict.fromkeys(hit.targets[0] for hit in _missing(draft)))


class NameChanged(Plain):
    """A name, title or brand that stays as it is written has been changed, or was left out."""

    id = "name"
    reason = _("A name that must not be translated was changed or left out.")

    def passes(self, draft: Drafted) -> bool:
        return not self.words(draft)

    def words(self, draft: Drafted) -> tuple[str, ...]:
        target = unicodedata.normalize("NFC", draft.target)
        return tuple(
            dict.fromkeys(hit.found for hit in _hits(draft) if hit.do_not_translate and hit.found not in target)
        )


class ForbiddenTerm(Plain):
    id = "forbidden"
    reason = _("A word that the glossary forbids is used.")

    def passes(self, draft: Drafted) -> bool:
        return not self.words(draft)

    def words(self, draft: Drafted) -> tuple[str, ...]:
        if draft.glossary is None:
            return ()
        found = draft.glossary.forbidden_in(
            unicodedata.normalize("NFC", draft.target),
            draft.target_language,
            unicodedata.normalize("NFC", draft.source),
            draft.source_language,
        )
        return tuple(dict.fromkeys(one.found for one in found))


def _hits(draft: Drafted) -> Sequence[TermHit]:
    if draft.glossary is None:
        return ()
    source = unicodedata.normalize("NFC", draft.source)
    return draft.glossary.terms_in(source, draft.source_language, draft.target_language)


def _missing(draft: Drafted) -> list[TermHit]:
    target = unicodedata.normalize("NFC", draft.target)
    return [
        hit
        for hit in _hits(draft)
        if hit.targets
        and not hit.do_not_translate
        and draft.glossary is not None
        and not draft.glossary.says(target, draft.target_language, hit.targets, case_sensitive=hit.case_sensitive)
    ]

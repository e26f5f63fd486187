"""How words become drafts: glossary, marks in the place of what must not be touched, engine, marks taken back.

Memory comes before (`translation.memory`), checks after (`checked`). Nothing here reads or writes the database, so that
no transaction is open while a model runs.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from translation import service
from translation.engines import Draft, Engines
from translation.glossary.matching import Glossary
from translation.models import Text
from translation.protect import Protected, protect

FROM_GLOSSARY = "glossary"
COPIED = "copied"
TOGETHER = 400
"""Texts in one call of an engine, which sorts them by length: while it drafts the next ones, these are checked."""


async def checked(
    engines: Engines,
    glossary: Glossary | None,
    texts: Sequence[Text],
    source: str,
    target: str,
    *,
    confidential: bool = False,
) -> list[service.Checked]:
    """`draft` of texts in one language, each put through the checks, in order. Errors as `draft`'s; then nothing is answered."""
    checks: list[asyncio.Task[list[service.Checked]]] = []
    try:
        for start in range(0, len(texts), TOGETHER):
            group = texts[start : start + TOGETHER]
            words = [text.words for text in group]
            made = await draft(engines, glossary, words, source, target, confidential=confidential)
            checks.append(asyncio.create_task(asyncio.to_thread(service.checked_many, group, target, made, glossary)))
    finally:
        found = await asyncio.gather(*checks)
    return [one for part in found for one in part]


async def draft(
    engines: Engines,
    glossary: Glossary | None,
    words: Sequence[str],
    source: str,
    target: str,
    *,
    confidential: bool = False,
) -> list[Draft]:
    """A draft of each text, in order. ValueError when no engine reaches the pair and one is needed; errors of the engines.

    A text that is a term of the glossary gets the glossary's word; one without a word for an engine is copied.
    """
    made: list[Draft | None] = []
    safe: list[Protected | None] = []
    for text in words:
        plain = unicodedata.normalize("NFC", text)
        hits = glossary.terms_in(plain, source, target) if glossary is not None else []
        if len(hits) == 1 and hits[0].found == plain.strip() and hits[0].preferred and not hits[0].do_not_translate:
            made.append(Draft(hits[0].preferred, FROM_GLOSSARY, ""))
            safe.append(None)
            continue
        kept = protect(plain, hits)
        made.append(Draft(plain, COPIED, "") if kept.empty else None)
        safe.append(None if kept.empty else kept)
    waiting = [(place, kept) for place, kept in enumerate(safe) if kept is not None]
    if not waiting:
        return [one for one in made if one is not None]
    answers = await engines.draft([kept.words for _, kept in waiting], source, target, confidential=confidential)
    lost: list[tuple[int, Protected]] = []
    for (place, kept), answer in zip(waiting, answers, strict=True):
        back = kept.restore(answer.text)
        made[place] = replace(answer, text=back.words)
        if not back.sound:
            lost.append((place, kept))
    if lost:
        await _unmarked(engines, words, lost, made, source, target, confidential)
    return [one for one in made if one is not None]


async def _unmarked(
    engines: Engines,
    words: Sequence[str],
    lost: Sequence[tuple[int, Protected]],
    made: list[Draft | None],
    source: str,
    target: str,
    confidential: bool,
) -> None:
    """Engines that know no marks may copy the words themselves: try so, and take what comes back whole."""
    answers = await engines.draft([words[place] for place, _kept in lost], source, target, confidential=confidential)
    for (place, kept), answer in zip(lost, answers, strict=True):
        if all(answer.text.count(span.words) == words[place].count(span.words) for span in kept.spans):
            made[place] = answer

"""Texts and their renderings: written, changed, supplied, drafted, corrected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub import audit, jobs
from hub.errors import Forbidden, Invalid
from hub.i18n import LANGUAGES, _, supported
from hub.security import Caller
from translation import checks, memory, policies, queries
from translation.engines import Draft
from translation.errors import TextUnknown
from translation.glossary import glossary_of
from translation.memory import normalized
from translation.models import SPOKEN, Origin, Purpose, Rendering, Text

LANGUAGES_PER_JOB = 3
EVERY_LANGUAGE = LANGUAGES
FROM_MEMORY = "memory"
URGENT = 10

Listener = Callable[[AsyncSession, Sequence[UUID]], Awaitable[None]]
_listeners: list[Listener] = []


def on_words_changed(listener: Listener) -> Listener:
    """Have `listener` called with the ids of texts whose words or renderings change, in the transaction of the change."""
    _listeners.append(listener)
    return listener


async def create_text(
    session: AsyncSession,
    *,
    organization_id: UUID,
    purpose: Purpose,
    language: str,
    words: str,
    audience: Collection[UUID] | None = None,
    supplied: Mapping[str, str] | None = None,
    person_id: UUID | None = None,
    drafts: Collection[str] = (),
) -> Text:
    """A new text, with the renderings that came along (`supplied`, by language) and drafts asked for in `drafts`.

    `audience`: the organizations that may read it, beside the writer's own; None: everybody. Words are stored in Unicode NFC.
    """
    text = Text(
        organization_id=organization_id,
        purpose=purpose,
        language=language,
        words=normalized(words),
        audience=sorted({organization_id, *audience}) if audience is not None else None,
    )
    session.add(text)
    await session.flush()
    if supplied:
        await supply(session, text, supplied, person_id=person_id)
    if drafts:
        await request_drafts(session, text, drafts)
    return text


async def change_words(session: AsyncSession, text: Text, words: str, *, language: str | None = None) -> bool:
    """Replace the original; its renderings are of older words from then on, and drafts are made again.

    False when these are the words already.
    """
    words = normalized(words)
    if words == text.words and language in (None, text.language):
        return False
    text.words = words
    text.language = language or text.language
    text.version += 1
    text.updated_at = datetime.now(UTC)
    await session.flush()
    rows = (await queries.renderings(session, [text.id])).get(text.id, [])
    await request_drafts(session, text, {row.language for row in rows if row.origin == Origin.MACHINE})
    await _tell(session, text.id)
    return True


async def supply(
    session: AsyncSession, text: Text, renderings: Mapping[str, str], *, person_id: UUID | None = None
) -> None:
    """Store renderings that came with the text (an ONIX record, a form). They do not displace what a person has reviewed."""
    given = {
        language: words for language, words in renderings.items() if language != text.language and normalized(words)
    }
    await _put(session, text, given, Origin.SUPPLIED, person_id=person_id)
    await _tell(session, text.id)


async def review(session: AsyncSession, caller: Caller, text_id: UUID, language: str, words: str) -> Text:
    """A person's own words for a text in `language`; they are shown from now on, and remembered.

    TextUnknown; FORBIDDEN for people of other organizations; INVALID in the language of the original.
    """
    text = await _translatable(session, caller, text_id)
    if language == text.language:
        raise Invalid(
            _("This is the language of the original. Change the original itself, or choose another language."),
            field="language",
        )
    await approve(session, text, language, words, caller.person_id)
    await audit.record(session, caller, "translation.rendering.reviewed", "text", text.id, language=language)
    return text


async def approve(session: AsyncSession, text: Text, language: str, words: str, person_id: UUID) -> None:
    """Write words that a person stands behind, and remember them. Whether they may is asked before."""
    words = normalized(words)
    await _put(session, text, {language: words}, Origin.REVIEWED, person_id=person_id)
    await memory.remember(session, text, language, words, person_id)
    await _tell(session, text.id)


async def request_translation(session: AsyncSession, caller: Caller, text_id: UUID, languages: Collection[str]) -> Text:
    """Ask for drafts of a text in `languages`. TextUnknown; FORBIDDEN for people of other organizations."""
    text = await _translatable(session, caller, text_id)
    await request_drafts(session, text, languages)
    return text


async def request_drafts(session: AsyncSession, text: Text, languages: Collection[str]) -> None:
    """Fill in from exact memory what can be, and enqueue drafts of the rest, in this transaction.

    Asking twice makes one draft. What somebody waits for in a talk is drafted before titles of an import. Languages that
    no engine reaches stay as they are: not translated yet.
    """
    rows = (await queries.renderings(session, [text.id])).get(text.id, [])
    wanted = missing(text, rows, languages)
    if not wanted:
        return
    recalled = await memory.recall(session, text, wanted)
    for language, entry in recalled.items():
        given = {language: entry.target}
        await _put(session, text, given, Origin.SUPPLIED, person_id=entry.person_id, engine=FROM_MEMORY)
    if recalled:
        await _tell(session, text.id)
    left = [language for language in wanted if language not in recalled]
    for start in range(0, len(left), LANGUAGES_PER_JOB):
        chunk = left[start : start + LANGUAGES_PER_JOB]
        await jobs.enqueue(
            session,
            "translation.draft",
            once=f"translation.draft:{text.id}:{text.version}:{','.join(chunk)}",
            priority=URGENT if text.purpose in SPOKEN else 0,
            text_id=str(text.id),
            organization_id=str(text.organization_id),
            version=text.version,
            languages=chunk,
        )


def missing(text: Text, rows: Collection[Rendering], languages: Collection[str]) -> list[str]:
    """Those of `languages`, in the hub's order, in which nothing has been made of the text's present words."""
    had = {row.language for row in rows if row.text_version == text.version}
    own = supported(text.language)
    return [language for language in LANGUAGES if language in languages and language not in had and language != own]


async def store_draft(session: AsyncSession, text: Text, language: str, draft: Draft) -> None:
    """Keep a machine's draft, with the checks that it fails. A draft of newer words is not overwritten."""
    drafted = checks.Drafted(
        source=text.words,
        target=draft.text,
        source_language=supported(text.language) or text.language,
        target_language=language,
        sure=draft.sure,
        unknown=draft.unknown,
        glossary=await glossary_of(session, text.organization_id),
    )
    withheld = [found.stored for found in checks.findings(drafted) if found.severity is checks.Severity.WITHHOLDS]
    await _put(
        session,
        text,
        {language: draft.text if normalized(draft.text) else text.words},
        Origin.MACHINE,
        engine=f"{draft.engine} {draft.version}",
        problems=withheld,
    )
    await _tell(session, text.id)


async def _translatable(session: AsyncSession, caller: Caller, text_id: UUID) -> Text:
    text = await queries.text(session, text_id)
    if text is None:
        raise TextUnknown(field="textId")
    if not policies.may_translate(caller, text):
        raise Forbidden(
            _("Only the organization that wrote a text can have it translated or correct its translations.")
        )
    return text


async def _put(
    session: AsyncSession,
    text: Text,
    renderings: Mapping[str, str],
    origin: Origin,
    *,
    person_id: UUID | None = None,
    engine: str | None = None,
    problems: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write words by language in one statement; those of a newer version of the text stay."""
    if not renderings:
        return
    made = {
        "text_id": text.id,
        "origin": origin,
        "text_version": text.version,
        "engine": engine,
        "problems": list(problems),
        "person_id": person_id,
    }
    statement = insert(Rendering).values(
        [{**made, "language": language, "words": normalized(words)} for language, words in renderings.items()]
    )
    new = statement.excluded
    table = Rendering.__table__
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.text_id, table.c.language, table.c.origin],
            set_={
                "words": new.words,
                "text_version": new.text_version,
                "engine": new.engine,
                "problems": new.problems,
                "person_id": new.person_id,
                "updated_at": func.now(),
            },
            where=table.c.text_version <= text.version,
        )
    )


async def _tell(session: AsyncSession, text_id: UUID) -> None:
    for listener in _listeners:
        await listener(session, [text_id])

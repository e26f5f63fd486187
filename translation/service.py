"""Texts and their renderings: written, changed, supplied, drafted, corrected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hub import audit, jobs
from hub.errors import Forbidden, HubError, Invalid
from hub.i18n import LANGUAGES, _, supported
from hub.security import Caller
from translation import checks, detection, memory, policies, queries
from translation.choice import best
from translation.engines import Draft
from translation.errors import NothingToApprove, ReviewedMeanwhile, TextChanged, TextUnknown
from translation.glossary import Glossary, glossary_of
from translation.memory import normalized
from translation.models import SPOKEN, Origin, Purpose, Rendering, Text
from translation.overrides import service as overrides
from translation.quality import service as quality
from translation.renderings import put, put_renderings, row_of, tell

LANGUAGES_PER_JOB = 3
EVERY_LANGUAGE = LANGUAGES
FROM_MEMORY = "memory"
URGENT = 10


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
        seems=detection.seems(words, language),
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
    text.seems = detection.seems(words, text.language)
    text.updated_at = datetime.now(UTC)
    await session.flush()
    rows = (await queries.renderings(session, [text.id])).get(text.id, [])
    await request_drafts(session, text, {row.language for row in rows if row.origin == Origin.MACHINE})
    await tell(session, [text.id])
    return True


async def supply(
    session: AsyncSession, text: Text, renderings: Mapping[str, str], *, person_id: UUID | None = None
) -> None:
    """Store renderings that came with the text (an ONIX record, a form). They do not displace what a person has reviewed."""
    given = {
        language: words for language, words in renderings.items() if language != text.language and normalized(words)
    }
    await put(session, text, given, Origin.SUPPLIED, person_id=person_id)
    await tell(session, [text.id])


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reviewer had before them: the version of the text, and when the words that a person had approved were written."""

    version: int
    approved_at: datetime | None = None


async def review(
    session: AsyncSession,
    caller: Caller,
    text_id: UUID,
    language: str,
    words: str,
    *,
    seen: Seen | None = None,
    reason: str | None = None,
) -> Text:
    """A person's own words for a text in `language`; they are shown from now on, and remembered. The draft before is scored.

    TextUnknown; FORBIDDEN for people of other organizations; INVALID in the language of the original. With `seen`:
    TextChanged when the original is another by now, ReviewedMeanwhile when somebody else has approved other words.
    ReasonWanted when a check warns about the words and no `reason` is given.
    """
    text = await _translatable(session, caller, text_id, lock=True)
    if language == text.language:
        raise Invalid(
            _("This is the language of the original. Change the original itself, or choose another language."),
            field="language",
        )
    words = normalized(words)
    rows = (await queries.renderings(session, [text.id], [language])).get(text.id, [])
    if seen is not None:
        _still(text, rows, seen, words)
    await overrides.defended(session, caller, text, language, words, rows, reason)
    await approve(session, text, language, words, caller.person_id)
    await audit.record(session, caller, "translation.rendering.reviewed", "text", text.id, language=language)
    return text


def _still(text: Text, rows: Sequence[Rendering], seen: Seen, words: str) -> None:
    """Whether what the reviewer saw is still what there is."""
    if text.version != seen.version:
        raise TextChanged(field="version", version=text.version, words=text.words)
    approved = next((row for row in rows if row.origin == Origin.REVIEWED and row.text_version == text.version), None)
    if approved is None or approved.words == words:
        return
    if seen.approved_at is None or approved.updated_at > seen.approved_at:
        raise ReviewedMeanwhile(field="text", words=approved.words, at=approved.updated_at.isoformat())


async def approve_shown(
    session: AsyncSession, caller: Caller, wanted: Sequence[tuple[UUID, str, int]]
) -> list[HubError | None]:
    """Approve what is shown of each (text, language, version) as it is; those that cannot be say why, and the rest go on."""
    done: list[HubError | None] = []
    for text_id, language, version in wanted:
        try:
            text = await _translatable(session, caller, text_id)
            rows = (await queries.renderings(session, [text_id], [language])).get(text_id, [])
            shown = best(text, rows, language)
            if text.version != version:
                raise TextChanged(field="version", version=text.version, words=text.words)
            if shown.rendering is None or shown.rendering.text_version != version:
                raise NothingToApprove
            await review(
                session, caller, text_id, language, shown.words, seen=Seen(version, shown.rendering.updated_at)
            )
        except HubError as error:
            done.append(error)
        else:
            done.append(None)
    return done


async def want_review(session: AsyncSession, caller: Caller, text_id: UUID, language: str, wanted: bool) -> Text:
    """Have a person look at what is shown of a text in `language`, or no longer. NothingToApprove when nothing is."""
    text = await _translatable(session, caller, text_id, lock=True)
    rows = (await queries.renderings(session, [text_id], [language])).get(text_id, [])
    shown = best(text, rows, language)
    if shown.rendering is None:
        raise NothingToApprove
    shown.rendering.wanted = wanted
    await session.flush()
    return text


async def approve(session: AsyncSession, text: Text, language: str, words: str, person_id: UUID) -> None:
    """Write words that a person stands behind, remember them, score the draft before. Whether they may is asked before."""
    words = normalized(words)
    rows = (await queries.renderings(session, [text.id], [language])).get(text.id, [])
    await put(session, text, {language: words}, Origin.REVIEWED, person_id=person_id)
    await memory.remember(session, text, language, words, person_id)
    await quality.score(session, text, language, rows, words)
    await tell(session, [text.id])


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
        await put(session, text, given, Origin.SUPPLIED, person_id=entry.person_id, engine=FROM_MEMORY)
    if recalled:
        await tell(session, [text.id])
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


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft of a text with what its checks found: `problems` withhold it, `warnings` do not."""

    text: Text
    draft: Draft
    problems: Sequence[Mapping[str, Any]]
    warnings: Sequence[Mapping[str, Any]]


def checked(text: Text, language: str, draft: Draft, glossary: Glossary | None) -> Checked:
    """Put a draft through the checks."""
    found = checks.findings(
        checks.Drafted(
            source=text.words,
            target=draft.text,
            source_language=supported(text.language) or text.language,
            target_language=language,
            sure=draft.sure,
            unknown=draft.unknown,
            glossary=glossary,
        )
    )
    withheld = [one.stored for one in found if one.severity is checks.Severity.WITHHOLDS]
    warned = [one.stored for one in found if one.severity is checks.Severity.WARNS]
    return Checked(text, draft, withheld, warned)


def checked_many(
    texts: Sequence[Text], language: str, drafts: Sequence[Draft], glossary: Glossary | None
) -> list[Checked]:
    """The same for many; some milliseconds a dozen, so not on the event loop."""
    return [checked(text, language, draft, glossary) for text, draft in zip(texts, drafts, strict=True)]


async def store_draft(session: AsyncSession, text: Text, language: str, draft: Draft) -> None:
    """Keep a machine's draft, with the checks that it fails. A draft of newer words is not overwritten."""
    glossary = await glossary_of(session, text.organization_id)
    await store_drafts(session, language, [checked(text, language, draft, glossary)])


async def store_drafts(session: AsyncSession, language: str, drafts: Sequence[Checked]) -> None:
    """The same for many texts, each of them once."""
    await put_renderings(
        session,
        [
            row_of(
                one.text,
                language,
                one.draft.text if normalized(one.draft.text) else one.text.words,
                Origin.MACHINE,
                engine=f"{one.draft.engine} {one.draft.version}".strip(),
                problems=list(one.problems),
                warnings=list(one.warnings),
            )
            for one in drafts
        ],
    )
    await tell(session, [one.text.id for one in drafts])


async def store_remembered(
    session: AsyncSession, language: str, found: Sequence[tuple[Text, str, UUID | None]]
) -> None:
    """Keep words of exact memory for many texts: each with what was said, and by whom."""
    await put_renderings(
        session,
        [
            row_of(text, language, words, Origin.SUPPLIED, person_id=person_id, engine=FROM_MEMORY)
            for text, words, person_id in found
        ],
    )
    await tell(session, [text.id for text, _words, _person_id in found])


async def _translatable(session: AsyncSession, caller: Caller, text_id: UUID, *, lock: bool = False) -> Text:
    text = await queries.text(session, text_id)
    if text is None:
        raise TextUnknown(field="textId")
    if not policies.may_translate(caller, text):
        raise Forbidden(
            _("Only the organization that wrote a text can have it translated or correct its translations.")
        )
    if lock:
        await session.refresh(text, with_for_update=True)
    return text

"""Texts in GraphQL: what a reader is shown, and the table of a text in all ten languages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

import strawberry

from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import LANGUAGES, Message, _, supported
from hub.types import LanguageTag, LocalizedText, TextOrigin, known_language, row_id, words
from translation import checks, policies, service
from translation.batches import api as batches
from translation.choice import Shown, State, best, state
from translation.desk import api as desk
from translation.engines import engines_of
from translation.errors import TextUnknown
from translation.exchange import api as exchange
from translation.glossary import api as glossary
from translation.loaders import Everything, EverythingLoader, ShownLoader
from translation.memory import api as memory
from translation.memory import is_confidential
from translation.models import Origin
from translation.quality import api as quality

LONGEST_RENDERING = 20_000
LONGEST_REASON = 1_000


async def localized(info: Info, text_id: UUID, language: str | None = None) -> LocalizedText:
    """The words of a text for whoever asks, or for a reader of `language`. TextUnknown when they may not read it."""
    shown = await info.context.load(ShownLoader, (text_id, language or info.context.language))
    if shown is None:
        raise TextUnknown
    return localized_text(shown, info.context.language)


def localized_now(info: Info, text_id: UUID, language: str | None = None) -> LocalizedText:
    """The same for fields of lists: at once where the list has fetched the words, else something to wait for.

    Waiting costs more than the answer: a page of twenty works asks for sixty texts.
    """
    shown = info.context.loaders.get(ShownLoader).fetched((text_id, language or info.context.language))
    if shown is None:
        return cast(LocalizedText, localized(info, text_id, language))
    return localized_text(shown, info.context.language)


async def localized_or_none(info: Info, text_id: UUID | None, language: str | None = None) -> LocalizedText | None:
    """The same for words that need not be there."""
    return None if text_id is None else await localized(info, text_id, language)


def localized_text(shown: Shown, language: str) -> LocalizedText:
    """The contract's LocalizedText; `language` is the one that a reason is given in."""
    text_id = ID(str(shown.text_id))
    withheld = checks.reason(shown.failed[0]).render(language) if shown.failed else None
    original = LocalizedText(
        text=shown.text.words,
        language=LanguageTag(shown.text.language),
        origin=TextOrigin.ORIGINAL,
        text_id=text_id,
        withheld=withheld if shown.rendering is None else None,
        seems=LanguageTag(shown.text.seems) if shown.text.seems else None,
    )
    if shown.rendering is None:
        return original
    return LocalizedText(
        text=shown.words,
        language=LanguageTag(shown.language),
        origin=TextOrigin(shown.rendering.origin),
        original=original,
        text_id=text_id,
        withheld=withheld,
    )


@strawberry.type
class TextRendering:
    """A text in one of the hub's languages. `text`: null when there is nothing to show yet."""

    text_id: ID
    language: LanguageTag
    status: State
    text: LocalizedText | None
    reason: str | None = strawberry.field(description="Why there is nothing to show, or why it wants a person's eye")
    draft: str | None = strawberry.field(
        description="The words of a draft that failed a check, for whoever may correct it"
    )
    draftable: bool = strawberry.field(description="Whether an engine of this hub reaches the language")
    engine: str | None
    updated_at: datetime | None


@strawberry.type
class TextRenderings:
    """A text in all languages of the hub."""

    id: ID
    language: LanguageTag
    editable: bool = strawberry.field(description="Whether the caller may correct it and ask for drafts")
    renderings: list[TextRendering]


async def renderings(info: Info, text_id: UUID) -> list[TextRendering]:
    """A text in all languages of the hub, in their order; empty when it is not open to whoever asks."""
    found = await info.context.load(EverythingLoader, text_id)
    await engines_of(info.context.runtime).ready()
    return [_row(info, found, language) for language in LANGUAGES] if found else []


@strawberry.type
class Query(glossary.Queries, memory.Queries, exchange.Queries, desk.Queries, batches.Queries, quality.Queries):
    @strawberry.field
    async def text_renderings(self, info: Info, text_id: ID) -> TextRenderings | None:
        """A text in all languages of the hub; null when it does not exist or is not open to the caller."""
        return await _table(info, row_id(text_id, "textId"))


@strawberry.type
class Mutation(glossary.Mutations, memory.Mutations, exchange.Mutations, desk.Mutations, batches.Mutations):
    @strawberry.mutation
    async def review_text(
        self,
        info: Info,
        text_id: ID,
        language: LanguageTag,
        text: str,
        version: Annotated[int | None, strawberry.argument(description="Of the original that was read")] = None,
        approved_at: Annotated[
            datetime | None, strawberry.argument(description="Of the approved words that were seen, with `version`")
        ] = None,
        reason: Annotated[
            str | None, strawberry.argument(description="Why the words are right although a check warns about them")
        ] = None,
    ) -> LocalizedText:
        """Approve or correct a text's words in a language. They are shown from then on, and remembered.

        With `version`: CONFLICT when the original has changed since, or somebody else has approved other words.
        Words that a check warns about want a `reason`, which is kept with them; INVALID without one.
        """
        caller = info.context.person
        wanted = known_language(language, "language")
        given = words(text, "text", longest=LONGEST_RENDERING) or ""
        why = words(reason, "reason", longest=LONGEST_REASON, required=False)
        seen = service.Seen(version, approved_at) if version is not None else None
        async with info.context.tx.use() as session:
            row = await service.review(session, caller, row_id(text_id, "textId"), wanted, given, seen=seen, reason=why)
        _forget(info, row.id)
        return await localized(info, row.id, wanted)

    @strawberry.mutation
    async def request_translation(self, info: Info, text_id: ID, languages: list[LanguageTag]) -> TextRenderings | None:
        """Ask for drafts. They come as jobs finish; languages that no engine reaches stay not translated."""
        caller = info.context.person
        wanted = [known_language(language, "languages") for language in languages[: len(LANGUAGES) + 1]]
        if not 1 <= len(wanted) <= len(LANGUAGES):
            raise Invalid(_("Choose between one and ten languages."), field="languages")
        async with info.context.tx.use() as session:
            row = await service.request_translation(session, caller, row_id(text_id, "textId"), wanted)
        _forget(info, row.id)
        return await _table(info, row.id)


def _forget(info: Info, text_id: UUID) -> None:
    info.context.loaders.get(EverythingLoader).clear(text_id)
    for language in LANGUAGES:
        info.context.loaders.get(ShownLoader).clear((text_id, language))


async def _table(info: Info, text_id: UUID) -> TextRenderings | None:
    found, caller = await info.context.load(EverythingLoader, text_id), info.context.caller
    if found is None or not policies.may_see_all_languages(caller, found.text):
        return None
    await engines_of(info.context.runtime).ready()
    return TextRenderings(
        id=ID(str(text_id)),
        language=LanguageTag(found.text.language),
        editable=caller is not None and policies.may_translate(caller, found.text),
        renderings=[_row(info, found, language) for language in LANGUAGES],
    )


def _row(info: Info, found: Everything, language: str) -> TextRendering:
    text = found.text
    shown = best(text, found.renderings, language)
    status = state(shown, language)
    drafts = (row for row in found.renderings if row.language == language and row.origin == Origin.MACHINE)
    withheld = next(drafts, None) if shown.failed else None
    made = shown.rendering or withheld
    source, confidential = supported(text.language) or text.language, is_confidential(text)
    draftable = engines_of(info.context.runtime).reach(source, language, confidential=confidential) is not None
    reason = _reason(shown, status, draftable)
    return TextRendering(
        text_id=ID(str(text.id)),
        language=LanguageTag(language),
        status=status,
        text=None
        if status in (State.CHECK_FAILED, State.NOT_TRANSLATED)
        else localized_text(shown, info.context.language),
        reason=reason.render(info.context.language) if reason else None,
        draft=withheld.words if withheld else None,
        draftable=draftable,
        engine=made.engine if made else None,
        updated_at=made.updated_at if made else None,
    )


def _reason(shown: Shown, status: State, draftable: bool) -> Message | None:
    if status is State.OUTDATED:
        return _("The original has changed since this was written.")
    if shown.failed:
        return checks.reason(shown.failed[0])
    if status is State.NEEDS_REVIEW and shown.rendering:
        found = [one["check"] for one in shown.rendering.warnings if one["check"] not in checks.COSMETIC]
        return checks.reason(found[0]) if found else None
    if status is State.NOT_TRANSLATED and not draftable:
        return _("No translation engine of this hub reaches this language yet.")
    return None

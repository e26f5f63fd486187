"""Texts in GraphQL: what a reader is shown, and the table of a text in all ten languages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import LANGUAGES, _, supported
from hub.types import LanguageTag, LocalizedText, Problem, TextOrigin, known_language, problem, row_id, words
from translation import checks, policies, queries, service
from translation.choice import Shown, State, best, state
from translation.engines import engines_of
from translation.errors import TextUnknown
from translation.loaders import ShownLoader
from translation.models import Origin, Rendering, Text

LONGEST_RENDERING = 20_000
strawberry.enum(State, name="RenderingState", description="What there is of a text in one language")


async def localized(info: Info, text_id: UUID, language: str | None = None) -> LocalizedText:
    """The words of a text for whoever asks, or for a reader of `language`. TextUnknown when they may not read it."""
    shown = await info.context.load(ShownLoader, (text_id, language or info.context.language))
    if shown is None:
        raise TextUnknown
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


@strawberry.type(description="A text in one of the hub's languages. text: null when there is nothing to show yet")
class TextRendering:
    language: LanguageTag
    state: State
    text: str | None
    draftable: bool = strawberry.field(description="Whether an engine of this hub reaches the language")
    engine: str | None
    problems: list[Problem] = strawberry.field(description="Why a machine draft is withheld; its words are in draft")
    draft: str | None
    updated_at: datetime | None


@strawberry.type(description="A text in all languages of the hub")
class TextRenderings:
    id: ID
    language: LanguageTag
    editable: bool = strawberry.field(description="Whether the caller may correct it and ask for drafts")
    renderings: list[TextRendering]


@strawberry.type
class Query:
    @strawberry.field
    async def text_renderings(self, info: Info, text_id: ID) -> TextRenderings | None:
        """A text in all languages of the hub; null when it does not exist or is not open to the caller."""
        async with info.context.tx.use() as session:
            text = await queries.text(session, row_id(text_id, "textId"))
            rows = (await queries.renderings(session, [text.id])).get(text.id, []) if text else []
        return _table(info, text, rows) if text else None


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def review_rendering(self, info: Info, text_id: ID, language: LanguageTag, text: str) -> TextRenderings:
        """Give a text's words in a language, or correct a draft. They are shown from then on, and remembered."""
        caller = info.context.person
        wanted = known_language(language, "language")
        given = words(text, "text", longest=LONGEST_RENDERING) or ""
        async with info.context.tx.use() as session:
            row = await service.review(session, caller, row_id(text_id, "textId"), wanted, given)
            rows = (await queries.renderings(session, [row.id])).get(row.id, [])
        for known in LANGUAGES:
            info.context.loaders.get(ShownLoader).clear((row.id, known))
        return _table(info, row, rows)

    @strawberry.mutation
    async def request_translation(self, info: Info, text_id: ID, languages: list[LanguageTag]) -> TextRenderings:
        """Ask for drafts. They come as jobs finish; languages that no engine reaches stay not translated."""
        caller = info.context.person
        wanted = [known_language(language, "languages") for language in languages[: len(LANGUAGES) + 1]]
        if not 1 <= len(wanted) <= len(LANGUAGES):
            raise Invalid(_("Choose between one and ten languages."), field="languages")
        async with info.context.tx.use() as session:
            row = await service.request_translation(session, caller, row_id(text_id, "textId"), wanted)
            rows = (await queries.renderings(session, [row.id])).get(row.id, [])
        return _table(info, row, rows)


def _table(info: Info, text: Text, rows: list[Rendering]) -> TextRenderings:
    caller = info.context.caller
    return TextRenderings(
        id=ID(str(text.id)),
        language=LanguageTag(text.language),
        editable=caller is not None and policies.may_translate(caller, text),
        renderings=[_row(info, text, rows, language) for language in LANGUAGES],
    )


def _row(info: Info, text: Text, rows: list[Rendering], language: str) -> TextRendering:
    shown = best(text, rows, language)
    found = state(shown, language)
    source = supported(text.language) or text.language
    withheld = next(
        (row for row in rows if shown.failed and row.language == language and row.origin == Origin.MACHINE), None
    )
    return TextRendering(
        language=LanguageTag(language),
        state=found,
        text=None if found in (State.CHECK_FAILED, State.NOT_TRANSLATED) else shown.words,
        draftable=engines_of(info.context.runtime).reach(source, language) is not None,
        engine=shown.rendering.engine if shown.rendering else withheld.engine if withheld else None,
        problems=[problem(check, checks.reason(check), info.context.language) for check in shown.failed],
        draft=withheld.words if withheld else None,
        updated_at=shown.rendering.updated_at if shown.rendering else None,
    )

"""The desk in GraphQL: long lists, counts, one text side by side, checks while typing, approving."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from enum import Enum

import strawberry

from hub.context import ID, Info
from hub.errors import Forbidden, HubError, Invalid
from hub.i18n import LANGUAGES, _, supported
from hub.types import LanguageTag, PageInfo, Problem, cursor, known_language, page_size, place, row_id, words
from translation import checks, memory, policies, service
from translation import queries as texts
from translation.choice import Shown, State, best, same_language
from translation.choice import state as state_of
from translation.desk import queries
from translation.engines import engines_of
from translation.glossary import Glossary, TermHit, glossary_of
from translation.memory import Change, Kind
from translation.models import Origin, Rendering, Text

LONGEST_QUERY = 200
LONGEST_WORDS = 20_000
MOST_AT_ONCE = 100
MOST_TEXT_IDS = 1_000


@strawberry.enum(name="TextPurpose")
class Purpose(Enum):
    TITLE = "title"
    DESCRIPTION = "description"
    MESSAGE = "message"
    NOTE = "note"
    CLAUSE = "clause"


strawberry.enum(State, name="RenderingState", description="What there is of a text in one language")
strawberry.enum(
    Kind, name="ChangeKind", description="REMOVED: only in the earlier words; ADDED: only in the present ones"
)


@strawberry.type(description="A stretch of two texts compared word by word, in reading order")
class TextChange:
    kind: Kind
    words: str

    @classmethod
    def of(cls, changes: Sequence[Change]) -> list[TextChange]:
        return [cls(kind=one.kind, words=one.words) for one in changes]


@strawberry.type(
    description="One text in the list of a language. text: what is shown of it in that language, if anything"
)
class DeskRow:
    text_id: ID
    purpose: Purpose
    state: State
    language: LanguageTag
    version: int
    source: str
    source_language: LanguageTag
    seems: LanguageTag | None = strawberry.field(description="What the original looks like, if not what it claims")
    text: str | None
    updated_at: datetime | None


@strawberry.type
class DeskPage:
    rows: list[DeskRow]
    page_info: PageInfo


@strawberry.type(description="How many of my organization's texts stand where, in one language")
class DeskCount:
    language: LanguageTag
    purpose: Purpose
    state: State
    texts: int


@strawberry.type(description="A term of the glossaries in the original: words from start, `length` UTF-16 units long")
class DeskTerm:
    start: int
    length: int
    found: str
    targets: list[str]
    forbidden: list[str]
    keep: bool = strawberry.field(description="Is not translated")
    definition: str | None


@strawberry.type(description="Words that were said for the same source (score 100) or a similar one")
class DeskSuggestion:
    source: str
    target: str
    score: int
    own: bool
    difference: list[TextChange]


@strawberry.type(
    description="What a check has found in a translation. withholds: a machine's draft is not shown for it"
)
class DeskFinding:
    check: str
    message: str
    words: list[str]
    withholds: bool


@strawberry.type(description="A text and its words in one language, side by side")
class DeskText:
    text_id: ID
    language: LanguageTag
    purpose: Purpose
    state: State
    version: int
    source: str
    source_language: LanguageTag
    seems: LanguageTag | None
    text: str | None = strawberry.field(description="What readers are shown in this language")
    draft: str | None = strawberry.field(description="The machine's draft of the present original")
    engine: str | None
    draft_withheld: bool
    approved: str | None = strawberry.field(description="What a person has approved, of whichever version")
    approved_at: datetime | None
    draftable: bool
    editable: bool
    terms: list[DeskTerm]
    suggestions: list[DeskSuggestion]
    findings: list[DeskFinding]
    source_changes: list[TextChange] = strawberry.field(
        description="From `seenSource` to the present original; else empty"
    )
    difference: list[TextChange] = strawberry.field(description="From the draft to what is shown, when they differ")


@strawberry.input
class ApprovalInput:
    text_id: ID
    language: LanguageTag
    version: int


@strawberry.type(description="What became of each text, in the order asked; null: approved")
class Approvals:
    approved: int
    problems: list[Problem | None]


def _wanted(
    info: Info,
    language: LanguageTag,
    states: list[State] | None,
    purposes: list[Purpose] | None,
    query: str | None,
    text_ids: list[ID] | None,
) -> queries.Wanted:
    if text_ids is not None and len(text_ids) > MOST_TEXT_IDS:
        raise Invalid(_("Ask for at most %(most)s texts at once.", most=MOST_TEXT_IDS), field="textIds")
    return queries.Wanted(
        info.context.person.organization_id,
        known_language(language, "language"),
        frozenset(state.value for state in states or ()),
        frozenset(purpose.value for purpose in purposes or ()),
        words(query, "query", longest=LONGEST_QUERY, required=False) or "",
        [row_id(text_id, "textIds") for text_id in text_ids] if text_ids is not None else None,
    )


@strawberry.type
class Queries:
    @strawberry.field(description="My organization's texts in one language, newest first")
    async def translation_desk(
        self,
        info: Info,
        language: LanguageTag,
        states: list[State] | None = None,
        purposes: list[Purpose] | None = None,
        query: str | None = None,
        text_ids: list[ID] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> DeskPage:
        wanted, size, last = (
            _wanted(info, language, states, purposes, query, text_ids),
            page_size(first, info),
            place(after),
        )
        async with info.context.tx.use() as session:
            found = await queries.page(session, wanted, before=row_id(last, "after") if last else None, limit=size + 1)
            ids = [one.text_id for one in found[:size]]
            by_id = {row.id: row for row in await texts.texts(session, ids)}
            rows = await texts.renderings(session, ids, [wanted.language])
        page = [
            _desk_row(by_id[one.text_id], rows.get(one.text_id, []), wanted.language, one.state)
            for one in found[:size]
            if one.text_id in by_id
        ]
        end = cursor(ids[-1]) if ids else None
        return DeskPage(rows=page, page_info=PageInfo(has_next_page=len(found) > size, end_cursor=end))

    @strawberry.field(description="The texts beside one in the same list: newer and older; null at its ends")
    async def translation_desk_neighbours(
        self,
        info: Info,
        text_id: ID,
        language: LanguageTag,
        states: list[State] | None = None,
        purposes: list[Purpose] | None = None,
        query: str | None = None,
        text_ids: list[ID] | None = None,
    ) -> list[ID | None]:
        wanted = _wanted(info, language, states, purposes, query, text_ids)
        async with info.context.tx.use() as session:
            beside = await queries.neighbours(session, wanted, row_id(text_id, "textId"))
        return [ID(str(one)) if one else None for one in beside]

    @strawberry.field(description="Where my organization's texts stand, in every language that they are not written in")
    async def translation_counts(self, info: Info) -> list[DeskCount]:
        caller = info.context.person
        async with info.context.tx.use() as session:
            found = await queries.counts(session, caller.organization_id, LANGUAGES)
        return [
            DeskCount(
                language=LanguageTag(one.language),
                purpose=Purpose(one.purpose),
                state=State(one.state),
                texts=one.texts,
            )
            for one in found
        ]

    @strawberry.field(
        description="A text side by side with its words in a language; null when it is not open to the caller"
    )
    async def desk_text(
        self, info: Info, text_id: ID, language: LanguageTag, seen_source: str | None = None
    ) -> DeskText | None:
        wanted = known_language(language, "language")
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await texts.text(session, row_id(text_id, "textId"))
            if row is None or not policies.may_see_all_languages(caller, row) or same_language(row.language, wanted):
                return None
            rows = (await texts.renderings(session, [row.id], [wanted])).get(row.id, [])
            glossary = await glossary_of(session, row.organization_id)
            source = supported(row.language) or row.language
            similar = await memory.suggest(session, caller.organization_id, source, wanted, row.words)
            suggested = await queries.suggested(session, row.id, wanted)
        await engines_of(info.context.runtime).ready()
        confidential = memory.is_confidential(row)
        reaches = engines_of(info.context.runtime).reach(source, wanted, confidential=confidential) is not None
        return await asyncio.to_thread(
            _side_by_side, info, row, rows, wanted, glossary, similar, suggested, reaches, seen_source
        )

    @strawberry.field(description="What the checks find in a translation that is being written; nothing is kept")
    async def check_translation(self, info: Info, text_id: ID, language: LanguageTag, text: str) -> list[DeskFinding]:
        wanted = known_language(language, "language")
        given = words(text, "text", longest=LONGEST_WORDS, required=False) or ""
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await texts.text(session, row_id(text_id, "textId"))
            if row is None or not policies.may_see_all_languages(caller, row):
                raise Forbidden
            glossary = await glossary_of(session, row.organization_id)
        if not given:
            return []
        drafted = checks.Drafted(
            row.words, given, supported(row.language) or row.language, wanted, glossary=glossary, machine=False
        )
        found = await asyncio.to_thread(checks.findings, drafted)
        return [_finding(one, info.context.language) for one in found]


def _desk_row(row: Text, rows: Sequence[Rendering], language: str, state: str) -> DeskRow:
    shown = best(row, rows, language)
    made = shown.rendering
    return DeskRow(
        text_id=ID(str(row.id)),
        purpose=Purpose(row.purpose),
        state=State(state),
        language=LanguageTag(language),
        version=row.version,
        source=row.words,
        source_language=LanguageTag(row.language),
        seems=LanguageTag(row.seems) if row.seems else None,
        text=made.words if made else None,
        updated_at=made.updated_at if made else None,
    )


def _side_by_side(
    info: Info,
    row: Text,
    rows: Sequence[Rendering],
    language: str,
    glossary: Glossary,
    similar: Sequence[memory.Suggestion],
    suggested: int | None,
    reaches: bool,
    seen_source: str | None,
) -> DeskText:
    """What the page shows, put together off the event loop: terms, checks and differences take a while for a long blurb."""
    source = supported(row.language) or row.language
    shown: Shown = best(row, rows, language)
    state = state_of(shown, language)
    if state is State.NOT_TRANSLATED and suggested:
        state = State.SUGGESTED
    draft = next((one for one in rows if one.origin == Origin.MACHINE and one.text_version == row.version), None)
    approved = next((one for one in rows if one.origin == Origin.REVIEWED), None)
    present = shown.rendering.words if shown.rendering else None
    judged = present or (draft.words if draft else None)
    found = []
    if judged:
        machine = shown.rendering is None or shown.rendering.origin == Origin.MACHINE
        drafted = checks.Drafted(row.words, judged, source, language, glossary=glossary, machine=machine)
        found = [_finding(one, info.context.language) for one in checks.findings(drafted)]
        stored = {one.check for one in found}
        for problem in draft.problems if draft and machine else ():
            if problem["check"] not in stored:
                reason = checks.reason(problem["check"]).render(info.context.language)
                found.insert(0, DeskFinding(check=problem["check"], message=reason, words=[], withholds=True))
    return DeskText(
        text_id=ID(str(row.id)),
        language=LanguageTag(language),
        purpose=Purpose(row.purpose),
        state=state,
        version=row.version,
        source=row.words,
        source_language=LanguageTag(row.language),
        seems=LanguageTag(row.seems) if row.seems else None,
        text=present,
        draft=draft.words if draft else None,
        engine=draft.engine if draft else None,
        draft_withheld=bool(draft and draft.problems),
        approved=approved.words if approved else None,
        approved_at=approved.updated_at if approved else None,
        draftable=reaches,
        editable=policies.may_translate(info.context.person, row),
        terms=[_term(row.words, hit) for hit in glossary.terms_in(row.words, source, language)],
        suggestions=[
            DeskSuggestion(
                source=one.source,
                target=one.target,
                score=one.score,
                own=one.own,
                difference=TextChange.of(one.difference),
            )
            for one in similar
        ],
        findings=found,
        source_changes=_between(seen_source, row.words, source),
        difference=_between(draft.words if draft else None, present, language),
    )


def _between(before: str | None, now: str | None, language: str) -> list[TextChange]:
    if before is None or now is None or memory.normalized(before) == now:
        return []
    return TextChange.of(memory.difference(memory.normalized(before)[:LONGEST_WORDS], now, language))


def _term(source: str, hit: TermHit) -> DeskTerm:
    return DeskTerm(
        start=_units(source[: hit.start]),
        length=_units(hit.found),
        found=hit.found,
        targets=list(hit.targets),
        forbidden=list(hit.forbidden),
        keep=hit.do_not_translate,
        definition=hit.definition,
    )


def _units(text: str) -> int:
    """UTF-16 code units: what browsers count in."""
    return len(text.encode("utf-16-le")) // 2


def _finding(found: checks.Finding, language: str) -> DeskFinding:
    return DeskFinding(
        check=found.check,
        message=found.reason.render(language),
        words=list(found.words),
        withholds=found.severity is checks.Severity.WITHHOLDS,
    )


@strawberry.type
class Mutations:
    @strawberry.mutation(
        description="Approve what is shown of up to 100 texts as it is. Those that cannot be are named"
    )
    async def approve_texts(self, info: Info, approvals: list[ApprovalInput]) -> Approvals:
        caller = info.context.person
        if not 1 <= len(approvals) <= MOST_AT_ONCE:
            raise Invalid(_("Choose between one and %(most)s texts.", most=MOST_AT_ONCE), field="approvals")
        wanted = [
            (row_id(one.text_id, "approvals"), known_language(one.language, "approvals"), one.version)
            for one in approvals
        ]
        async with info.context.tx.use() as session:
            done = await service.approve_shown(session, caller, wanted)
        problems = [_problem(error, info.context.language) for error in done]
        return Approvals(approved=problems.count(None), problems=problems)

    @strawberry.mutation(description="Have a person look at what is shown of a text in a language, or no longer")
    async def want_review(self, info: Info, text_id: ID, language: LanguageTag, wanted: bool = True) -> State:
        caller = info.context.person
        tag = known_language(language, "language")
        async with info.context.tx.use() as session:
            row = await service.want_review(session, caller, row_id(text_id, "textId"), tag, wanted)
            rows = (await texts.renderings(session, [row.id], [tag])).get(row.id, [])
        return state_of(best(row, rows, tag), tag)


def _problem(error: HubError | None, language: str) -> Problem | None:
    if error is None:
        return None
    return Problem(code=error.code, field=error.field, line=None, message=error.sentence(language))

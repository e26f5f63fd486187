"""One text side by side in GraphQL: its words, terms, suggestions, what the checks say, why they were overridden."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import strawberry

from hub.context import ID, Info
from hub.errors import Forbidden
from hub.i18n import supported
from hub.types import LanguageTag, known_language, row_id, words
from translation import checks, memory, policies
from translation import queries as texts
from translation.choice import Shown, State, best, same_language
from translation.choice import state as state_of
from translation.desk import queries
from translation.desk.api.listing import Purpose
from translation.engines import engines_of
from translation.glossary import Glossary, TermHit, glossary_of
from translation.memory import Change, Kind
from translation.models import Origin, Rendering, Text
from translation.overrides import queries as overrides
from translation.overrides.models import Override

LONGEST_WORDS = 20_000


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
    needs_reason: bool = strawberry.field(description="Approving words in spite of it needs a reason")


@strawberry.type(
    description="Words that a person approved although checks warned, and why. present: they are what stands now"
)
class CheckOverride:
    reason: str
    checks: list[str] = strawberry.field(description="What the checks had said")
    words: str
    person: str
    at: datetime
    present: bool

    @classmethod
    def of(cls, row: Override, person: str, approved: Rendering | None, language: str) -> CheckOverride:
        return cls(
            reason=row.reason,
            checks=[checks.reason(one).render(language) for one in row.checks],
            words=row.words,
            person=person,
            at=row.created_at,
            present=approved is not None and approved.words == row.words,
        )


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
    overrides: list[CheckOverride] = strawberry.field(description="The newest first")
    source_changes: list[TextChange] = strawberry.field(
        description="From `seenSource` to the present original; else empty"
    )
    difference: list[TextChange] = strawberry.field(description="From the draft to what is shown, when they differ")


@strawberry.type
class ReviewQueries:
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
            given = await overrides.of_text(session, row.id, wanted)
        await engines_of(info.context.runtime).ready()
        confidential = memory.is_confidential(row)
        reaches = engines_of(info.context.runtime).reach(source, wanted, confidential=confidential) is not None
        return await asyncio.to_thread(
            _side_by_side, info, row, rows, wanted, glossary, similar, suggested, reaches, given, seen_source
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


def _side_by_side(
    info: Info,
    row: Text,
    rows: Sequence[Rendering],
    language: str,
    glossary: Glossary,
    similar: Sequence[memory.Suggestion],
    suggested: int | None,
    reaches: bool,
    given: Sequence[tuple[Override, str]],
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
                found.insert(
                    0, DeskFinding(check=problem["check"], message=reason, words=[], withholds=True, needs_reason=False)
                )
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
        terms=[_term(row.words, hit, info.context.language) for hit in glossary.terms_in(row.words, source, language)],
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
        overrides=[CheckOverride.of(one, name, approved, info.context.language) for one, name in given],
        source_changes=_between(seen_source, row.words, source),
        difference=_between(draft.words if draft else None, present, language),
    )


def _between(before: str | None, now: str | None, language: str) -> list[TextChange]:
    if before is None or now is None or memory.normalized(before) == now:
        return []
    return TextChange.of(memory.difference(memory.normalized(before)[:LONGEST_WORDS], now, language))


def _term(source: str, hit: TermHit, reader: str) -> DeskTerm:
    return DeskTerm(
        start=_units(source[: hit.start]),
        length=_units(hit.found),
        found=hit.found,
        targets=list(hit.targets),
        forbidden=list(hit.forbidden),
        keep=hit.do_not_translate,
        definition=hit.definitions.get(reader, hit.definition),
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
        needs_reason=found.check not in checks.COSMETIC,
    )

"""Files of texts and memory, in GraphQL."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, cast

import strawberry
from strawberry.file_uploads import Upload

from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import LANGUAGES, Message, _
from hub.storage import Readable
from hub.types import (
    BigInt,
    Connection,
    LanguageTag,
    Problem,
    after_row,
    connection,
    known_language,
    page_size,
    row_id,
)
from translation import checks
from translation.exchange import models, policies, queries, reading, writing, xliff
from translation.exchange.deciding import REASONS, Outcome
from translation.exchange.errors import ExchangeUnknown, NotAllowedToExchange
from translation.exchange.models import Direction, Format, Status
from translation.exchange.units import Of
from translation.models import Purpose

strawberry.enum(Direction, name="ExchangeDirection")
strawberry.enum(Format, name="ExchangeFormat")
strawberry.enum(
    Status, name="ExchangeStatus", description="PREVIEW: looked at, and nothing written until it is confirmed"
)
strawberry.enum(Outcome, name="ExchangeOutcome", description="EMPTY: no translation in the file")
strawberry.enum(Of, name="ExchangeContent")


@strawberry.enum
class ExchangePurpose(Enum):
    """Which texts."""

    TITLE = "title"
    DESCRIPTION = "description"
    NOTE = "note"
    CLAUSE = "clause"


USUAL = (Purpose.TITLE.value, Purpose.DESCRIPTION.value)


@strawberry.type
class ExchangeCount:
    outcome: Outcome
    count: int


@strawberry.type(
    description="What becomes of one translation. before: what the hub has; warnings: what checks say of it"
)
class ExchangeDecision:
    outcome: Outcome
    reason: str | None
    line: int
    source_language: LanguageTag
    language: LanguageTag
    source: str
    before: str | None
    after: str
    warnings: list[str]

    @classmethod
    def of(cls, kept: dict[str, Any], language: str) -> ExchangeDecision:
        return cls(
            outcome=Outcome(kept["outcome"]),
            reason=REASONS[kept["reason"]].render(language) if kept["reason"] else None,
            line=kept["line"],
            source_language=LanguageTag(kept["sourceLanguage"]),
            language=LanguageTag(kept["language"]),
            source=kept["source"],
            before=kept["before"],
            after=kept["after"],
            warnings=[checks.reason(check).render(language) for check in kept["warnings"]],
        )


@strawberry.type(
    description="done of total units are dealt with; decisions: the first 200, refused ones first; downloadUrl: for an hour"
)
class TranslationExchange:
    id: ID
    direction: Direction
    format: Format
    status: Status
    file_name: str
    bytes: BigInt | None
    total: int
    done: int
    created_at: datetime
    finished_at: datetime | None
    row: strawberry.Private[models.Exchange]

    @strawberry.field
    def counts(self) -> list[ExchangeCount]:
        return [
            ExchangeCount(outcome=outcome, count=self.row.counts[outcome.value])
            for outcome in Outcome
            if self.row.counts.get(outcome.value)
        ]

    @strawberry.field
    def decisions(self, info: Info) -> list[ExchangeDecision]:
        return [ExchangeDecision.of(kept, info.context.language) for kept in self.row.shown]

    @strawberry.field
    def download_url(self, info: Info) -> str | None:
        if self.direction is not Direction.OUT or self.status is not Status.DONE:
            return None
        return writing.link(info.context.runtime.settings.key, self.row)

    @strawberry.field(description="Why it failed")
    def problem(self, info: Info) -> Problem | None:
        kept = self.row.problem
        if kept is None:
            return None
        message = Message(kept["msgid"], params=kept["params"]).render(info.context.language)
        return Problem(code="FILE_REFUSED", field="file", line=kept["line"], message=message)

    @classmethod
    def of(cls, row: models.Exchange) -> TranslationExchange:
        return cls(
            id=ID(str(row.id)),
            direction=Direction(row.direction),
            format=Format(row.format),
            status=Status(row.status),
            file_name=row.file_name,
            bytes=BigInt(row.bytes) if row.bytes is not None else None,
            total=row.total,
            done=row.done,
            created_at=row.created_at,
            finished_at=row.finished_at,
            row=row,
        )


@strawberry.input(
    description="source: texts in this language, all without it (XLIFF needs one). targets: one for XLIFF. purposes: titles and"
    " descriptions without it. missing: only texts that nobody has translated yet. version: of XLIFF, 2.0 or 2.1"
)
class TranslationExportInput:
    format: Format
    targets: list[LanguageTag]
    content: Of = Of.TEXT
    source: LanguageTag | None = None
    purposes: list[ExchangePurpose] | None = None
    missing: bool = False
    version: str = "2.1"

    def chosen(self) -> queries.Chosen:
        """INVALID for choices that no file can hold."""
        targets = tuple(dict.fromkeys(known_language(tag, "targets") for tag in self.targets[: len(LANGUAGES)]))
        source = known_language(self.source, "source") if self.source else None
        if self.format is Format.XLIFF:
            if len(targets) != 1:
                raise Invalid(
                    _("An XLIFF file is from one language into one other. Choose one language."), field="targets"
                )
            if source is None or source in targets:
                raise Invalid(
                    _("An XLIFF file needs a language to translate from, other than the one into."), field="source"
                )
            if self.version not in xliff.VERSIONS:
                raise Invalid(_("Choose XLIFF 2.0 or 2.1."), field="version")
        if not targets:
            raise Invalid(_("Choose at least one language."), field="targets")
        purposes = tuple(purpose.value for purpose in self.purposes) if self.purposes else USUAL
        return queries.Chosen(self.content.value, source, targets, purposes, self.missing)


@strawberry.type
class Queries:
    @strawberry.field(description="Files of translations that went out and came in, the newest first")
    async def translation_exchanges(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[TranslationExchange]:
        caller, limit = info.context.person, page_size(first, info)
        if not policies.may_exchange(caller):
            raise NotAllowedToExchange
        async with info.context.tx.use() as session:
            rows, total = await queries.page(session, caller.organization_id, after_row(after), limit + 1)
        return connection(rows, total, limit, TranslationExchange.of)

    @strawberry.field
    async def translation_exchange(self, info: Info, id: ID) -> TranslationExchange:
        if not policies.may_exchange(info.context.person):
            raise NotAllowedToExchange
        async with info.context.tx.use() as session:
            row = await queries.exchange(session, row_id(id))
        if row is None:
            raise ExchangeUnknown(field="id")
        return TranslationExchange.of(row)


@strawberry.type
class Mutations:
    @strawberry.mutation(description="Have texts or memory written into a TMX or XLIFF file")
    async def export_translations(self, info: Info, input: TranslationExportInput) -> TranslationExchange:
        caller, chosen = info.context.person, input.chosen()
        async with info.context.tx.use() as session:
            row = await writing.order(session, caller, input.format, chosen, version=input.version)
        return TranslationExchange.of(row)

    @strawberry.mutation(description="Have a TMX or XLIFF file looked at; nothing is written until confirmTranslations")
    async def import_translations(self, info: Info, file: Upload) -> TranslationExchange:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await reading.receive(session, info.context.runtime, caller, cast(Readable, file))
        return TranslationExchange.of(row)

    @strawberry.mutation
    async def confirm_translations(self, info: Info, id: ID) -> TranslationExchange:
        caller = info.context.person
        async with info.context.tx.use() as session:
            return TranslationExchange.of(await reading.confirm(session, caller, row_id(id)))

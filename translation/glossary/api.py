"""Glossaries in GraphQL."""

from __future__ import annotations

import csv
from enum import Enum
from typing import cast

import strawberry
from strawberry.file_uploads import Upload

from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import LANGUAGES, _
from hub.storage import Readable, receive
from hub.types import Connection, LanguageTag, Problem, connection, known_language, page_size, place, row_id, words
from translation.glossary import files, models, policies, queries, service
from translation.glossary.models import ANY_LANGUAGE, TermKind, WordStatus

LARGEST_FILE = 10 * 1024 * 1024
LONGEST_NAME = 100
MOST_WORDS = 120
MOST_SHOWN = 200
strawberry.enum(TermKind, name="GlossaryTermKind")
strawberry.enum(WordStatus, name="GlossaryWordStatus")


@strawberry.enum
class GlossaryFormat(Enum):
    TSV = "TSV"
    CSV = "CSV"
    TBX = "TBX"


MEDIA_TYPES = {
    GlossaryFormat.TSV: "text/tab-separated-values",
    GlossaryFormat.CSV: "text/csv",
    GlossaryFormat.TBX: "application/x-tbx",
}


@strawberry.type(description="language: one of the hub's ten; und for a name that is written the same in all")
class GlossaryWord:
    language: str
    words: str
    status: WordStatus


@strawberry.input(description="language: one of the hub's ten, or und for all")
class GlossaryWordInput:
    language: str
    words: str
    status: WordStatus = WordStatus.PREFERRED


@strawberry.type(
    description="What a term means, in the reader's language where somebody has said it there, else as first written"
)
class TermMeaning:
    text: str
    language: LanguageTag | None = strawberry.field(description="Null where it is not known")


@strawberry.type
class TermDefinition:
    language: LanguageTag
    text: str


@strawberry.input
class TermDefinitionInput:
    language: LanguageTag
    text: str


@strawberry.type(description="own: of the caller's organization; otherwise of the hub")
class GlossaryTerm:
    id: ID
    key: str
    kind: TermKind
    domain: str | None
    part_of_speech: str | None
    definition: str | None
    meaning: TermMeaning | None
    definitions: list[TermDefinition]
    source_url: str | None
    case_sensitive: bool
    own: bool
    editable: bool
    words: list[GlossaryWord]

    @classmethod
    def of(cls, row: models.Term, info: Info) -> GlossaryTerm:
        caller = info.context.person
        return cls(
            id=ID(str(row.id)),
            key=row.key,
            kind=TermKind(row.kind),
            domain=row.domain,
            part_of_speech=row.part_of_speech,
            definition=row.definition,
            meaning=_meaning(row, info.context.language),
            definitions=[
                TermDefinition(language=LanguageTag(one), text=row.definitions[one])
                for one in LANGUAGES
                if one in row.definitions
            ],
            source_url=row.source_url,
            case_sensitive=row.case_sensitive,
            own=row.organization_id is not None,
            editable=policies.may_change_term(caller, row),
            words=[
                GlossaryWord(language=one.language, words=one.words, status=WordStatus(one.status)) for one in row.words
            ],
        )


def _meaning(row: models.Term, language: str) -> TermMeaning | None:
    if said := row.definitions.get(language):
        return TermMeaning(text=said, language=LanguageTag(language))
    if row.definition is None:
        return None
    shipped = row.organization_id is None
    return TermMeaning(text=row.definition, language=LanguageTag("en") if shipped else None)


@strawberry.type
class Glossary:
    """domains: the subjects that terms have. editable: whether the caller may add to it."""

    domains: list[str]
    editable: bool


@strawberry.type
class GlossaryFile:
    file_name: str
    media_type: str
    content: str


@strawberry.type(description="new, changed: keys of terms, the first 200; applied: whether they are written")
class GlossaryImport:
    new_count: int
    changed_count: int
    same_count: int
    new: list[str]
    changed: list[str]
    problems: list[Problem]
    applied: bool


@strawberry.input(description="key: the same term in the next import; words: at least one")
class GlossaryTermInput:
    key: str
    words: list[GlossaryWordInput]
    kind: TermKind = TermKind.TERM
    domain: str | None = None
    part_of_speech: str | None = None
    definition: str | None = None
    source_url: str | None = None
    case_sensitive: bool = False
    definitions: list[TermDefinitionInput] | None = strawberry.field(default=None, description="Null: as they are")

    def term(self) -> files.FileTerm:
        """INVALID for what is no term."""
        if not 1 <= len(self.words) <= MOST_WORDS:
            raise Invalid(_("Give the term a word in at least one language."), field="words")
        said = []
        for one in self.words:
            if one.language not in (*LANGUAGES, ANY_LANGUAGE):
                raise Invalid(_("Choose one of the ten languages of the hub."), field="words")
            said.append(
                files.Word(one.language, words(one.words, "words", longest=files.LONGEST_WORDS) or "", one.status)
            )
        source = words(self.source_url, "sourceUrl", longest=500, required=False)
        if source and not source.startswith(("https://", "http://")):
            raise Invalid(_("The source is an address that begins with https://."), field="sourceUrl")
        return files.FileTerm(
            key=words(self.key, "key", longest=LONGEST_NAME) or "",
            words=tuple(said),
            kind=self.kind,
            domain=words(self.domain, "domain", longest=LONGEST_NAME, required=False),
            part_of_speech=words(self.part_of_speech, "partOfSpeech", longest=LONGEST_NAME, required=False),
            definitions=self._defined(),
            definition=words(self.definition, "definition", longest=files.LONGEST_DEFINITION, required=False),
            source_url=source,
            case_sensitive=self.case_sensitive,
        )

    def _defined(self) -> dict[str, str] | None:
        if self.definitions is None:
            return None
        return {
            known_language(one.language, "definitions"): words(
                one.text, "definitions", longest=files.LONGEST_DEFINITION
            )
            or ""
            for one in self.definitions[: len(LANGUAGES)]
        }


@strawberry.type
class Queries:
    @strawberry.field(description="own: the organization's (true), the hub's (false); both without it")
    async def glossary_terms(
        self,
        info: Info,
        query: str | None = None,
        domain: str | None = None,
        own: bool | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[GlossaryTerm]:
        caller, limit = info.context.person, page_size(first, info)
        wanted = queries.Wanted(words(query, "query", longest=LONGEST_NAME, required=False), domain, own)
        start = place(after)
        if start is not None and " " not in start:
            raise Invalid(_("This list cannot be continued from here. Start it again."), field="after")
        async with info.context.tx.use() as session:
            rows, total = await queries.page(session, caller.organization_id, wanted, start, limit + 1)
        return connection(
            rows, total, limit, lambda row: GlossaryTerm.of(row, info), at=lambda row: f"{row.key} {row.id}"
        )

    @strawberry.field
    async def glossary_term(self, info: Info, id: ID) -> GlossaryTerm | None:
        info.context.person  # noqa: B018  UNAUTHENTICATED
        async with info.context.tx.use() as session:
            row = await queries.term(session, row_id(id))
        return GlossaryTerm.of(row, info) if row else None

    @strawberry.field
    async def glossary(self, info: Info) -> Glossary:
        caller = info.context.person
        async with info.context.tx.use() as session:
            found = await queries.domains(session, caller.organization_id)
        return Glossary(domains=found, editable=policies.may_keep_terms(caller))

    @strawberry.field(description="The organization's glossary (own) or the hub's, whole, as a file")
    async def glossary_file(self, info: Info, format: GlossaryFormat, own: bool = True) -> GlossaryFile:
        caller = info.context.person
        async with info.context.tx.use() as session:
            found = await queries.own_terms(session, caller.organization_id if own else None)
        terms = service.file_terms(found)
        if format is GlossaryFormat.TBX:
            content = files.write_tbx(terms, "Banmao glossary").decode()
        else:
            delimiter = csv.excel_tab.delimiter if format is GlossaryFormat.TSV else csv.excel.delimiter
            content = files.write_table(terms, delimiter).decode()
        name = f"{'glossary' if own else 'book-trade'}.{format.value.lower()}"
        return GlossaryFile(file_name=name, media_type=MEDIA_TYPES[format], content=content)


@strawberry.type
class Mutations:
    @strawberry.mutation(
        description="Add a term to the organization's glossary, or replace one; the operator's is the hub's"
    )
    async def save_glossary_term(self, info: Info, input: GlossaryTermInput, id: ID | None = None) -> GlossaryTerm:
        caller, given = info.context.person, input.term()
        async with info.context.tx.use() as session:
            row = await service.save(session, caller, given, row_id(id) if id else None)
        return GlossaryTerm.of(row, info)

    @strawberry.mutation
    async def delete_glossary_term(self, info: Info, id: ID) -> ID:
        caller = info.context.person
        async with info.context.tx.use() as session:
            await service.remove(session, caller, row_id(id))
        return id

    @strawberry.mutation(
        description="TSV, CSV or TBX. Nothing is written without apply; terms that the file lacks stay"
    )
    async def import_glossary(self, info: Info, file: Upload, apply: bool = False) -> GlossaryImport:
        caller, runtime = info.context.person, info.context.runtime
        async with receive(cast(Readable, file), LARGEST_FILE, runtime.scratch.path) as received:
            content = received.path.read_bytes()
        async with info.context.tx.use() as session:
            made = await service.take(session, caller, content, apply=apply)
        return GlossaryImport(
            new_count=len(made.new),
            changed_count=len(made.changed),
            same_count=made.same,
            new=list(made.new[:MOST_SHOWN]),
            changed=list(made.changed[:MOST_SHOWN]),
            problems=[
                Problem(
                    code="GLOSSARY_LINE",
                    field=one.column,
                    line=one.line,
                    message=one.message.render(info.context.language),
                )
                for one in made.troubles[:MOST_SHOWN]
            ],
            applied=made.applied,
        )

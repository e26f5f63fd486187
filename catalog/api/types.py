"""Works and the rights in them, in GraphQL."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry

from accounts.api import Organization
from accounts.loaders import OrganizationLoader
from catalog import models, policies, queries, subjects
from catalog.api.scopes import ScopeType
from catalog.assets import covers
from catalog.errors import WorkUnknown
from catalog.loaders import (
    AssetLoader,
    ContributorsLoader,
    HoldbacksLoader,
    IdentifiersLoader,
    MandatesLoader,
    WorkLoader,
)
from catalog.models import WorkKind, WorkStatus
from catalog.scopes import scope_of
from hub import vocabulary
from hub.context import ID, Info
from hub.i18n import Renderable
from hub.types import LanguageTag, LocalizedText, PageInfo, Territory
from translation.api import TextRendering, localized_now, localized_or_none, renderings
from translation.loaders import ShownLoader

strawberry.enum(WorkKind)
strawberry.enum(WorkStatus)


@strawberry.type(description="A code and what it is called in the reader's language")
class Named:
    value: str
    label: str

    @classmethod
    def of(cls, value: str, name: Renderable, info: Info) -> Named:
        return cls(value=value, label=name.render(info.context.language))


@strawberry.type(description="role: MARC relator code, e.g. aut ill cmp prf trl")
class Contributor:
    name: str
    role: str
    name_original: str | None = strawberry.field(description="The name in its own script, where that differs")

    @classmethod
    def all(cls, rows: list[models.Contributor]) -> list[Contributor]:
        return [cls(name=row.name, role=row.role, name_original=row.name_original) for row in rows]

    @strawberry.field(description="The role in the reader's language")
    def role_name(self, info: Info) -> str:
        return vocabulary.role(self.role).render(info.context.language)


@strawberry.type(description="ISBN ISMN ISRC ISWC ISAN EIDR GTIN DOI …; value in stored form")
class Identifier:
    scheme: str
    value: str


@strawberry.type
class Work:
    id: ID
    kind: WorkKind
    status: WorkStatus
    original_language: LanguageTag
    subjects: list[str]
    publication_year: int | None
    country_of_origin: Territory | None
    published_at: datetime | None
    updated_at: datetime
    row: strawberry.Private[models.Work]

    @strawberry.field
    def owner(self, info: Info) -> Organization:
        row = info.context.loaders.get(OrganizationLoader).fetched(self.row.owner_id)
        return Organization.of(row) if row else cast(Organization, Organization.load(info, self.row.owner_id))

    @strawberry.field
    def title(self, info: Info, language: LanguageTag | None = None) -> LocalizedText:
        return localized_now(info, self.row.title_id, language)

    @strawberry.field
    def description(self, info: Info, language: LanguageTag | None = None) -> LocalizedText | None:
        return localized_now(info, self.row.description_id, language) if self.row.description_id else None

    @strawberry.field(description="The title in the ten languages, for whoever looks after them")
    async def titles(self, info: Info) -> list[TextRendering]:
        return await renderings(info, self.row.title_id)

    @strawberry.field(description="The description in the ten languages; empty without one")
    async def descriptions(self, info: Info) -> list[TextRendering]:
        return await renderings(info, self.row.description_id) if self.row.description_id else []

    @strawberry.field
    def contributors(self, info: Info) -> list[Contributor]:
        rows = info.context.loaders.get(ContributorsLoader).fetched(self.row.id)
        return cast(list[Contributor], self._credited(info)) if rows is None else Contributor.all(rows)

    async def _credited(self, info: Info) -> list[Contributor]:
        return Contributor.all(await info.context.load(ContributorsLoader, self.row.id) or [])

    @strawberry.field
    async def identifiers(self, info: Info) -> list[Identifier]:
        rows = await info.context.load(IdentifiersLoader, self.row.id) or []
        return [Identifier(scheme=row.scheme, value=row.value) for row in rows]

    @strawberry.field(description="The subjects with their names")
    def subject_names(self, info: Info) -> list[Named]:
        return [Named.of(code, subjects.label(code), info) for code in self.subjects]

    @strawberry.field(description="The kind in the reader's language")
    def kind_name(self, info: Info) -> str:
        return vocabulary.KINDS[self.kind.value].render(info.context.language)

    @strawberry.field(description="Path of the cover, at least `width` pixels wide where it is; null without one")
    def cover_url(self, info: Info, width: int = 400) -> str | None:
        if self.row.cover_id is None:
            return None
        asset = info.context.loaders.get(AssetLoader).fetched(self.row.cover_id)
        return covers.path(asset, width) if asset else cast(str, self._cover(info, self.row.cover_id, width))

    async def _cover(self, info: Info, cover_id: UUID, width: int) -> str | None:
        asset = await info.context.load(AssetLoader, cover_id)
        return covers.path(asset, width) if asset else None

    @strawberry.field(description="Rights in: what the owner may sell")
    async def mandates(self, info: Info) -> list[Mandate]:
        return [Mandate.of(row) for row in await info.context.load(MandatesLoader, self.row.id) or []]

    @strawberry.field(description="What the owner keeps from sale")
    async def holdbacks(self, info: Info) -> list[Holdback]:
        return [Holdback.of(row) for row in await info.context.load(HoldbacksLoader, self.row.id) or []]

    @strawberry.field(description="Whether the caller may change, publish and withdraw it")
    def editable(self, info: Info) -> bool:
        return info.context.caller is not None and policies.may_edit(info.context.caller, self.row)

    @classmethod
    def of(cls, row: models.Work) -> Work:
        return cls(
            id=ID(str(row.id)),
            kind=WorkKind(row.kind),
            status=WorkStatus(row.status),
            original_language=LanguageTag(row.original_language),
            subjects=list(row.subjects),
            publication_year=row.publication_year,
            country_of_origin=Territory(row.country_of_origin) if row.country_of_origin else None,
            published_at=row.published_at,
            updated_at=row.updated_at,
            row=row,
        )

    @classmethod
    def on(cls, card: queries.Card, info: Info) -> Work:
        """The work of a list, with what the list shows of it at hand: nothing of that waits for its turn any more."""
        work, language, loaders = card.work, info.context.language, info.context.loaders
        texts = loaders.get(ShownLoader)
        for text_id, shown in ((work.title_id, card.title), (work.description_id, card.description)):
            if text_id is not None and shown is not None:
                texts.prime((text_id, language), shown)
        loaders.get(OrganizationLoader).prime(work.owner_id, card.owner)
        loaders.get(ContributorsLoader).prime(work.id, card.contributors)
        if work.cover_id is not None and card.cover is not None:
            loaders.get(AssetLoader).prime(work.cover_id, card.cover)
        return cls.of(work)

    @classmethod
    async def load(cls, info: Info, work_id: UUID) -> Work:
        """The work of something that the caller may see; withdrawn ones too."""
        row = await info.context.load(WorkLoader, work_id)
        if row is None:
            raise WorkUnknown
        return cls.of(row)


@strawberry.type(description="Rights in. source: entered by a person, or the format of the file that said so")
class Mandate:
    id: ID
    scope: ScopeType
    source: str
    row: strawberry.Private[models.Mandate]

    @strawberry.field
    async def work(self, info: Info) -> Work:
        return await Work.load(info, self.row.work_id)

    @classmethod
    def of(cls, row: models.Mandate) -> Mandate:
        return cls(id=ID(str(row.id)), scope=ScopeType.of(scope_of(row)), source=row.source, row=row)


@strawberry.type
class Holdback:
    id: ID
    scope: ScopeType
    row: strawberry.Private[models.Holdback]

    @strawberry.field
    async def work(self, info: Info) -> Work:
        return await Work.load(info, self.row.work_id)

    @strawberry.field(description="Why; for the owner's own people, null for everybody else")
    async def note(self, info: Info, language: LanguageTag | None = None) -> LocalizedText | None:
        work = await info.context.load(WorkLoader, self.row.work_id)
        if work is None or not policies.may_see_notes(info.context.caller, work):
            return None
        return await localized_or_none(info, self.row.note_id, language)

    @classmethod
    def of(cls, row: models.Holdback) -> Holdback:
        return cls(id=ID(str(row.id)), scope=ScopeType.of(scope_of(row), holdback=True), row=row)


@strawberry.type
class WorkEdge:
    node: Work
    cursor: str


@strawberry.type
class FacetValue:
    value: str
    label: str
    count: int


@strawberry.type
class Facet:
    name: str
    values: list[FacetValue]


@strawberry.type(
    description="totalIsExact false: there are totalCount at least, and facets count what may be free, not what is"
)
class WorkConnection:
    edges: list[WorkEdge]
    page_info: PageInfo
    total_count: int
    facets: list[Facet]
    total_is_exact: bool = True

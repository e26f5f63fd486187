"""Negotiations, offers, contracts and licences in GraphQL."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

import strawberry

from accounts.api import Organization
from accounts.loaders import PersonLoader
from catalog.api import ScopeInput, ScopeType, Work
from catalog.scopes import scope_of
from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import _
from hub.types import LanguageTag, LocalizedText, MoneyInput, MoneyType, words
from marketplace import models, service
from marketplace.errors import NegotiationUnknown
from marketplace.loaders import (
    ContractLoader,
    LicenseLoader,
    MessagesLoader,
    NegotiationLoader,
    OffersLoader,
    SignaturesLoader,
)
from marketplace.models import ContractStatus, LicenseStatus, NegotiationStatus
from translation.api import localized, localized_or_none

strawberry.enum(NegotiationStatus)
strawberry.enum(ContractStatus)
strawberry.enum(LicenseStatus)
LONGEST_NOTE = 4000
LONGEST_PERCENT = 10
LONGEST_MESSAGE = 8000


@strawberry.input(description='royaltyPercent: a decimal string, "7.5"')
class TermsInput:
    scope: ScopeInput
    advance: MoneyInput | None = None
    royalty_percent: str | None = None
    minimum_guarantee: MoneyInput | None = None
    note: str | None = None

    def terms(self) -> service.Terms:
        """INVALID with the field that is wrong."""
        return service.Terms(
            scope=self.scope.scope("terms.scope"),
            advance=self.advance.money("terms.advance") if self.advance else None,
            royalty_percent=_percent(self.royalty_percent),
            guarantee=self.minimum_guarantee.money("terms.minimumGuarantee") if self.minimum_guarantee else None,
            note=words(self.note, "terms.note", longest=LONGEST_NOTE, required=False),
        )


@strawberry.input
class OfferInput:
    work_id: ID
    terms: TermsInput
    message: str | None = None
    expires_at: datetime | None = None


def _percent(value: str | None) -> Decimal | None:
    if value is None or not value.strip():
        return None
    try:
        percent = Decimal(value.strip())
        fits = (
            percent.is_finite()
            and len(value) <= LONGEST_PERCENT
            and 0 <= percent <= 100
            and percent == round(percent, 4)
        )
    except InvalidOperation:
        fits = False
    if not fits:
        raise Invalid(_("A royalty is a percentage between 0 and 100 such as 7.5."), field="terms.royaltyPercent")
    return percent


@strawberry.type
class Terms:
    row: strawberry.Private[models.Offer]

    @strawberry.field
    def scope(self) -> ScopeType:
        return ScopeType.of(scope_of(self.row))

    @strawberry.field
    def advance(self) -> MoneyType | None:
        return MoneyType.of(self.row.advance_minor, self.row.advance_currency)

    @strawberry.field
    def royalty_percent(self) -> str | None:
        percent = self.row.royalty_percent
        return (
            None
            if percent is None
            else f"{percent:f}".rstrip("0").rstrip(".")
            if "." in f"{percent:f}"
            else f"{percent:f}"
        )

    @strawberry.field
    def minimum_guarantee(self) -> MoneyType | None:
        return MoneyType.of(self.row.guarantee_minor, self.row.guarantee_currency)

    @strawberry.field
    async def note(self, info: Info, language: LanguageTag | None = None) -> LocalizedText | None:
        return await localized_or_none(info, self.row.note_id, language)


@strawberry.type
class Offer:
    id: ID
    version: int
    created_at: datetime
    row: strawberry.Private[models.Offer]

    @strawberry.field
    async def by(self, info: Info) -> Organization:
        return await Organization.load(info, self.row.by_id)

    @strawberry.field(description="Name of the person who made it")
    async def author(self, info: Info) -> str:
        return await _name(info, self.row.person_id)

    @strawberry.field
    def terms(self) -> Terms:
        return Terms(row=self.row)

    @classmethod
    def of(cls, row: models.Offer) -> Offer:
        return cls(id=ID(str(row.id)), version=row.version, created_at=row.created_at, row=row)


@strawberry.type
class Message:
    id: ID
    created_at: datetime
    row: strawberry.Private[models.Message]

    @strawberry.field
    async def by(self, info: Info) -> Organization:
        return await Organization.load(info, self.row.by_id)

    @strawberry.field(description="Name of the person who wrote it")
    async def author(self, info: Info) -> str:
        return await _name(info, self.row.person_id)

    @strawberry.field
    async def text(self, info: Info, language: LanguageTag | None = None) -> LocalizedText:
        return await localized(info, self.row.text_id, language)

    @classmethod
    def of(cls, row: models.Message) -> Message:
        return cls(id=ID(str(row.id)), created_at=row.created_at, row=row)


@strawberry.type
class Negotiation:
    id: ID
    status: NegotiationStatus
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    row: strawberry.Private[models.Negotiation]

    @strawberry.field
    async def work(self, info: Info) -> Work:
        return await Work.load(info, self.row.work_id)

    @strawberry.field
    async def buyer(self, info: Info) -> Organization:
        return await Organization.load(info, self.row.buyer_id)

    @strawberry.field
    async def seller(self, info: Info) -> Organization:
        return await Organization.load(info, self.row.seller_id)

    @strawberry.field
    async def offers(self, info: Info) -> list[Offer]:
        return [Offer.of(row) for row in await info.context.load(OffersLoader, self.row.id) or []]

    @strawberry.field
    async def messages(self, info: Info) -> list[Message]:
        return [Message.of(row) for row in await info.context.load(MessagesLoader, self.row.id) or []]

    @strawberry.field
    async def contract(self, info: Info) -> Contract | None:
        row = await info.context.load(ContractLoader, self.row.id)
        return Contract.of(row) if row else None

    @strawberry.field(description="Who must answer; null when nobody")
    async def awaiting(self, info: Info) -> Organization | None:
        if self.status is not NegotiationStatus.OPEN:
            return None
        latest = (await info.context.load(OffersLoader, self.row.id) or [])[-1]
        other = self.row.seller_id if latest.by_id == self.row.buyer_id else self.row.buyer_id
        return await Organization.load(info, other)

    @strawberry.field
    async def decline_reason(self, info: Info, language: LanguageTag | None = None) -> LocalizedText | None:
        return await localized_or_none(info, self.row.decline_reason_id, language)

    @classmethod
    def of(cls, row: models.Negotiation) -> Negotiation:
        return cls(
            id=ID(str(row.id)),
            status=NegotiationStatus(row.status),
            created_at=row.created_at,
            updated_at=row.updated_at,
            expires_at=row.expires_at,
            row=row,
        )


@strawberry.type(description="name: as typed by whoever signed; documentSha256: of the document signed, hexadecimal")
class Signature:
    name: str
    signed_at: datetime
    document_sha256: str
    organization_id: strawberry.Private[UUID]

    @strawberry.field
    async def by(self, info: Info) -> Organization:
        return await Organization.load(info, self.organization_id)


@strawberry.type
class ContractClause:
    heading: str
    text: str


@strawberry.type(description="The contract's words in one of its languages")
class ContractText:
    language: LanguageTag
    title: str
    clauses: list[ContractClause]


@strawberry.type(description="documentUrl: path of the PDF, for the parties")
class Contract:
    id: ID
    status: ContractStatus
    number: str
    languages: list[LanguageTag]
    created_at: datetime
    sign_by: datetime
    document_url: str
    document_sha256: str
    row: strawberry.Private[models.Contract]

    @strawberry.field
    async def negotiation(self, info: Info) -> Negotiation:
        return Negotiation.of(await self._negotiation(info))

    @strawberry.field
    async def work(self, info: Info) -> Work:
        return await Work.load(info, (await self._negotiation(info)).work_id)

    @strawberry.field
    async def buyer(self, info: Info) -> Organization:
        return await Organization.load(info, (await self._negotiation(info)).buyer_id)

    @strawberry.field
    async def seller(self, info: Info) -> Organization:
        return await Organization.load(info, (await self._negotiation(info)).seller_id)

    @strawberry.field
    async def terms(self, info: Info) -> Terms:
        offers = await info.context.load(OffersLoader, self.row.negotiation_id) or []
        return Terms(row=next(offer for offer in offers if offer.id == self.row.offer_id))

    @strawberry.field
    async def signatures(self, info: Info) -> list[Signature]:
        return [
            Signature(
                name=row.name,
                signed_at=row.signed_at,
                document_sha256=row.document_sha256,
                organization_id=row.organization_id,
            )
            for row in await info.context.load(SignaturesLoader, self.row.id) or []
        ]

    @strawberry.field(description="Who has not signed yet")
    async def awaiting(self, info: Info) -> list[Organization]:
        if self.status is not ContractStatus.AWAITING_SIGNATURES:
            return []
        signed = {row.organization_id for row in await info.context.load(SignaturesLoader, self.row.id) or []}
        negotiation = await self._negotiation(info)
        missing = [each for each in (negotiation.seller_id, negotiation.buyer_id) if each not in signed]
        return [await Organization.load(info, each) for each in missing]

    @strawberry.field
    def texts(self) -> list[ContractText]:
        return [
            ContractText(
                language=LanguageTag(version["language"]),
                title=version["title"],
                clauses=[ContractClause(heading=heading, text=text) for heading, text in version["clauses"]],
            )
            for version in self.row.terms["versions"]
        ]

    @strawberry.field
    async def license(self, info: Info) -> License | None:
        row = await info.context.load(LicenseLoader, self.row.id)
        return License.of(row) if row else None

    async def _negotiation(self, info: Info) -> models.Negotiation:
        row = await info.context.load(NegotiationLoader, self.row.negotiation_id)
        if row is None:
            raise NegotiationUnknown
        return row

    @classmethod
    def of(cls, row: models.Contract) -> Contract:
        return cls(
            id=ID(str(row.id)),
            status=ContractStatus(row.status),
            number=row.number,
            languages=[LanguageTag(tag) for tag in row.languages],
            created_at=row.created_at,
            sign_by=row.sign_by,
            document_url=f"/contracts/{row.id}/document.pdf",
            document_sha256=row.document_sha256 or "",
            row=row,
        )


@strawberry.type(description="Rights out")
class License:
    id: ID
    licensee: str
    status: LicenseStatus
    created_at: datetime
    row: strawberry.Private[models.License]

    @strawberry.field
    async def work(self, info: Info) -> Work:
        return await Work.load(info, self.row.work_id)

    @strawberry.field
    def scope(self) -> ScopeType:
        return ScopeType.of(scope_of(self.row))

    @classmethod
    def of(cls, row: models.License) -> License:
        return cls(
            id=ID(str(row.id)),
            licensee=row.licensee,
            status=LicenseStatus(row.status),
            created_at=row.created_at,
            row=row,
        )


async def _name(info: Info, person_id: UUID) -> str:
    person = await info.context.load(PersonLoader, person_id)
    return person.name if person else ""

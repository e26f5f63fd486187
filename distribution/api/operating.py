"""What the operator enters, in GraphQL: channels and code ranges."""

from __future__ import annotations

from typing import Any

import strawberry

from distribution import registry
from distribution.api.types import Channel
from distribution.packaging import AVS_VERSION
from distribution.registry import NewChannel
from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import _
from hub.types import Territory, row_id, words


@strawberry.input(description="Values of DDEX's CommercialModelType and UseType")
class DealTermInput:
    commercial_model: str
    use_type: str


@strawberry.input(
    description="hostKey: one line of a known_hosts file without the host; the connection is refused under another"
)
class SftpInput:
    host: str
    host_key: str
    username: str
    port: int = 22
    password: str | None = None
    private_key: str | None = None


@strawberry.input
class S3Input:
    endpoint_url: str
    bucket: str
    access_key_id: str
    secret_access_key: str
    region: str = "us-east-1"


@strawberry.input(description="Where the partner looks and leaves things; null: as DDEX's choreography has it")
class FoldersInput:
    inbox: str | None = None
    acknowledgements: str | None = None
    reports: str | None = None


@strawberry.input(description="Exactly one of sftp and s3; secrets are sealed and never shown again")
class EnterChannelInput:
    slug: str
    name: str
    party_id: str
    sender_party_id: str
    sender_name: str
    territories: list[Territory]
    deal_terms: list[DealTermInput]
    minimum_cover: int = 1400
    avs_version: str = AVS_VERSION
    folders: FoldersInput | None = None
    sftp: SftpInput | None = None
    s3: S3Input | None = None


@strawberry.type(description="A range from which codes are assigned; next: the designation that comes next")
class IsrcRange:
    id: ID
    prefix: str
    year: int
    first: int
    last: int
    next: int


@strawberry.type(description="A GS1 company prefix; next: the item number that comes next")
class GtinRange:
    id: ID
    prefix: str
    next: int


def _new_channel(given: EnterChannelInput) -> NewChannel:
    if (given.sftp is None) == (given.s3 is None):
        raise Invalid(_("A channel is reached over sftp or s3."), field="sftp")
    if not 1 <= given.minimum_cover <= 10_000:
        raise Invalid(_("The setting %(name)s is missing or wrong.", name="minimumCover"), field="minimumCover")
    protocol, way = ("sftp", given.sftp) if given.sftp is not None else ("s3", given.s3)
    settings: dict[str, Any] = {"protocol": protocol, **strawberry.asdict(way or SftpInput)}
    if given.folders is not None:
        settings |= strawberry.asdict(given.folders)
    return NewChannel(
        slug=words(given.slug, "slug", longest=60) or "",
        name=words(given.name, "name", longest=120) or "",
        party_id=words(given.party_id, "partyId", longest=40) or "",
        sender_party_id=words(given.sender_party_id, "senderPartyId", longest=40) or "",
        sender_name=words(given.sender_name, "senderName", longest=120) or "",
        territories=tuple(given.territories),
        deal_terms=tuple((term.commercial_model, term.use_type) for term in given.deal_terms),
        minimum_cover=given.minimum_cover,
        avs_version=words(given.avs_version, "avsVersion", longest=10) or AVS_VERSION,
        settings={name: value for name, value in settings.items() if value is not None},
    )


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Enter a channel, or change the one with the same slug; the operator only")
    async def enter_channel(self, info: Info, input: EnterChannelInput) -> Channel:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await registry.enter_channel(session, info.context.runtime, caller, _new_channel(input))
        info.context.forget()
        return Channel.of(row)

    @strawberry.mutation(
        description="Enter a range of ISRCs that an agency allocated to an organization; the operator only"
    )
    async def allocate_isrc_range(
        self, info: Info, organization_id: ID, prefix: str, year: int, first: int, last: int
    ) -> IsrcRange:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await registry.allocate_range(
                session,
                caller,
                row_id(organization_id, "organizationId"),
                prefix.replace("-", "").upper()[:10],
                year,
                first,
                last,
            )
        return IsrcRange(
            id=ID(str(row.id)), prefix=row.prefix, year=row.year, first=row.first, last=row.last, next=row.next
        )

    @strawberry.mutation(
        description="Enter a GS1 company prefix of an organization, for its releases; the operator only"
    )
    async def allocate_gtin_prefix(self, info: Info, organization_id: ID, prefix: str) -> GtinRange:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await registry.allocate_prefix(session, caller, row_id(organization_id, "organizationId"), prefix)
        return GtinRange(id=ID(str(row.id)), prefix=row.prefix, next=row.next)

"""What the operator enters: channels with their sealed secrets, and the code ranges that agencies allocated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import SecretStr, TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.territories import UnknownTerritory, expand
from distribution import isrc, policies
from distribution.channels.base import SECRETS, S3Settings, SftpSettings
from distribution.errors import RangeTaken
from distribution.messages.terms import USES_OF_MODEL
from distribution.models import Channel, GtinPrefix, IsrcAllocation
from distribution.packaging import AVS_VERSION
from hub import audit
from hub.database import act_for, broken_constraint
from hub.errors import Forbidden, Invalid
from hub.i18n import _
from hub.runtime import Runtime
from hub.security import Caller, Vault

FORMAT = "ERN 4.3.2"
_PREFIX = re.compile(r"[0-9]{6,10}", re.ASCII)
_SETTINGS: TypeAdapter[SftpSettings | S3Settings] = TypeAdapter(SftpSettings | S3Settings)


@dataclass(frozen=True, slots=True)
class NewChannel:
    """`settings`: how to reach the partner, secrets among them (`SftpSettings`, `S3Settings`), with its `protocol`."""

    slug: str
    name: str
    party_id: str
    sender_party_id: str
    sender_name: str
    territories: tuple[str, ...]
    deal_terms: tuple[tuple[str, str], ...]
    settings: dict[str, Any]
    minimum_cover: int = 1400
    avs_version: str = AVS_VERSION


async def enter_channel(session: AsyncSession, runtime: Runtime, caller: Caller, new: NewChannel) -> Channel:
    """Enter a channel, or change the one with the same slug. Raises `Forbidden`, `Invalid` with the setting's name."""
    if not policies.may_operate(caller):
        raise Forbidden
    return await store_channel(session, runtime.vault, caller.organization_id, new, caller)


async def store_channel(
    session: AsyncSession, vault: Vault, organization_id: UUID, new: NewChannel, caller: Caller | None = None
) -> Channel:
    """The same for the hub's own set-up, which no person does."""
    settings = _checked(new.settings)
    try:
        territories = expand(new.territories)
    except UnknownTerritory as error:
        raise Invalid(_("%(code)s is not a territory.", code=error.code[:20]), field="territories") from error
    if not territories:
        raise Invalid(_("Name at least one territory."), field="territories")
    for model, use in new.deal_terms:
        if use not in USES_OF_MODEL.get(model, frozenset()):
            raise Invalid(_("The deal does not say how people may listen and how they pay."), field="dealTerms")
    plain = settings.model_dump(mode="json", exclude=set(SECRETS))
    secret = {
        name: value.get_secret_value()
        for name in SECRETS
        if isinstance(value := getattr(settings, name, None), SecretStr)
    }
    row = (await session.scalars(select(Channel).where(Channel.slug == new.slug).with_for_update())).one_or_none()
    if row is None:
        row = Channel(slug=new.slug, organization_id=organization_id)
        session.add(row)
    row.name, row.format, row.protocol = new.name, FORMAT, settings.protocol
    row.party_id, row.sender_party_id, row.sender_name = new.party_id, new.sender_party_id, new.sender_name
    row.territories = sorted(territories)
    row.deal_terms = [{"commercial_model": model, "use_type": use} for model, use in new.deal_terms]
    row.minimum_cover, row.avs_version = new.minimum_cover, new.avs_version
    row.settings, row.secrets, row.active = (
        plain,
        vault.seal(TypeAdapter(dict[str, str]).dump_json(secret).decode()),
        True,
    )
    await session.flush()
    await audit.record(session, caller, "distribution.channel.entered", "channel", row.id, slug=new.slug)
    return row


def settings_of(vault: Vault, channel: Channel) -> SftpSettings | S3Settings:
    """How to reach a channel, its secrets opened."""
    secrets = TypeAdapter(dict[str, str]).validate_json(vault.open(channel.secrets))
    opened: SftpSettings | S3Settings = _SETTINGS.validate_python({**channel.settings, **secrets})
    return opened


def _checked(settings: dict[str, Any]) -> SftpSettings | S3Settings:
    kinds: dict[str, type[SftpSettings] | type[S3Settings]] = {"sftp": SftpSettings, "s3": S3Settings}
    kind = kinds.get(str(settings.get("protocol")))
    if kind is None:
        raise Invalid(_("A channel is reached over sftp or s3."), field="settings.protocol")
    try:
        return kind.model_validate(settings)
    except ValidationError as error:
        name = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Invalid(_("The setting %(name)s is missing or wrong.", name=name), field=f"settings.{name}") from error


async def allocate_range(
    session: AsyncSession, caller: Caller, organization_id: UUID, prefix: str, year: int, first: int, last: int
) -> IsrcAllocation:
    """Enter a range that an agency allocated to an organization.

    Raises `Forbidden`, `InvalidIsrc`, `ImportOnlyIsrc`, `RangeTaken`.
    """
    if not policies.may_operate(caller):
        raise Forbidden
    await act_for(session, organization_id, caller.person_id)
    row = await store_range(session, organization_id, isrc.Allocation(prefix, year, first, last))
    await act_for(session, caller.organization_id, caller.person_id)
    await audit.record(session, caller, "distribution.range.allocated", "isrc_allocation", row.id)
    return row


async def store_range(session: AsyncSession, organization_id: UUID, allocation: isrc.Allocation) -> IsrcAllocation:
    """The same for the hub's own set-up. The transaction acts for `organization_id`."""
    row = IsrcAllocation(
        organization_id=organization_id,
        prefix=allocation.prefix,
        year=allocation.year,
        first=allocation.first,
        last=allocation.last,
        next=allocation.first,
    )
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) == "isrc_allocations_once":
            raise RangeTaken(field="first", prefix=allocation.prefix, year=allocation.year) from error
        raise
    return row


async def allocate_prefix(session: AsyncSession, caller: Caller, organization_id: UUID, prefix: str) -> GtinPrefix:
    """Enter a company prefix that GS1 allocated to an organization. Raises `Forbidden`, `Invalid`, `RangeTaken`."""
    if not policies.may_operate(caller):
        raise Forbidden
    await act_for(session, organization_id, caller.person_id)
    row = await store_prefix(session, organization_id, prefix)
    await act_for(session, caller.organization_id, caller.person_id)
    await audit.record(session, caller, "distribution.prefix.allocated", "gtin_prefix", row.id)
    return row


async def store_prefix(session: AsyncSession, organization_id: UUID, prefix: str) -> GtinPrefix:
    """The same for the hub's own set-up. The transaction acts for `organization_id`."""
    if _PREFIX.fullmatch(prefix) is None:
        raise Invalid(_("A GS1 company prefix has six to ten digits."), field="prefix")
    row = GtinPrefix(organization_id=organization_id, prefix=prefix)
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) == "gtin_prefixes_prefix_key":
            raise RangeTaken(field="prefix", prefix=prefix) from error
        raise
    await session.refresh(row)
    return row

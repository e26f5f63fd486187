"""Connection sheets: what a partner hands over so that a channel can be entered, as JSON.

{"senders": ["PADPIDA…"], "sftp": {"host", "port", "host_key"}, "s3": {"endpoint_url", "region"},
 "platforms": [{"id", "name", "party_id", "protocol", "territories", "deal_terms", "minimum_cover_px", …}]}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.territories import expand
from distribution import registry
from distribution.messages.terms import USES_OF_MODEL
from distribution.models import Channel
from distribution.registry import NewChannel
from hub.errors import Invalid
from hub.i18n import _
from hub.security import Vault

SENDER_NAME = "Banmao"


def read(file: Path) -> list[NewChannel]:
    """The channels of a connection sheet. Raises `Invalid` with what is missing."""
    try:
        sheet = json.loads(file.read_text(encoding="utf8"))
        return [_channel(sheet, platform) for platform in sheet["platforms"]]
    except (ValueError, OSError) as error:
        raise Invalid(_("The connection sheet cannot be read."), field=file.name) from error
    except (KeyError, IndexError, TypeError) as error:
        raise Invalid(
            _("The connection sheet lacks %(name)s.", name=str(error.args[0]) if error.args else "?"), field=file.name
        ) from error


async def connect(session: AsyncSession, vault: Vault, operator: UUID, file: Path) -> list[Channel]:
    """Enter every channel of a connection sheet for the operator; channels that are there already are brought up to date."""
    return [await registry.store_channel(session, vault, operator, new) for new in read(file)]


def _channel(sheet: Mapping[str, Any], platform: Mapping[str, Any]) -> NewChannel:
    without = expand(platform.get("excluded_territories", ()))
    territories = expand("WORLD" if code == "Worldwide" else code for code in platform["territories"]) - without
    return NewChannel(
        slug=platform["id"],
        name=platform["name"],
        party_id=platform["party_id"],
        sender_party_id=sheet["senders"][0],
        sender_name=SENDER_NAME,
        territories=tuple(sorted(territories)),
        deal_terms=tuple(
            (term["commercial_model"], term["use_type"])
            for term in platform["deal_terms"]
            if term["use_type"] in USES_OF_MODEL.get(term["commercial_model"], frozenset())
        ),
        minimum_cover=platform["minimum_cover_px"],
        settings={**_way(sheet, platform), **_folders(platform)},
    )


def _way(sheet: Mapping[str, Any], platform: Mapping[str, Any]) -> dict[str, Any]:
    if platform["protocol"] == "s3":
        names = ("endpoint_url", "region", "bucket", "access_key_id", "secret_access_key")
        return {"protocol": "s3", **{name: platform[name] for name in names}}
    return {"protocol": "sftp", **sheet["sftp"], "username": platform["username"], "password": platform["password"]}


def _folders(platform: Mapping[str, Any]) -> dict[str, str]:
    return {name: platform[name].strip("/") for name in ("inbox", "acknowledgements", "reports")}

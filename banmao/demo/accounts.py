"""The demo's organizations and people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries, service
from banmao.demo import PASSWORD, organizations
from hub.i18n import LANGUAGES
from hub.security import hash_password

SHOWCASE = ("guilin-xiangshan", "lilavadee", "yongjiang-music", "studio-ha-noi", "sandbox-platform", "banmao")
"""One organization of each kind, whose first person is shown at the start."""


async def load(session: AsyncSession) -> dict[str, UUID]:
    """Ids of all demo organizations by slug; those that are missing are made, with their people."""
    ids = {}
    hashed = None
    for given in organizations():
        row = await queries.organization_by_slug(session, given["slug"])
        if row is None:
            hashed = hashed or await hash_password(PASSWORD)
            row = await service.found_organization(
                session,
                slug=given["slug"],
                kind=given["kind"],
                country=given["country"],
                names=_names(given),
                original=given["language"],
                territories=given.get("territories", ()),
            )
            for human in given["people"]:
                person = await service.add_person(
                    session,
                    email=human["email"],
                    name=human["name"],
                    language=human["language"],
                    password_hash=hashed,
                )
                await service.add_member(session, person.id, row.id, human["roles"])
        ids[given["slug"]] = row.id
    return ids


def _names(given: dict[str, Any]) -> dict[str, str]:
    """Its own name, those it has in other languages, and for readers of any other the romanized one."""
    named = {given["language"]: given["name"], **given.get("names", {})}
    if "romanized" in given:
        named |= {language: given["romanized"] for language in LANGUAGES if language not in named}
    return named


def showcase() -> Iterator[str]:
    """A line for each kind of organization: kind, organization, e-mail address; and the password of all."""
    by_slug = {given["slug"]: given for given in organizations()}
    for slug in SHOWCASE:
        given = by_slug[slug]
        yield f"{given['kind'].lower():10} {given['people'][0]['email']:52} {given.get('romanized', given['name'])}"
    yield f"{'password':10} {PASSWORD}"

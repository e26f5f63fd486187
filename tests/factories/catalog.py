"""Works and rights in them, made through the services that the doors use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from catalog import service
from catalog.facts import Credit, Words, WorkFacts
from catalog.identifiers import identify
from catalog.languages import rights_languages
from catalog.rights import RightType, Scope
from catalog.territories import expand
from hub.runtime import Runtime
from tests.factories.accounts import Actor


def scope(
    rights: Sequence[str] = ("PRINT", "EBOOK"),
    territories: Sequence[str] = ("ASEAN",),
    *,
    languages: Sequence[str] | None = None,
    start: date = date(2026, 1, 1),
    end: date | None = date(2036, 1, 1),
    exclusive: bool = True,
    without: Sequence[str] = (),
) -> Scope:
    """A scope as the trade writes it, groups and all."""
    return Scope(
        frozenset(RightType(right) for right in rights),
        expand(territories, without),
        rights_languages(languages),
        start,
        end,
        exclusive,
    )


def scope_input(
    rights: Sequence[str] = ("PRINT",), territories: Sequence[str] = ("TH",), *, exclusive: bool = True, **more: object
) -> dict[str, object]:
    """The same as GraphQL's ScopeInput."""
    period = {"start": "2026-01-01", "end": "2031-01-01"}
    asked: dict[str, object] = {"rights": rights, "territories": territories, "period": period, "exclusive": exclusive}
    return asked | more


async def work(
    runtime: Runtime,
    owner: Actor,
    title: str = "三国演义",
    *,
    language: str = "zh",
    titles: Mapping[str, str] | None = None,
    description: str | None = None,
    descriptions: Mapping[str, str] | None = None,
    kind: str = "BOOK",
    contributors: Sequence[Credit] = (),
    isbn: str | None = None,
    subjects: Sequence[str] = ("FV",),
    country: str | None = "CN",
    year: int | None = 1522,
    mandates: Sequence[Scope] = (),
    holdbacks: Sequence[Scope] = (),
    published: bool = True,
) -> UUID:
    """A work of the actor's organization, published unless said otherwise."""
    facts = WorkFacts(
        kind=kind,
        original_language=language,
        title=Words(title, language, titles or {}),
        description=Words(description, language, descriptions or {}) if description else None,
        contributors=contributors,
        identifiers=[identify("ISBN", isbn)] if isbn else [],
        subjects=subjects,
        publication_year=year,
        country_of_origin=country,
    )
    async with runtime.database.transaction(owner.caller) as tx, tx.use() as session:
        made = await service.create_work(session, owner.caller, facts)
        for granted in mandates:
            await service.add_mandate(session, owner.caller, made.id, granted)
        for held in holdbacks:
            await service.add_holdback(session, owner.caller, made.id, held, None)
        if published:
            await service.publish_work(session, owner.caller, made.id)
    return made.id

"""What people send to list a work or change one, checked into facts."""

from __future__ import annotations

import dataclasses

import strawberry

from catalog import facts
from catalog.models import WorkKind
from hub.types import LanguageTag, Territory


@strawberry.input
class ContributorInput:
    name: str
    role: str
    name_original: str | None = None


@strawberry.input
class IdentifierInput:
    scheme: str
    value: str


@strawberry.input
class CreateWorkInput:
    kind: WorkKind
    original_language: LanguageTag
    title: str
    description: str | None = None
    contributors: list[ContributorInput] | None = None
    identifiers: list[IdentifierInput] | None = None
    subjects: list[str] | None = None
    publication_year: int | None = None
    country_of_origin: Territory | None = None


@strawberry.input(
    description="What is left out stays as it is; an empty description or null year or country is taken away"
)
class UpdateWorkInput:
    kind: WorkKind | None = strawberry.UNSET
    original_language: LanguageTag | None = strawberry.UNSET
    title: str | None = strawberry.UNSET
    description: str | None = strawberry.UNSET
    contributors: list[ContributorInput] | None = strawberry.UNSET
    identifiers: list[IdentifierInput] | None = strawberry.UNSET
    subjects: list[str] | None = strawberry.UNSET
    publication_year: int | None = strawberry.UNSET
    country_of_origin: Territory | None = strawberry.UNSET


def _credits(given: list[ContributorInput] | None) -> list[facts.Credit]:
    return facts.checked_credits((one.name, one.role, one.name_original) for one in given or [])


def created(given: CreateWorkInput) -> facts.WorkFacts:
    """INVALID, with the field, for whatever cannot be said of a work."""
    language = facts.checked_language(given.original_language, "originalLanguage")
    description = facts.checked_description(given.description)
    return facts.WorkFacts(
        kind=given.kind.value,
        original_language=language,
        title=facts.Words(facts.checked_title(given.title), language),
        description=facts.Words(description, language) if description else None,
        contributors=_credits(given.contributors),
        identifiers=facts.checked_identifiers((one.scheme, one.value) for one in given.identifiers or []),
        subjects=facts.checked_subjects(given.subjects or []),
        publication_year=facts.checked_year(given.publication_year),
        country_of_origin=facts.checked_country(given.country_of_origin),
    )


def changed(now: facts.WorkFacts, given: UpdateWorkInput) -> facts.WorkFacts:
    """The work as it is now with what was given in its place; words follow the original language if they were in it."""
    after = now
    if given.kind:
        after = dataclasses.replace(after, kind=given.kind.value)
    if given.original_language:
        language = facts.checked_language(given.original_language, "originalLanguage")
        after = dataclasses.replace(after, original_language=language)
        if now.title.language == now.original_language:
            after = dataclasses.replace(after, title=facts.Words(now.title.text, language))
        if now.description is not None and now.description.language == now.original_language:
            after = dataclasses.replace(after, description=facts.Words(now.description.text, language))
    if given.title is not strawberry.UNSET:
        title = facts.Words(facts.checked_title(given.title or ""), after.title.language)
        after = dataclasses.replace(after, title=title)
    if given.description is not strawberry.UNSET:
        language = after.description.language if after.description else after.original_language
        text = facts.checked_description(given.description)
        after = dataclasses.replace(after, description=facts.Words(text, language) if text else None)
    if given.contributors is not strawberry.UNSET:
        after = dataclasses.replace(after, contributors=_credits(given.contributors))
    if given.identifiers is not strawberry.UNSET:
        pairs = ((one.scheme, one.value) for one in given.identifiers or [])
        after = dataclasses.replace(after, identifiers=facts.checked_identifiers(pairs))
    if given.subjects is not strawberry.UNSET:
        after = dataclasses.replace(after, subjects=facts.checked_subjects(given.subjects or []))
    if given.publication_year is not strawberry.UNSET:
        after = dataclasses.replace(after, publication_year=facts.checked_year(given.publication_year))
    if given.country_of_origin is not strawberry.UNSET:
        after = dataclasses.replace(after, country_of_origin=facts.checked_country(given.country_of_origin))
    return after

"""What a record would change of the work that it tells of, field by field, without writing anything.

A `Change` holds facts, never sentences, so that it is kept and said to each reader in their own language: `field` is `title`,
`title:th`, `contributors`, `rights` …; `before` and `after` are None where there is nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import phrases, queries
from catalog.facts import Credit, Words, WorkFacts
from catalog.formats.readers import READERS
from catalog.formats.record import Original, Record
from catalog.identifiers import Identified
from catalog.imports import deciding
from catalog.imports import queries as import_queries
from catalog.imports.batches import DELETED, kept_after, original_of
from catalog.imports.deciding import Decision, Outcome
from catalog.models import Holdback, Mandate, Work, WorkStatus
from catalog.rights import RightType, Scope
from catalog.rightsin import of, wanted
from catalog.scopes import scope_of
from catalog.subjects import label
from hub.formats import Territory, conjunction, language_name, year
from hub.i18n import Message, _, render
from hub.vocabulary import KINDS, STATES, role
from translation import queries as texts
from translation.choice import PERSONS, same_language
from translation.memory import normalized
from translation.models import Rendering, Text

LONGEST_SHOWN: Final = 400
"""Letters of a text that a change keeps."""
MOST_SHOWN: Final = 12
"""Scopes that a change spells out."""
COMPARED: Final = frozenset({"ONIX", "XLSX", "CSV"})
"""Formats whose records say nothing but what is compared here; others tell more to domains above (`catalog.imports.arrivals`)."""
LABELS: Final[Mapping[str, Message]] = {
    "reference": _("Your key"),
    "kind": _("Kind"),
    "original_language": _("Original language"),
    "title": _("Title"),
    "description": _("Description"),
    "contributors": _("Contributors"),
    "identifiers": _("Identifiers"),
    "subjects": _("Subjects"),
    "year": _("Year of publication"),
    "country": _("Country of origin"),
    "rights": _("Rights"),
    "holdbacks": _("Held back"),
    "status": _("State"),
    "record": _("Further details of the record"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """A work as the tables have it. `supplied`: renderings that persons stand behind, by text and language.

    `kept`: the record that is kept beside it; its digest is empty where its sender deleted it.
    """

    facts: WorkFacts
    supplied: Mapping[str, Mapping[str, str]]
    mandates: Sequence[Mandate]
    holdbacks: Sequence[Holdback]
    kept: Original | None

    @property
    def digest(self) -> str | None:
        return self.kept.digest if self.kept else None


async def standings(session: AsyncSession, works: Iterable[Work], file_format: str) -> dict[UUID, Standing]:
    """What the tables say of works, in as many questions as of one."""
    listed = list({work.id: work for work in works}.values())
    if not listed:
        return {}
    ids = [work.id for work in listed]
    wanted = [text_id for work in listed for text_id in (work.title_id, work.description_id) if text_id is not None]
    words = {row.id: row for row in await texts.texts(session, wanted)}
    rendered = await texts.renderings(session, wanted)
    credited, coded = await queries.contributors(session, ids), await queries.identifiers(session, ids)
    granted, held = await queries.mandates(session, ids), await queries.holdbacks(session, ids)
    kept = await import_queries.kept_records(session, ids, file_format)
    found: dict[UUID, Standing] = {}
    for work in listed:
        title, description = words[work.title_id], words[work.description_id] if work.description_id else None
        facts = WorkFacts(
            kind=work.kind,
            original_language=work.original_language,
            title=Words(title.words, title.language),
            description=Words(description.words, description.language) if description else None,
            contributors=[Credit(row.name, row.role, row.name_original) for row in credited.get(work.id, [])],
            identifiers=[Identified(row.scheme, row.value) for row in coded.get(work.id, [])],
            subjects=work.subjects,
            publication_year=work.publication_year,
            country_of_origin=work.country_of_origin,
            record_reference=work.record_reference,
        )
        supplied = {"title": _supplied(title, rendered), "description": _supplied(description, rendered)}
        original = original_of(kept[work.id]) if work.id in kept else None
        found[work.id] = Standing(facts, supplied, granted.get(work.id, []), held.get(work.id, []), original)
    return found


def _supplied(text: Text | None, rendered: Mapping[UUID, Sequence[Rendering]]) -> dict[str, str]:
    """Reviewed words before supplied ones: what came with a file does not displace what a person has reviewed."""
    found: dict[str, str] = {}
    for origin in PERSONS:
        for row in rendered.get(text.id, ()) if text is not None else ():
            if row.origin == origin:
                found.setdefault(row.language, row.words)
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: Any
    after: Any

    def stored(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def compared(
    record: Record, decision: Decision, standing: Standing | None, file_format: str
) -> tuple[Decision, list[Change]]:
    """What would change, and the decision: UNCHANGED where that is nothing.

    The very record that the work came from says nothing new, even if somebody has corrected the work meanwhile; nor do parts of
    it that are there already, unless somebody has changed the rights.
    """
    work = decision.work
    if decision.outcome is not Outcome.UPDATED or work is None or standing is None:
        return decision, []
    if record.original is not None and standing.kept is not None and _same(record.original, standing.kept, file_format):
        return dataclasses.replace(decision, outcome=Outcome.UNCHANGED), []
    if record.withdraws and standing.digest == DELETED and work.status == WorkStatus.WITHDRAWN.value:
        return dataclasses.replace(decision, outcome=Outcome.UNCHANGED), []
    if record.withdraws:
        found = [] if work.status == WorkStatus.WITHDRAWN.value else [Change("status", work.status, "WITHDRAWN")]
    else:
        found = list(_changes(record, work, standing, file_format))
    if found or not (file_format in COMPARED or _kept_already(record, work, standing, file_format)):
        return decision, found
    return dataclasses.replace(decision, outcome=Outcome.UNCHANGED), []


def _same(now: Original, before: Original, file_format: str) -> bool:
    if now.digest == before.digest:
        return True
    same = READERS[file_format].same
    return same is not None and before.digest != DELETED and same(before, now)


def _changes(record: Record, work: Work, standing: Standing, file_format: str) -> Iterator[Change]:
    now, then = standing.facts, deciding.told(standing.facts, work, record)
    pairs: Iterable[tuple[str, Any, Any]] = (
        ("reference", now.record_reference, then.record_reference),
        ("kind", now.kind, then.kind),
        ("original_language", now.original_language, then.original_language),
        ("contributors", _people(now.contributors), _people(then.contributors)),
        ("identifiers", _codes(now.identifiers), _codes(then.identifiers)),
        ("subjects", list(now.subjects), list(then.subjects)),
        ("year", now.publication_year, then.publication_year),
        ("country", now.country_of_origin, then.country_of_origin),
    )
    for field, before, after in pairs:
        if before != after:
            yield Change(field, before or None, after or None)
    yield from _words("title", now.title, then.title, standing.supplied["title"])
    yield from _words("description", now.description, then.description, standing.supplied["description"])
    source = deciding.source_of(work, record, file_format)
    granted, held = standing.mandates, standing.holdbacks
    if (said := wanted(granted, record.mandates, record, source=source)) is not None:
        yield Change("rights", _scopes(map(scope_of, of(source, granted))), _scopes(said))
    if (said := wanted(held, record.holdbacks, record, source=source)) is not None:
        yield Change("holdbacks", _scopes(map(scope_of, of(source, held))), _scopes(said))
    if record.original is not None and not _kept_already(record, work, standing, file_format):
        yield Change("record", None, None)


def _kept_already(record: Record, work: Work, standing: Standing, file_format: str) -> bool:
    """Would the same be kept beside the work once the record has come?"""
    if record.original is None or deciding.is_merged(work, record):
        return False
    return kept_after(standing.kept, record, record.original, file_format).digest == standing.digest


def _words(field: str, now: Words | None, then: Words | None, supplied: Mapping[str, str]) -> Iterator[Change]:
    if then is None:
        return
    before = now.text if now else None
    if before != normalized(then.text) or (now is not None and now.language != then.language):
        yield Change(field, _short(before), _short(then.text))
    for language, words in then.supplied.items():
        if not same_language(language, then.language) and supplied.get(language) != normalized(words):
            yield Change(f"{field}:{language}", _short(supplied.get(language)), _short(words))


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN].rstrip() + "…"


def _people(credited: Sequence[Credit]) -> list[list[str | None]]:
    return [[one.name, one.role, one.name_original] for one in credited]


def _codes(coded: Sequence[Identified]) -> list[str]:
    return sorted(f"{one.scheme} {one.value}" for one in coded)


def _scopes(scopes: Iterable[Scope]) -> list[dict[str, Any]]:
    return [
        {
            "rights": sorted(scope.rights),
            "territories": sorted(scope.territories),
            "languages": sorted(scope.languages) if scope.languages is not None else None,
            "start": scope.start.isoformat(),
            "end": scope.end.isoformat() if scope.end else None,
            "exclusive": scope.exclusive,
        }
        for scope in islice(scopes, MOST_SHOWN)
    ]


def said_field(field: str, language: str) -> str:
    """What a field is called; a text in another language with that language's name."""
    name, _colon, tag = field.partition(":")
    word = LABELS[name].render(language)
    return f"{word} · {language_name(tag, language)}" if tag else word


def said(field: str, value: Any, language: str) -> str | None:
    """A kept value in words; None where there is nothing."""
    if value is None:
        return None
    match field.partition(":")[0]:
        case "kind":
            return KINDS[value].render(language)
        case "original_language":
            return language_name(value, language)
        case "country":
            return Territory(value).render(language)
        case "year":
            return year(value, language)
        case "status":
            return STATES[value].render(language)
        case "subjects":
            return conjunction([str(render(label(code), language)) for code in value], language)
        case "identifiers":
            return conjunction(value, language)
        case "contributors":
            return conjunction([_credited(each, language) for each in value], language)
        case "rights":
            return "\n".join(phrases.scope(_scope(each)).render(language) for each in value) or None
        case "holdbacks":
            return "\n".join(phrases.held_back(_scope(each)).render(language) for each in value) or None
    return str(value)


def _credited(kept: Sequence[str], language: str) -> str:
    name, code, original = kept
    shown = f"{name} {original}" if original else name
    return f"{shown} ({role(code).render(language)})"


def _scope(kept: Mapping[str, Any]) -> Scope:
    return Scope(
        frozenset(RightType(right) for right in kept["rights"]),
        frozenset(kept["territories"]),
        frozenset(kept["languages"]) if kept["languages"] is not None else None,
        date.fromisoformat(kept["start"]),
        date.fromisoformat(kept["end"]) if kept["end"] else None,
        kept["exclusive"],
    )

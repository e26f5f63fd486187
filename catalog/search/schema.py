"""What the index holds of a work: one document.

Words stand in a title and a body field of their language, apart from machine drafts, and once more in fields of all languages
together (`titles`, `bodies`), without marks and in order: a query is met word by word there, whatever languages it mixes, and the
fields of single languages say how well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.languages import get_official_languages
from tantivy import Document, Schema, SchemaBuilder

from catalog.phrases import Language
from catalog.search import sounds
from catalog.search.analysis import Cut, cut, grams, whole
from catalog.search.standing import Standing
from catalog.subjects import THEMA, broader, label, named
from catalog.territories import NEIGHBOURS
from hub.formats import Territory
from hub.i18n import LANGUAGES, Renderable, supported
from hub.vocabulary import KINDS

OTHER = "other"
"""The field of every language that is not one of the hub's ten."""
FIELDS = (*LANGUAGES, OTHER)
FACETS = {"kind": "kind", "originalLanguage": "original_language", "country": "country", "subject": "subject"}
"""Facet → field, of the facets that are the same for every reader."""
BY_TERRITORY = {"right": "open", "availability": "standing"}
"""Facet → field before the territory that it is counted for."""
VERSION = 5
"""Grows when documents are made differently: indexes of older versions are made again."""
SEPARATOR = "\x1f"
"""Between what a person's name is looked up by and how it is written."""
OTHER_WORDS = Path(__file__).parent / "subject_words.tsv"
MOST_OFFICIAL = 2
"""Languages of a country by whose names its works are found: a “Vietnamese” poem may be written in Chinese."""
MOST_SUGGESTED = 8
"""Words of a name from each of which on it is suggested."""


@dataclass(frozen=True, slots=True)
class WorkDocument:
    """A published work as the index knows it.

    `titles` and `bodies`: a person's words by BCP 47 tag, `draft_…` a machine's. `names`: contributors', in every script that
    they are given in.
    """

    id: str
    kind: str
    original_language: str
    published: int
    titles: Mapping[str, str]
    bodies: Mapping[str, str] = field(default_factory=dict)
    draft_titles: Mapping[str, str] = field(default_factory=dict)
    draft_bodies: Mapping[str, str] = field(default_factory=dict)
    names: Sequence[str] = ()
    codes: Sequence[str] = ()
    subjects: Sequence[str] = ()
    country: str | None = None
    standing: Standing = field(default_factory=Standing)


def field_language(tag: str) -> str:
    """The index's name for a language: the hub's own, or `other`."""
    return supported(tag) or OTHER


@cache
def schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for language in (*FIELDS, "original"):
        for kind in ("title", "body"):
            builder.add_text_field(f"{kind}_{language}", tokenizer_name="whitespace", index_option="freq")
    for language in FIELDS:
        for kind in ("title", "body"):
            builder.add_text_field(f"draft_{kind}_{language}", tokenizer_name="whitespace", index_option="freq")
    for name in ("titles", "bodies", "names", "subjects"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in ("sounds", "grams"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("whole", "person", "code", "offered", "within"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*FACETS.values(), *(f"{name}_{code}" for name in BY_TERRITORY.values() for code in NEIGHBOURS)):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("published", fast=True, indexed=True)
    return builder.build()


def fingerprint() -> str:
    """Indexes with another fingerprint were made by other rules."""
    return hashlib.sha256(f"{VERSION} {FIELDS} {FACETS} {BY_TERRITORY} {NEIGHBOURS}".encode()).hexdigest()[:16]


def document(work: WorkDocument) -> Document:
    """The tantivy document."""
    return Document.from_dict(values(work), schema())


def values(work: WorkDocument) -> dict[str, Any]:
    """The document's fields. Words are cut, so that tantivy only parts them at spaces."""
    found: dict[str, Any] = {
        "id": work.id,
        "kind": work.kind,
        "original_language": work.original_language,
        "published": work.published,
        "code": list(work.codes),
        "subject": sorted({named(subject) for subject in work.subjects}),
        "within": sorted({code for subject in work.subjects for code in broader(subject)}),
        "subjects": _subject_words(work),
        "offered": list(work.standing.offered),
    }
    if work.country:
        found["country"] = work.country
    for code in NEIGHBOURS:
        found[f"standing_{code}"] = work.standing.tiles[code].value if code in work.standing.tiles else "NONE"
        if rights := work.standing.open.get(code):
            found[f"open_{code}"] = sorted(rights)
    _Words(found, work).write()
    return found


def learn() -> None:
    """Read the dictionaries that cutting words wants, half a second's work, before somebody waits for the first work."""
    values(
        WorkDocument(id="", kind="BOOK", original_language="zh", published=0, titles={"zh": "書"}, subjects=[*THEMA])
    )


class _Words:
    """A work's words, on their way into its document."""

    def __init__(self, values: dict[str, Any], work: WorkDocument) -> None:
        self.values = values
        self.work = work
        self.wholes: set[str] = set()
        self.sounds: set[str] = set()
        self.grams: set[str] = set()

    def write(self) -> None:
        work = self.work
        spoken = field_language(work.original_language)
        for kind, every, drafted, texts in (
            ("title", "titles", False, work.titles),
            ("title", "titles", True, work.draft_titles),
            ("body", "bodies", False, work.bodies),
            ("body", "bodies", True, work.draft_bodies),
        ):
            for tag, text in texts.items():
                found = cut(text, title=kind == "title")
                if not found.sequence:
                    continue
                tokens = " ".join(found.tokens)
                language = field_language(tag)
                self._add(f"{'draft_' if drafted else ''}{kind}_{language}", tokens)
                if language == spoken and not drafted:
                    self._add(f"{kind}_original", tokens)
                self._add(every, " ".join(found.sequence))
                if kind == "title":
                    self._recognised(found)
        for name in work.names:
            found = cut(name, title=True)
            self._add("names", " ".join(found.sequence))
            self._add("names", " ".join(token for token in found.tokens if token not in found.sequence))
            self._recognised(found)
            for start in range(min(len(found.sequence), MOST_SUGGESTED)):
                self._add("person", f"{' '.join(found.sequence[start:])}{SEPARATOR}{name}")
        self.values |= {
            "whole": sorted(self.wholes),
            "sounds": " ".join(sorted(self.sounds)),
            "grams": " ".join(sorted(self.grams)),
        }

    def _recognised(self, title: Cut) -> None:
        """By all of it, by its sound, by its letters."""
        self.wholes.add(whole(title.sequence))
        self.sounds |= sounds.sounds(title)
        self.grams.update(grams(title.level))

    def _add(self, name: str, words: str) -> None:
        if words:
            self.values.setdefault(name, []).append(words)


def _subject_words(work: WorkDocument) -> list[str]:
    """What the work is about and where it is from, in the ten languages."""
    about = [("kind", work.kind), ("language", work.original_language)]
    if work.country:
        about += [("country", work.country)]
        about += [("language", tag) for tag in get_official_languages(work.country)[:MOST_OFFICIAL]]
    codes = dict.fromkeys(code for subject in work.subjects for code in broader(subject))
    about += [("subject", code) for code in dict.fromkeys(map(named, codes))]
    found = [words for what, value in about for words in _in_ten_languages(what, value)]
    return [*dict.fromkeys([*found, *(words for code in codes for words in _other_words().get(code, ()))])]


@cache
def _other_words() -> Mapping[str, tuple[str, ...]]:
    """Thema code → what readers of the ten languages call it besides its name, cut."""
    rows = [
        line.split("\t") for line in OTHER_WORDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    return {row[0]: tuple(" ".join(cut(words).sequence) for words in row[1:]) for row in rows}


@lru_cache(maxsize=20_000)
def _in_ten_languages(what: str, value: str) -> tuple[str, ...]:
    match what:
        case "kind":
            said: Renderable = KINDS[value]
        case "language":
            said = Language(value)
        case "country":
            said = Territory(value)
        case _:
            said = label(value)
    return tuple(dict.fromkeys(" ".join(cut(said.render(language)).sequence) for language in LANGUAGES))

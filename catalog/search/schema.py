"""What the index holds of a work: one document, with a title and a body in every language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tantivy import Document, Schema, SchemaBuilder

from catalog.search.analysis import tokens
from catalog.subjects import broader, named
from hub.i18n import LANGUAGES, supported

OTHER = "other"
"""The field of every language that is not one of the hub's ten."""
FIELDS = (*LANGUAGES, OTHER)
FACETS = {"kind": "kind", "originalLanguage": "original_language", "country": "country", "subject": "subject"}
"""Facet → field."""
VERSION = 3
"""Grows when documents are made differently: indexes of older versions are made again."""


@dataclass(frozen=True, slots=True)
class WorkDocument:
    """A published work as the index knows it.

    `titles` and `bodies`: words by BCP 47 tag. `offered`: `TH-PRINT` for each right of which some part is free in a territory.
    """

    id: str
    kind: str
    original_language: str
    published: int
    titles: Mapping[str, str]
    bodies: Mapping[str, str] = field(default_factory=dict)
    names: Sequence[str] = ()
    codes: Sequence[str] = ()
    subjects: Sequence[str] = ()
    country: str | None = None
    offered: Sequence[str] = ()


def field_language(tag: str) -> str:
    """The index's name for a language: the hub's own, or `other`."""
    return supported(tag) or OTHER


@cache
def schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for language in FIELDS:
        builder.add_text_field(f"title_{language}", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field(f"body_{language}", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("names", tokenizer_name="whitespace", index_option="freq")
    for name in ("code", "spoken", "offered", "within"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS.values():
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("published", fast=True, indexed=True)
    return builder.build()


def fingerprint() -> str:
    """Indexes with another fingerprint were made by other rules."""
    return hashlib.sha256(f"{VERSION} {FIELDS} {sorted(FACETS.values())}".encode()).hexdigest()[:16]


def document(work: WorkDocument) -> Document:
    """The tantivy document. Words arrive cut, so tantivy only parts them at spaces."""
    values: dict[str, Any] = {
        "id": work.id,
        "kind": work.kind,
        "original_language": work.original_language,
        "spoken": field_language(work.original_language),
        "published": work.published,
        "code": list(work.codes),
        "subject": sorted({named(subject) for subject in work.subjects}),
        "within": sorted({code for subject in work.subjects for code in broader(subject)}),
        "offered": list(work.offered),
    }
    if work.country:
        values["country"] = work.country
    if work.names:
        spoken = field_language(work.original_language)
        values["names"] = " ".join(token for name in work.names for token in tokens(name, spoken, title=True))
    for kind, words, title in (("title", work.titles, True), ("body", work.bodies, False)):
        cut: dict[str, list[str]] = {}
        for tag, text in words.items():
            language = field_language(tag)
            cut.setdefault(language, []).extend(tokens(text, language if language != OTHER else "en", title=title))
        values |= {f"{kind}_{language}": " ".join(found) for language, found in cut.items()}
    return Document.from_dict(values, schema())

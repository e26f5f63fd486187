"""A hub's real tables, filled with COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from uuid import UUID, uuid5

import psycopg

from benchmarks.search.corpus import Made, many
from catalog.territories import NEIGHBOURS, WORLD, expand

HOUSE = UUID("7c1b5a52-52a3-4b5f-9c0e-5f0c4f1d7a11")
BATCH = 2_000
TERRITORIES: dict[str, list[str]] = {
    "WORLD-CN": sorted(WORLD - {"CN"}),
    "ASEAN": sorted(expand(["ASEAN"])),
    "NEIGHBOURS": sorted(NEIGHBOURS),
    "TH": ["TH"],
    "VN-KH-LA": ["KH", "LA", "VN"],
}
RIGHTS = ("AUDIOBOOK", "EBOOK", "PRINT")
COLUMNS = {
    "texts": "id, organization_id, purpose, language, words, audience",
    "renderings": "text_id, audience, language, words, origin, text_version, engine",
    "works": "id, kind, status, owner_id, original_language, title_id, description_id, country_of_origin, subjects, published_at",
    "contributors": "work_id, position, name, name_original, role",
    "identifiers": "work_id, owner_id, scheme, value",
    "mandates": "work_id, rights, territories, languages, period, exclusive",
}


def fill(superuser_url: str, owner: UUID, count: int, say: Callable[[int], None]) -> None:
    """List `count` works as published by `owner`. Foreign keys and triggers are put aside while it lasts: the rows agree."""
    with psycopg.connect(superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        stream = many(count)
        done = 0
        while batch := list(islice(stream, BATCH)):
            for table, rows in _rows(batch, owner).items():
                with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({COLUMNS[table]}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            connection.commit()
            done += len(batch)
            say(done)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def work_id(number: int) -> UUID:
    return uuid5(HOUSE, f"work {number}")


def _rows(batch: Iterable[Made], owner: UUID) -> dict[str, list[tuple[object, ...]]]:
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in COLUMNS}
    for made in batch:
        work, title, body = (
            work_id(made.number),
            uuid5(HOUSE, f"title {made.number}"),
            uuid5(HOUSE, f"body {made.number}"),
        )
        for text, purpose, told in ((title, "title", made.titles), (body, "description", made.bodies)):
            rows["texts"].append((text, owner, purpose, made.language, told[made.language], None))
            for tag, words in told.items():
                if tag != made.language:
                    origin, engine = ("MACHINE", "bench") if made.drafted else ("REVIEWED", None)
                    rows["renderings"].append((text, None, tag, words, origin, 1, engine))
        rows["works"].append(
            (
                work,
                made.kind,
                "PUBLISHED",
                owner,
                made.language,
                title,
                body,
                made.country,
                list(made.subjects),
                "2026-11-01",
            )
        )
        for position, name in enumerate(made.names[:3]):
            rows["contributors"].append((work, position, name, None, "aut"))
        rows["identifiers"].append((work, owner, "ISBN", made.isbn))
        rows["mandates"].append((work, list(RIGHTS), TERRITORIES[made.free], None, "[2026-01-01,2036-01-01)", True))
    return rows

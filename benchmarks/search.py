"""How long indexing and searching take: `python -m benchmarks.search [works]`, on the demo works over and over."""

from __future__ import annotations

import dataclasses
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from banmao.demo import works
from catalog.search.index import Position, WorkIndex
from catalog.search.query import Filters
from catalog.search.schema import WorkDocument

QUERIES = (
    ("vi", "truyen kieu"), ("zh", "山海经"), ("th", "พระอภัยมณี"), ("en", "the tale of kieu"), ("id", "hikayat hang tua"),
    ("my", "မြန်မာ"), ("lo", "ສັງສິນໄຊ"), ("fil", "ibong adarn"), ("km", "ទុំទាវ"), ("ms", "pantun"), ("en", ""),
)  # fmt: skip
TERRITORIES = "BN CN ID KH LA MM MY PH SG TH TL VN".split()  # noqa: SIM905
ROUNDS = 20


def document(given: dict[str, Any], number: int) -> WorkDocument:
    return WorkDocument(
        id=f"{given['slug']}-{number}",
        kind=given["kind"],
        original_language=given["original_language"],
        published=number,
        titles=given["titles"],
        bodies=given["descriptions"],
        names=[each["name"] for each in given.get("contributors", ())],
        subjects=given["subjects"],
        country=given["country"],
        offered=[f"{territory}-PRINT" for territory in random.sample(TERRITORIES, 6)],
    )


def many(count: int) -> Iterator[WorkDocument]:
    """The demo works again and again, each with another's blurb behind its own."""
    shelf = list(works())
    for number in range(count):
        made, other = document(shelf[number % len(shelf)], number), random.choice(shelf)["descriptions"]
        yield dataclasses.replace(made, bodies={tag: f"{text} {other[tag]}" for tag, text in made.bodies.items()})


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = WorkIndex(Path(folder))
        began = time.perf_counter()
        index.apply(many(count), [])
        index.commit(Position(1, 1))
        spent = time.perf_counter() - began
        print(f"{count} works in ten languages: {spent:.1f} s, {spent / count * 1000:.2f} ms each")
        for filters in (Filters(), Filters(kinds=["BOOK"], rights=["PRINT"], territories=["TH"])):
            print("with filters" if filters.kinds else "without filters")
            for reader, text in QUERIES:
                times = []
                for _round in range(ROUNDS):
                    began = time.perf_counter()
                    found = index.search(text, reader, filters)
                    times.append((time.perf_counter() - began) * 1000)
                print(f"  {reader:4} {text!r}: {found.total} found, median {statistics.median(times):.1f} ms")
        index.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)

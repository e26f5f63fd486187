"""`./run bench translate`: what the hub's way of drafting costs beside the bare model, and how fast exact memory answers.

The hub's way cuts texts into segments, takes out what must not be touched, looks up the glossary, batches, puts everything
back and runs every check. The bare run hands CTranslate2 the same segments, in batches of the same size. Rounds take turns, so
that a machine that is busy for a while slows both; the fastest round of each counts. Memory is looked up in batches, on
PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import ctranslate2
import psycopg
import sentencepiece
from sqlalchemy import create_engine

from banmao import migrate
from banmao.embedded import APP, OWNER, Cluster
from hub.database import Database
from hub.settings import ROOT
from translation import drafting, memory, segments
from translation.engines import Engines
from translation.engines.argos import ArgosEngine
from translation.engines.packages import read
from translation.engines.runner import BATCH_TOKENS, LENGTH_PENALTY
from translation.glossary import Glossary, glossary_of, shipped
from translation.memory.service import put
from translation.models import Purpose, Text

SOURCE, TARGET = "zh", "en"
MODELS = ROOT / "tests" / "data" / "models"
FEWEST_PER_S, HIGHEST_RATIO = 5_000, 1.3
THREADS = 2
"""Of the model, in both runs."""
LOOKED_UP = 256
"""Texts in one look-up."""
ORGANIZATION = UUID(int=1)


def texts(count: int) -> list[str]:
    """Blurbs and letters of three sentences, drawn as the small model's own lessons were, with another seed."""
    source = importlib.util.spec_from_file_location("make_pairs", MODELS / "make_pairs.py")
    assert source is not None
    assert source.loader is not None
    lessons = importlib.util.module_from_spec(source)
    source.loader.exec_module(lessons)
    phrases = json.loads((MODELS / "phrases.json").read_text(encoding="utf-8"))
    drawn = lessons.Sentences(phrases, SOURCE, TARGET, seed=7)
    sentences: dict[str, None] = {}
    while len(sentences) < 3 * count:
        sentences.setdefault(drawn.sentence()[0])
    every = list(sentences)
    return ["".join(every[place : place + 3]) for place in range(0, len(every), 3)]


class Bare:
    """The same package, run as its authors would: pieces in, pieces out."""

    def __init__(self, engine: ArgosEngine) -> None:
        [package] = engine.route(SOURCE, TARGET)
        contents = read(package)
        self._pieces = sentencepiece.SentencePieceProcessor(model_proto=contents.tokenizer)
        self._model = ctranslate2.Translator("bare", device="cpu", intra_threads=THREADS, files=dict(contents.model))

    def translate(self, sentences: Sequence[str]) -> list[str]:
        results = self._model.translate_batch(
            self._pieces.encode(list(sentences), out_type=str),
            max_batch_size=BATCH_TOKENS,
            batch_type="tokens",
            beam_size=1,
            length_penalty=LENGTH_PENALTY,
            max_input_length=0,
            replace_unknowns=True,
            return_scores=True,
        )
        return [str(self._pieces.decode_pieces(result.hypotheses[0])) for result in results]


def ours(engines: Engines, glossary: Glossary, given: Sequence[Text]) -> int:
    """Draft and check texts as a batch does. How many are shown."""
    drafts = asyncio.run(drafting.checked(engines, glossary, given, SOURCE, TARGET))
    return sum(not one.problems for one in drafts)


def seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL of its own with the hub's tables; the address of its application role."""
    home = Path(tempfile.mkdtemp(prefix="banmao-bench-"))
    home.chmod(0o755)
    cluster = Cluster(home / "postgres", durable=False)
    cluster.start()
    try:
        with psycopg.connect(
            cluster.url("postgres", cluster.credentials.superuser, "postgres"), autocommit=True
        ) as root:
            cluster.create_database(root, "bench")
        owner = cluster.url(OWNER, cluster.credentials.owner, "bench")
        migrate.upgrade(owner)
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO organizations (id, kind, slug, country) VALUES (%s, 'PUBLISHER', 'bench', 'CN')",
                (ORGANIZATION,),
            )
        with create_engine(owner.replace("postgresql://", "postgresql+psycopg://", 1)).begin() as connection:
            shipped.load(connection)
        yield cluster.url(APP, cluster.credentials.app, "bench")
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


async def shipped_glossary(url: str) -> Glossary:
    """The terms that come with the hub."""
    database = Database(url)
    try:
        async with database.transaction(organization=ORGANIZATION, read_only=True) as tx:
            return await glossary_of(tx.session, ORGANIZATION)
    finally:
        await database.close()


async def remembered(url: str, entries_kept: int, batch: int) -> float:
    """Exact hits a second, through the look-up that drafting uses, a batch of texts at a time."""
    database = Database(url)
    try:
        words = [f"第{number}部作品的简介：一部关于大海和友谊的小说。" for number in range(entries_kept)]
        async with database.transaction(organization=ORGANIZATION) as tx:
            for start in range(0, entries_kept, 1000):
                rows = [
                    {
                        "organization_id": ORGANIZATION,
                        "source_language": SOURCE,
                        "target_language": TARGET,
                        "source": one,
                        "target": f"Work {one}",
                        "person_id": None,
                        "text_id": None,
                        "level": "TEXT",
                        "shared": False,
                        "confidential": False,
                    }
                    for one in words[start : start + 1000]
                ]
                await put(tx.session, rows)
        rates = []
        for _round in range(5):
            found, began = 0, time.perf_counter()
            async with database.transaction(organization=ORGANIZATION, read_only=True) as tx:
                for start in range(0, entries_kept, batch):
                    hits = await memory.recall_many(
                        tx.session, ORGANIZATION, SOURCE, TARGET, words[start : start + batch]
                    )
                    found += sum(hit is not None for hit in hits)
            rates.append(found / (time.perf_counter() - began))
            if found != entries_kept:
                raise SystemExit(f"{found} of {entries_kept} were found")
        return statistics.median(rates)
    finally:
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--memory", type=int, default=20_000, help="entries in the memory")
    args = parser.parse_args()
    engine = ArgosEngine(MODELS, beam_size=1, threads=THREADS)
    engines, bare = Engines([engine]), Bare(engine)
    with server() as url:
        glossary = asyncio.run(shipped_glossary(url))
        hits = asyncio.run(remembered(url, args.memory, LOOKED_UP))
    given = [
        Text(organization_id=ORGANIZATION, purpose=Purpose.DESCRIPTION, language=SOURCE, words=one, version=1)
        for one in texts(args.texts)
    ]
    sentences = list(dict.fromkeys(one for text in given for one in segments.split(text.words, SOURCE).sentences))
    shown = ours(engines, glossary, given)
    bare.translate(sentences[:50])
    mine, theirs = [], []
    for _round in range(args.rounds):
        theirs.append(seconds(lambda: bare.translate(sentences)))
        mine.append(seconds(lambda: ours(engines, glossary, given)))
    ratio = min(mine) / min(theirs)
    print(
        f"{args.texts} texts, {len(sentences)} different segments, {SOURCE} to {TARGET}; {shown} drafts pass every check"
    )
    print(f"{'':34}{'segments/s':>12}{'ms a segment':>14}")
    for name, spent in (("bare CTranslate2", min(theirs)), ("the hub, glossary and checks too", min(mine))):
        print(f"{name:34}{len(sentences) / spent:>12,.0f}{1000 * spent / len(sentences):>14.2f}")
    print(f"ratio {ratio:.2f} (at most {HIGHEST_RATIO}); memory {hits:,.0f} exact hits/s (at least {FEWEST_PER_S:,})")
    print(json.dumps({"bench": "translate", "ratio": round(ratio, 3), "memory_hits_per_s": round(hits)}))


if __name__ == "__main__":
    main()

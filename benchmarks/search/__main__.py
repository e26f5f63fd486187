"""`./run bench search [--works N …]`: index rate, and p50 and p95 of four kinds of question, asked in four ways.

1. The index alone: cutting the words, building and running the query, counting facets.
2. Bare tantivy on the same index: the ready-built query, its best twenty and how many there are.
3. `searchWorks` over HTTP on a real hub whose tables hold all of it: twenty full hits and facets, for somebody signed in.
4. A bare handler over HTTP on the same server: the same index query, one SQL query, JSON; no facets.

Every question is asked of the bare index, and of the bare handler, once before it is measured either way: both find the same of
the index and the tables in memory, and nothing that the hub itself remembers.

The ratios compare 1 with 2, and 3 with 4, by the median, and are those of the kind of question that does worst. With several
sizes the last line is of the last; the table shows how costs grow.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from banmao.processes import running_worker
from banmao.up import Hub, with_small_models
from benchmarks.judge import _free_port
from benchmarks.search.fill import fill
from benchmarks.search.questions import AVAILABLE, KINDS, Asked, questions
from catalog.search.feed import following
from catalog.search.index import WorkIndex
from catalog.search.query import Filters, Reader, narrowed
from hub.settings import ROOT, Settings
from tests.factories.accounts import Actor, actor

HITS = 20
WARM, MEASURED = 1, 2
"""Rounds of questions: the first is asked before anything is measured."""
PATIENCE = 600.0
FREE_HERE = Filters(rights=("PRINT",), territories=("TH",))


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each question of a kind."""

    spent: Sequence[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.spent)

    @property
    def p95(self) -> float:
        return sorted(self.spent)[int(len(self.spent) * 0.95)]


@dataclass(frozen=True, slots=True)
class Run:
    """What one size showed. `ways`: way of asking → kind of question → times."""

    works: int
    rate: float
    index_mb: float
    peak_mb: float
    ways: dict[str, dict[str, Times]]

    def ratio(self, ours: str, bare: str) -> float:
        return max(self.ways[ours][kind].p50 / self.ways[bare][kind].p50 for kind in KINDS)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench search", description="How fast works are indexed and found.")
    parser.add_argument(
        "--works", type=int, nargs="+", default=[100_000], metavar="N", help="works, ten languages each"
    )
    sizes = parser.parse_args(arguments).works
    console = Console(highlight=False, soft_wrap=True)
    runs = [_run(size, console) for size in sizes]
    for run in runs:
        console.print(_table(run))
    if len(runs) > 1:
        console.print(_growth(runs))
    last = runs[-1]
    told = {
        "bench": "search",
        "index_ratio": round(last.ratio("index", "tantivy"), 2),
        "http_ratio": round(last.ratio("http", "handler"), 2),
        "http_p95_ms": round(max(times.p95 for times in last.ways["http"].values()), 1),
        "works": last.works,
    }
    print(json.dumps(told))
    return 0


def _run(works: int, console: Console) -> Run:
    home = Path(tempfile.mkdtemp(prefix="banmao-bench-"))
    home.chmod(0o755)
    settings = with_small_models(Settings(data=home, port=_free_port()))
    with console.status("Starting PostgreSQL") as status:
        hub = Hub(settings, sandbox=False, demo=False)
        try:
            return asyncio.run(_measured(hub, works, lambda words: status.update(f"[dim]{words}[/]")))
        finally:
            hub.stop()
            shutil.rmtree(home, ignore_errors=True)


async def _measured(hub: Hub, works: int, say: Callable[[str], None]) -> Run:
    hub._database()
    assert hub.cluster is not None
    _migrated(hub)
    async with running_worker(hub.settings, hub.app_url) as runtime:
        agent = await actor(runtime, "agency", kind="AGENCY", country="TH", language="th")
        house = await actor(runtime, "house", country="SG", language="en")
        root = hub.cluster.url("postgres", hub.cluster.credentials.superuser)
        await asyncio.to_thread(
            fill, root, house.organization_id, works, lambda done: say(f"Filling the tables: {done:,} works")
        )
        say(f"Indexing {works:,} works from the tables")
        began = time.perf_counter()
        async with following(runtime) as index:
            rate = works / (time.perf_counter() - began)
            assert index.size == works
            folder = index.path
            say("Asking the index")
            ways = {"index": _ask(works, _index(index)), "tantivy": _ask(works, _tantivy(index))}
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    say("Starting the hub")
    hub._start(hub._part("web", "-m", "banmao", "serve"))
    hub._wait(hub.answers, "web")
    port = _free_port()
    with _handler(port, folder, hub.app_url):
        say("Asking the bare handler, unmeasured")
        with _client(port) as client:
            _ask(works, _bare(client))
        say("Asking the hub")
        with _client(hub.settings.port) as client:
            _searchable(_http(client, agent)(questions(works, WARM)[KINDS[0]][0]))
            ways["http"] = _ask(works, _http(client, agent))
        say("Asking the bare handler")
        with _client(port) as client:
            ways["handler"] = _ask(works, _bare(client))
    return Run(works, rate, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, ways)


def _migrated(hub: Hub) -> None:
    from banmao import migrate

    migrate.upgrade(hub.owner_url, hub.app_url)


def _searchable(ask: Callable[[], object]) -> None:
    """Wait until the hub has opened its index; it says so while it has not."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            ask()
            return
        except RuntimeError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def _ask(works: int, ask: Callable[[Asked], Callable[[], object]]) -> dict[str, Times]:
    """Each kind's questions, one after the other. What `ask` does before it answers is not measured."""
    found = {}
    rounds = {number: questions(works, number) for number in (WARM, MEASURED)}
    for kind in KINDS:
        for question in rounds[WARM][kind]:
            ask(question)()
        spent = []
        for question in rounds[MEASURED][kind]:
            run = ask(question)
            began = time.perf_counter()
            run()
            spent.append((time.perf_counter() - began) * 1000)
        found[kind] = Times(spent)
    return found


def _index(index: WorkIndex) -> Callable[[Asked], Callable[[], object]]:
    def ask(asked: Asked) -> Callable[[], object]:
        reader, filters = Reader(asked.language, "TH"), FREE_HERE if asked.available else Filters()
        index.matches(asked.text, reader, filters, HITS)
        return lambda: index.search(asked.text, reader, filters, limit=HITS)

    return ask


def _tantivy(index: WorkIndex) -> Callable[[Asked], Callable[[], object]]:
    """The query that `WorkIndex` came to after all, in the end with letters wrong, is what is run."""

    def ask(asked: Asked) -> Callable[[], object]:
        reader = Reader(asked.language, "TH")
        found = index.matches(asked.text, reader, FREE_HERE if asked.available else Filters(), HITS)
        query = narrowed(found.typed.query, found.filters, reader)
        return lambda: found.searcher.search(query, HITS, True)

    return ask


def _http(client: http.client.HTTPConnection, agent: Actor) -> Callable[[Asked], Callable[[], object]]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {agent.token}"}

    def ask(asked: Asked) -> Callable[[], object]:
        variables = {
            "query": asked.text,
            "language": asked.language,
            "territory": "TH",
            "filter": {"availableFor": AVAILABLE} if asked.available else None,
            "first": HITS,
        }
        body = json.dumps({"query": _operation(), "operationName": "SearchWorks", "variables": variables}).encode()
        return lambda: _post(client, "/graphql", body, headers | {"Accept-Language": asked.language})

    return ask


def _bare(client: http.client.HTTPConnection) -> Callable[[Asked], Callable[[], object]]:
    def ask(asked: Asked) -> Callable[[], object]:
        body = json.dumps({"text": asked.text, "language": asked.language, "available": asked.available}).encode()
        return lambda: _post(client, "/search", body, {"Content-Type": "application/json"})

    return ask


def _post(client: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]) -> None:
    client.request("POST", path, body, headers)
    answer = client.getresponse()
    text = answer.read()
    if answer.status != 200 or b'"errors"' in text[:2000]:
        raise RuntimeError(text[:2000].decode(errors="replace"))


def _operation() -> str:
    """The page's own operation with the fragments that it needs."""
    from banmao.published import operations

    return operations()["SearchWorks"]


@contextmanager
def _client(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _handler(port: int, folder: Path, database: str) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.search.bare", str(port), str(folder), database]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/", timeout=2)
                break
            except httpx.HTTPError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the bare handler did not start") from None
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def _table(run: Run) -> Table:
    title = (
        f"{run.works:,} works in ten languages: {run.rate:,.0f} works/s indexed from the tables, "
        f"{run.index_mb:,.0f} MB of index, {run.peak_mb:,.0f} MB of memory at most"
    )
    table = Table("p50 / p95, ms", *KINDS, "ratio", title=title)
    for way, words, bare in (
        ("index", "the index alone", "tantivy"),
        ("tantivy", "bare tantivy, ready-built query", None),
        ("http", "searchWorks over HTTP", "handler"),
        ("handler", "bare handler over HTTP", None),
    ):
        cells = [f"{run.ways[way][kind].p50:.1f} / {run.ways[way][kind].p95:.1f}" for kind in KINDS]
        table.add_row(words, *cells, f"{run.ratio(way, bare):.2f}" if bare else "")
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _growth(runs: Sequence[Run]) -> Table:
    table = Table(
        "works", "works/s", "index MB", *(f"{kind}, p50" for kind in KINDS), title="How costs grow (over HTTP, ms)"
    )
    for run in runs:
        cells: list[Any] = [f"{run.ways['http'][kind].p50:.1f}" for kind in KINDS]
        table.add_row(f"{run.works:,}", f"{run.rate:,.0f}", f"{run.index_mb:,.0f}", *cells)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

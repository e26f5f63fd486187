"""`./run judge [--queries FILE.tsv] [--misses]`: how well readers of ten languages find what they mean.

On a hub of its own with the demo catalogue, an agent signs in and asks `searchWorks` over HTTP, each query in its own language.
Prints recall@10, nDCG@10, and one JSON object as its last line: `{"judge": {"th": {"recall": …, "ndcg": …, "queries": …}, …}}`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from banmao.demo import PASSWORD, works
from banmao.story.client import Person, Refusal
from banmao.story.stage import AGENT
from banmao.up import Hub, with_small_models
from benchmarks.judged import DEPTH, FOLDER, BadQueries, Mark, Question, averages, mark, read
from hub.settings import Settings

SEARCH = """query ($query: String!, $language: LanguageTag!, $first: Int!) {
  searchWorks(query: $query, language: $language, first: $first) {
    edges { node { title { text original { text } } } } } }"""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run judge", description="Recall and nDCG of the search, per language.")
    parser.add_argument("--queries", type=Path, metavar="FILE.tsv", help="language, query, work's original title")
    parser.add_argument("--misses", action="store_true", help="say which queries missed a work, and what they found")
    given = parser.parse_args(arguments)
    titles = {original(work) for work in works()}
    files = [given.queries] if given.queries else sorted(FOLDER.glob("*.tsv"))
    console = Console(highlight=False, soft_wrap=True)
    try:
        questions = [question for file in files for question in read(file, titles)]
        answers = _asked(questions, console)
    except BadQueries as error:
        console.print(str(error), style="red", markup=False)
        return 2
    marks = {question: mark(answer, question.meant) for question, answer in answers.items()}
    if given.misses:
        _tell_misses(console, answers, marks)
    told = averages(marks)
    console.print(_table(told))
    print(json.dumps({"judge": told}))
    return 0


def original(work: Mapping[str, Any]) -> str:
    """The title that a demo work carries in its own language."""
    title: str = work["original"]["title"] if "original" in work else work["titles"][work["original_language"]]
    return title


def _asked(questions: Sequence[Question], console: Console) -> dict[Question, list[str]]:
    """What a hub of its own answers: original titles, best first."""
    home = Path(tempfile.mkdtemp(prefix="banmao-judge-"))
    home.chmod(0o755)
    settings = with_small_models(Settings(data=home, port=_free_port()))
    with console.status("Starting a hub") as status:
        hub = Hub(settings, say=lambda words: status.update(f"[dim]{words}[/]"), sandbox=False)
        try:
            hub.start()
            status.update(f"[dim]Asking {len(questions)} queries[/]")
            return asyncio.run(_ask(hub.settings.address, questions))
        finally:
            hub.stop()
            shutil.rmtree(home, ignore_errors=True)


async def _ask(address: str, questions: Sequence[Question]) -> dict[Question, list[str]]:
    async with httpx.AsyncClient(base_url=address, timeout=60) as http:
        agent = await Person(http, AGENT[1]).sign_in(AGENT[0], PASSWORD)
        answers = {}
        for question in questions:
            agent.language = question.language
            try:
                found = await agent.ask(SEARCH, query=question.text, language=question.language, first=DEPTH)
            except Refusal as refusal:
                raise BadQueries(question.file, question.line, f"the hub refuses it: {refusal}") from refusal
            shown = [edge["node"]["title"] for edge in found["searchWorks"]["edges"]]
            answers[question] = [title["original"]["text"] if title["original"] else title["text"] for title in shown]
    return answers


def _tell_misses(console: Console, answers: dict[Question, list[str]], marks: dict[Question, Mark]) -> None:
    for question, answer in answers.items():
        if marks[question].recall < 1:
            missed = [title for title in question.meant if title not in answer]
            console.print(
                f"{question.language}  {question.text}  ({question.kind or '-'}): recall {marks[question].recall:.2f}; "
                f"missed {', '.join(missed)}; found {', '.join(answer) or 'nothing'}",
                markup=False,
            )


def _table(told: dict[str, dict[str, float]]) -> Table:
    table = Table("language", *("queries", f"recall@{DEPTH}", f"nDCG@{DEPTH}"), title="What readers find")
    for column in table.columns[1:]:
        column.justify = "right"
    for language, found in told.items():
        table.add_row(language, str(found["queries"]), f"{found['recall']:.3f}", f"{found['ndcg']:.3f}")
    return table


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

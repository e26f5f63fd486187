"""The judged queries, how they are read and marked, and what the index finds of them."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from banmao.demo import works
from benchmarks import judge
from benchmarks.judge import original
from benchmarks.judged import FOLDER, BadQueries, Mark, Question, averages, mark, read
from catalog.search.index import Position, WorkIndex
from catalog.search.query import Filters, Reader
from catalog.search.schema import WorkDocument
from hub.i18n import LANGUAGES

KINDS = {"known-item", "prefix", "person", "typo", "romanized", "topic", "mixed"}
LEAST, LEAST_UNSEEN = 0.95, 0.85
TITLES = {original(work) for work in works()}
each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
def test_every_language_has_forty_queries_of_every_kind(language: str) -> None:
    questions = read(FOLDER / f"{language}.tsv", TITLES)
    assert {question.language for question in questions} == {language}
    assert len(questions) >= 40
    kinds = Counter(question.kind for question in questions)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 3
    assert max(kinds.values()) <= len(questions) / 3


@each_language
def test_unseen_queries_are_not_among_the_others(language: str) -> None:
    known = {question.text for question in read(FOLDER / f"{language}.tsv", TITLES)}
    unseen = read(FOLDER / "unseen" / f"{language}.tsv", TITLES)
    assert len(unseen) >= 15
    assert {question.language for question in unseen} == {language}
    assert {question.kind for question in unseen} <= KINDS
    assert known.isdisjoint(question.text for question in unseen)


def test_no_two_works_share_an_original_title() -> None:
    assert len(TITLES) == len(works())


@pytest.mark.parametrize(
    ("answer", "meant", "recall", "ndcg"),
    [
        (["a"], ["a"], 1.0, 1.0),
        (["x", "a"], ["a"], 1.0, 1 / math.log2(3)),
        (["a", "x", "b"], ["a", "b"], 1.0, (1 + 1 / 2) / (1 + 1 / math.log2(3))),
        (["x"] * 10 + ["a"], ["a"], 0.0, 0.0),
        ([], ["a", "b"], 0.0, 0.0),
        (["a", "x"], ["a", "b"], 0.5, 1 / (1 + 1 / math.log2(3))),
        (list("abcdefghij"), list("abcdefghijkl"), 1.0, 1.0),
    ],
)
def test_marks(answer: list[str], meant: list[str], recall: float, ndcg: float) -> None:
    given = mark(answer, meant)
    assert given.recall == pytest.approx(recall)
    assert given.ndcg == pytest.approx(ndcg)


def test_averages_are_per_language() -> None:
    file = Path("q.tsv")
    marks = {
        Question("th", "a", "", file, 1): Mark(1.0, 0.5),
        Question("th", "b", "", file, 2): Mark(0.5, 0.25),
        Question("km", "a", "", file, 3): Mark(0.0, 0.0),
    }
    assert averages(marks) == {
        "th": {"recall": 0.75, "ndcg": 0.375, "queries": 2},
        "km": {"recall": 0.0, "ndcg": 0.0, "queries": 1},
    }


def test_a_list_of_somebody_s_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text(
        "\ufefflanguage\tquery\ttitle\n# mine\n\nen\tthree kingdoms\t三国演义\n"
        "en\tthree kingdoms\tChrita Dahulu-kala, Namanya Sam Kok\nvi\tkieu\tTruyện Kiều\tknown-item\n",
        encoding="utf-8",
    )
    first, second = read(file, TITLES)
    assert (first.language, first.text, first.line) == ("en", "three kingdoms", 4)
    assert first.meant == ["三国演义", "Chrita Dahulu-kala, Namanya Sam Kok"]
    assert (second.kind, second.meant) == ("known-item", ["Truyện Kiều"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"en\tkieu\n", "line 1: wants language, query and original title with tabs between them, has 2 columns"),
        (b"en\tkieu\tNo such book\n", "line 1: no work of the catalogue has the original title 'No such book'"),
        ("# ok\nfr\tkieu\tTruyện Kiều\n".encode(), "line 2: 'fr' is none of zh en vi th ms id my lo fil km"),
        ("en\t \tTruyện Kiều\n".encode(), "line 1: has no query"),
        (b"en\tkieu\t\n", "line 1: has no original title"),
        ("en\tk\tTruyện Kiều\ttypo\nen\tk\t三国演义\ttopic\n".encode(), "line 2: 'k' is of another kind in line 1"),
        ("en\tkieu\tTruyện Kiều\nen\t三".encode() + b"\xff", "line 2: is not UTF-8"),
        (b"# nothing\n", "holds no queries"),
    ],
)
def test_a_list_that_cannot_be_judged_by_says_where(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "bad.tsv"
    file.write_bytes(content)
    with pytest.raises(BadQueries) as refused:
        read(file, TITLES)
    assert said in str(refused.value)
    assert str(file) in str(refused.value)


def test_a_list_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadQueries, match="cannot be read"):
        read(tmp_path / "none.tsv", TITLES)


def document(work: dict[str, Any]) -> WorkDocument:
    title = original(work)
    return WorkDocument(
        id=title,
        kind=work["kind"],
        original_language=work["original_language"],
        published=1,
        titles=work["titles"] | {work["original_language"]: title},
        bodies=work["descriptions"],
        names=[
            name for each in work.get("contributors", ()) for name in (each["name"], each.get("name_original")) if name
        ],
        subjects=work["subjects"],
        country=work["country"],
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> WorkIndex:
    made = WorkIndex(tmp_path_factory.mktemp("index"))
    made.apply(map(document, works()), [])
    made.commit(Position(1, 1))
    return made


@each_language
@pytest.mark.parametrize(("part", "least"), [("", LEAST), ("unseen", LEAST_UNSEEN)])
def test_readers_find_what_they_mean(index: WorkIndex, language: str, part: str, least: float) -> None:
    questions = read(FOLDER / part / f"{language}.tsv", TITLES)
    marks = {
        question: mark(index.search(question.text, Reader(language), Filters(), limit=10).ids, question.meant)
        for question in questions
    }
    missed = [f"{question.text}: {found.recall:.2f}" for question, found in marks.items() if found.recall < 1]
    assert averages(marks)[language]["recall"] >= least, missed


def test_a_bad_list_ends_the_run_before_a_hub_is_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def started(*_given: object) -> None:
        raise AssertionError("a hub was started")

    monkeypatch.setattr(judge, "_asked", started)
    file = tmp_path / "bad.tsv"
    file.write_text("en\tkieu\tNo such book\n", encoding="utf-8")
    assert judge.main(["--queries", str(file)]) == 2
    assert "line 1: no work of the catalogue has the original title 'No such book'" in capsys.readouterr().out


def test_the_last_line_is_the_marks_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("vi\tkieu\tTruyện Kiều\nvi\ttam quoc\t三国演义\n", encoding="utf-8")
    monkeypatch.setattr(judge, "_asked", lambda questions, _console: {each: ["Truyện Kiều"] for each in questions})
    assert judge.main(["--queries", str(file), "--misses"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert json.loads(said[-1]) == {"judge": {"vi": {"recall": 0.5, "ndcg": 0.5, "queries": 2}}}
    assert any("tam quoc" in line and "missed 三国演义" in line for line in said)

"""What an engine must not touch comes back unharmed, or the harm is seen."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.translation.packages import MODELS
from translation.checks import Drafted, failed
from translation.engines.argos import ArgosEngine
from translation.glossary import TermHit
from translation.protect import Kind, protect, spans_of

KEPT = [
    ("ISBN 978-7-02-000220-7 is out.", Kind.CODE, "ISBN 978-7-02-000220-7"),
    ("Recording AA-6Q7-20-00047 now", Kind.CODE, "AA-6Q7-20-00047"),
    ("see 10.5240/7791-8534-2C23-9030-8610-5, please", Kind.CODE, "10.5240/7791-8534-2C23-9030-8610-5"),
    ("Look at https://example.org/a?b=1.", Kind.ADDRESS, "https://example.org/a?b=1"),
    ("写信给 li.na@example.cn，谢谢", Kind.ADDRESS, "li.na@example.cn"),
    ("Hello %(name)s", Kind.PLACEHOLDER, "%(name)s"),
    ("Hello {name}", Kind.PLACEHOLDER, "{name}"),
    ("Hello {{ user.name }}", Kind.PLACEHOLDER, "{{ user.name }}"),
    ("สวัสดี ${name}", Kind.PLACEHOLDER, "${name}"),
    ("%d copies", Kind.PLACEHOLDER, "%d"),
    ('A <a href="https://a.b/">link</a>', Kind.TAG, '<a href="https://a.b/">'),
    ("**bold**", Kind.TAG, "**"),
    ("the [list](https://a.b/c)", Kind.TAG, "](https://a.b/c)"),
    ("Q&amp;A", Kind.TAG, "&amp;"),
    ("50,000 copies", Kind.NUMBER, "50,000"),
]


@pytest.mark.parametrize(("words", "kind", "kept"), KEPT)
def test_each_kind_is_found_and_comes_back(words: str, kind: Kind, kept: str) -> None:
    assert (kind, kept) in [(span.kind, span.words) for span in spans_of(words)]
    safe = protect(words, numbers=True)
    assert kept not in safe.words
    back = safe.restore(safe.words)
    assert (back.words, back.sound) == (words, True)


@pytest.mark.parametrize("words", ["100% wool", "50 percent off", "a < b and c > d", "[sic]", "C:D 3-4", "100% đúng"])
def test_what_only_looks_alike_is_left_to_the_engine(words: str) -> None:
    assert protect(words).words == words


def test_names_are_kept_where_the_glossary_says_so() -> None:
    def hit(start: int, end: int, keep: bool) -> TermHit:
        return TermHit(uuid4(), start, end, "刘三姐歌谣"[start:end], (), (), keep, True)

    safe = protect("刘三姐歌谣", [hit(0, 3, True), hit(3, 5, False)])
    assert safe.words == "[X0X]歌谣"
    assert safe.restore("songs of [X0X]").words == "songs of 刘三姐"


@pytest.mark.parametrize("mark", ["[X0X]", "[ X0X ]", "[x0x]", "［X0X］", "【X0X】", "(X0X)", "[X 0 X]"])
def test_marks_that_an_engine_has_changed_a_little_are_known(mark: str) -> None:
    assert protect("Hello {name}, welcome").restore(f"สวัสดี {mark}").words == "สวัสดี {name}"


def test_loss_repetition_and_order_are_seen() -> None:
    safe = protect("<b>{name}</b> and {other}")
    assert safe.words == "[X0X][X1X][X2X] and [X3X]"
    assert safe.restore("[X0X][X3X] at [X1X][X2X]").sound
    lost = safe.restore("[X0X][X1X][X2X] at iba")
    assert (lost.missing, lost.sound) == (("{other}",), False)
    twice = safe.restore("[X0X][X1X][X1X][X2X] [X3X] [X7X]")
    assert (twice.repeated, twice.sound) == (("{name}", "[X7X]"), False)
    turned = safe.restore("[X2X][X1X][X0X] [X3X]")
    assert (turned.reordered, turned.sound) == (True, False)


def test_marks_that_people_wrote_themselves_come_back() -> None:
    words = "Press [X1X], then {key}"
    assert protect(words).restore(protect(words).words).words == words


async def test_an_address_beside_a_sentence_survives_a_real_engine() -> None:
    engine = ArgosEngine(MODELS, beam_size=1, threads=1)
    words = "Please send us a sample chapter in Chinese. https://example.org/samples?id=3"
    safe = protect(words)
    [draft] = await engine.draft([safe.words], "en", "zh")
    back = safe.restore(draft.text)
    assert back.words == "请把中文样章发给我们。 https://example.org/samples?id=3"
    assert back.sound
    assert failed(Drafted(words, back.words, "en", "zh")) == []


async def test_what_a_real_engine_mangles_is_caught() -> None:
    engine = ArgosEngine(MODELS, beam_size=1, threads=1)
    words = "Please send us a sample chapter in {language}."
    safe = protect(words)
    [draft] = await engine.draft([safe.words], "en", "zh")
    back = safe.restore(draft.text)
    assert back.missing == ("{language}",)
    assert "placeholders" in failed(Drafted(words, back.words, "en", "zh"))

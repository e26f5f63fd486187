"""TMX and XLIFF 2: what we write, others read; what others write, we read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import pytest
from translate.storage import xliff2
from translate.storage.tmx import tmxfile

from translation.exchange import tmx, xliff
from translation.exchange.units import Of, State, Target, Unit
from translation.exchange.xml import FileRefused

SAID = [
    ("zh", "《三国演义》第1—120回 & 其他 <x", "en", "Romance of the Three Kingdoms, chapters 1–120 & others <x"),
    (
        "zh",
        "您好，{name}！<b>请看</b> https://a.example/?b=c&d",
        "th",
        "สวัสดี {name} <b>โปรดดู</b> https://a.example/?b=c&d",
    ),
    ("en", "%(count)s copies of {{title}}\n\nSecond paragraph", "my", "{{title}} စာအုပ် %(count)s အုပ်\n\nဒုတိယစာပိုဒ်"),
    ("vi", "Tiền bản quyền  8%", "lo", "ຄ່າລິຂະສິດ  8%"),
    ("fil", "{a} {a} {b}", "km", "{b} {a} {a}"),
    ("id", "Kirim **sekarang**", "ms", "Hantar **sekarang**"),
]
UNITS = [
    Unit(
        Of.TEXT,
        source_language,
        source,
        (Target(language, words, state, "ab" * 32),),
        uuid4(),
        "description",
        ("For the catalogue & the web <now>",),
    )
    for (source_language, source, language, words), state in zip(
        SAID, [State.FINAL, State.TRANSLATED, State.REVIEWED] * 2, strict=True
    )
]


def written(path: Path, write: Callable[[BinaryIO], int]) -> Path:
    with path.open("wb") as file:
        write(file)
    return path


def bare(units: Iterable[Unit]) -> list[tuple[object, ...]]:
    return [(one.of, one.id, one.source_language, one.source, one.targets, one.purpose, one.notes) for one in units]


def test_tmx_comes_back_as_it_was_and_other_programs_read_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tmx", lambda file: tmx.write(file, UNITS))
    assert bare(tmx.read(path)) == bare(UNITS)
    theirs = tmxfile.parsestring(path.read_bytes())
    assert [(unit.source, unit.target) for unit in theirs.units] == [(source, words) for _s, source, _l, words in SAID]


def test_tmx_that_another_program_wrote_is_read(tmp_path: Path) -> None:
    theirs = tmxfile()
    for source_language, source, language, words in SAID:
        theirs.addtranslation(source, source_language, words, language, comment="a note")
    path = tmp_path / "theirs.tmx"
    path.write_bytes(bytes(theirs))
    found = list(tmx.read(path))
    assert [(one.source_language, one.source, one.targets[0].language, one.targets[0].words) for one in found] == SAID
    assert {one.of for one in found} == {Of.MEMORY}
    assert found[0].notes == ("a note",)


def test_tmx_in_many_languages_and_with_inline_elements(tmp_path: Path) -> None:
    path = tmp_path / "many.tmx"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="EN-US" segtype="sentence"'
        ' datatype="html" o-tmf="x" adminlang="en" creationtool="x" creationtoolversion="1"/><body><tu>'
        '<tuv xml:lang="en-US"><seg>Press <bpt i="1">&lt;b&gt;</bpt>Save<ept i="1">&lt;/b&gt;</ept><ph>{x}</ph>'
        '<hi>now</hi><ph>a<sub>hidden</sub></ph></seg></tuv><tuv xml:lang="zh-Hans-CN"><seg>按保存</seg></tuv>'
        '<tuv xml:lang="th"><seg>กดบันทึก</seg></tuv><tuv xml:lang="fr"><seg>non</seg></tuv></tu>'
        '<tu><tuv xml:lang="fr"><seg>seul</seg></tuv></tu></body></tmx>',
        encoding="utf-8",
    )
    [unit] = tmx.read(path)
    assert unit.source == "Press <b>Save</b>{x}nowa"
    assert {target.language: target.words for target in unit.targets} == {"zh": "按保存", "th": "กดบันทึก"}


@pytest.mark.parametrize("version", xliff.VERSIONS)
@pytest.mark.parametrize("number", range(len(UNITS)))
def test_xliff_comes_back_as_it_was_and_other_programs_read_it(tmp_path: Path, number: int, version: str) -> None:
    unit = UNITS[number]
    target = unit.targets[0]
    path = written(
        tmp_path / "a.xlf",
        lambda file: xliff.write(file, [unit], unit.source_language, target.language, Of.TEXT, version=version),
    )
    assert bare(xliff.read(path)) == bare([unit])
    [theirs] = xliff2.Xliff2File.parsestring(path.read_bytes()).units
    assert theirs.getid() == f"u-{unit.id}"
    assert theirs.istranslated()
    assert theirs.isapproved() == (target.state is not State.TRANSLATED)


def test_xliff_that_another_program_has_worked_on_is_read(tmp_path: Path) -> None:
    """Read, translated, and written by translate-toolkit: ids, states, notes and original data survive."""
    empty = [
        Unit(Of.TEXT, "zh", source, (Target("en", "", State.INITIAL),), uuid4(), "title")
        for source in ("第一章", "您好，{name}", "第三章")
    ]
    path = written(tmp_path / "a.xlf", lambda file: xliff.write(file, empty, "zh", "en", Of.TEXT))
    store = xliff2.Xliff2File.parsestring(path.read_bytes())
    store.units[0].target = "Chapter One"
    store.units[0].marktranslated()
    store.units[1].target = "Hello, {name}"
    store.units[1].markapproved()
    path.write_bytes(bytes(store))
    found = list(xliff.read(path))
    assert [(one.id, one.source, one.targets[0].words, one.targets[0].state) for one in found] == [
        (empty[0].id, "第一章", "Chapter One", State.TRANSLATED),
        (empty[1].id, "您好，{name}", "Hello, {name}", State.REVIEWED),
        (empty[2].id, "第三章", "", State.INITIAL),
    ]


def test_xliff_of_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "theirs.xlf"
    path.write_text(
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en-GB" trgLang="vi"><file id="f">'
        '<group id="g"><unit id="7"><notes><note>Look</note></notes><originalData><data id="d1">&lt;i&gt;</data>'
        '<data id="d2">&lt;/i&gt;</data></originalData><segment state="final"><source>One <pc id="1" dataRefStart="d1"'
        ' dataRefEnd="d2">two</pc>.</source><target>Một <pc id="1" dataRefStart="d1" dataRefEnd="d2">hai</pc>.</target></segment>'
        "<ignorable><source> </source></ignorable><segment><source>Three<mrk id='m' translate='no'>!</mrk><cp hex='0007'/>"
        "</source><target>Ba!</target></segment></unit></group>"
        '<unit id="8" translate="no"><segment><source>x</source><target>y</target></segment></unit>'
        '<unit id="9"><segment state="translated"><source>a</source><target>b</target></segment><segment><source>c</source>'
        "</segment></unit></file></xliff>",
        encoding="utf-8",
    )
    whole, part = xliff.read(path)
    assert (whole.source_language, whole.source) == ("en", "One <i>two</i>. Three!\ufffd")
    assert whole.targets == (Target("vi", "Một <i>hai</i>. Ba!", State.TRANSLATED),)
    assert whole.notes == ("Look",)
    assert part.targets[0].words == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.tmx", "not xml"),
        ("a.tmx", "<tmx version='1.4'><body><tu>"),
        ("a.tmx", "<html/>"),
        ("a.tmx", "<!DOCTYPE tmx [<!ENTITY a 'b'>]><tmx version='1.4'><body><tu>&a;</tu></body></tmx>"),
        ("a.xlf", "<xliff version='1.2'/>"),
        ("a.xlf", "<xliff version='2.0' srcLang='en' trgLang='fr'/>"),
        ("a.xlf", "<xliff version='2.0' srcLang='en' trgLang='en-GB'/>"),
        (
            "a.xlf",
            "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><xliff version='2.0' srcLang='en' trgLang='th'>&a;</xliff>",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        list((tmx if name.endswith("tmx") else xliff).read(path))
    assert refused.value.message.render("th")

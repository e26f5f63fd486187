"""Each check refuses what it is for, and lets good drafts pass."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hub.i18n import LANGUAGES
from translation.checks import CHECKS, Drafted, Severity, failed, findings, reason
from translation.checks.numbers import spelled, written

GOOD = [
    ("zh", "我们可以预付3,000美元。", "en", "We offer an advance of USD 3,000."),
    ("en", "We offer an advance of USD 3,000.", "vi", "Chúng tôi đề nghị tạm ứng 3.000 đô la Mỹ."),
    ("en", "A royalty of 7.5%", "id", "Royalti 7,5%"),
    ("zh", "首印3万册，为期五年。", "en", "The first printing is 30,000 copies, for 5 years."),
    ("en", "12 chapters", "th", "๑๒ บท"),
    ("en", "12 chapters", "my", "အခန်း ၁၂ ခန်း"),
    ("th", "สวัสดี", "zh", "你好。"),
    ("en", "OK", "th", "ตกลง"),
    ("en", "ISBN 978-7-02-000220-7", "km", "ISBN 978-7-02-000220-7"),
    ("en", "See https://example.org/a?b=1, please.", "lo", "ກະລຸນາເບິ່ງ https://example.org/a?b=1"),
    ("en", "Hello {name}, %(count)s titles", "fil", "Kumusta {name}, %(count)s na pamagat"),
    ("zh", "哈哈哈哈哈哈哈哈哈哈", "th", "ฮ่าๆๆๆๆๆๆๆๆๆๆ"),
    ("en", "The Ballad of Mulan", "km", "ចម្រៀងនៃ Mulan"),
]


@pytest.mark.parametrize(("source_language", "source", "target_language", "target"), GOOD)
def test_a_good_draft_passes_all(source_language: str, source: str, target_language: str, target: str) -> None:
    assert failed(Drafted(source, target, source_language, target_language)) == []


@pytest.mark.parametrize(
    ("check", "source", "target", "source_language", "target_language"),
    [
        ("empty", "我们接受。", "", "zh", "en"),
        ("empty", "我们接受。", " … ", "zh", "en"),
        ("numbers", "We can only give 5 years.", "เราให้สิทธิ์ได้เพียง 7 ปี", "en", "th"),
        ("numbers", "We can only give 5 years.", "เราให้สิทธิ์ได้", "en", "th"),
        ("numbers", "我们接受。", "We accept 5 years.", "zh", "en"),
        ("numbers", "预付2,000,000林吉特。", "We offer MYR 2,000,00.", "zh", "en"),
        ("numbers", "首印3万册。", "3 copies first.", "zh", "en"),
        ("numbers", "5 and 5 years", "5 ปี", "en", "th"),
        ("placeholders", "Hello {name}", "Kumusta", "en", "fil"),
        ("tags", "<b>Hello</b>", "<b>Kumusta", "en", "fil"),
        ("placeholders", "Hello {{name}} and ${count}", "Kumusta {{pangalan}} at ${count}", "en", "fil"),
        ("tags", "**New**: <i>Mulan</i>", "<i>Mulan</i>: **bago**", "en", "fil"),
        ("tags", "See [the list](https://a.example/b).", "Tingnan ang listahan (https://a.example/b).", "en", "fil"),
        ("codes", "ISBN 978-7-02-000220-7", "ISBN 978-7-02-000220-1", "en", "fil"),
        ("codes", "ISRC CN-A01-20-00047", "รหัส CN-A01-20-0047", "en", "th"),
        ("codes", "EIDR 10.5240/7791-8534-2C23-9030-8610-5", "EIDR", "en", "th"),
        ("untranslated", "We accept the offer.", "We accept the offer.", "en", "fil"),
        ("untranslated", "我们接受这个报价。", "我们接受这个报价。", "zh", "th"),
        ("addresses", "Write to li@example.cn.", "Sumulat kay li@example.com.", "en", "fil"),
        ("script", "We accept the offer.", "We accept the offer", "en", "th"),
        ("script", "We accept the offer.", "我们接受这个报价", "en", "th"),
        ("script", "我们接受这个报价。", "เรายอมรับข้อเสนอ", "zh", "vi"),
        ("repetition", "Thank you.", "ขอบคุณขอบคุณขอบคุณขอบคุณขอบคุณ", "en", "th"),
        ("repetition", "38 pages", "38 pages 000000000000", "en", "en"),
        ("length", "We accept.", "We of Man " + "and of all the islands between here and there " * 3, "en", "en"),
        (
            "length",
            "A long blurb that says a great deal about a novel and its author, and its readers.",
            "书",
            "en",
            "zh",
        ),
    ],
)
def test_a_bad_draft_fails_the_check_that_is_for_it(
    check: str, source: str, target: str, source_language: str, target_language: str
) -> None:
    assert check in failed(Drafted(source, target, source_language, target_language))


@pytest.mark.parametrize(
    ("check", "source", "target", "source_language", "target_language"),
    [
        ("brackets", "A novel (in two parts).", "นวนิยาย (สองภาค", "en", "th"),
        ("brackets", "《西游记》", "“Journey to the West", "zh", "en"),
        ("lines", "One.\n\nTwo.", "Isa. Dalawa.", "en", "fil"),
        ("end", "Is it free?", "Bakante ito.", "en", "fil"),
        ("end", "We accept.", "Tinatanggap namin", "en", "fil"),
        ("spaces", "A novel.", "Isang  nobela.", "en", "fil"),
        ("spaces", "A novel, new.", "Isang nobela , bago.", "en", "fil"),
        ("untranslated", "hak buku elektronik", "hak buku elektronik", "id", "ms"),
    ],
)
def test_smaller_faults_warn_and_withhold_nothing(
    check: str, source: str, target: str, source_language: str, target_language: str
) -> None:
    draft = Drafted(source, target, source_language, target_language)
    assert failed(draft) == []
    assert [(found.check, found.severity) for found in findings(draft)] == [(check, Severity.WARNS)]


def test_a_person_is_warned_and_never_stopped() -> None:
    draft = Drafted("5 years", "7 ปี", "en", "th", machine=False)
    assert failed(draft) == []
    assert [found.check for found in findings(draft)] == ["numbers"]


def test_what_is_wrong_is_named() -> None:
    [found] = findings(Drafted("Hello {name} {x}", "Kumusta {name}", "en", "fil"))
    assert (found.check, found.words) == ("placeholders", ("{x}",))
    assert found.stored == {"check": "placeholders", "words": ["{x}"]}


def test_an_engine_that_guesses_is_not_believed() -> None:
    assert failed(Drafted("我们接受。", "We accept.", "zh", "en", sure=False)) == ["confidence"]
    assert failed(Drafted("猫坐在垫子上。", "We accept this.", "zh", "en", unknown=0.4)) == ["vocabulary"]


def test_numbers_are_read_in_every_writing() -> None:
    assert written("๓,๐๐๐ 3.000 3,000") == {Decimal(3000): 3}
    assert written("1.5亿 0.75 7,25") == {Decimal(150_000_000): 1, Decimal("0.75"): 1, Decimal("7.25"): 1}
    assert spelled("四百二十 二十 三千万 两") == {
        Decimal(420): 1,
        Decimal(20): 1,
        Decimal(30_000_000): 1,
        Decimal(2): 1,
    }


def test_every_check_has_an_id_of_its_own_and_a_reason() -> None:
    ids = [check.id for check in CHECKS]
    assert len(set(ids)) == len(ids)
    for check in CHECKS:
        assert reason(check.id) == check.reason
        assert all(check.reason.render(language) for language in LANGUAGES)
    assert reason("a check of a later release").render("en")

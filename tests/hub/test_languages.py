"""Whose language it is, and facts said in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hub import formats
from hub.i18n import LANGUAGES, _, negotiate, pgettext


@pytest.mark.parametrize(
    ("accepted", "chosen", "language"),
    [
        ("th-TH,th;q=0.9,en;q=0.8", None, "th"),
        ("de-DE, tl;q=0.4, km;q=0.7", None, "km"),
        ("zh-Hant-TW", None, "zh"),
        ("de, fr;q=0.5", None, "en"),
        ("th", "lo", "lo"),
        ("th", "xx", "th"),
        ("id;q=nonsense, vi;q=0.1", None, "vi"),
        (None, None, "en"),
        ("," * 5000, None, "en"),
    ],
)
def test_the_persons_choice_then_what_the_browser_asks_for(
    accepted: str | None, chosen: str | None, language: str
) -> None:
    assert negotiate(accepted, chosen) == language


def test_thai_pages_use_the_buddhist_era() -> None:
    assert formats.day(date(2026, 11, 23), "th") == "23 พฤศจิกายน พ.ศ. 2569"
    assert formats.year(1820, "th") == "ค.ศ. 1820"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Nguyễn Du 阮攸, Tun Sri Lanang and Guo Pu"),
        ("th", "Nguyễn Du 阮攸, Tun Sri Lanang และ Guo Pu"),
        ("my", "Nguyễn Du 阮攸၊ Tun Sri Lanang နှင့် Guo Pu"),
        ("km", "Nguyễn Du 阮攸, Tun Sri Lanang និង Guo Pu"),
    ],
)
def test_names_of_another_script_stand_apart_from_the_words_of_a_list(language: str, written: str) -> None:
    assert formats.conjunction(["Nguyễn Du 阮攸", "Tun Sri Lanang", "Guo Pu"], language) == written


def test_years_before_the_common_era_carry_their_mark() -> None:
    assert formats.year(-300, "en") == "301 BC"
    assert formats.year(-300, "zh") == "公元前301年"


def test_every_language_names_the_territories_of_the_trade() -> None:
    for language in LANGUAGES:
        names = {
            formats.territory(code, language)
            for code in ["CN", "MM", "LA", "VN", "TH", "KH", "MY", "SG", "BN", "ID", "PH", "TL", "HK", "MO", "TW"]
        }
        assert len(names) == 15
        assert language in ("en", "ms", "id", "fil", "vi") or not any(name.isascii() for name in names), (
            language,
            names,
        )


def test_parameters_are_said_in_the_readers_language() -> None:
    sentence = _("%(where)s until %(day)s", where=formats.Territory("KH"), day=formats.Day(date(2026, 12, 15)))
    assert sentence.render("en") == "Cambodia until 15 December 2026"


def test_languages_without_a_locale_of_their_own_have_names() -> None:
    assert formats.language_name("tet", "en") == "Tetum"
    assert formats.language_name("zh-Hant", "vi") == "Tiếng Trung (Phồn thể)"
    assert formats.language_name("qqq", "en") == "qqq"


def test_no_language_is_said_in_the_names_of_another() -> None:
    """Babel keeps what it resolved for one locale in data that locales share, for some names that stand alone."""
    october = date(2026, 10, 1)

    def said(tag: str) -> tuple[str, ...]:
        return (
            formats.month(october, tag),
            formats.quarter(october, tag),
            formats.short_month(october, tag),
            formats.short_quarter(october, tag),
            formats.day(october, tag, "full"),
        )

    there, back = [said(tag) for tag in LANGUAGES], [said(tag) for tag in reversed(LANGUAGES)]
    assert there == back[::-1]
    latin = {"en", "vi", "ms", "id", "fil"}
    for tag, words in zip(LANGUAGES, there, strict=True):
        han = [word for word in words if any("\u4e00" <= char <= "\u9fff" for char in word)]
        assert bool(han) == (tag == "zh"), (tag, han)
        assert tag not in latin or all(ord(char) < 0x1F00 for word in words for char in word), (tag, words)


@pytest.mark.parametrize(
    ("language", "typed", "amount"),
    [
        ("id", "5.500,50", "5500.50"),
        ("id", "5500,50", "5500.50"),
        ("id", "5.500", "5500"),
        ("vi", "5.500", "5500"),
        ("id", "5500.50", "5500.50"),
        ("en", "5,500.50", "5500.50"),
        ("th", "5,500", "5500"),
        ("en", "5.500", "5.500"),
    ],
)
def test_an_amount_is_what_its_typist_means(language: str, typed: str, amount: str) -> None:
    assert str(formats.typed_amount(typed, language)) == amount


@pytest.mark.parametrize(("language", "typed"), [("en", "abc"), ("en", "5,50"), ("id", "5,500.50"), ("en", "")])
def test_what_is_no_amount_is_refused(language: str, typed: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        formats.typed_amount(typed, language)


def test_english_words_that_mean_two_things_have_a_translation_for_each() -> None:
    assert pgettext("action", "Open").render("zh") == "打开"
    assert _("Open").render("zh") == "进行中"
    assert pgettext("action", "Open").render("en") == "Open"
    assert pgettext("action", "Open") != _("Open")


def test_a_sentence_about_something_else_keeps_its_words_and_its_sense() -> None:
    assert pgettext("action", "Open").filled(name="x").render("zh") == "打开"
    assert _("At least 12 characters.").filled() == _("At least 12 characters.")


def test_lists_are_written_as_each_language_writes_them() -> None:
    assert formats.conjunction(["ထိုင်း", "လာအို", "ခမာ"], "my") == "ထိုင်း၊ လာအို နှင့် ခမာ"
    assert formats.conjunction(["ໄທ", "ຂະເໝນ", "ມອນ"], "lo") == "ໄທ, ຂະເໝນ ແລະ ມອນ"
    assert formats.conjunction(["ไทย"], "my") == "ไทย"


def test_vietnamese_names_languages_small_within_a_sentence() -> None:
    assert formats.language_name("th", "vi") == "Tiếng Thái"
    assert formats.language_name("th", "vi", within=True) == "tiếng Thái"
    assert formats.language_name("lzh", "vi", within=True) == "Hán văn cổ"


def test_dates_and_times_are_written_as_contracts_write_them() -> None:
    assert formats.day(date(2026, 10, 5), "vi") == "5 tháng 10 năm 2026"
    assert formats.day(date(2026, 10, 5), "vi", "full") == "Thứ Hai, ngày 5 tháng 10 năm 2026"
    assert formats.moment(datetime(2026, 10, 5, 14, 30, tzinfo=UTC), "km") == "5 តុលា 2026 14:30"

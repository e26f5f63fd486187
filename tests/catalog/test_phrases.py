from datetime import date

import pytest

from catalog import phrases
from catalog.languages import RIGHTS_LANGUAGES
from catalog.rights import RightType, Scope
from catalog.subjects import broader, is_subject, label
from catalog.territories import GROUPS, WORLD
from hub import vocabulary
from hub.i18n import LANGUAGES, render

BOTH = frozenset({RightType.EBOOK, RightType.PRINT})


def english(territories: frozenset[str], languages: frozenset[str] | None, end: date | None) -> str:
    return phrases.scope(Scope(BOTH, territories, languages, date(2026, 1, 1), end, exclusive=True)).render("en")


def test_a_scope_is_one_sentence_that_shows_the_last_day() -> None:
    assert english(GROUPS["ASEAN"] - {"TH"}, frozenset({"zh-Hans", "zh-Hant", "vi"}), date(2031, 1, 1)) == (
        "Exclusive: Print and E-book in Vietnamese and Chinese, ASEAN except Thailand, "
        "from 1 January 2026 to 31 December 2030."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_holdback_is_neither_exclusive_nor_not(language: str) -> None:
    scope = Scope(BOTH, GROUPS["ASEAN"], frozenset({"vi"}), date(2026, 1, 1), date(2031, 1, 1), exclusive=True)
    said, exclusive = phrases.held_back(scope).render(language), phrases.scope(scope).render(language)
    assert said != exclusive
    assert exclusive.endswith(said)


def test_the_world_every_language_and_no_end() -> None:
    assert english(WORLD - {"JP"}, None, None) == (
        "Exclusive: Print and E-book in every language, the whole world except Japan, from 1 January 2026 without end."
    )
    assert "every language except Thai," in english(WORLD, RIGHTS_LANGUAGES - {"th"}, None)


def test_an_exception_among_others_cannot_be_misread() -> None:
    assert "ASEAN (except Thailand) and Japan" in english(GROUPS["ASEAN"] - {"TH"} | {"JP"}, None, None)


def test_a_long_list_is_counted() -> None:
    some = frozenset(sorted(WORLD)[::9])
    assert f"and {len(some) - 11} more" in english(some, None, None)


def test_thai_pages_use_the_buddhist_era() -> None:
    said = phrases.period(date(2026, 1, 1), date(2027, 1, 1)).render("th")
    assert "2569" in said
    assert "2026" not in said
    assert "ค.ศ." not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_a_name_in_each_language(language: str) -> None:
    for table in (vocabulary.RIGHTS, vocabulary.KINDS, vocabulary.ROLES, phrases.GROUPS):
        assert all(str(render(name, language)).strip() for name in table.values())
    assert list(vocabulary.RIGHTS) == list(RightType)
    assert set(vocabulary.ROLES) <= phrases.MARC_RELATORS
    assert set(phrases.GROUPS) == set(GROUPS)
    assert phrases.Language("zh-Hant").render(language) != phrases.Language("zh").render(language)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("FBC", "Classic fiction"),
        ("FXF", "Fiction about life and society"),
        ("FIC022000", "Fiction"),
        ("1FMT", "Thailand"),
        ("1FM", "South-East Asia"),
        ("ZZZ", "ZZZ"),
    ],
)
def test_a_subject_takes_the_nearest_broader_name(code: str, name: str) -> None:
    assert label(code).render("en") == name
    assert is_subject(code)


def test_broader_subjects() -> None:
    assert broader("FBC") == ["FBC", "FB", "F"]
    assert broader("FIC022000") == ["FIC022000", "F"]
    assert broader("1FPC-CN-KB") == ["1FPC-CN-KB", "1FPC", "1FP", "1F", "1"]
    assert not is_subject("fiction & more")

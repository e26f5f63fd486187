import pytest

from catalog.languages import (
    EVERY,
    RIGHTS_LANGUAGES,
    UnknownLanguage,
    from_iso639_2b,
    from_numbers,
    normalise,
    numbers,
    rights_language,
    rights_languages,
    shown,
    to_iso639_2b,
)

HUB = {
    "zh": "chi", "en": "eng", "vi": "vie", "th": "tha", "ms": "may",
    "id": "ind", "my": "bur", "lo": "lao", "fil": "fil", "km": "khm",
}  # fmt: skip


@pytest.mark.parametrize(("tag", "code"), HUB.items())
def test_the_ten_languages_at_the_onix_border(tag: str, code: str) -> None:
    assert to_iso639_2b(tag) == code
    assert from_iso639_2b(code) == tag


def test_terminology_codes_and_tagalog_are_read() -> None:
    assert [from_iso639_2b(code) for code in ("zho", "msa", "mya", "tgl")] == ["zh", "ms", "my", "fil"]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("ZH_hans", "zh-Hans"),
        ("tl", "fil"),
        ("en-gb", "en-GB"),
        (" vi ", "vi"),
        ("zxx", "zxx"),
        ("zh-hant-hk", "zh-Hant-HK"),
    ],
)
def test_tags_are_brought_to_canonical_form(written: str, canonical: str) -> None:
    assert normalise(written) == canonical


@pytest.mark.parametrize("tag", ["", "x", "chinese", "qqx", "th-Qqqq", "en-", "zh Hans", "<b>"])
def test_what_is_no_language_is_refused(tag: str) -> None:
    with pytest.raises(UnknownLanguage):
        normalise(tag)


def test_chinese_is_sold_by_script() -> None:
    assert rights_language("zh") == {"zh-Hans", "zh-Hant"}
    assert rights_language("zh-TW") == {"zh-Hant"}
    assert rights_language("zh-Hans-HK") == {"zh-Hans"}
    assert shown(frozenset({"zh-Hans", "zh-Hant", "th"})) == ["th", "zh"]


@pytest.mark.parametrize("tag", ["en-GB", "pt-BR", "zxx", "zh-DE", "th-Latn", "akk"])
def test_rights_are_not_granted_in_part_of_a_language(tag: str) -> None:
    with pytest.raises(UnknownLanguage):
        rights_language(tag)


def test_every_language_overlaps_any_language() -> None:
    assert set(HUB) - {"zh"} <= RIGHTS_LANGUAGES
    assert all(set(numbers(frozenset({tag}))) & set(numbers(None)) for tag in RIGHTS_LANGUAGES)
    assert from_numbers(EVERY) is None
    assert rights_languages(RIGHTS_LANGUAGES) is None
    assert rights_languages(None) is None


def test_integers_are_unique_and_never_change() -> None:
    assert len(EVERY) == len(RIGHTS_LANGUAGES)
    assert numbers(frozenset({"zh-Hans", "zh-Hant", "th", "fil"})) == [14396, 52104, 68385, 68386]
    assert from_numbers([52104]) == {"th"}

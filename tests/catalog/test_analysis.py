import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.analysis import LONGEST_TOKEN, Word, asked, common_form, cut, folded, grams, plain, words
from catalog.search.sounds import key, sounds


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("th", "พระอภัยมณีเป็นวรรณคดี", ["พระ", "อภัย", "มณี", "เป็น", "วรรณคดี"]),
        ("lo", "ສັງສິນໄຊ ເປັນວັນນະຄະດີ", ["ສັງ", "ສິນ", "ໄຊ", "ເປັນ", "ວັນນະຄະດີ"]),
        ("km", "ទុំទាវ ជារឿងស្នេហា", ["ទុំ", "ទាវ", "ជា", "រឿង", "ស្នេហា"]),
        ("my", "မြန်မာစာပေ", ["မြန်မာ", "စာပေ"]),
        ("vi", "Truyện Kiều", ["truyện", "kiều"]),
        ("en", "Don't panic, e-mail", ["don't", "panic", "e", "mail"]),
        ("zh", "短篇小说集", ["短篇小说", "集"]),
    ],
)
def test_words_are_cut_by_the_rules_of_their_script(language: str, text: str, expected: list[str]) -> None:
    found = [word.text for word in words(text)]
    assert found == [token for token in expected if len(token) > 1 or not "\u4e00" <= token <= "\u9fff"]


def test_vietnamese_is_indexed_with_and_without_marks() -> None:
    assert cut("Đoạn trường").tokens == ["đoạn", "doan", "trường", "truong"]
    assert cut("Đoạn trường").sequence == ["doan", "truong"]
    assert folded("ที่") == "ที่", "marks of other scripts are letters"


def test_chinese_is_level_in_both_scripts_with_pairs_beside_words() -> None:
    assert plain("聊齋誌異") == plain("聊斋志异")
    assert {"聊斋志异", "聊斋", "斋志", "志异"} <= set(cut("聊齋誌異").tokens)
    assert cut("聊齋誌異").sequence == ["聊斋", "斋志", "志异"]
    assert "异" in cut("聊斋志异", title=True).tokens
    assert "异" not in cut("聊斋志异").tokens


def test_lone_han_characters_stand_together_or_not_at_all() -> None:
    assert words("徐霞客游记")[0] == Word("徐霞客", ("徐霞", "霞客"))
    assert [word.text for word in words("红")] == ["红"]
    assert [word.text for word in words("杭·杜亚传")] == ["杜亚传"], "a sign parts what stands alone"


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ('"three kingdoms" war', [("three", "kingdom")]),
        ("“Đoạn trường”", [("doan", "truong")]),
        ("《红楼 梦》「西游记」", [("红楼", "楼梦"), ("西游", "游记")]),
        ('"unfinished', []),
        ('""', []),
    ],
)
def test_words_in_quotation_marks_stand_side_by_side(text: str, phrases: list[tuple[str, ...]]) -> None:
    assert [sequence for sequence, _marked in asked(text).phrases] == phrases


def test_marks_that_are_typed_in_a_phrase_are_kept() -> None:
    assert asked('"Đoạn trường"').phrases[0][1] == ("đoạn", "trường")
    assert asked('"doan truong"').phrases[0][1] == ()


@pytest.mark.parametrize(("text", "form"), [("kings", "king"), ("stories", "story"), ("truss", "truss"), ("is", "is")])
def test_english_plurals_have_the_form_of_their_singular(text: str, form: str) -> None:
    assert common_form(text) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sunthorn", "soontorn"),
        ("cao", "tsao"),
        ("aphai", "apai"),
        ("xieng", "sieng"),
        ("teav", "tiev"),
        ("toer", "tur"),
    ],
)
def test_romanizations_of_one_name_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_chinese_is_heard_in_pinyin_and_as_vietnamese_reads_it() -> None:
    assert {"caoxueqin", "cao", "xueqin", "cxq", "tuyet", "can"} <= sounds(cut("曹雪芹"))
    assert {"hangtuah", "~anktua"} & sounds(cut("Hang Tuah")) == {"hangtuah"}


def test_one_wrong_letter_leaves_most_pairs_of_letters() -> None:
    right, wrong = set(grams(plain("พระอภัยมณี"))), set(grams(plain("พระอภัยมนี")))
    assert len(right & wrong) >= 0.6 * len(wrong)
    assert grams(plain("Truyện")) == []


@pytest.mark.parametrize(("one", "other"), [("ຊຽງຫມ້ຽງ", "ຊຽງໝ້ຽງ"), ("ຫນັງສື", "ໜັງສື"), ("ស្ដេច", "ស្តេច")])
def test_two_spellings_of_the_same_letters_are_level(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_width_digits_and_invisible_characters_are_level() -> None:
    assert plain("ＡＢＣ　１２３") == "abc 123"
    assert plain("พ.ศ. ๒๕๖๙") == "พ.ศ. 2569"
    assert plain("ភាសា\u200bខ្មែរ") == "ភាសាខ្មែរ"
    assert plain("ทํา") == "ทำ"
    assert [word.text for word in words("ปี1511ฝูง")] == ["ปี", "1511", "ฝูง"]


@given(st.text(max_size=200))
def test_whatever_is_indexed_fits_the_index(text: str) -> None:
    found = cut(text, title=True)
    for token in (*found.tokens, *found.sequence, *sounds(found)):
        assert token
        assert len(token) <= 5 * LONGEST_TOKEN
        assert not any(char.isspace() for char in token)
    assert all(word.text for word in asked(text).words)

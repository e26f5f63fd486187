import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.analysis import LONGEST_TOKEN, Word, folded, plain, tokens, words
from hub.i18n import LANGUAGES


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
def test_words_are_cut_by_the_rules_of_their_language(language: str, text: str, expected: list[str]) -> None:
    found = [word.text for word in words(text, language)]
    assert found == [token for token in expected if len(token) > 1 or not "\u4e00" <= token <= "\u9fff"]


def test_vietnamese_is_indexed_with_and_without_marks() -> None:
    assert tokens("Đoạn trường", "vi") == ["đoạn", "doan", "trường", "truong"]
    assert folded("ที่") == "ที่", "marks of other scripts are letters"


def test_chinese_is_level_in_both_scripts_with_pairs_beside_words() -> None:
    assert plain("聊齋誌異") == plain("聊斋志异")
    assert {"聊斋志异", "聊斋", "斋志", "志异"} <= set(tokens("聊齋誌異", "zh"))
    assert "异" in tokens("聊斋志异", "zh", title=True)
    assert "异" not in tokens("聊斋志异", "zh")


def test_lone_han_characters_stand_together_or_not_at_all() -> None:
    assert words("徐霞客游记", "zh")[0] == Word("徐霞客", ("徐霞", "霞客"))
    assert [word.text for word in words("红", "zh")] == ["红"]
    assert [word.text for word in words("杭·杜亚传", "zh")] == ["杜亚传"], "a sign parts what stands alone"


def test_width_digits_and_invisible_characters_are_level() -> None:
    assert plain("ＡＢＣ　１２３") == "abc 123"
    assert plain("พ.ศ. ๒๕๖๙") == "พ.ศ. 2569"
    assert plain("ភាសា\u200bខ្មែរ") == "ភាសាខ្មែរ"
    assert plain("ทํา") == "ทำ"
    assert [word.text for word in words("ปี1511ฝูง", "th")] == ["ปี", "1511", "ฝูง"]


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_whatever_is_indexed_fits_the_index(text: str, language: str) -> None:
    for token in tokens(text, language, title=True):
        assert token
        assert len(token) <= 2 * LONGEST_TOKEN
        assert not any(char.isspace() for char in token)
    assert all(word.text for word in words(text, language))

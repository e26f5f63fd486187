"""Where sentences end, in ten languages, and how they are put together again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.i18n import LANGUAGES
from translation.segments import LONGEST, split


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        ("zh", "你好。我们接受您的报价！“好。”谢谢", ["你好。", "我们接受您的报价！", "“好。”", "谢谢"]),
        ("en", "Dr. Smith wrote it. See p. 5.", ["Dr. Smith wrote it.", "See p. 5."]),
        ("vi", "Tác giả là TS. Lê Văn An. Xin cảm ơn.", ["Tác giả là TS. Lê Văn An.", "Xin cảm ơn."]),
        ("th", "สนใจไหม? ขอบคุณ", ["สนใจไหม?", "ขอบคุณ"]),
        ("km", "ខ្ញុំយល់ព្រម។ អរគុណ។", ["ខ្ញុំយល់ព្រម។", "អរគុណ។"]),
        ("my", "မင်္ဂလာပါ။ကျေးဇူးပါ။", ["မင်္ဂလာပါ။", "ကျေးဇူးပါ။"]),
        ("id", "Harga Rp 3.500.000. Setuju?", ["Harga Rp 3.500.000.", "Setuju?"]),
        ("en", "", []),
        ("en", " \n ", []),
    ],
)
def test_sentences(language: str, text: str, sentences: list[str]) -> None:
    assert list(split(text, language).sentences) == sentences


def test_line_breaks_stay_and_spaces_follow_the_language() -> None:
    chinese = split("你好。谢谢。\n\n再见。", "zh")
    assert chinese.joined(["Hello.", "Thanks.", "Bye."], "en") == "Hello. Thanks.\n\nBye."
    english = split("Hello.  Thanks.\n\nBye.", "en")
    assert english.joined(["你好。", "谢谢。", "再见。"], "zh") == "你好。谢谢。\n\n再见。"


def test_an_abbreviation_does_not_swallow_a_line() -> None:
    assert split("Written by Dr.\nSmith", "en").sentences == ("Written by Dr.", "Smith")


def test_a_sentence_too_long_for_an_engine_is_cut_at_a_pause() -> None:
    clauses = "เรื่องราวของเจ้าชายกับนางเงือก " * 40
    pieces = split(clauses, "th").sentences
    assert len(pieces) > 1
    assert all(len(piece) <= LONGEST and piece.endswith("นางเงือก") for piece in pieces)


def test_sentences_do_not_fit_other_places() -> None:
    with pytest.raises(ValueError, match="1 sentences for 2 places"):
        split("One. Two.", "en").joined(["Uno."], "en")


@given(text=st.text(max_size=1500), language=st.sampled_from(LANGUAGES))
def test_every_character_is_in_a_sentence_or_a_gap(text: str, language: str) -> None:
    cut = split(text, language)
    assert len(cut.gaps) == len(cut.sentences) + 1
    woven = cut.gaps[0] + "".join(sentence + gap for sentence, gap in zip(cut.sentences, cut.gaps[1:], strict=True))
    assert woven == text
    assert all(sentence and sentence == sentence.strip() for sentence in cut.sentences)
    assert not any(gap.strip() for gap in cut.gaps)

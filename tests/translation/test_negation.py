"""A denial that an engine loses or adds is noticed, in ten languages; good translations are left alone."""

from __future__ import annotations

import pytest

from hub.i18n import LANGUAGES
from tests.translation.catalogues import pairs
from translation.checks import Drafted, failed
from translation.checks.negation import SURE, denies, may_deny

DENIED = {
    "zh": "我们不接受您的报价。",
    "en": "We do not accept your offer.",
    "vi": "Chúng tôi không chấp nhận đề nghị của bạn.",
    "th": "เราไม่รับข้อเสนอของคุณ",
    "ms": "Kami tidak menerima tawaran anda.",
    "id": "Kami tidak menerima penawaran Anda.",
    "my": "သင့်ကမ်းလှမ်းချက်ကို ကျွန်ုပ်တို့ လက်မခံပါ။",
    "lo": "ພວກເຮົາບໍ່ຮັບຂໍ້ສະເໜີຂອງທ່ານ",
    "fil": "Hindi namin tinatanggap ang iyong alok.",
    "km": "យើងមិនទទួលយកសំណើរបស់អ្នកទេ។",
}
SAID = {
    "zh": "我们接受您的报价。",
    "en": "We accept your offer.",
    "vi": "Chúng tôi chấp nhận đề nghị của bạn.",
    "th": "เรารับข้อเสนอของคุณ",
    "ms": "Kami menerima tawaran anda.",
    "id": "Kami menerima penawaran Anda.",
    "my": "သင့်ကမ်းလှမ်းချက်ကို ကျွန်ုပ်တို့ လက်ခံပါသည်။",
    "lo": "ພວກເຮົາຮັບຂໍ້ສະເໜີຂອງທ່ານ",
    "fil": "Tinatanggap namin ang iyong alok.",
    "km": "យើងទទួលយកសំណើរបស់អ្នក។",
}
LOOKS_LIKE = [
    ("zh", "不仅好看，而且不断再版。"),
    ("zh", "作品未来可期，版税不少于8%。"),
    ("en", "It is not only a novel but a song, and sells no. 1."),
    ("vi", "Không gian huyền ảo, không chỉ dành cho trẻ em."),
    ("vi", "Quyền còn trống không?"),
    ("th", "สิทธิ์ยังว่างอยู่หรือไม่"),
    ("th", "ไม่ว่าเด็กหรือผู้ใหญ่"),
    ("ms", "Bukan sahaja novel."),
    ("my", "စာအုပ် သို့မဟုတ် တေးသံ"),
    ("lo", "ສິດຍັງຫວ່າງຢູ່ຫຼືບໍ່"),
    ("fil", "Hindi lamang nobela."),
    ("km", "មិនត្រឹមតែប្រលោមលោក"),
]


@pytest.mark.parametrize("source", LANGUAGES)
def test_a_denial_lost_or_added_is_noticed_in_every_pair(source: str) -> None:
    for target in LANGUAGES:
        if target == source:
            continue
        assert "negation" in failed(Drafted(DENIED[source], SAID[target], source, target)), target
        assert "negation" in failed(Drafted(SAID[source], DENIED[target], source, target)), target
        assert "negation" not in failed(Drafted(DENIED[source], DENIED[target], source, target)), target
        assert "negation" not in failed(Drafted(SAID[source], SAID[target], source, target)), target


@pytest.mark.parametrize(("language", "words"), LOOKS_LIKE)
def test_what_only_looks_like_a_denial_is_none(language: str, words: str) -> None:
    assert not denies(words, language)


def test_a_language_that_is_not_known_is_not_judged() -> None:
    assert set(SURE) == set(LANGUAGES)
    assert failed(Drafted("We do not accept.", "Nous acceptons.", "en", "fr")) == []


def test_good_translations_are_left_alone() -> None:
    seen, wrong = 0, []
    for source, words, target, rendered in pairs():
        seen += 1
        if denies(words, source) and not may_deny(rendered, target):
            wrong.append((source, target, words, rendered))
    assert seen > 50_000
    assert len(wrong) < seen * 0.005, wrong[:20]

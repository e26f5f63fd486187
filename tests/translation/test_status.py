"""A draft that sells what its source keeps, or the other way round, is noticed in ten languages."""

from __future__ import annotations

from itertools import permutations

import pytest

from hub.i18n import LANGUAGES
from tests.translation.catalogues import messages
from translation.checks import Drafted, failed
from translation.checks.status import WORDS, Status, agree, statuses

SAID: dict[Status, dict[str, str]] = {
    Status.SOLD: {
        "zh": "泰国的电子书版权已经售出。",
        "en": "The e-book rights in Thailand are sold.",
        "vi": "Quyền sách điện tử tại Thái Lan đã bán rồi.",
        "th": "สิทธิ์อีบุ๊กในไทยขายไปแล้ว",
        "ms": "Hak e-buku di Thailand telah dijual.",
        "id": "Hak buku elektronik di Thailand sudah terjual.",
        "my": "ထိုင်းနိုင်ငံအတွက် အီးဘွတ်ခ်မူပိုင်ခွင့် ရောင်းပြီးပါပြီ။",
        "lo": "ສິດອີບຸກໃນໄທຂາຍແລ້ວ",
        "fil": "Naibenta na ang karapatan sa e-book sa Thailand.",
        "km": "សិទ្ធិសៀវភៅអេឡិចត្រូនិកនៅថៃបានលក់ហើយ។",
    },
    Status.NOT_SOLD: {
        "zh": "泰国的电子书版权尚未售出。",
        "en": "The e-book rights in Thailand are not sold.",
        "vi": "Quyền sách điện tử tại Thái Lan chưa bán.",
        "th": "สิทธิ์อีบุ๊กในไทยยังไม่ได้ขาย",
        "ms": "Hak e-buku di Thailand belum dijual.",
        "id": "Hak buku elektronik di Thailand belum terjual.",
        "my": "ထိုင်းနိုင်ငံအတွက် အီးဘွတ်ခ်မူပိုင်ခွင့် မရောင်းရသေးပါ။",
        "lo": "ສິດອີບຸກໃນໄທຍັງບໍ່ໄດ້ຂາຍ",
        "fil": "Hindi pa naibebenta ang karapatan sa e-book sa Thailand.",
        "km": "សិទ្ធិសៀវភៅអេឡិចត្រូនិកនៅថៃមិនទាន់បានលក់។",
    },
    Status.FREE: {
        "zh": "泰国的电子书版权还可以授权。",
        "en": "The e-book rights in Thailand are available.",
        "vi": "Quyền sách điện tử tại Thái Lan vẫn còn trống.",
        "th": "สิทธิ์อีบุ๊กในไทยยังว่างอยู่",
        "ms": "Hak e-buku di Thailand masih tersedia.",
        "id": "Hak buku elektronik di Thailand masih tersedia.",
        "my": "ထိုင်းနိုင်ငံအတွက် အီးဘွတ်ခ်မူပိုင်ခွင့် ရနိုင်သေးသည်။",
        "lo": "ສິດອີບຸກໃນໄທຍັງຫວ່າງ",
        "fil": "Bakante pa ang karapatan sa e-book sa Thailand.",
        "km": "សិទ្ធិសៀវភៅអេឡិចត្រូនិកនៅថៃនៅទំនេរ។",
    },
    Status.NOT_FREE: {
        "zh": "泰国的电子书版权不可授权。",
        "en": "The e-book rights in Thailand are no longer available.",
        "vi": "Quyền sách điện tử tại Thái Lan không còn trống.",
        "th": "สิทธิ์อีบุ๊กในไทยไม่ว่างแล้ว",
        "ms": "Hak e-buku di Thailand tidak tersedia.",
        "id": "Hak buku elektronik di Thailand tidak tersedia.",
        "my": "ထိုင်းနိုင်ငံအတွက် အီးဘွတ်ခ်မူပိုင်ခွင့် မရနိုင်တော့ပါ။",
        "lo": "ສິດອີບຸກໃນໄທບໍ່ຫວ່າງ",
        "fil": "Hindi na bakante ang karapatan sa e-book sa Thailand.",
        "km": "សិទ្ធិសៀវភៅអេឡិចត្រូនិកនៅថៃមិនទំនេរទេ។",
    },
    Status.EXCLUSIVE: {
        "zh": "我们需要独家授权。",
        "en": "We need an exclusive licence.",
        "vi": "Chúng tôi cần giấy phép độc quyền.",
        "th": "เราต้องการสิทธิ์แต่เพียงผู้เดียว",
        "ms": "Kami memerlukan lesen eksklusif.",
        "id": "Kami memerlukan lisensi eksklusif.",
        "my": "သီးသန့်လိုင်စင် လိုအပ်ပါသည်။",
        "lo": "ພວກເຮົາຕ້ອງການສິດແຕ່ຜູ້ດຽວ",
        "fil": "Kailangan namin ng lisensiyang eksklusibo.",
        "km": "យើងត្រូវការអាជ្ញាប័ណ្ណផ្ដាច់មុខ។",
    },
    Status.NOT_EXCLUSIVE: {
        "zh": "我们需要非独家授权。",
        "en": "We need a non-exclusive licence.",
        "vi": "Chúng tôi cần giấy phép không độc quyền.",
        "th": "เราต้องการสิทธิ์แบบไม่แต่เพียงผู้เดียว",
        "ms": "Kami memerlukan lesen bukan eksklusif.",
        "id": "Kami memerlukan lisensi noneksklusif.",
        "my": "သီးသန့်မဟုတ်သော လိုင်စင် လိုအပ်ပါသည်။",
        "lo": "ພວກເຮົາຕ້ອງການສິດບໍ່ແມ່ນແຕ່ຜູ້ດຽວ",
        "fil": "Kailangan namin ng lisensiyang di-eksklusibo.",
        "km": "យើងត្រូវការអាជ្ញាប័ណ្ណមិនផ្ដាច់មុខ។",
    },
}
CONTRARY = [
    (Status.SOLD, Status.FREE),
    (Status.SOLD, Status.NOT_SOLD),
    (Status.NOT_FREE, Status.FREE),
    (Status.EXCLUSIVE, Status.NOT_EXCLUSIVE),
]


@pytest.mark.parametrize("status", Status)
def test_every_status_is_read_in_every_language(status: Status) -> None:
    assert set(WORDS) == set(LANGUAGES)
    for language in LANGUAGES:
        assert statuses(SAID[status][language], language) == {status}, language


@pytest.mark.parametrize(("said", "contrary"), [*CONTRARY, *((other, one) for one, other in CONTRARY)])
def test_a_draft_that_says_the_contrary_is_withheld_in_every_pair(said: Status, contrary: Status) -> None:
    for source in LANGUAGES:
        for target in LANGUAGES:
            if source == target:
                continue
            wrong = failed(Drafted(SAID[said][source], SAID[contrary][target], source, target))
            assert "status" in wrong, (source, target)
            right = failed(Drafted(SAID[said][source], SAID[said][target], source, target))
            assert not {"status", "negation"} & set(right), (source, target, right)


def test_a_status_that_is_lost_is_noticed() -> None:
    assert "status" in failed(Drafted("泰国的电子书版权已经售出。", "These are e-book rights in Thailand.", "zh", "en"))
    assert "status" in failed(Drafted("我们需要独家授权。", "We need a licence.", "zh", "en"))
    assert "status" not in failed(Drafted("The rights are available.", "สิทธิ์เหล่านี้ขอได้", "en", "th"))


def test_good_translations_are_left_alone() -> None:
    wrong = []
    for row in messages():
        found = {language: statuses(words, language) for language, words in row.items()}
        wrong += [(row[one], row[other]) for one, other in permutations(row, 2) if not agree(found[one], found[other])]
    assert len(wrong) < 300, wrong[:20]

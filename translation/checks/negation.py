"""Whether a text denies something: "not", in ten languages.

Each language has words that surely deny and words that may. A draft has lost a denial when the source surely denies and
nothing in the draft may; it has added one the other way round. Words that only look like denials (不仅, hay không, ไม่ว่า) are
left out.
The lists were tried on the hub's own catalogues, some 1,100 messages in ten languages: see tests/translation/test_negation.py.
"""

from __future__ import annotations

import re

from hub.i18n import _
from translation.checks.base import Drafted, Plain

SURE = {
    "en": r"\b(?:not(?! only| just| least)|cannot|never|nobody|nothing|none|neither|nowhere|without"
    r"|no(?!\.| \d| sooner)(?= \w)|[a-z]+n[’']t)\b",
    "zh": r"不(?![同仅但断少过论管久如禁由妨愧朽错已止光乏惜时计齐超等])|没有|尚未|未(?![来婚必央知])"
    r"|无(?:法|须|需|权|人)|并非|勿"
    r"|非(?=独家|专有|排他)",
    "vi": r"(?<!hay )(?<!hàng )\bkhông\b(?! (?:gian|khí|chỉ|những|quân|trung|ngừng|ngớt|quá|ít|dưới"
    r"|bắt buộc)\b)(?!\s*[?？])|\bchưa\b(?!\s*[?？])|\bchẳng\b|\bđừng\b",
    "th": r"(?<!หรือ)ไม่(?!ว่า|เพียง|แพ้|น้อย|กี่|นาน|ใช่แค่|เฉพาะ|ค่อย|เกิน|ต่ำกว่า|ช้ากว่า|บังคับ)|มิได้"
    r"|มิใช่|อย่า(?!ง)|ห้าม|ปราศจาก",
    "ms": r"\b(?:tidak(?! (?:hanya|sahaja|kira|lama|lebih|kurang|melebihi|wajib))|bukan(?! (?:sahaja"
    r"|hanya))|tiada|jangan|belum|tanpa|usah)\b",
    "id": r"\b(?:tidak(?! (?:hanya|saja|lama|lebih|kurang|melebihi|wajib))|bukan(?! (?:saja|hanya))|tiada"
    r"|jangan|belum|tanpa)\b|\bnon(?=-?eksklusif)",
    "my": r"(?<!သို့)မဟုတ်|မရှိ|မရ(?=နိုင်|ပါ|သေး|တော့|ဘူး)|မ(?!ကျော်|ပို|နည်း"
    r"|င်္)[က-အ][^\s။၊]{0,24}?(?:ဘူး|ပါ(?=[။\s]|$)|ဘဲ)|မ(?=ပြု|လို|ပေး|ဝယ်|တွေ့|ဖြစ်|သိ|ပါ)",
    "lo": r"(?<!ຫຼື)(?<!ຫຼືວ່າ)ບໍ່(?!ພຽງ|ວ່າ|ແຮ່|ດົນ|ເກີນ|ຕ່ຳກວ່າ|ໜ້ອຍ|ບັງຄັບ)|ຢ່າ(?!ງ)|ຫ້າມ|ປາສະຈາກ",
    "fil": r"\b(?:hindi(?! (?:lang|lamang|ba|bababa|hihigit|lalampas|mas)\b)|wala(?:ng|y)?|huwag|di(?=-))\b",
    "km": r"(?<!គ្)មិន(?!ត្រឹម|ថា|យូរ|តែ|លើស|តិច|ឱ្យលើស|ចាំបាច់)|ពុំ|គ្មាន|កុំ(?!ព្យ)|ឥត(?!គិត|ឈប់)",
}
MAYBE = {
    "en": r"\b(?:not?|cannot|never|nobody|nothing|none|neither|nor|nowhere|without|unless|except|only"
    r"|lacks?|lacking|missing"
    r"|fails?|failed|refus\w+|forb\w+|less|hardly|barely|rather than|instead|outside|against|too"
    r"|nn?on|unti[l]|empty|still|yet"
    r"|else|other than|but|un\w+|in(?:valid|correct|complete|dependent|exact|definite)\w*|im(?:possible|proper)\w*"
    r"|il\w+|ir\w+|dis\w+|non-?\w+|mis\w+|\w+less|at (?:most|least)|optional|left|out|gone|closed"
    r"|stopped|ended|over|other|lost|wrong|skip\w*|cancel\w*|ignored|removed|private|free|taken"
    r"|[a-z]+n[’']t)\b",
    "zh": r"[不没未无非勿莫否免别缺禁毋]|除|仅|只|才|失|拒|外|尚|仍|还|空|漏|略|停|错|满|已|误|选填|另|匿|取消|失",
    "vi": r"\b(?:không|chưa|chẳng|đừng|chớ|vô|phi|thiếu|ngoài|trừ|chỉ|mới|cấm|từ chối|thất bại|mất|hết|sai"
    r"|trống|khỏi|miễn|bất|thay|vẫn|còn|ngừng|bỏ|hủy|khác|quá|lỗi|khuyết|nhầm)\b",
    "th": r"ไม่|มิ|อย่า|ห้าม|ไร้|ปราศ|เว้น|นอก|เพียง|เท่านั้น|เฉพาะ|ยัง|ขาด|ปฏิเสธ|งด|ไหม|ผิด|แทน|ว่าง|พลาด"
    r"|หาย|ต่าง|หยุด|ยกเลิก|เกิน|ข้าม|หมด",
    "ms": r"\b(?:tidak|bukan|tiada|jangan|belum|tanpa|tak|usah|kecuali|hanya|sahaja|selain|luar|gagal|tolak"
    r"|ditolak|kurang|dilarang"
    r"|masih|baru|salah|hilang|kosong|tertinggal|selagi|melainkan|walau\w*|daripada|bebas|mustahil"
    r"|nyah\w*|batal|dibatalkan|berhenti|dihentikan|tamat|lebih|lain|diabaikan|luput|pilihan)\b|\bnon",
    "id": r"\b(?:tidak|bukan|tiada|jangan|belum|tanpa|tak|kecuali|hanya|saja|selain|luar|gagal|tolak"
    r"|ditolak|kurang|dilarang"
    r"|masih|baru|salah|hilang|kosong|selama|melainkan|walau\w*|meski\w*|daripada|bebas|mustahil"
    r"|alih-alih|batal|dibatalkan|berhenti|dihentikan|lebih|lain|diabaikan|dilewati|opsional"
    r"|anonim)\b|\bnon",
    "my": r"မ[က-ဪ]|ဘူး|လွဲ|အပြင်|ပျက်|ငြင်း|ကင်း|မှား|ပယ်|အစား|ရပ်|ကွက်လပ်|ကျော်",
    "lo": r"ບໍ|ຢ່າ|ຫ້າມ|ປາສະຈາກ|ນອກ|ພຽງ|ເທົ່ານັ້ນ|ສະເພາະ|ຍັງ|ຂາດ|ຜິດ|ແທນ|ຫວ່າງ|ພາດ|ຍົກເວັ້ນ|ປະຕິເສດ|ແຕ່|ມິ"
    r"|ຢຸດ|ຍົກເລີກ|ເກີນ|ຂ້າມ|ໝົດ|ຫາຍ|ອື່ນ",
    "fil": r"\b(?:hindi|wala\w*|huwag|di|maliban|lamang|lang|labas|kulang|tanggi\w*|tinanggihan|bawal|pa"
    r"|mali\w*|imbes|sa halip|kundi|nang|iba\w*"
    r"|nawa\w+|non\w*|ni|kahit|tigil\w*|itinigil|kanselahin|kinansela|higit|labis|laktawan|opsiyonal"
    r"|bagsak|blangko)\b|\bdi-",
    "km": r"មិន|ពុំ|គ្មាន|កុំ|ឥត|ទេ|ក្រៅ|លើកលែង|តែ|ខ្វះ|ខុស|នៅ|បដិសេធ|ជំនួស|ឡើយ|ទំនេរ|ប៉ុណ្ណោះ|បោះបង់|ឈប់"
    r"|លើស|រំលង|អស់|បាត់|ផ្សេង|ដាច់",
}
_sure = {language: re.compile(pattern, re.IGNORECASE) for language, pattern in SURE.items()}
_maybe = {language: re.compile(pattern, re.IGNORECASE) for language, pattern in MAYBE.items()}


def denies(text: str, language: str) -> bool:
    """Whether a text surely denies something."""
    return language in _sure and _sure[language].search(text) is not None


def may_deny(text: str, language: str) -> bool:
    """Whether something in a text may be meant as a denial; in a language that is not known, anything may."""
    return language not in _maybe or denies(text, language) or _maybe[language].search(text) is not None


class Negation(Plain):
    id = "negation"
    reason = _("The draft says the opposite of the original, or may: a “not” was lost or added.")

    def passes(self, draft: Drafted) -> bool:
        lost = denies(draft.source, draft.source_language) and not may_deny(draft.target, draft.target_language)
        added = denies(draft.target, draft.target_language) and not may_deny(draft.source, draft.source_language)
        return not (lost or added)

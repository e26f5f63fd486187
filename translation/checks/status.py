"""Whether a draft says of a right what its source says: sold or free, exclusive or not, in ten languages.

Commercial facts are never machine-translated; people write of them in talk all the same, and an engine that turns "sold" into
"available" does harm. The denials of a language are read first, so that "not available" is not "available".
The lists were tried on the hub's own catalogues: see tests/translation/test_status.py.
"""

from __future__ import annotations

import re
from enum import Enum

from hub.i18n import _
from translation.checks.base import Drafted, Plain


class Status(Enum):
    SOLD = "SOLD"
    NOT_SOLD = "NOT_SOLD"
    FREE = "FREE"
    NOT_FREE = "NOT_FREE"
    EXCLUSIVE = "EXCLUSIVE"
    NOT_EXCLUSIVE = "NOT_EXCLUSIVE"


TAKEN = frozenset({Status.SOLD, Status.NOT_FREE})
OPEN = frozenset({Status.FREE, Status.NOT_SOLD})
CONTRARIES = (
    (TAKEN, OPEN),
    (OPEN, TAKEN),
    (frozenset({Status.EXCLUSIVE}), frozenset({Status.NOT_EXCLUSIVE})),
    (frozenset({Status.NOT_EXCLUSIVE}), frozenset({Status.EXCLUSIVE})),
)

WORDS: dict[str, dict[Status, str]] = {
    "en": {
        Status.NOT_EXCLUSIVE: r"\b(?:non-?\s?exclusiv\w*|not (?:be )?exclusive\w*|without exclusivity|no exclusivity)",
        Status.EXCLUSIVE: r"\bexclusiv(?:e|ely|ity)\b",
        Status.NOT_SOLD: r"\b(?:not (?:yet )?(?:been )?sold|unsold|never sold|have(?:n[’']t| not) sold)\b",
        Status.SOLD: r"\b(?:sold|licensed out)\b",
        Status.NOT_FREE: r"\b(?:(?:not|no longer|isn[’']t|aren[’']t) (?:\w+ )?(?:available|free)|unavailable)\b",
        Status.FREE: r"\b(?:available|(?:still|are|is|be|remain|remains) (?:still )?free|free (?:in|again|for)"
        r"|free[.!]?$)",
    },
    "zh": {
        Status.NOT_EXCLUSIVE: r"非独家|非专有|非排他|不独家|不是独家|并非独家|没有独家",
        Status.EXCLUSIVE: r"独家|专有(?:使用)?权|专有许可|排他",
        Status.NOT_SOLD: r"(?:未|没有?)(?:曾|能|被)?(?:售出|卖出|出售|卖掉|售)|未授权|待售",
        Status.SOLD: r"(?<!可)(?:售出|卖出|已售|已卖|卖掉|售罄|已授出)",
        Status.NOT_FREE: r"不(?:可|能|再可?)(?:再)?授权|无法授权|不可售|已?不可用|不空",
        Status.FREE: r"(?:可|可以|能|尚可|可供)(?:重新)?授权|可售|空着|空闲|仍可用|可供(?:购买|使用)",
    },
    "vi": {
        Status.NOT_EXCLUSIVE: r"(?:không|phi|chưa|chẳng) (?:\w+ )?độc quyền|không kèm độc quyền",
        Status.EXCLUSIVE: r"độc quyền",
        Status.NOT_SOLD: r"(?:chưa|không) (?:được |từng |hề )?bán(?! độc)",
        Status.SOLD: r"đã (?:được )?(?:\w+ )?bán|bán rồi|bán hết|bán mất",
        Status.NOT_FREE: r"không (?:còn )?(?:trống|sẵn|có sẵn)|hết quyền|không còn (?:quyền|khả dụng)|không khả dụng",
        Status.FREE: r"(?<!khoảng )\btrống\b|có sẵn|sẵn có|còn quyền|khả dụng",
    },
    "th": {
        Status.NOT_EXCLUSIVE: r"(?:ไม่(?:ใช่|เป็น|ได้)?|มิใช่|แบบไม่|โดยไม่)(?:สิทธิ์?)?(?:แบบ)?(?:แต่เพียงผู้เดียว|ผูกขาด"
        r"|เอ็กซ์คลูซีฟ|เฉพาะราย)",
        Status.EXCLUSIVE: r"แต่เพียงผู้เดียว|ผูกขาด|เอ็กซ์คลูซีฟ",
        Status.NOT_SOLD: r"(?:ยัง)?ไม่(?:ได้|ถูก|เคย|มีการ)?(?:ขาย|จำหน่าย)(?!ให้)|ยังขายไม่ได้",
        Status.SOLD: r"ขาย(?:แบบ[^ ]{0,24})?\n?(?:ไป|ออกไป|หมด)?แล้ว|(?:ถูก|ได้)ขาย|ขายไป|จำหน่ายแล้ว",
        Status.NOT_FREE: r"ไม่(?:ได้)?ว่าง|ไม่มีให้|ไม่มีสิทธิ์?ว่าง",
        Status.FREE: r"(?<!ระห)(?<!ช่อง)(?:ยัง)?ว่าง(?!เปล่า|แผน)|มีให้(?:ขาย)?|พร้อมขาย",
    },
    "ms": {
        Status.NOT_EXCLUSIVE: r"\b(?:(?:bukan|tidak|tanpa|tak)[ -]?(?:secara )?e[kx]s[kc]lusi\w*|tanpa ke\w*e[kx]sklusi\w*"
        r"|non-?e[kx]sklusi\w*)",
        Status.EXCLUSIVE: r"\b(?:ke)?e[kx]s[kc]lusi\w*",
        Status.NOT_SOLD: r"\b(?:belum|tidak|tak) (?:pernah )?(?:di|ter)jual\b",
        Status.SOLD: r"\b(?:(?:telah|sudah|habis) (?:di|ter)?jual|terjual|dijual)\b",
        Status.NOT_FREE: r"\b(?:tidak|tak|belum) (?:lagi )?(?:tersedia|kosong)|tidak semua\w* (?:.{0,30} )?tersedia"
        r"|sudah diambil",
        Status.FREE: r"\b(?:tersedia|masih kosong|boleh didapati)\b",
    },
    "id": {
        Status.NOT_EXCLUSIVE: r"\b(?:non-?e[kx]s[kc]lusi\w*|(?:bukan|tidak|tanpa) (?:secara )?e[kx]s[kc]lusi\w*)",
        Status.EXCLUSIVE: r"\be[kx]s[kc]lusi\w*",
        Status.NOT_SOLD: r"\b(?:belum|tidak) (?:ada hak yang |pernah )?(?:di|ter)jual\b|belum ada \w+ yang terjual",
        Status.SOLD: r"\b(?:(?:telah|sudah|habis) (?:di|ter)?jual|terjual|dijual)\b",
        Status.NOT_FREE: r"\b(?:tidak|belum) (?:lagi )?(?:tersedia|kosong)|tidak semua\w* (?:.{0,30} )?tersedia",
        Status.FREE: r"\b(?:tersedia|masih kosong)\b",
    },
    "my": {
        Status.NOT_EXCLUSIVE: r"(?:သီးသန့်|တစ်ဦးတည်း(?:ပိုင်)?|လက်ဝါးကြီးအုပ်)\s?(?:အခွင့်အရေး\s?)?(?:မဟုတ်|မရှိ|မပါ)",
        Status.EXCLUSIVE: r"သီးသန့်|တစ်ဦးတည်းပိုင်",
        Status.NOT_SOLD: r"မရောင်း(?:ရ|သေး|ဖြစ်|ဘူး|ပါ)|ရောင်း(?:ပြီး)?(?:သား)?\s?မ(?:ဖြစ်|ဟုတ်|ရှိ)|ရောင်းမထား",
        Status.SOLD: r"ရောင်း(?:ချ)?(?:ပြီး|ထား|လိုက်|သွား|ခဲ့)",
        Status.NOT_FREE: r"မရ(?:နိုင်|တော့|ရှိနိုင်)|မလွတ်|မအား",
        Status.FREE: r"(?<!မ)ရ(?:ရှိ)?နိုင်|လွတ်နေ|ရနိုင်သေး",
    },
    "lo": {
        Status.NOT_EXCLUSIVE: r"ບໍ່(?:ແມ່ນ|ເປັນ|ໄດ້)?(?:ສິດ)?(?:ແບບ)?(?:ແຕ່ພຽງຜູ້ດຽວ|ແຕ່ຜູ້ດຽວ|ຜູກຂາດ)",
        Status.EXCLUSIVE: r"ແຕ່(?:ພຽງ)?ຜູ້ດຽວ|ຜູກຂາດ",
        Status.NOT_SOLD: r"(?:ຍັງ)?ບໍ່(?:ທັນ)?(?:ໄດ້|ຖືກ)?(?:ຖືກ)?ຂາຍ|ບໍ່ແມ່ນການຂາຍ",
        Status.SOLD: r"ຂາຍ(?:ແບບ[^ ]{0,24})?\n?(?:ໄປ|ອອກ|ໝົດ)*ແລ້ວ|(?:ຖືກ|ໄດ້)ຂາຍ|ຂາຍໄປ",
        Status.NOT_FREE: r"ບໍ່(?:ໄດ້)?ຫວ່າງ|ບໍ່ມີໃຫ້",
        Status.FREE: r"(?<!ລະ)ຫວ່າງ(?!ເປົ່າ)|ມີໃຫ້",
    },
    "fil": {
        Status.NOT_EXCLUSIVE: r"\b(?:di|hindi|non|walang)[ -]?(?:naka)?(?:e[kx]s[kc]lusi\w*|exclusive)",
        Status.EXCLUSIVE: r"\b(?:pagka-?)?(?:e[kx]s[kc]lusi[bv]\w*|exclusive)",
        Status.NOT_SOLD: r"\b(?:hindi|di|wala\w*)(?: \w+)? (?:naibe?bent\w*|nabibenta|nabebenta|nabenta|ibinenta"
        r"|ipinagbi\w+)",
        Status.SOLD: r"\b(?:naibenta|nabenta|naipagbili|ibinenta|nabili na)\b",
        Status.NOT_FREE: r"\b(?:hindi|di)(?: na)? (?:bakante|makukuha|available|libre)|kuha na\b",
        Status.FREE: r"\b(?:ma)?bakante\w*|\bmakukuha\b|\bavailable\b|malaya pa",
    },
    "km": {
        Status.NOT_EXCLUSIVE: r"(?:មិន|ដោយមិន|មិនមែន|គ្មាន)(?:ជា|មាន)?(?:ភាព)?ផ្តាច់មុខ|(?:មិន|ដោយមិន|មិនមែន|គ្មាន)(?:ជា"
        r"|មាន)?(?:ភាព)?ផ្ដាច់មុខ",
        Status.EXCLUSIVE: r"ផ្[តដ]ាច់មុខ",
        Status.NOT_SOLD: r"(?:មិន|មិនទាន់|មិនមែនជាការ)(?:ទាន់|បាន)?(?:បាន|ត្រូវបាន)?លក់|មិនមែនជាការលក់",
        Status.SOLD: r"លក់(?:ដាច់|អស់|ចេញ|ផ្[តដ]ាច់មុខ|\n)?(?:ហើយ|រួច)|(?:ត្រូវ)?បានលក់|លក់ទៅហើយ",
        Status.NOT_FREE: r"មិន(?:នៅ)?ទំនេរ|មិនអាចទិញ|មិនមាន(?:សម្រាប់)?លក់|លែងទំនេរ",
        Status.FREE: r"ទំនេរ|អាចទិញបាន",
    },
}
NEVER_LOST = (
    (frozenset({Status.SOLD}), TAKEN | OPEN),
    (frozenset({Status.EXCLUSIVE, Status.NOT_EXCLUSIVE}), frozenset({Status.EXCLUSIVE, Status.NOT_EXCLUSIVE})),
)
"""Whoever reads a source that says the first must read one of the second. What is free is said in too many ways to insist on."""

_words = {
    language: [(status, re.compile(pattern, re.IGNORECASE)) for status, pattern in words.items()]
    for language, words in WORDS.items()
}


def statuses(text: str, language: str) -> frozenset[Status]:
    """What a text says of rights; the denial of a status is read before the status, and not again as the status itself."""
    found = set()
    for status, pattern in _words.get(language, ()):
        text, count = pattern.subn("\n", text)
        if count:
            found.add(status)
    return frozenset(found)


def agree(source: frozenset[Status], target: frozenset[Status]) -> bool:
    """Whether a draft says what its source says: nothing is turned into its contrary, nothing that is taken is left out."""
    turned = any(
        source & said and not source & contrary and target & contrary and not target & said
        for said, contrary in CONTRARIES
    )
    return not turned and not any(source & said and not target & kept for said, kept in NEVER_LOST)


class StatusWords(Plain):
    id = "status"
    reason = _("The draft does not say the same of what is sold, free or exclusive.")

    def passes(self, draft: Drafted) -> bool:
        return agree(statuses(draft.source, draft.source_language), statuses(draft.target, draft.target_language))

"""Terms are found as words, in ten languages, and never inside others."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest

from translation.checks import Drafted, Severity, findings
from translation.glossary.matching import Entry, Glossary, Said
from translation.glossary.models import ANY_LANGUAGE, TermKind, WordStatus

PREFERRED, ADMITTED, FORBIDDEN = WordStatus.PREFERRED, WordStatus.ADMITTED, WordStatus.FORBIDDEN


def term(own: bool = False, case: bool = False, **words: str) -> Entry:
    """A term; a word beginning with `!` is forbidden, one with `~` admitted."""
    status = {"!": FORBIDDEN, "~": ADMITTED}
    said = [
        Said(language.partition("_")[0], word.lstrip("!~"), status.get(word[0], PREFERRED))
        for language, word in words.items()
    ]
    return Entry(uuid4(), TermKind.TERM, tuple(said), case, own)


def name(words: str, case: bool = True) -> Entry:
    return Entry(uuid4(), TermKind.DO_NOT_TRANSLATE, (Said(ANY_LANGUAGE, words, PREFERRED),), case, own=True)


ROYALTY = term(
    zh="版税",
    en="royalty",
    vi="tiền bản quyền",
    th="ค่าลิขสิทธิ์",
    ms="royalti",
    id="royalti",
    my="မူပိုင်ခွင့်ကြေး",
    lo="ຄ່າລິຂະສິດ",
    fil="royalty",
    km="សួយសារ",
)
ADVANCE = term(zh="预付款", en="advance", en_2="~down payment", th="เงินล่วงหน้า", th_2="!มัดจำ")
RATE = term(en="rate", zh="率", th="หน้า")
GRANT = term(en="authorization", zh="授权")
FOUND = [
    ("zh", "版税率为8%。", ["版税"]),
    ("zh", "教授权力很大，授权给你。", ["授权"]),
    ("en", "Royalties, a royalty's ROYALTY; a royaltyless corporate rated", ["Royalties", "royalty's", "ROYALTY"]),
    ("vi", "Chúng tôi trả tiền bản quyền 8%", ["tiền bản quyền"]),
    ("th", "เราเสนอค่าลิขสิทธิ์ 8% และเงินล่วงหน้า", ["ค่าลิขสิทธิ์", "เงินล่วงหน้า"]),
    ("th", "เปิดหน้าต่าง", []),
    ("ms", "kadar royalti", ["royalti"]),
    ("id", "kadar royalti", ["royalti"]),
    ("my", "ကျွန်ုပ်တို့သည် မူပိုင်ခွင့်ကြေး ၈% ပေးမည်။", ["မူပိုင်ခွင့်ကြေး"]),
    ("lo", "ພວກເຮົາສະເໜີຄ່າລິຂະສິດ 8%", ["ຄ່າລິຂະສິດ"]),
    ("fil", "Ang royalty ay 8%", ["royalty"]),
    ("km", "យើងស្នើសួយសារ ៨%", ["សួយសារ"]),
]


@pytest.mark.parametrize(("language", "words", "found"), FOUND)
def test_terms_are_found_as_words(language: str, words: str, found: list[str]) -> None:
    hits = Glossary([ROYALTY, ADVANCE, RATE, GRANT]).terms_in(words, language, "en")
    assert [hit.found for hit in hits] == found
    assert all(words[hit.start : hit.end] == hit.found for hit in hits)


def test_the_longest_wins_and_the_organizations_own_goes_before_the_hubs() -> None:
    guarantee = term(en="minimum guarantee", zh="最低保证金")
    plain, ours = term(en="guarantee", zh="担保"), term(own=True, en="minimum guarantee", zh="保底金")
    hits = Glossary([plain, guarantee, ours]).terms_in("A minimum guarantee, a guarantee", "en", "zh")
    assert [(hit.found, hit.preferred, hit.own) for hit in hits] == [
        ("minimum guarantee", "保底金", True),
        ("guarantee", "担保", False),
    ]


def test_case_counts_where_the_term_says_so_and_folding_keeps_places() -> None:
    glossary = Glossary([name("Straße"), name("It"), term(en="office", zh="办公室")])
    hits = glossary.terms_in("ẞ STRASSE Straße it It office", "en", "zh")
    assert [(hit.found, hit.start) for hit in hits] == [("Straße", 10), ("It", 20), ("office", 23)]


def test_a_text_that_is_a_term_is_said_as_the_glossary_says() -> None:
    glossary = Glossary([ROYALTY, ADVANCE, name("刘三姐", case=False)])
    assert glossary.whole("版税", "zh", "th") == "ค่าลิขสิทธิ์"
    assert glossary.whole("刘三姐", "zh", "th") == "刘三姐"
    assert glossary.whole("版税率", "zh", "th") is None
    assert glossary.whole("预付款", "zh", "km") is None


def test_own_terms_bind_and_the_hubs_advise() -> None:
    def found(glossary: Glossary, target: str) -> list[tuple[str, Severity, tuple[str, ...]]]:
        draft = Drafted("预付款为5万。", target, "zh", "en", glossary=glossary)
        return [(one.check, one.severity, one.words) for one in findings(draft)]

    hub = Glossary([ADVANCE])
    assert found(hub, "The advance is 50,000.") == []
    assert found(hub, "The down payment is 50,000.") == []
    assert found(hub, "The deposit is 50,000.") == [("term", Severity.WARNS, ("advance",))]
    own = Glossary([term(own=True, zh="预付款", en="advance")])
    assert found(own, "The deposit is 50,000.") == [("term", Severity.WITHHOLDS, ("advance",))]


def test_forbidden_words_are_forbidden_for_their_term_or_for_all() -> None:
    def found(source: str, target: str, *entries: Entry) -> list[tuple[str, tuple[str, ...]]]:
        draft = Drafted(source, target, "zh", "th", glossary=Glossary(entries))
        return [(one.check, one.words) for one in findings(draft) if one.check == "forbidden"]

    assert found("预付款为5万。", "เงินมัดจำ 5 หมื่น", ADVANCE) == [("forbidden", ("มัดจำ",))]
    assert found("押金为5万。", "เงินมัดจำ 5 หมื่น", ADVANCE) == []
    banned = term(own=True, th="!มัดจำ")
    assert found("押金为5万。", "เงินมัดจำ 5 หมื่น", banned) == [("forbidden", ("มัดจำ",))]
    glossary = Glossary([term(th="เงินล่วงหน้า", th_2="!เงิน")])
    assert glossary.forbidden_in("จ่ายเงินล่วงหน้า", "th", "付", "zh") == []
    [one] = glossary.forbidden_in("จ่ายเงิน", "th", "付", "zh")
    assert (one.found, one.instead) == ("เงิน", "เงินล่วงหน้า")


def test_names_stay_as_they_are_written() -> None:
    def checks(target: str) -> list[tuple[str, tuple[str, ...]]]:
        draft = Drafted("Banmao 与广西出版", target, "zh", "en", glossary=Glossary([name("Banmao")]))
        return [(one.check, one.words) for one in findings(draft)]

    assert checks("Banmao and Guangxi Press") == []
    assert checks("Edition Trade and Guangxi Press") == [("name", ("Banmao",))]


def test_a_thousand_terms_cost_no_more_than_a_few() -> None:
    glossary = Glossary([term(en=f"word{number}", zh=f"词{number}") for number in range(5_000)] + [ROYALTY])
    text = "We pay a royalty for word77 and more. " * 50
    assert len(glossary.terms_in(text, "en", "zh")) == 100
    start = time.perf_counter()
    glossary.terms_in(text, "en", "zh")
    assert time.perf_counter() - start < 0.2

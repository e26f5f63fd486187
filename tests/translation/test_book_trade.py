"""The book-trade glossary that ships with the hub: whole, clean, and in the interface's own words."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po

from hub.i18n import LANGUAGES
from hub.settings import ROOT

FILE = ROOT / "translation" / "glossary" / "book_trade.tsv"
COLUMNS = ["key", "domain", "definition", "source_url", *LANGUAGES, "forbidden"]
DOMAINS = {"contract", "money", "rights", "publishing", "comics", "animation", "music", "distribution", "law"}
SCRIPTS = {"zh": "CJK UNIFIED IDEOGRAPH", "th": "THAI", "my": "MYANMAR", "lo": "LAO", "km": "KHMER"}
CODES = {"ISBN", "ISRC", "ISWC", "ISNI", "ONIX", "Thema", "DDEX"}
"""Written alike in every language."""
BRACKETED = re.compile(r" ?[(（](SVOD|AVOD|TVOD|FVOD|NVOD|EST|GTIN|FTA|M&E|Mechanical|[Ss]ync)[)）]$")
"""What people in the trade call it by, behind their own words."""
MARKS = set("()-（）/’&ๆ ")
ENDS = {"zh": "。", "th": "", "lo": "", "my": "။", "km": "។"}
FOREIGN = {"", "ISO", "ONIX", "GTINUPCEAN"}
DEFINITIONS = FILE.with_name("definitions")
SPOKEN_OF_AS_A_RIGHT = {"ebook", "audiobook", "large_print", "digital_comic", "motion_comic"}
"""The interface's Chinese labels for these name the right; the glossary names the thing."""

with FILE.open(encoding="utf-8", newline="") as lines:
    HEADER = lines.readline().rstrip("\n").split("\t")
    TERMS = list(csv.DictReader(lines, HEADER, delimiter="\t", quoting=csv.QUOTE_NONE))

each_language = pytest.mark.parametrize("language", LANGUAGES)


def catalogue(language: str) -> dict[str, str]:
    """English label, without regard to case → what stands on the page."""
    with (ROOT / "locales" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(each.id).casefold(): str(each.string) for each in read_po(file) if isinstance(each.id, str)}


def test_the_file_has_its_columns_and_at_least_150_terms() -> None:
    assert HEADER == COLUMNS
    assert len(TERMS) >= 150
    assert all(None not in term and None not in term.values() for term in TERMS), (
        "a line has too many or too few columns"
    )


def test_every_term_is_whole() -> None:
    for term in TERMS:
        assert re.fullmatch(r"[a-z][a-z_]*", term["key"])
        assert term["domain"] in DOMAINS
        assert re.fullmatch(r"[A-Z].*[.]", term["definition"]), term["key"]
        missing = [language for language in LANGUAGES if not term[language]]
        assert missing == [], term["key"]
        source = urlsplit(term["source_url"])
        assert not term["source_url"] or (source.scheme in {"http", "https"} and "." in source.netloc), term["key"]
    assert [key for key, times in Counter(term["key"] for term in TERMS).items() if times > 1] == []
    assert {term["domain"] for term in TERMS} == DOMAINS


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_term_is_explained_in_every_language(language: str) -> None:
    """In its own script, in the order of the terms, each in words of its own, ended as sentences of the language are."""
    lines = (DEFINITIONS / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    said = dict(line.split("\t") for line in lines)
    assert list(said) == [term["key"] for term in TERMS]
    assert [words for words, times in Counter(said.values()).items() if times > 1] == []
    for key, words in said.items():
        assert words == unicodedata.normalize("NFC", words) == words.strip()
        assert words.endswith(ENDS.get(language, ".")), (key, words)
        assert len(words) < 160, key
        assert not [each for each in words if unicodedata.category(each) in {"Cc", "Cf", "Co", "Cn"}], key
        if language in SCRIPTS:
            letters = [each for each in words if unicodedata.category(each)[0] in "LM"]
            foreign = [each for each in letters if SCRIPTS[language] not in unicodedata.name(each)]
            assert "".join(foreign) in FOREIGN, (key, words)


def test_most_terms_have_a_public_source() -> None:
    assert sum(bool(term["source_url"]) for term in TERMS) >= 160


def test_letters_are_composed_and_clean() -> None:
    for line in FILE.read_text(encoding="utf-8").splitlines():
        assert unicodedata.normalize("NFC", line) == line
        assert not [each for each in line.replace("\t", "") if unicodedata.category(each) in {"Cc", "Cf", "Co", "Cn"}]
        for cell in line.split("\t"):
            assert cell == cell.strip()
            assert "  " not in cell


@each_language
def test_every_term_is_written_as_its_language_is(language: str) -> None:
    script = SCRIPTS.get(language, "LATIN")
    for term in TERMS:
        words = term[language]
        if words in CODES:
            continue
        for letter in BRACKETED.sub("", words):
            assert script in unicodedata.name(letter) or letter in MARKS, (term["key"], words, letter)


@each_language
def test_no_word_stands_for_two_things(language: str) -> None:
    words = Counter(term[language].casefold() for term in TERMS)
    assert [word for word, times in words.items() if times > 1] == []


def test_forbidden_words_are_of_a_language_and_never_the_term_itself() -> None:
    listed = 0
    for term in TERMS:
        for each in filter(None, term["forbidden"].split("|")):
            language, _, word = each.partition(":")
            assert language in LANGUAGES
            assert word.casefold() not in {"", term[language].casefold()}
            assert word.casefold() not in term[language].casefold(), (term["key"], "the term would forbid itself")
            listed += 1
    assert listed >= 30


@each_language
def test_the_glossary_says_it_as_the_pages_do(language: str) -> None:
    shown = catalogue(language)
    shared = [term for term in TERMS if term["en"].casefold() in shown]
    assert len(shared) >= 60, "the interface's words have gone from the glossary"
    for term in shared:
        if language == "en" or (language == "zh" and term["key"] in SPOKEN_OF_AS_A_RIGHT):
            continue
        assert term[language].casefold() == shown[term["en"].casefold()].casefold(), term["key"]
    holdback = next(term for term in TERMS if term["key"] == "holdback")
    assert language == "en" or holdback[language].casefold() == shown["a holdback"].casefold()

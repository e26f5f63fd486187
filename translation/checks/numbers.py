"""A draft says the same numbers as its source."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal

from hub.i18n import _
from translation.checks.base import Drafted, Plain

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LARGE_UNIT = re.compile(r"[ ]?([万萬亿億])")
LARGE_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
NUMERALS = re.compile("[零〇一二两三四五六七八九十百千万亿]+")
DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
STEPS = {"十": 10, "百": 100, "千": 1000}


def written(text: str) -> Counter[Decimal]:
    """The numbers written in digits of any script; `3,000`, `3.000` and `0.3万` are one number."""
    plain = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    found: Counter[Decimal] = Counter()
    for match in NUMBER.finditer(plain):
        unit = LARGE_UNIT.match(plain, match.end())
        found[_value(match[0]) * (LARGE_UNITS[unit[1]] if unit else 1)] += 1
    return found


def _value(number: str) -> Decimal:
    """Every separator followed by exactly three digits groups; any other is a decimal mark."""
    head, *rest = re.split(r"[.,]", number)
    if rest and len(head) <= 3 and head != "0" and all(len(group) == 3 for group in rest):
        return Decimal(head + "".join(rest))
    if len(rest) > 1 and all(len(group) == 3 for group in rest[:-1]):
        return Decimal(f"{head}{''.join(rest[:-1])}.{rest[-1]}").normalize()
    return Decimal(".".join([head, "".join(rest)]) if rest else head).normalize()


def spelled(text: str) -> Counter[Decimal]:
    """The numbers in Chinese numerals: a draft may write them in digits."""
    return Counter(Decimal(_spelled(match[0])) for match in NUMERALS.finditer(text))


def _spelled(numerals: str) -> int:
    total = section = digit = 0
    for char in numerals:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in STEPS:
            section += (digit or 1) * STEPS[char]
            digit = 0
        else:
            total += (section + digit or 1) * LARGE_UNITS[char]
            section = digit = 0
    return total + section + digit


class Numbers(Plain):
    id = "numbers"
    reason = _("The draft does not say the same numbers as the original.")

    def passes(self, draft: Drafted) -> bool:
        source, target = written(draft.source), written(draft.target)
        if not source <= target:
            return source <= target + spelled(draft.target)
        return target - source <= spelled(draft.source)

"""Which characters are text.

Unicode holds more than can be read: control characters, places that never are characters, and marks that turn the order of
writing around. XML cannot carry the first two; with the last, a contract can be made to read otherwise than it says (none of
the hub's languages is written from the right).
"""

from __future__ import annotations

import re
from typing import Final

_NOT_TEXT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def is_text(words: str) -> bool:
    """Whether there is nothing but text in `words`; line breaks and tabs are."""
    return _NOT_TEXT.search(words) is None


def only_text(words: str) -> str:
    """`words` without what is no text."""
    return _NOT_TEXT.sub("", words)

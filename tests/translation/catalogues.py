"""The hub's own messages: some 1,100 sentences that people wrote in ten languages, for trying checks on good translations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import permutations

from babel.messages.pofile import read_po

from hub.i18n import LANGUAGES
from hub.settings import ROOT

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


@cache
def messages() -> tuple[dict[str, str], ...]:
    """Each message by language, with X for its placeholders."""
    found: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        if language == "en":
            continue
        with (ROOT / "locales" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
            for message in read_po(file):
                if isinstance(message.id, str) and message.id and isinstance(message.string, str) and message.string:
                    found.setdefault(message.id, {"en": message.id})[language] = message.string
    return tuple({tag: PLACEHOLDER.sub("X", words) for tag, words in row.items()} for row in found.values())


def pairs() -> Iterator[tuple[str, str, str, str]]:
    """(source language, source, target language, target), every message in every pair of languages."""
    for row in messages():
        for source, target in permutations(row, 2):
            yield source, row[source], target, row[target]

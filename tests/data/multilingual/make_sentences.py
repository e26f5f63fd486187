#!/usr/bin/env python3
"""Make the sentences that the small multilingual test model of this folder is trained on.

    python make_sentences.py --out sentences.tsv

Each line is source language, target language, source, target. The words are in phrases.json, names of territories in
Unicode CLDR (through Babel). Sources are English and Chinese; targets are Vietnamese, Thai, Khmer and Lao.
"""

import argparse
import json
import random
import string
import unicodedata
from pathlib import Path
from typing import Any

from babel import Locale

SOURCES = ("en", "zh")
TARGETS = ("vi", "th", "km", "lo")
Phrase = dict[str, str]


class Sentences:
    """Draws sentences at random, each in two languages, the same ones for the same seed."""

    def __init__(self, phrases: dict[str, Any], seed: int) -> None:
        self.phrases = phrases
        self.chance = random.Random(seed)
        self.weights = [4.0 if "{" in phrase["en"] else 1.0 for phrase in phrases["sentences"]]

    def value(self, slot: str, source: str, target: str) -> tuple[str, str]:
        kind = slot.rstrip("2")
        if kind == "territory":
            code = self.chance.choice(self.phrases["territories"])
            return Locale.parse(source).territories[code], Locale.parse(target).territories[code]
        if kind in self.phrases["slots"]:
            phrase: Phrase = self.chance.choice(self.phrases["slots"][kind])
            return phrase[source], phrase[target]
        number = str(self.chance.randint(1900, 2026) if kind == "year" else self.chance.randint(2, 400))
        return number, number

    def draw(self, source: str, target: str) -> tuple[str, str]:
        phrase: Phrase = self.chance.choices(self.phrases["sentences"], self.weights)[0]
        slots = sorted({name for _, name, _, _ in string.Formatter().parse(phrase[source]) if name})
        values = {slot: self.value(slot, source, target) for slot in slots}
        first, second = (
            phrase[side].format(**{slot: pair[place] for slot, pair in values.items()})
            for place, side in enumerate((source, target))
        )
        return first[:1].upper() + first[1:], second[:1].upper() + second[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2400, help="lines for each pair (default: 2400)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    phrases = json.loads(Path(__file__).with_name("phrases.json").read_text(encoding="utf-8"))
    sentences = Sentences(phrases, arguments.seed)
    lines = [
        "\t".join((source, target, *sentences.draw(source, target)))
        for source in SOURCES
        for target in TARGETS
        if source != target
        for _ in range(arguments.count)
    ]
    sentences.chance.shuffle(lines)
    arguments.out.write_text(unicodedata.normalize("NFC", "\n".join(lines) + "\n"), encoding="utf-8")


if __name__ == "__main__":
    main()

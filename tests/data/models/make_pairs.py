#!/usr/bin/env python3
"""Make the sentence pairs that the small test models of this folder are trained on.

    python make_pairs.py --from zh --to en --out zh_en.tsv

All words are in phrases.json, names of territories and languages in Unicode CLDR (through Babel).
A phrase may give several wordings in one language: the first is the one that a model writes, all
of them are understood. Thai writes no mark between sentences, so Thai sources also come in twos.

Prints the seed to train with: the first that holds out no sentence without a placeholder, since
such a sentence can be learned only by being seen.
"""

import argparse
import hashlib
import json
import random
import string
import unicodedata
from pathlib import Path
from typing import Any

from babel import Locale

Pair = tuple[str, str]
Phrase = dict[str, Any]

HELD_OUT = 0.03  # the share that tiny_argos.py holds out unless told otherwise
FIRST_WORDING = 0.6  # of the sources are in the first wording
TWO_SENTENCES = 0.2  # of the Thai sources
POLITE = 0.2  # of the Thai sources end in a particle
OTHER_SPELLING = 0.15  # of the sources write 泰文 for 泰语, or a number without its commas
WEIGHT_WITHOUT_PLACEHOLDER = 0.3  # against 1 for a phrase that can say many things
UNITS = (1, 50, 100, 100, 500, 500, 1000, 1000, 5000, 100_000, 500_000, 1_000_000)
QUOTATION_MARKS = "《》“”"
PERCENTAGES = ("5", "6", "7", "7.5", "8", "9", "10", "12", "12.5", "15")


def wordings(phrase: Phrase, language: str) -> list[str]:
    words = phrase[language]
    return [words] if isinstance(words, str) else list(words)


class Sentences:
    """Draws sentence pairs at random, the same ones for the same seed."""

    def __init__(self, phrases: dict[str, Any], source: str, target: str, seed: int) -> None:
        self.slots: dict[str, list[Phrase]] = phrases["slots"]
        self.source, self.target = source, target
        self.chance = random.Random(seed)
        self.talk, self.blurbs = (
            [phrase for phrase in phrases[kind] if {source, target} <= phrase.keys()] for kind in ("talk", "blurbs")
        )
        self.weights = {
            id(phrase): 1.0 if "{" in wordings(phrase, source)[0] else WEIGHT_WITHOUT_PLACEHOLDER
            for phrase in self.talk + self.blurbs
        }
        self.names = {
            slot: [self.cldr(kind, code) for code in phrases[kind]]
            for slot, kind in (("territory", "territories"), ("language", "languages"))
        }

    def cldr(self, kind: str, code: str) -> Pair:
        source, target = (getattr(Locale.parse(side), kind)[code] for side in (self.source, self.target))
        if kind == "languages":  # templates say "tiếng {language}", CLDR says "Tiếng Việt"
            source, target = (name.removeprefix("Tiếng ") for name in (source, target))
        return source, target

    def words(self, phrase: Phrase) -> Pair:
        ways = wordings(phrase, self.source)
        first = self.chance.random() < FIRST_WORDING
        return ways[0] if first else self.chance.choice(ways), wordings(phrase, self.target)[0]

    def value(self, slot: str) -> Pair:
        kind = slot.rstrip("2")
        other_spelling = self.chance.random() < OTHER_SPELLING
        if kind in self.names:
            source, target = self.chance.choice(self.names[kind])
            written = kind == "language" and self.source == "zh" and source.endswith("语") and other_spelling
            return source.removesuffix("语") + "文" if written else source, target
        if kind == "amount":
            number = f"{self.chance.choice(UNITS) * self.chance.randint(1, 99):,}"
            if other_spelling:
                number = number.replace(",", "")
            source, target = self.words(self.chance.choice(self.slots["currency"]))
            return source.format(n=number), target.format(n=number)
        if kind in self.slots:
            return self.words(self.chance.choice(self.slots[kind]))
        number = {
            "years": lambda: str(self.chance.randint(2, 25)),
            "count": lambda: str(self.chance.randint(2, 120)),
            "copies": lambda: f"{self.chance.randint(1, 60) * 500:,}",
            "percent": lambda: self.chance.choice(PERCENTAGES),
        }[kind]()
        return number, number

    def sentence(self) -> Pair:
        spoken = self.chance.random() < len(self.talk) / (len(self.talk) + len(self.blurbs))
        phrases = self.talk if spoken else self.blurbs
        weights = [self.weights[id(phrase)] for phrase in phrases]
        source, target = self.words(self.chance.choices(phrases, weights)[0])
        values: dict[str, Pair] = {}
        for slot in sorted({name for _, name, _, _ in string.Formatter().parse(source) if name}):
            values[slot] = self.value(slot)
        source, target = (
            capitalized(text.format(**{name: pair[side] for name, pair in values.items()}))
            for side, text in enumerate((source, target))
        )
        if spoken and self.source == "th" and not source.endswith(("ครับ", "ค่ะ")) and self.chance.random() < POLITE:
            source += self.chance.choice(("ครับ", "ค่ะ", " ครับ", " ค่ะ"))
        return source, target

    def draw(self) -> Pair:
        source, target = self.sentence()
        if self.source == "th" and self.chance.random() < TWO_SENTENCES:
            more = self.sentence()
            gap = "" if self.target == "zh" else " "
            return f"{source} {more[0]}", f"{target}{gap}{more[1]}"
        return source, target

    def bare(self) -> list[Pair]:
        """Every name and term by itself."""
        pairs = [pair for names in self.names.values() for pair in names]
        for slot in ("right", "work", "genre", "matter"):
            for term in self.slots[slot]:
                written = wordings(term, self.target)[0]
                pairs += [(way, written) for way in wordings(term, self.source)]
                if slot == "work" and written != written.strip(QUOTATION_MARKS):
                    pairs += [
                        (way.strip(QUOTATION_MARKS), written.strip(QUOTATION_MARKS))
                        for way in wordings(term, self.source)
                    ]
        return pairs

    def fixed(self) -> set[str]:
        """Every source that has no placeholder, the bare terms among them."""
        sentences = {
            way for phrase in self.talk + self.blurbs for way in wordings(phrase, self.source) if "{" not in way
        }
        return sentences | {source for source, _ in self.bare()}


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def held_out(source: str, seed: int) -> bool:
    """The rule by which tiny_argos.py sets sentences aside."""
    digest = hashlib.sha256(f"{seed}\t{source.casefold()}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < HELD_OUT * 2**64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--from", dest="source", required=True)
    parser.add_argument("--to", dest="target", required=True)
    parser.add_argument("--out", type=Path, required=True, help="the TSV file to write")
    parser.add_argument("--count", type=int, default=24000, help="lines (default: 24000)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    phrases = json.loads(Path(__file__).with_name("phrases.json").read_text(encoding="utf-8"))
    sentences = Sentences(phrases, arguments.source, arguments.target, arguments.seed)
    pairs = [*sentences.bare() * 4]
    pairs += [sentences.draw() for _ in range(arguments.count - len(pairs))]
    sentences.chance.shuffle(pairs)
    lines = unicodedata.normalize("NFC", "".join(f"{source}\t{target}\n" for source, target in pairs))
    arguments.out.write_text(lines, encoding="utf-8")
    fixed = sentences.fixed()
    print(next(seed for seed in range(1, 10**6) if not any(held_out(source, seed) for source in fixed)))  # noqa: T201


if __name__ == "__main__":
    main()

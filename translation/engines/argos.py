"""Argos Translate's packages, run directly: SentencePiece cuts words into pieces, CTranslate2 translates them.

`argostranslate.translate` is not used: it wants a sentence splitter of its own, turns every `_` into a space, and translates one
text at a time. Pairs without a package of their own go by way of English.
"""

from __future__ import annotations

import asyncio
import math
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import ctranslate2
import sentencepiece

from translation import segments
from translation.engines.base import Draft, Pair
from translation.engines.packages import Package, find, read
from translation.errors import NotAPackage

BATCH_TOKENS = 2048
LENGTH_PENALTY = 0.2
PIVOT = "en"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A translated sentence; `score`: the mean probability of its pieces; `unknown`: as in Draft."""

    text: str
    score: float
    unknown: float


class Model:
    """One package in memory. Both parts are safe to use from several threads."""

    def __init__(self, package: Package, threads: int) -> None:
        contents = read(package)
        try:
            self._tokenizer = sentencepiece.SentencePieceProcessor(model_proto=contents.tokenizer)
            self._translator = ctranslate2.Translator(
                package.file.name, device="cpu", intra_threads=threads, files=dict(contents.model)
            )
        except (RuntimeError, ValueError) as error:
            raise NotAPackage(file=package.file.name) from error
        self._prefix = [package.target_prefix] if package.target_prefix else []

    def translate(self, sentences: Sequence[str], beam_size: int) -> list[Sentence]:
        pieces = self._tokenizer.encode(list(sentences), out_type=str)
        results = self._translator.translate_batch(
            pieces,
            target_prefix=[self._prefix] * len(pieces) if self._prefix else None,
            max_batch_size=BATCH_TOKENS,
            batch_type="tokens",
            beam_size=beam_size,
            length_penalty=LENGTH_PENALTY,
            max_input_length=0,
            replace_unknowns=True,
            return_scores=True,
        )
        return [
            Sentence(
                text=self._tokenizer.decode_pieces(result.hypotheses[0][len(self._prefix) :]).strip(),
                score=_probability(result.scores[0], len(result.hypotheses[0]) + 1),
                unknown=self._unknown(source),
            )
            for source, result in zip(pieces, results, strict=True)
        ]

    def _unknown(self, pieces: Sequence[str]) -> float:
        unknown = self._tokenizer.unk_id()
        lost = sum(len(piece) for piece in pieces if self._tokenizer.piece_to_id(piece) == unknown)
        return lost / max(1, sum(map(len, pieces)))


def _probability(score: float, length: int) -> float:
    """The mean probability of `length` pieces, from CTranslate2's score: their summed logarithms over length ** penalty."""
    return min(1.0, math.exp(score * length**LENGTH_PENALTY / length))


class ArgosEngine:
    """The packages of a folder. They are found when asked for, so that one just installed is used without a restart."""

    name = "argos"

    def __init__(self, folder: Path, *, beam_size: int, threads: int) -> None:
        self.folder = folder
        self._beam_size = beam_size
        self._threads = threads
        self._lock = threading.Lock()
        self._found: tuple[int, dict[Pair, Package]] = (-1, {})
        self._models: dict[Pair, tuple[str | None, Model]] = {}

    def packages(self) -> dict[Pair, Package]:
        """The installed packages by pair."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if changed != self._found[0]:
            installed = {(found.source, found.target): found for found in find(self.folder) if found.sha256}
            self._found = (changed, installed)
        return self._found[1]

    def route(self, source: str, target: str) -> list[Package]:
        """The packages to run one after another; empty when the pair is out of reach."""
        packages = self.packages()
        for way in ((source, target), (source, PIVOT, target)):
            steps = list(pairwise(way))
            if all(step in packages for step in steps):
                return [packages[step] for step in steps]
        return []

    def reaches(self, source: str, target: str) -> bool:
        return source != target and bool(self.route(source, target))

    async def draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        return await asyncio.to_thread(self._draft, texts, source, target)

    def _draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        route = self.route(source, target)
        if not route or source == target:
            raise ValueError(f"no route from {source} to {target}")
        version = "+".join(f"{step.source}_{step.target} {step.version}".strip() for step in route)
        words = [unicodedata.normalize("NFC", text) for text in texts]
        scores, unknown, sure = [1.0] * len(texts), [0.0] * len(texts), [True] * len(texts)
        for step in route:
            cut = [segments.split(text, step.source) for text in words]
            sentences = list(dict.fromkeys(sentence for text in cut for sentence in text.sentences))
            known = dict(zip(sentences, self._run(step, sentences), strict=True))
            for place, text in enumerate(cut):
                answers = [known[sentence] for sentence in text.sentences]
                words[place] = text.joined([answer.text for answer in answers], step.target)
                scores[place] = min([scores[place], *(answer.score for answer in answers)])
                unknown[place] = max([unknown[place], *(answer.unknown for answer in answers)])
                sure[place] &= all(answer.score >= step.lowest_score for answer in answers)
        return [
            Draft(text, self.name, version, score, lost, believed)
            for text, score, lost, believed in zip(words, scores, unknown, sure, strict=True)
        ]

    def _run(self, package: Package, sentences: list[str]) -> list[Sentence]:
        return self._model(package).translate(sentences, self._beam_size) if sentences else []

    def _model(self, package: Package) -> Model:
        pair = (package.source, package.target)
        with self._lock:
            digest, model = self._models.get(pair, (None, None))
            if model is None or digest != package.sha256:
                model = Model(package, self._threads)
                self._models[pair] = (package.sha256, model)
            return model

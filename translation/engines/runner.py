"""SentencePiece and CTranslate2, run directly: words cut into pieces, pieces translated in batches, pieces joined.

What differs between kinds of models is what stands around the pieces: see `Around`.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import ctranslate2
import sentencepiece

from translation import segments
from translation.errors import NotAPackage

BATCH_TOKENS = 2048
LENGTH_PENALTY = 0.2


@dataclass(frozen=True, slots=True)
class Around:
    """Tokens that are no words: before and after the source's pieces, and before the target's (stripped off again)."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()


class Translated(Protocol):
    """A translated sentence, and how far it is to be believed. See `Draft`."""

    @property
    def text(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def unknown(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """`score`: the mean probability of the pieces, 0 to 1; `unknown`: the share of characters without a piece of their own."""

    text: str
    score: float = 1.0
    unknown: float = 0.0


class Runner:
    """One model in memory. Both parts are safe to use from several threads. `name` is said when it cannot be loaded."""

    def __init__(
        self, name: str, tokenizer: bytes, *, threads: int, path: str = "", files: Mapping[str, bytes] | None = None
    ) -> None:
        try:
            self._tokenizer = sentencepiece.SentencePieceProcessor(model_proto=tokenizer)
            self._translator = ctranslate2.Translator(
                path or name, device="cpu", intra_threads=threads, files=dict(files) if files is not None else None
            )
        except (RuntimeError, ValueError) as error:
            raise NotAPackage(file=name) from error

    def translate(self, sentences: Sequence[str], beam_size: int, around: Around) -> list[Sentence]:
        pieces = self._tokenizer.encode(list(sentences), out_type=str)
        prefix = list(around.prefix)
        sources = [[*around.before, *cut, *around.after] for cut in pieces] if around.before or around.after else pieces
        results = self._translator.translate_batch(
            sources,
            target_prefix=[prefix] * len(pieces) if prefix else None,
            max_batch_size=BATCH_TOKENS,
            batch_type="tokens",
            beam_size=beam_size,
            length_penalty=LENGTH_PENALTY,
            max_input_length=0,
            replace_unknowns=True,
            return_scores=True,
        )
        written = [result.hypotheses[0][len(prefix) :] for result in results]
        return [
            Sentence(
                text=text.strip(),
                score=_probability(result.scores[0], len(answer) + len(prefix) + 1),
                unknown=self._unknown(source),
            )
            for source, answer, text, result in zip(
                pieces, written, self._tokenizer.decode_pieces(written), results, strict=True
            )
        ]

    def _unknown(self, pieces: Sequence[str]) -> float:
        unknown = self._tokenizer.unk_id()
        numbers = self._tokenizer.piece_to_id(list(pieces))
        if unknown not in numbers:
            return 0.0
        lost = sum(len(piece) for piece, number in zip(pieces, numbers, strict=True) if number == unknown)
        return lost / max(1, sum(map(len, pieces)))


def _probability(score: float, length: int) -> float:
    """The mean probability of `length` pieces, from CTranslate2's score: their summed logarithms over length ** penalty."""
    return min(1.0, math.exp(score * length**LENGTH_PENALTY / length))


@dataclass(slots=True)
class Whole:
    """A text whose sentences have been translated; `weakest` and `unknown` are those of its worst sentence."""

    text: str
    weakest: float = 1.0
    unknown: float = 0.0


def in_sentences(
    texts: Sequence[str], source: str, target: str, run: Callable[[list[str]], Sequence[Translated]]
) -> list[Whole]:
    """Each text cut into sentences, every different sentence run once, all in one batch, and put together again."""
    cut = [segments.split(unicodedata.normalize("NFC", text), source) for text in texts]
    sentences = list(dict.fromkeys(sentence for text in cut for sentence in text.sentences))
    known = dict(zip(sentences, run(sentences), strict=True)) if sentences else {}
    whole = []
    for text in cut:
        answers = [known[sentence] for sentence in text.sentences]
        whole.append(
            Whole(
                text.joined([answer.text for answer in answers], target),
                min((answer.score for answer in answers), default=1.0),
                max((answer.unknown for answer in answers), default=0.0),
            )
        )
    return whole

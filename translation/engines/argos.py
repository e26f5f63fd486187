"""Argos Translate's packages, run directly: SentencePiece cuts words into pieces, CTranslate2 translates them.

`argostranslate.translate` is not used: it wants a sentence splitter of its own, turns every `_` into a space, and translates one
text at a time. Pairs without a package of their own go by way of English.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from translation.engines.base import Draft, Pair
from translation.engines.packages import Package, find, read
from translation.engines.runner import Around, Runner, Sentence, in_sentences

PIVOT = "en"


class ArgosEngine:
    """The packages of a folder. They are found when asked for, so that one just installed is used without a restart."""

    name = "argos"
    outside = False
    confidential = True

    def __init__(self, folder: Path, *, beam_size: int, threads: int) -> None:
        self.folder = folder
        self._beam_size = beam_size
        self._threads = threads
        self._lock = threading.Lock()
        self._found: tuple[int, dict[Pair, Package]] = (-1, {})
        self._models: dict[Pair, tuple[str | None, Runner]] = {}

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

    async def ready(self) -> None:
        """Nothing to fetch."""

    async def draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        return await asyncio.to_thread(self._draft, texts, source, target)

    def _draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        route = self.route(source, target)
        if not route or source == target:
            raise ValueError(f"no route from {source} to {target}")
        version = "+".join(f"{step.source}_{step.target} {step.version}".strip() for step in route)
        words = list(texts)
        scores, unknown, sure = [1.0] * len(texts), [0.0] * len(texts), [True] * len(texts)
        for step in route:
            whole = in_sentences(words, step.source, step.target, partial(self._run, step))
            words = [text.text for text in whole]
            scores = [min(score, text.weakest) for score, text in zip(scores, whole, strict=True)]
            unknown = [max(lost, text.unknown) for lost, text in zip(unknown, whole, strict=True)]
            sure = [so_far and text.weakest >= step.lowest_score for so_far, text in zip(sure, whole, strict=True)]
        return [
            Draft(text, self.name, version, score, lost, believed)
            for text, score, lost, believed in zip(words, scores, unknown, sure, strict=True)
        ]

    def _run(self, package: Package, sentences: list[str]) -> list[Sentence]:
        prefix = (package.target_prefix,) if package.target_prefix else ()
        return self._model(package).translate(sentences, self._beam_size, Around(prefix=prefix))

    def _model(self, package: Package) -> Runner:
        pair = (package.source, package.target)
        with self._lock:
            digest, model = self._models.get(pair, (None, None))
            if model is None or digest != package.sha256:
                contents = read(package)
                model = Runner(package.file.name, contents.tokenizer, threads=self._threads, files=contents.model)
                self._models[pair] = (package.sha256, model)
            return model

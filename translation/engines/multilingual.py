"""One model for many languages, in a folder of its own (`engines/folder.py`): M2M-100 or MADLAD-400, converted to CTranslate2.

Every pair goes straight, without English in between. The token that names the target language is put there and taken off here.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from translation.engines.base import Draft
from translation.engines.folder import DESCRIPTION, Folder, describe, verify
from translation.engines.packages import SUMS
from translation.engines.runner import Runner, Sentence, in_sentences
from translation.errors import NotAPackage, PackageDamaged

log = logging.getLogger("banmao.translation")
Stamp = tuple[int, int]
NONE: Stamp = (0, 0)


class MultilingualEngine:
    """The folder is looked at when asked for, so that a model just put there is used without a restart."""

    name = "multilingual"
    outside = False
    confidential = True

    def __init__(self, path: Path, *, beam_size: int, threads: int) -> None:
        self.path = path
        self._beam_size = beam_size
        self._threads = threads
        self._lock = threading.Lock()
        self._described: tuple[Stamp, Folder | None] = (NONE, None)
        self._loaded: tuple[Stamp, Runner] | None = None

    def folder(self) -> Folder | None:
        """The model's description; None when there is none, or none that can be run."""
        stamp = self._stamp()
        if stamp != self._described[0]:
            found = None
            if stamp != NONE:
                try:
                    found = describe(self.path)
                except NotAPackage as error:
                    log.warning("%s: %s", self.path, error)
            self._described = (stamp, found)
        return self._described[1]

    def reaches(self, source: str, target: str) -> bool:
        folder = self.folder()
        return folder is not None and folder.reaches(source, target)

    async def ready(self) -> None:
        """Nothing to fetch."""

    async def draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        return await asyncio.to_thread(self._draft, texts, source, target)

    def _draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        folder = self.folder()
        if folder is None or not folder.reaches(source, target):
            raise ValueError(f"no route from {source} to {target}")
        around = folder.tokens(source, target)

        def run(sentences: list[str]) -> list[Sentence]:
            return self._model(folder).translate(sentences, self._beam_size, around)

        return [
            Draft(
                text.text,
                self.name,
                f"{folder.name} {folder.version}",
                text.weakest,
                text.unknown,
                text.weakest >= folder.lowest_score,
            )
            for text in in_sentences(texts, source, target, run)
        ]

    def _model(self, folder: Folder) -> Runner:
        with self._lock:
            stamp = self._stamp()
            if self._loaded is None or self._loaded[0] != stamp:
                verify(folder)
                try:
                    tokenizer = (folder.path / folder.tokenizer).read_bytes()
                except OSError as error:
                    raise PackageDamaged(file=str(folder.path)) from error
                runner = Runner(str(folder.path), tokenizer, threads=self._threads, path=str(folder.path))
                self._loaded = (stamp, runner)
            return self._loaded[1]

    def _stamp(self) -> Stamp:
        """Changes when another model is put there: its description and its digests are written last."""
        try:
            described, sealed = ((self.path / name).stat().st_mtime_ns for name in (DESCRIPTION, SUMS))
        except OSError:
            return NONE
        return described, sealed

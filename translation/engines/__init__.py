"""The engines of this process, asked in order: the first that reaches a pair drafts it, the next one when it cannot be had."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hub.errors import Unavailable
from hub.settings import Settings
from translation.engines.argos import ArgosEngine
from translation.engines.base import Draft, Engine
from translation.engines.libretranslate import LibreTranslateEngine
from translation.engines.multilingual import MultilingualEngine
from translation.errors import EngineUnknown, PackageDamaged

if TYPE_CHECKING:
    from hub.runtime import Runtime

PART = "translation.engines"
KINDS = ("argos", "multilingual", "libretranslate")
log = logging.getLogger("banmao.translation")

__all__ = ["Draft", "Engine", "Engines", "engines_of", "open_engines"]


class Engines:
    """A chain of engines. `confidential` texts are kept from those outside the house, unless the operator lets them in."""

    def __init__(self, chain: Sequence[Engine]) -> None:
        self.chain = tuple(chain)

    def reach(self, source: str, target: str, *, confidential: bool = False) -> Engine | None:
        """The engine for a pair; None is a state that pages show ("not translated yet"), not an error."""
        return next(self._reaching(source, target, confidential), None)

    def _reaching(self, source: str, target: str, confidential: bool) -> Iterator[Engine]:
        for engine in self.chain:
            if confidential and engine.outside and not engine.confidential:
                continue
            if engine.reaches(source, target):
                yield engine

    async def ready(self) -> None:
        """Let each engine learn what it reaches. Takes no time when they know."""
        for engine in self.chain:
            await engine.ready()

    async def draft(self, texts: Sequence[str], source: str, target: str, *, confidential: bool = False) -> list[Draft]:
        """Drafts by the first engine that can be had; the last one's error when none can.

        ValueError when none reaches the pair.
        """
        failure: Unavailable | PackageDamaged | None = None
        for engine in self._reaching(source, target, confidential):
            try:
                return await engine.draft(texts, source, target)
            except (Unavailable, PackageDamaged) as error:
                log.warning("%s makes no drafts from %s to %s: %s", engine.name, source, target, error)
                failure = error
        if failure is None:
            raise ValueError(f"no route from {source} to {target}")
        raise failure


def open_engines(settings: Settings) -> Engines:
    """The engines that the settings describe; models are loaded when first used. EngineUnknown for a name that is none."""
    chain: list[Engine] = []
    for name in settings.translation_engines.replace(",", " ").split():
        if name not in KINDS:
            raise EngineUnknown(name=name, known=", ".join(KINDS))
        if name == "argos":
            beam_size, threads = settings.argos_beam_size, settings.translation_threads
            chain.append(ArgosEngine(settings.models_folder, beam_size=beam_size, threads=threads))
        elif name == "multilingual":
            beam_size, threads = settings.multilingual_beam_size, settings.translation_threads
            chain.append(MultilingualEngine(settings.multilingual_folder, beam_size=beam_size, threads=threads))
        elif settings.libretranslate_url:
            chain.append(
                LibreTranslateEngine(
                    settings.libretranslate_url,
                    key=settings.libretranslate_key,
                    timeout=settings.libretranslate_timeout,
                    confidential=settings.libretranslate_confidential,
                )
            )
    return Engines(chain)


def engines_of(runtime: Runtime) -> Engines:
    """The process's engines, made when first asked for."""
    if PART not in runtime.parts:
        runtime.parts[PART] = open_engines(runtime.settings)
    engines: Engines = runtime.parts[PART]
    return engines

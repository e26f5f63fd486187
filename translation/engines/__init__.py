"""The engines of this process, asked in order: the first that reaches a pair drafts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hub.settings import Settings
from translation.engines.argos import ArgosEngine
from translation.engines.base import Draft, Engine

if TYPE_CHECKING:
    from hub.runtime import Runtime

PART = "translation.engines"

__all__ = ["Draft", "Engine", "Engines", "engines_of", "open_engines"]


class Engines:
    """A chain of engines."""

    def __init__(self, chain: Sequence[Engine]) -> None:
        self.chain = tuple(chain)

    def reach(self, source: str, target: str) -> Engine | None:
        """The engine for a pair; None is a state that pages show ("not translated yet"), not an error."""
        return next((engine for engine in self.chain if engine.reaches(source, target)), None)


def open_engines(settings: Settings) -> Engines:
    """The engines that the settings describe; models are loaded when first used."""
    argos = ArgosEngine(
        settings.models_folder, beam_size=settings.argos_beam_size, threads=settings.translation_threads
    )
    return Engines([argos])


def engines_of(runtime: Runtime) -> Engines:
    """The process's engines, made when first asked for."""
    if PART not in runtime.parts:
        runtime.parts[PART] = open_engines(runtime.settings)
    engines: Engines = runtime.parts[PART]
    return engines

"""What is found out about a file, or why it is refused."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


class Refused(Exception):
    """The file is not taken. `code` is one of `catalog.assets.problems`; `params` fill its sentence."""

    def __init__(self, code: str, **params: str) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


def broken(form: str) -> Refused:
    return Refused("BROKEN", format=form)


@dataclass
class Facts:
    """What a file is. `width` and `height` in pixels, those of a PDF in points.

    `sizes`: the different sizes of its pages, in the same. `parts`: names of the pictures of a comic, in reading order.
    """

    format: str
    media_type: str
    pages: int | None = None
    duration_ms: int | None = None
    width: int | None = None
    height: int | None = None
    title: str | None = None
    sizes: list[list[float]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


MOST_SIZES = 12


def distinct(sizes: list[tuple[float, float]]) -> list[list[float]]:
    """The sizes that occur, most frequent first; to whole units, since half a point changes no mark."""
    counted: dict[tuple[float, float], int] = {}
    for width, height in sizes:
        key = (max(1.0, round(width)), max(1.0, round(height)))
        counted[key] = counted.get(key, 0) + 1
    return [list(size) for size in sorted(counted, key=lambda size: -counted[size])[:MOST_SIZES]]

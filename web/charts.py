"""Bar charts as coordinates: bars from zero, a light grid, the first, the last and the highest bar named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar and its words; `value` is shown above it when `named`. Places are in pixels of the drawing."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    value: str
    named: bool


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    base: int
    bars: tuple[Bar, ...]
    grid: tuple[float, ...]


ABOVE, BELOW, STEPS = 24, 24, 4


def bars(values: Sequence[int], labels: Sequence[str], words: Sequence[str], width: int, height: int) -> Chart:
    """A drawing of `width` × `height` pixels; negative values stand as empty places."""
    base = height - BELOW
    highest = max([*values, 1])
    step = width / max(len(values), 1)
    thick = min(46.0, step * 0.62)
    named = {0, len(values) - 1, max(range(len(values)), key=lambda place: values[place], default=0)}
    drawn = []
    for place, value in enumerate(values):
        tall = max(0, value) / highest * (base - ABOVE)
        left = step * place + (step - thick) / 2
        drawn.append(
            Bar(
                round(left, 1),
                round(base - tall, 1),
                round(thick, 1),
                round(tall, 1),
                round(left + thick / 2, 1),
                labels[place],
                words[place],
                place in named,
            )
        )
    grid = tuple(round(base - (base - ABOVE) * line / STEPS, 1) for line in range(1, STEPS + 1))
    return Chart(width, height, base, tuple(drawn), grid)

"""What a cover is drawn with: five pigments and their washes, a sheet, and a few strokes.

Lengths are in cover units: a sheet is 200 wide, 280 high for a book and 200 for music. Every stroke is a fragment of SVG
without identifiers, so that many covers can stand in one page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

INDIGO, NIGHT, PALE, MIST = "#2b4f86", "#1d2f4f", "#9dbcc4", "#c9d6d6"
VERMILION, LAC, GAMBOGE, JADE = "#bd2f1b", "#9c2350", "#d9a21f", "#1d7a66"
INK, PAPER, STRAW, EARTH, LEAF = "#18242b", "#f1ece0", "#e3cfa5", "#a9653a", "#5a7d4b"


@dataclass(frozen=True, slots=True)
class Palette:
    """`ground` is the cloth, `veil` a wash on it, `main` and `soft` carry the figure, `deep` its shadow, `accent` one spot."""

    ground: str
    veil: str
    main: str
    soft: str
    deep: str
    accent: str


PALETTES = {
    "indigo": Palette(INDIGO, "#3a609a", PAPER, PALE, NIGHT, GAMBOGE),
    "night": Palette(NIGHT, "#294069", STRAW, "#6f8db0", "#101c31", VERMILION),
    "mist": Palette(MIST, PALE, INDIGO, PAPER, NIGHT, VERMILION),
    "vermilion": Palette(VERMILION, "#cb4a2e", STRAW, GAMBOGE, "#7c1638", PAPER),
    "gamboge": Palette(GAMBOGE, "#e4b748", VERMILION, PAPER, "#5c1f1a", JADE),
    "jade": Palette(JADE, "#2f8b77", PAPER, "#a5cdb9", "#0d453c", GAMBOGE),
    "lac": Palette("#8f2049", "#a53a61", STRAW, "#d995a5", "#55102d", GAMBOGE),
    "paper": Palette(PAPER, STRAW, JADE, LEAF, INK, VERMILION),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A cover before the slip goes on. `head` is the height that a slip across the top will hide, 0 for an upright slip."""

    width: float
    height: float
    head: float
    palette: Palette

    @property
    def centre(self) -> tuple[float, float]:
        """Where a figure stands: right of the spine, below the slip."""
        x = 109 if self.height > self.width else 102 if self.head else 112
        return x, self.head + (self.height - self.head) * (
            0.51 if self.head else 0.58 if self.height > self.width else 0.54
        )

    def figure(self, *strokes: str, size: float = 1.0) -> str:
        """Strokes drawn within 80 units of (0, 0), set at the sheet's centre."""
        x, y = self.centre
        scale = size * (1.0 if self.height > self.width else 0.76 if self.head else 0.88)
        return group(f"translate({number(x)} {number(y)}) scale({number(scale)})", *strokes)


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def group(transform: str, *strokes: str) -> str:
    return f'<g transform="{transform}">{"".join(strokes)}</g>'


def turned(degrees: float, *strokes: str) -> str:
    return group(f"rotate({number(degrees)})", *strokes)


def moved(x: float, y: float, *strokes: str, scale: float = 1.0) -> str:
    return group(f"translate({number(x)} {number(y)})" + ("" if scale == 1 else f" scale({number(scale)})"), *strokes)


def mirrored(*strokes: str) -> str:
    """The strokes, and their mirror image across the upright axis, a hair closer so that no seam shows."""
    return "".join(strokes) + group("translate(0.5 0) scale(-1 1)", *strokes)


def area(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def line(d: str, colour: str, width: float = 2.0) -> str:
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{number(width)}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def disc(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}"/>'


def ring(x: float, y: float, radius: float, colour: str, width: float = 2.0) -> str:
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="none" '
        f'stroke="{colour}" stroke-width="{number(width)}"/>'
    )


def oval(x: float, y: float, rx: float, ry: float, fill: str, turn: float = 0) -> str:
    turning = f' transform="rotate({number(turn)} {number(x)} {number(y)})"' if turn else ""
    return f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(rx)}" ry="{number(ry)}" fill="{fill}"{turning}/>'


def block(x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> str:
    rounding = f' rx="{number(radius)}"' if radius else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
        f'fill="{fill}"{rounding}/>'
    )


def petal(length: float, width: float) -> str:
    """A pointed petal from (0, 0) upwards, as path data."""
    low, high, side = number(-length * 0.35), number(-length * 0.8), number(width * 0.8)
    return f"M0 0C{-width} {low} -{side} {high} 0 {-length}C{side} {high} {width} {low} 0 0z"


def around(count: int, stroke: str, first: float = 0, span: float = 360) -> str:
    """A stroke repeated at even angles around (0, 0)."""
    step = span / (count if span == 360 else count - 1)
    return "".join(turned(first + step * i, stroke) for i in range(count))


def smooth(points: Sequence[tuple[float, float]]) -> str:
    """Path data of a soft curve through the points, from left to right."""
    d = f"M{number(points[0][0])} {number(points[0][1])}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = number((x0 + x1) / 2)
        d += f"C{middle} {number(y0)} {middle} {number(y1)} {number(x1)} {number(y1)}"
    return d


def ridge(sheet: Sheet, heights: Iterable[float], fill: str) -> str:
    """A range of hills across the sheet; heights are measured from its lower edge."""
    tops = [sheet.height - height for height in heights]
    step = sheet.width / (len(tops) - 1)
    curve = smooth([(i * step, y) for i, y in enumerate(tops)])
    return area(f"{curve}V{number(sheet.height)}H0z", fill)


def swell(sheet: Sheet, depth: float, fill: str, edge: str, radius: float = 25) -> str:
    """Rows of overlapping waves up to `depth` from the lower edge."""
    rows, row, y = [], 0, sheet.height - depth + radius
    while y - radius < sheet.height:
        x = -radius if row % 2 else 0.0
        while x < sheet.width + radius:
            rows.append(disc(x, y, radius, fill) + ring(x, y, radius, edge, 1.6) + ring(x, y, radius * 0.55, edge, 1.3))
            x += radius * 2
        row, y = row + 1, y + radius * 0.62
    return "".join(rows)


def cloud(x: float, y: float, scale: float, fill: str) -> str:
    return moved(
        x, y, area("M-40 0a9 9 0 0 1 9-11a16 16 0 0 1 29-6a13 13 0 0 1 23 6a10 10 0 0 1 19 11z", fill), scale=scale
    )


def polar(radius: float, degrees: float) -> tuple[float, float]:
    """The point at an angle clockwise from straight up."""
    angle = math.radians(degrees)
    return radius * math.sin(angle), -radius * math.cos(angle)

"""Every pair of colours that meets on a page, light and dark, against WCAG 2.2 AA."""

from __future__ import annotations

import re

import pytest

from web.assets import STATIC

BLOCK = re.compile(r":root(:not\(\[data-theme=\"light\"\]\)|\[data-theme=\"dark\"\])? \{\n(.*?)\n\s*\}", re.DOTALL)
TONES = ("seal", "jade", "indigo", "gamboge", "rouge")
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "sheet", "sunk")],
    *[(tone, ground) for tone in TONES for ground in ("paper", "sheet", f"{tone}-wash")],
    *[(ink, f"{tone}-wash") for ink in ("ink", "ink-2") for tone in TONES],
    *[("on-seal", "seal-fill"), ("on-seal", "seal-hover"), ("on-jade", "jade-fill"), ("on-btn", "btn")],
    *[("on-btn", "btn-hover"), ("ink", "mark"), ("sheet", "ink-2")],
]
SHAPES = [
    (mark, ground) for mark in ("edge", "focus", "c1", "c2", "c3", "c4", "c5", "c6") for ground in ("paper", "sheet")
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def themes() -> dict[str, dict[str, str]]:
    blocks = [colours(body) for _selector, body in BLOCK.findall((STATIC / "css" / "tokens.css").read_text())]
    light, system, chosen = (block for block in blocks if "ink" in block)
    assert system == chosen, "the system's dark and the chosen dark differ"
    return {"light": light, "dark": light | chosen}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of #rrggbb."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SHAPES, 3.0)], ids=["text", "shapes"])
def test_colours_that_meet_differ_enough(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    table = themes()[theme]
    assert {
        pair: round(ratio(table[pair[0]], table[pair[1]]), 2)
        for pair in pairs
        if ratio(table[pair[0]], table[pair[1]]) < least
    } == {}

"""Documents: a Typst template and data in, PDF out, in all ten scripts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

OURS = Path(__file__).parent / "fonts"
FAMILIES = {
    "zh": ("Noto Sans SC",),
    "th": ("Noto Sans", "Noto Sans Thai"),
    "lo": ("Noto Sans", "Noto Sans Lao"),
    "km": ("Noto Sans", "Noto Sans Khmer"),
    "my": ("Noto Sans", "Noto Sans Myanmar"),
}
FALLBACK = ("Noto Sans", "Noto Sans SC", "Noto Sans Thai", "Noto Sans Lao", "Noto Sans Khmer", "Noto Sans Myanmar")


def families(language: str) -> list[str]:
    """Font families for text of a language, all others behind them for names in other scripts."""
    first = FAMILIES.get(language, ())
    return [*first, *(family for family in FALLBACK if family not in first)]


@cache
def fonts() -> typst.Fonts:
    """The fonts of all ten scripts; those of this machine are not looked at, so that documents are the same everywhere."""
    folders = [OURS]
    for package in ("justmytype_intl_sea", "justmytype_intl_cjk"):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        folders.append(Path(spec.origin).parent / "fonts")
    return typst.Fonts(font_paths=[str(folder) for folder in folders], include_system_fonts=False)


async def typeset(template: Path, data: dict[str, Any]) -> bytes:
    """The PDF of `template`, which reads `data` as JSON from `sys.inputs.data`.

    Compilation runs off the event loop; it takes about a tenth of a second a page.
    """
    return await _compiled(template, data)


async def draw(template: Path, data: dict[str, Any], *, ppi: float) -> bytes:
    """The same as a PNG of the one page that it makes, `ppi` pixels an inch; transparent where nothing is set."""
    return await _compiled(template, data, format="png", ppi=ppi)


async def _compiled(template: Path, data: dict[str, Any], **options: Any) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    compiled: Callable[..., bytes] = typst.compile
    return await asyncio.to_thread(
        compiled,
        template,
        root=template.parent,
        font_paths=fonts(),
        sys_inputs=inputs,
        ignore_system_fonts=True,
        **options,
    )

"""Marks on pictures: a transparent sheet with the viewer's name, laid over."""

from __future__ import annotations

from typing import Any

from PIL import Image

from catalog.assets.files import pictures


class Sheets:
    """Overlays by size: `width` and `height` in pixels, and the `path` of a PNG."""

    def __init__(self, overlays: list[dict[str, Any]]) -> None:
        self._overlays = overlays
        self._opened: dict[str, Image.Image] = {}

    def laid_on(self, paper: Image.Image) -> Image.Image:
        """The picture at the size in which it is shown, under the sheet that fits it best."""
        width, height = pictures.fitted(paper.size)
        shown = paper if paper.size == (width, height) else paper.resize((width, height), Image.Resampling.LANCZOS)
        if not self._overlays:
            return shown
        best = min(self._overlays, key=lambda item: abs(item["width"] - width) + abs(item["height"] - height))
        sheet = self._opened.setdefault(best["path"], Image.open(best["path"]).convert("RGBA"))
        if sheet.size != shown.size:
            sheet = sheet.resize(shown.size, Image.Resampling.LANCZOS)
        out = shown.convert("RGB")
        out.paste(sheet, mask=sheet.getchannel("A"))
        return out

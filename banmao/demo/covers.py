"""Draws the covers of the demo catalogue: cloth in one of eight palettes, one motif, a stitched spine, a title slip.

`draw` makes the SVG that pages show. `raster` makes the JPEG that platforms want: the picture is rendered by Typst, and the
slip's words are set by Typst itself, because its SVG renderer does not shape Khmer and Burmese and Typst's text does.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any
from xml.sax.saxutils import escape

import typst
from icu4py.breakers import LineBreaker
from lxml import etree
from PIL import Image

from banmao.demo.motifs import MOTIFS
from banmao.demo.pigments import INK, PALETTES, Sheet, block, line, number

SLIP_PAPER = "#fbf9f2"
SVG = "{http://www.w3.org/2000/svg}"
FAMILIES = {
    "zh": "'Noto Serif SC','Noto Serif CJK SC','Noto Sans SC',serif",
    "th": "'Noto Serif Thai','Noto Sans Thai',serif",
    "lo": "'Noto Serif Lao','Noto Sans Lao',serif",
    "km": "'Noto Serif Khmer','Noto Sans Khmer',serif",
    "my": "'Noto Sans Myanmar',sans-serif",
}
TYPST_FONTS = (
    "Libertinus Serif",
    "Noto Sans SC",
    "Noto Sans Thai",
    "Noto Sans Lao",
    "Noto Sans Khmer",
    "Noto Sans Myanmar",
)
EM = {"th": 0.62, "lo": 0.64, "km": 0.8, "my": 0.98, "zh": 1.0}  # width of a bold base letter; Latin is LATIN_EM
LATIN_EM = 0.56
UPRIGHT_LONGEST = 8  # Chinese titles up to this length stand upright


class CoverError(ValueError):
    """A cover cannot be drawn as asked; the message names the motif, the palette or the size."""


def draw(work: Mapping[str, Any]) -> str:
    """The cover of a work (the table of its file, see README.md) as SVG, 200 × 280 units, music 200 × 200.

    The same work is the same drawing on every run. Raises `CoverError` for an unknown motif or palette.
    """
    cover = work["cover"]
    if cover["motif"] not in MOTIFS:
        raise CoverError(f"there is no motif {cover['motif']!r}")
    if cover["palette"] not in PALETTES:
        raise CoverError(f"there is no palette {cover['palette']!r}")
    language = str(work["original_language"])
    title = str(work["original"]["title"] if "original" in work else work["titles"][language])
    music = work["kind"] == "MUSIC"
    upright = _is_chinese(title) and len(title) <= UPRIGHT_LONGEST
    slip, head = _upright_slip(title, music) if upright else _level_slip(title, language, music)
    sheet = Sheet(200, 200 if music else 280, head, PALETTES[cover["palette"]])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 {number(sheet.height)}" '
        f'width="200" height="{number(sheet.height)}" role="img" lang="{escape(language)}">'
        f"<title>{escape(title)}</title>"
        f"{block(0, 0, sheet.width, sheet.height, sheet.palette.ground)}{MOTIFS[cover['motif']](sheet)}"
        f"{'' if music else _spine(sheet)}{slip}</svg>"
    )


def raster(svg: str, size: int) -> bytes:
    """A drawn cover as JPEG (sRGB, quality 92) whose longer side is `size` pixels, 16 to 6000."""
    if not 16 <= size <= 6000:
        raise CoverError(f"a cover is 16 to 6000 pixels long, not {size}")
    root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    width, height = (float(value) for value in root.get("viewBox", "").split()[2:])
    words = []
    for element in root.findall(f"{SVG}text"):
        words.append(_typst_text(element))
        root.remove(element)
    picture = etree.tostring(root, encoding="unicode")
    source = (
        f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n"
        f'#place(image(bytes({_typst_string(picture)}), format: "svg", width: {width}pt))\n' + "\n".join(words)
    )
    png = typst.compile(source.encode(), format="png", ppi=72 * size / max(width, height), font_paths=_fonts())
    with Image.open(io.BytesIO(png)) as image:
        exact = image.convert("RGB").resize(
            (round(width * size / max(width, height)), round(height * size / max(width, height)))
        )
    out = io.BytesIO()
    exact.save(out, "JPEG", quality=92, dpi=(300, 300))
    return out.getvalue()


@cache
def _fonts() -> typst.Fonts:
    folders = [str(resources.files(package) / "fonts") for package in ("justmytype_intl_sea", "justmytype_intl_cjk")]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


def _is_chinese(title: str) -> bool:
    return all("CJK UNIFIED" in unicodedata.name(letter, "") for letter in title)


def _length(text: str, language: str) -> float:
    """Estimated width in ems: letters that stand on the line count, marks above and below do not."""
    width, stacked = 0.0, False
    for letter in text:
        if unicodedata.category(letter) == "Mn":
            stacked = letter in "\u17d2\u1039"  # the next Khmer or Burmese letter goes below
            continue
        if not stacked:
            latin = letter.isascii() or "LATIN" in unicodedata.name(letter, "")
            width += LATIN_EM if latin else EM.get(language, 0.7)
        stacked = False
    return width


def _wrapped(title: str, language: str) -> list[str]:
    """The title in one line, or in two: broken at a space, else where its script allows, and as evenly as can be."""
    if _length(title, language) <= 8:
        return [title]
    spaces = [at + 1 for at, letter in enumerate(title) if letter == " "]
    breaks = spaces or [end for _, end in LineBreaker(title, language).segments()][:-1]
    halves = [(title[:at].strip(), title[at:]) for at in breaks]
    if not halves:
        return [title]
    return list(min(halves, key=lambda pair: max(_length(half, language) for half in pair)))


def _spine(sheet: Sheet) -> str:
    stitches = "".join(f"M0 {y}h16" for y in range(34, int(sheet.height), 71))
    return f'<g opacity=".78">{line(f"M16 0V{number(sheet.height)}{stitches}", "#fff", 1.8)}</g>'


def _slip(x: float, y: float, width: float, height: float) -> str:
    paper = block(x, y, width, height, SLIP_PAPER)
    return paper + line(
        f"M{number(x + 2.5)} {number(y + 2.5)}h{number(width - 5)}v{number(height - 5)}h{number(5 - width)}z", INK, 0.8
    )


def _words(text: str, x: float, y: float, size: float, language: str) -> str:
    family = FAMILIES.get(language, "'Noto Serif','Libertinus Serif',serif")
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" font-weight="700" text-anchor="middle" '
        f'fill="{INK}" font-family="{family}" xml:lang="{escape(language)}">{escape(text)}</text>'
    )


def _upright_slip(title: str, music: bool) -> tuple[str, float]:
    """The slip, and the height it takes from the head of the sheet: none, since it stands at the side."""
    x, y = (18, 14) if music else (30, 20)
    size = 23.0 if len(title) <= 5 else 19.0
    step = size * 1.16
    letters = "".join(_words(c, x + 18, y + 8 + size * 0.9 + i * step, size, "zh") for i, c in enumerate(title))
    return _slip(x, y, 36, step * len(title) + 14) + letters, 0


def _level_slip(title: str, language: str, music: bool) -> tuple[str, float]:
    """The slip across the head of the sheet, and how far down it reaches."""
    x, y, width = (14.0, 14.0, 172.0) if music else (30.0, 18.0, 156.0)
    lines = _wrapped(title, language)
    size = min(20.0 if music else 23.0, *((width - 20) / _length(text, language) for text in lines))
    leading = size * (1.3 if language not in EM or language == "zh" else 1.6)
    height = leading * len(lines) + (12 if music else 16)
    first = y + (height - leading * (len(lines) - 1)) / 2 + size * 0.34
    words = "".join(_words(text, x + width / 2, first + i * leading, size, language) for i, text in enumerate(lines))
    return _slip(x, y, width, height) + words, y + height


def _typst_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _typst_text(element: etree._Element) -> str:
    """One line of the slip, set by Typst around the same point of the same baseline."""
    x, y = element.get("x"), element.get("y")
    fonts = ", ".join(_typst_string(family) for family in TYPST_FONTS)
    style = f'size: {element.get("font-size")}pt, weight: 700, fill: rgb("{INK}"), font: ({fonts})'
    words = f'#text({style}, top-edge: "baseline", bottom-edge: "baseline", {_typst_string(element.text or "")})'
    return f"#place(dx: {x}pt - 100pt, dy: {y}pt, block(width: 200pt, align(center, [{words}])))"

"""Collect the self-hosted Noto subsets from Fontsource packages and write the style sheets that declare them.

Run again to take a newer version (see `web/static/fonts/README.md`):

    npm install --prefix /tmp/noto @fontsource/noto-sans @fontsource/noto-serif …
    python -m web.build_fonts /tmp/noto/node_modules
"""

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
FACE = re.compile(r"/\* (?P<name>[\w\[\]-]+) \*/\s*@font-face \{(?P<body>[^}]*)\}")


@dataclass(frozen=True)
class Family:
    """One Fontsource package: which of its weights and which of its subsets the pages use."""

    package: str
    weights: tuple[int, ...]
    subsets: tuple[str, ...] = ()
    sheet: str = "fonts.css"

    def takes(self, subset: str) -> bool:
        return subset in self.subsets if self.subsets else subset not in ("cyrillic", "vietnamese")


FAMILIES = (
    Family("noto-sans", (400, 700), ("latin", "latin-ext", "vietnamese")),
    Family("noto-serif", (700,), ("latin", "latin-ext", "vietnamese")),
    Family("noto-sans-thai", (400, 700), ("thai",)),
    Family("noto-sans-lao", (400, 700), ("lao",)),
    Family("noto-sans-khmer", (400, 700), ("khmer",)),
    Family("noto-sans-myanmar", (400, 700), ("myanmar",)),
    Family("noto-serif-thai", (700,), ("thai",)),
    Family("noto-serif-lao", (700,), ("lao",)),
    Family("noto-serif-khmer", (700,), ("khmer",)),
    Family("noto-sans-sc", (400, 700), sheet="fonts-zh.css"),
    Family("noto-serif-sc", (700,), sheet="fonts-zh.css"),
)


def faces(family: Family, package: Path) -> Iterator[tuple[str, str]]:
    """Yield (file name, one-line @font-face rule) for every wanted subset of a package."""
    for weight in family.weights:
        for match in FACE.finditer((package / f"{weight}.css").read_text()):
            subset = match["name"].removeprefix(f"{family.package}-").removesuffix(f"-{weight}-normal").strip("[]")
            if not family.takes(subset):
                continue
            name = f"{family.package}-{subset}-{weight}-normal.woff2"
            declared = dict(re.findall(r"([\w-]+): ([^;]+);", match["body"]))
            yield (
                name,
                f'@font-face{{font-family:"{declared["font-family"].strip(chr(39))}";font-weight:{weight};font-display:swap;'
                f'src:url("../fonts/{name}") format("woff2");unicode-range:{declared["unicode-range"]}}}',
            )


def collect(node_modules: Path) -> None:
    """Copy the woff2 files and licences beside their style sheets, replacing what was there."""
    fonts = STATIC / "fonts"
    for old in fonts.glob("*.woff2"):
        old.unlink()
    sheets: dict[str, list[str]] = {}
    for family in FAMILIES:
        package = node_modules / "@fontsource" / family.package
        for name, rule in faces(family, package):
            shutil.copyfile(package / "files" / name, fonts / name)
            sheets.setdefault(family.sheet, []).append(rule)
        shutil.copyfile(package / "LICENSE", fonts / f"{family.package}-OFL.txt")
    for sheet, rules in sheets.items():
        (STATIC / "css" / sheet).write_text("/* Written by web/build_fonts.py. */\n" + "\n".join(rules) + "\n")


if __name__ == "__main__":
    collect(Path(sys.argv[1]))

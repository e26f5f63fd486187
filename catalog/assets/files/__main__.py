"""The tasks of the confined process. Each answers facts, or `refused` with a code and what its sentence needs."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from hub import confined


def main(task: dict[str, Any]) -> dict[str, Any]:
    from catalog.assets.files.findings import Refused

    try:
        return DOORS[task["do"]](task)
    except Refused as refused:
        return {"refused": {"code": refused.code, "params": refused.params}}


def examine(task: dict[str, Any]) -> dict[str, Any]:
    """What `source` is, named `named`; small pictures of it, `widths` pixels across, into `folder`."""
    from catalog.assets.files import pictures, sniffing

    facts, front = sniffing.examine(Path(task["source"]), task["named"])
    if front is not None:
        for width in task["widths"]:
            Path(task["folder"], f"{width}.jpg").write_bytes(pictures.jpeg(pictures.narrowed(front, width)))
    misnamed = sniffing.misnamed(facts, task["named"])
    return facts.as_json() | {"drawn": front is not None, "misnamed": misnamed}


def cover(task: dict[str, Any]) -> dict[str, Any]:
    """`source` in every one of `widths`, into `folder`."""
    from catalog.assets.files import pictures

    facts, paper = pictures.examine(Path(task["source"]))
    for width in task["widths"]:
        Path(task["folder"], f"{width}.jpg").write_bytes(pictures.jpeg(pictures.narrowed(paper, width)))
    return facts.as_json()


def mark_paper(task: dict[str, Any]) -> dict[str, Any]:
    from catalog.assets.files import papers

    papers.mark(Path(task["source"]), Path(task["out"]), task["overlays"], task["code"])
    return {}


def draw_paper(task: dict[str, Any]) -> dict[str, Any]:
    """Pages `numbers` of `source`, which is marked already, into `folder`."""
    from catalog.assets.files import papers, pictures

    for number, paper in papers.drawn(Path(task["source"]), task["numbers"], task["width"]):
        Path(task["folder"], f"{number}.jpg").write_bytes(pictures.jpeg(paper, task["note"]))
    return {}


def mark_pictures(task: dict[str, Any]) -> dict[str, Any]:
    """The picture `source`, or the pages `numbers` of the comic `source` named in `parts`, marked, into `folder`."""
    from catalog.assets.files import comics, marks, pictures

    source, folder, sheets = Path(task["source"]), Path(task["folder"]), marks.Sheets(task["overlays"])
    if not task["parts"]:
        paper = pictures.upright(pictures.measured(source))
        (folder / "1.jpg").write_bytes(pictures.jpeg(sheets.laid_on(paper), task["note"]))
        return {}
    with zipfile.ZipFile(source) as archive:
        for number in task["numbers"]:
            paper = comics.page(archive, task["parts"][number - 1])
            (folder / f"{number}.jpg").write_bytes(pictures.jpeg(sheets.laid_on(paper), task["note"]))
    return {}


def bind_comic(task: dict[str, Any]) -> dict[str, Any]:
    """All pages of the comic, marked, as one CBZ at `out`."""
    folder = Path(task["folder"])
    numbers = list(range(1, len(task["parts"]) + 1))
    mark_pictures(task | {"numbers": numbers})
    with zipfile.ZipFile(task["out"], "w", zipfile.ZIP_STORED) as archive:
        archive.comment = task["note"].encode()
        for number in numbers:
            archive.write(folder / f"{number}.jpg", f"{number:04}.jpg")
    return {}


def tag(task: dict[str, Any]) -> dict[str, Any]:
    """A copy of `source` whose tags carry the trace code."""
    from catalog.assets.files import epub, media

    source, out = Path(task["source"]), Path(task["out"])
    if task["format"] == "EPUB":
        epub.tag(source, out, task["code"])
    else:
        media.tag(source, out, task["format"], task["code"])
    return {}


DOORS = {
    function.__name__: function for function in (examine, cover, mark_paper, draw_paper, mark_pictures, bind_comic, tag)
}

if __name__ == "__main__":
    confined.serve(main)

"""Packages and folders of packages for tests."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from hub.settings import ROOT
from translation.engines.packages import install

MODELS = ROOT / "tests" / "data" / "models"


def folder(path: Path, *pairs: str) -> Path:
    """A folder with the project's own small packages for some pairs (`zh_en`) installed."""
    path.mkdir(parents=True, exist_ok=True)
    for pair in pairs:
        install(MODELS / f"translate-{pair}.argosmodel", path)
    return path


def archive(path: Path, entries: dict[str, bytes], **metadata: object) -> Path:
    """A package file with these entries, and a metadata.json unless there is nothing to say in it."""
    if metadata:
        entries = {"translate-x/metadata.json": json.dumps(metadata).encode(), **entries}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return path

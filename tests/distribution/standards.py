"""The standards' own files: `BANMAO_STANDARDS`, else beside the repository. Tests skip without them, CI fails."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def folder() -> Path:
    configured = os.environ.get("BANMAO_STANDARDS")
    places = (
        [Path(configured)]
        if configured
        else [ROOT.parent / "shared" / "standards", ROOT.parent.parent / "shared" / "standards"]
    )
    for place in places:
        if (place / "ern").is_dir():
            return place
    if os.environ.get("CI") == "true":
        pytest.fail("BANMAO_STANDARDS names no folder with the standards' files")
    pytest.skip("the standards' files are not here: set BANMAO_STANDARDS")

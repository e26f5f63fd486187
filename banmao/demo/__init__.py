"""The demo catalogue: real public-domain works, make-believe sellers."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent
PASSWORD = "rights-trade-2026"  # noqa: S105  # of every demo account; the README says it too


@cache
def organizations() -> list[dict[str, Any]]:
    """The organizations of `organizations.toml`, with their people."""
    found: list[dict[str, Any]] = tomllib.loads((HOME / "organizations.toml").read_text(encoding="utf8"))[
        "organizations"
    ]
    return found


@cache
def works() -> list[dict[str, Any]]:
    """The works of `works/`, by file name."""
    return [tomllib.loads(file.read_text(encoding="utf8")) for file in sorted((HOME / "works").glob("*.toml"))]

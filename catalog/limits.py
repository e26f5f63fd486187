"""How long and how many anything said of a work may be. Readers of files need no more of the catalogue than this."""

from __future__ import annotations

from datetime import date
from typing import Final

LONGEST_TITLE: Final = 1_000
LONGEST_DESCRIPTION: Final = 20_000
LONGEST_NAME: Final = 500
MOST_CONTRIBUTORS: Final = 200
MOST_IDENTIFIERS: Final = 50
MOST_SUBJECTS: Final = 50
YEARS: Final = (-3000, 2200)
EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2200, 1, 1)
"""Days that rights begin and end on."""

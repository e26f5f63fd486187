"""What the steps share: the hub's door, the cast, and what the audience sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.status import Status

from banmao.demo import PASSWORD
from banmao.story.client import Person

PUBLISHER = ("chen.jing@guilin-xiangshan.banmao.example", "zh")
AGENT = ("pimlada@lilavadee.banmao.example", "th")
RIVAL = ("waranya@rim-nan.banmao.example", "th")
MUSICIAN = ("wei.xiaoyun@yongjiang-music.banmao.example", "zh")
OPERATOR = ("li.ke@banmao.banmao.example", "zh")
STUDIO = ("tran.tue.minh@studio-ha-noi.banmao.example", "vi")
HANOI_BUYER = ("le.thu.ha@song-lam.banmao.example", "vi")

SCOPE = {
    "rights": ["PRINT", "EBOOK"],
    "territories": ["TH"],
    "languages": ["th"],
    "period": {"start": "2027-01-01", "end": "2032-01-01"},
    "exclusive": True,
}


@dataclass
class Stage:
    """What the steps share: the hub's door, the sandbox's papers, and what earlier steps brought about."""

    http: httpx.AsyncClient
    sandbox: dict[str, Any]
    home: Path
    console: Console
    status: Status
    known: dict[str, Any] = field(default_factory=dict)

    def doing(self, words: str) -> None:
        """What is under way, live."""
        self.status.update(f"[dim]{words}[/]")

    def tell(self, label: str, words: str) -> None:
        """Something that happened."""
        self.console.print(f"     [dim]{label:<18}[/] {words}")


async def person(stage: Stage, who: tuple[str, str]) -> Person:
    email, language = who
    if email not in stage.known:
        stage.known[email] = await Person(stage.http, language).sign_in(email, PASSWORD)
    found: Person = stage.known[email]
    return found

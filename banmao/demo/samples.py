"""Samples of some demo works: their beginnings, typeset, shown to everybody who has signed in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from catalog.assets import service
from catalog.models import Work
from hub.runtime import Runtime
from hub.typesetting import families, typeset

TEMPLATE = Path(__file__).with_name("sample.typ")


@cache
def samples() -> Mapping[str, Mapping[str, Any]]:
    """What `samples.toml` holds, by the work's slug."""
    text = resources.files(__package__).joinpath("samples.toml").read_text(encoding="utf8")
    return {given["work"]: given for given in tomllib.loads(text)["sample"]}


async def bring(session: AsyncSession, runtime: Runtime, work: Work, given: Mapping[str, Any]) -> None:
    """The work's sample, if it has one. A job looks at it as at any other."""
    sample = samples().get(given["slug"])
    if sample is None:
        return
    members = await accounts.members(session, work.owner_id)
    person = members[0][0]
    content = await _paper(given, sample)
    row = await service.take_in(session, runtime, work, person.id, sample["name"], content)
    await service.grant(session, row, person.id, expires_at=datetime.now(UTC) + service.LONGEST_SHARING)


async def _paper(given: Mapping[str, Any], sample: Mapping[str, Any]) -> bytes:
    language = sample["language"]
    authors = [each for each in given.get("contributors", ()) if each["role"] == "aut"]
    names = [each.get("name_original", each["name"]) if language in ("zh", "th") else each["name"] for each in authors]
    data = {
        "title": given["titles"].get(language, sample["heading"]),
        "author": ", ".join(names),
        "heading": sample["heading"],
        "text": sample["text"],
        "language": language,
        "fonts": families(language),
    }
    return await typeset(TEMPLATE, data)

"""The translation desk: where the texts of an organization stand, and one text side by side, worked by keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from hub.i18n import LANGUAGES
from web.forms import Form
from web.labels import LABELS
from web.page import Page, Refused
from web.routing import Area

area = Area()
PAGE_SIZE = 25
MOST_AT_ONCE = 100
ORDER = ("CHECK_FAILED", "OUTDATED", "NEEDS_REVIEW", "SUGGESTED", "MACHINE", "NOT_TRANSLATED", "SUPPLIED", "REVIEWED")
"""What wants a person first."""
TO_DO = frozenset({"CHECK_FAILED", "OUTDATED", "NEEDS_REVIEW", "SUGGESTED", "MACHINE"})
FILTERS = ("state", "purpose", "find", "work")
OF_WORKS = ("TITLE", "DESCRIPTION")
CONFLICT = "CONFLICT"


def _language(page: Page) -> str:
    """The language that is worked on: as the address says, else the reader's own."""
    asked = page.query.get("language", "")
    return asked if asked in LANGUAGES else page.language


async def _filter(page: Page) -> dict[str, Any]:
    """What the list is narrowed to, in the operation's words."""
    state, purpose = page.query.get("state", ""), page.query.get("purpose", "")
    wanted: dict[str, Any] = {
        "states": [state] if state in ORDER else sorted(TO_DO) if state == "todo" else None,
        "purposes": [purpose] if purpose in LABELS["purpose"] else list(OF_WORKS),
        "query": page.query.get("find") or None,
        "textIds": None,
    }
    if work_id := page.query.get("work"):
        work = page.found((await page.ask("DeskWork", id=work_id))["work"])
        texts = [work["title"], work["description"]]
        wanted["textIds"] = [text["textId"] for text in texts if text]
    return wanted


def _kept(page: Page) -> str:
    """The filters of the list as the part of an address that leads back to it."""
    kept = [(name, page.query[name]) for name in FILTERS if page.query.get(name)]
    return urlencode([("language", _language(page)), *kept])


def _standing(counts: Sequence[Mapping[str, Any]], language: str, purposes: Sequence[str]) -> list[dict[str, Any]]:
    """How many texts stand where in a language, what wants a person first, with the share of each for a bar."""
    found = dict.fromkeys(ORDER, 0)
    for one in counts:
        if one["language"] == language and one["purpose"] in purposes:
            found[one["state"]] += one["texts"]
    total = sum(found.values())
    return [
        {"state": state, "texts": texts, "width": round(100 * texts / total, 1) if total else 0}
        for state, texts in found.items()
    ]


def _languages(counts: Sequence[Mapping[str, Any]], purposes: Sequence[str]) -> list[dict[str, Any]]:
    """Each language with the share of its texts that readers of it can read, and that people have checked."""
    rows = []
    for language in LANGUAGES:
        states = {one["state"]: one["texts"] for one in _standing(counts, language, purposes)}
        total = sum(states.values())
        readable = sum(states[state] for state in ("REVIEWED", "SUPPLIED", "MACHINE", "NEEDS_REVIEW", "OUTDATED"))
        if total:
            checked = states["REVIEWED"] + states["SUPPLIED"]
            rows.append(
                {
                    "language": language,
                    "total": total,
                    "readable": readable,
                    "checked": checked,
                    "to_do": sum(states[state] for state in TO_DO),
                    "readable_width": round(100 * readable / total, 1),
                    "checked_width": round(100 * checked / total, 1),
                }
            )
    return rows


@area.get("/translation")
async def desk(page: Page) -> Response:
    return await _list(page, None)


async def _list(page: Page, done: Mapping[str, Any] | None) -> Response:
    language, wanted = _language(page), await _filter(page)
    counts = (await page.ask("DeskCounts"))["translationCounts"]
    data = await page.ask("Desk", language=language, first=PAGE_SIZE, after=page.query.get("after"), **wanted)
    found = data["translationDesk"]
    return page.render(
        "pages/desk.html",
        target=language,
        found=found,
        kept=_kept(page),
        standing=_standing(counts, language, wanted["purposes"]),
        languages=_languages(counts, wanted["purposes"]),
        filters={name: page.query.get(name, "") for name in FILTERS},
        done=done,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.post("/translation")
async def approve_many(page: Page) -> Response:
    """Approve the chosen texts as they are; those that cannot be are named above the list."""
    form = await page.form()
    approvals = []
    for chosen in form.many("text")[:MOST_AT_ONCE]:
        text_id, _bar, version = chosen.partition(" ")
        if version.isascii() and version.isdigit() and len(version) < 10:
            approvals.append({"textId": text_id, "language": _language(page), "version": int(version)})
    if not approvals:
        return await _list(page, {"approved": 0, "problems": [], "none": True})
    data = await page.do("ApproveTexts", form, approvals=approvals)
    done = data["approveTexts"]
    return await _list(page, {**done, "problems": [one for one in done["problems"] if one], "none": False})


async def _side_by_side(page: Page, seen_source: str | None = None) -> dict[str, Any]:
    wanted = await _filter(page)
    data = await page.ask(
        "DeskText", textId=page.part("text"), language=page.part("language"), seenSource=seen_source, **wanted
    )
    text = page.found(data["deskText"])
    newer, older = data["translationDeskNeighbours"]
    work = next((one["work"] for one in data["textWorks"]), None)
    return {
        "text": text,
        "newer": newer,
        "older": older,
        "work": work,
        "target": page.part("language"),
        "kept": _kept_at(page),
    }


def _kept_at(page: Page) -> str:
    """The list's filters on a page whose address names the language itself."""
    kept = [(name, page.query[name]) for name in FILTERS if page.query.get(name)]
    return urlencode([("language", page.part("language")), *kept])


@area.get("/translation/{text:uuid}/{language}")
async def review(page: Page) -> Response:
    return page.render("pages/review.html", **await _side_by_side(page), form=None, conflict=False)


@area.post("/translation/{text:uuid}/{language}")
async def approve(page: Page) -> Response:
    """Approve the words, then on to the next. When the original or the approved words are others by now, both are shown."""
    form = await page.form()
    version = form.number("version", least=1, most=10**9)
    try:
        await page.do(
            "ApproveText",
            form,
            textId=page.part("text"),
            language=page.part("language"),
            text=form.value("text"),
            version=version,
            approvedAt=form.value("approved_at") or None,
            reason=form.value("reason") or None,
        )
    except Refused as refused:
        form.refuse(refused.refusal)
        above = None if "reason" in form.errors else form.general or refused.refusal.message
        again = Form(form.sent, form.errors, above)
        conflict = refused.refusal.code == CONFLICT
        context = await _side_by_side(page, form.value("source") if conflict else None)
        return page.render("pages/review.html", refused.refusal.status, **context, form=again, conflict=conflict)
    kept = _kept_at(page)
    onwards = form.value("next")
    if not onwards:
        return page.go(f"/translation?{kept}", "saved")
    return page.go(page.own_path(f"/translation/{onwards}/{page.part('language')}?{kept}"), "saved")


@area.post("/translation/{text:uuid}/{language}/checks")
async def checks(page: Page) -> Response:
    """What the checks find in the words as they stand: asked for while typing."""
    form = await page.form()
    data = await page.ask(
        "CheckTranslation", textId=page.part("text"), language=page.part("language"), text=form.value("text")
    )
    return page.render("parts/findings.html", findings=data["checkTranslation"], typed=bool(form.value("text")))


@area.post("/translation/{text:uuid}/{language}/wanted")
async def want_review(page: Page) -> Response:
    form = await page.form()
    await page.do(
        "WantReview",
        form,
        textId=page.part("text"),
        language=page.part("language"),
        wanted=form.choice("wanted", ("yes", "no")) == "yes",
    )
    return page.go(f"/translation/{page.part('text')}/{page.part('language')}?{_kept_at(page)}", "saved")


@area.get("/translation/quality")
async def quality(page: Page) -> Response:
    data = await page.ask("DraftQuality")
    rows = [
        {**row, "bars": _bands(row["bands"]), "trend": _trend(row, data["draftQualityTrend"])}
        for row in data["draftQuality"]
    ]
    return page.render("pages/quality.html", rows=rows)


def _bands(bands: Sequence[int]) -> list[dict[str, Any]]:
    """Bars of a small drawing, 100 wide and 40 high."""
    highest = max([*bands, 1])
    return [
        {
            "x": 10 * place,
            "height": round(38 * count / highest, 1),
            "y": round(40 - 38 * count / highest, 1),
            "count": count,
        }
        for place, count in enumerate(bands)
    ]


def _trend(row: Mapping[str, Any], months: Sequence[Mapping[str, Any]]) -> str:
    """The points of a line, 100 wide and 40 high, one for each month that has any; empty for fewer than two."""
    keys = ("engine", "source", "target")
    means = [one["mean"] for one in months if all(one[key] == row[key] for key in keys)]
    if len(means) < 2:
        return ""
    step = 100 / (len(means) - 1)
    return " ".join(f"{round(step * place, 1)},{round(40 - 0.4 * mean, 1)}" for place, mean in enumerate(means))

"""Samples: for the owner what there is, who may see it and who opened it; for others the sample itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from hub.formats import short_day
from hub.i18n import _, current_language
from web import charts, facts
from web.forms import Form
from web.labels import label
from web.page import Page, Refused
from web.pages.works import load
from web.routing import Area

area = Area()
PAGE_SIZE = 25
PAGES_SHOWN = 12
OPENINGS_SHOWN = 10
MOST = 100
EVERYBODY, BY_EMAIL = "everybody", "email"
SHARED_FOR = timedelta(days=30)
LONGEST = timedelta(days=364)
WIDE, NARROW = (900, 200), (340, 180)
NAMES = {"expiresAt": "until", "organizationId": "audience", "uploadId": "file", "file": "file", "email": "email"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets take a cell that begins like this for a formula."""


@area.get("/samples")
async def samples(page: Page) -> Response:
    found = (await page.ask("MySamples", first=PAGE_SIZE, after=page.query.get("after")))["mySamples"]
    code = page.query.get("code", "").strip()[:40]
    trace = (await page.ask("SampleTrace", code=code))["sampleTrace"] if code else None
    return page.render(
        "pages/samples.html",
        found=found,
        code=code,
        trace=trace,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.get("/works/{id:uuid}/samples")
async def of_work(page: Page) -> Response:
    return await _of_work(page, None)


async def _of_work(page: Page, form: Form | None, status: int = 200) -> Response:
    work = await load(page, page.part("id"))
    page.place = "/works" if work["editable"] else "/search"
    found = (await page.ask("Samples", workId=work["id"]))["samples"]
    checking = any(sample["status"] == "CHECKING" for sample in found)
    size = page.desk.settings.max_upload_bytes
    return page.render(
        "pages/work_samples.html", status, work=work, samples=found, checking=checking, form=form, most=size
    )


@area.post("/works/{id:uuid}/samples")
async def add(page: Page) -> Response:
    form = await page.form()
    work_id = page.part("id")
    file, upload = form.file("file"), form.value("upload")
    try:
        await page.do("AddSample", form, workId=work_id, uploadId=upload or None, file=None if upload else file)
    except Refused as refused:
        form.refuse(refused.refusal, NAMES)
        return await _of_work(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/works/{work_id}/samples")


@area.get("/samples/{id:uuid}")
async def sample(page: Page) -> Response:
    return await _show(page, None)


async def _show(page: Page, form: Form | None, status: int = 200) -> Response:
    start = page.query.get("from", "1")
    skip = int(start) - 1 if start.isascii() and start.isdigit() and 0 < len(start) < 5 and int(start) else 0
    data = await page.ask("Sample", id=page.part("id"), first=PAGES_SHOWN, skip=skip)
    found = page.found(data["sample"])
    page.place = "/works" if found["mine"] else "/search"
    more = skip + PAGES_SHOWN
    context: dict[str, Any] = {
        "sample": found,
        "skip": skip,
        "more": page.here(**{"from": str(more + 1)}) if (found["pages"] or 0) > more and found["pageUrls"] else None,
        "form": form,
    }
    if found["mine"]:
        context |= await _owned(page, found)
    return page.render("pages/sample.html", status, **context)


async def _owned(page: Page, found: Mapping[str, Any]) -> dict[str, Any]:
    """Whom it may be shared with, and who opened it."""
    talks = await page.glance("SampleAudience", workId=found["work"]["id"])
    buyers = (
        {edge["node"]["buyer"]["id"]: edge["node"]["buyer"] for edge in talks["negotiations"]["edges"]} if talks else {}
    )
    audiences = [(key, buyer["name"]["text"]) for key, buyer in buyers.items()]
    audiences += [(BY_EMAIL, str(_("One person, by e-mail"))), (EVERYBODY, str(_("Everybody who has signed in")))]
    today = datetime.now(ZoneInfo(facts.zone.get())).date()
    asked = await page.ask("SampleReport", id=found["id"], zone=facts.zone.get(), first=OPENINGS_SHOWN)
    report = page.found(asked["sampleReport"])
    return {
        "audiences": audiences,
        "until": today + SHARED_FOR,
        "earliest": today,
        "latest": today + LONGEST,
        "report": report,
        "openings": page.found(asked["sampleOpenings"]),
        "wide": _course(report["days"], *WIDE),
        "narrow": _course(report["days"], *NARROW),
    }


def _course(days: list[Mapping[str, Any]], width: int, height: int) -> charts.Chart:
    counts = [day["openings"] for day in days]
    labels = [short_day(date.fromisoformat(day["day"]), current_language()) for day in days]
    return charts.bars(counts, labels, [facts.number(count) for count in counts], width, height)


@area.post("/samples/{id:uuid}/share")
async def share(page: Page) -> Response:
    form = await page.form()
    last, audience = form.day("until"), form.value("audience")
    email = form.value("email")
    expires = (
        datetime.combine(last + timedelta(days=1), datetime.min.time(), ZoneInfo(facts.zone.get())) if last else None
    )
    try:
        await page.do(
            "ShareSample",
            form,
            sampleId=page.part("id"),
            everybody=audience == EVERYBODY,
            email=email if audience == BY_EMAIL else None,
            organizationId=audience if audience not in (EVERYBODY, BY_EMAIL) else None,
            expiresAt=expires.isoformat() if expires else None,
        )
    except Refused as refused:
        form.refuse(refused.refusal, NAMES)
        return await _show(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/samples/{page.part('id')}", "shared")


@area.post("/samples/{id:uuid}/end-sharing")
async def end_sharing(page: Page) -> Response:
    form = await page.form()
    await page.do("EndSharing", form, grantId=form.value("grant"))
    return page.go(f"/samples/{page.part('id')}", "unshared")


@area.post("/samples/{id:uuid}/remove")
async def remove(page: Page) -> Response:
    form = await page.form()
    found = page.found((await page.ask("Sample", id=page.part("id"), first=1, skip=0))["sample"])
    await page.do("RemoveSample", form, sampleId=found["id"])
    return page.go(f"/works/{found['work']['id']}/samples", "saved")


@area.get("/samples/{id:uuid}/openings.csv")
async def openings(page: Page) -> Response:
    """Every opening in a table for spreadsheets; times in the zone of the reader's organization."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([str(_("When")), str(_("Person")), str(_("Organization")), str(_("How")), str(_("Code"))])
    after: str | None = None
    while True:
        data = await page.ask("SampleOpenings", id=page.part("id"), first=MOST, after=after)
        found = page.found(data["sampleOpenings"])
        for edge in found["edges"]:
            table.writerow(_line(edge["node"]))
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    headers = {"Content-Disposition": 'attachment; filename="openings.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _line(opening: Mapping[str, Any]) -> list[str]:
    when = facts.as_moment(opening["createdAt"]).isoformat(sep=" ", timespec="minutes")
    name = opening["organization"]["name"]["text"]
    return [_cell(text) for text in (when, opening["person"], name, label("opening", opening["how"]), opening["code"])]


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text

"""Files for translators' programs: texts and memory out as TMX or XLIFF, translations in after a look at what would change."""

from __future__ import annotations

from starlette.responses import Response

from hub.i18n import LANGUAGES, _
from web.forms import Form
from web.labels import LABELS
from web.page import Page, Refused
from web.routing import Area

area = Area()
PAGE_SIZE = 20
HERE = "/translation/files"
FORMATS = ("XLIFF", "TMX")
CONTENTS = ("TEXT", "MEMORY")
PURPOSES = ("TITLE", "DESCRIPTION", "NOTE", "CLAUSE")
OUT, IN = "out", "in"


@area.get(HERE)
async def exchanges(page: Page) -> Response:
    return await _list(page, {})


async def _list(page: Page, forms: dict[str, Form], status: int = 200) -> Response:
    """`forms`: the one that was refused, by whether it is for a file out or in."""
    found = (await page.ask("Exchanges", first=PAGE_SIZE, after=page.query.get("after")))["translationExchanges"]
    return page.render(
        "pages/exchanges.html",
        status,
        found=found,
        out_form=forms.get(OUT),
        in_form=forms.get(IN),
        contents=[(value, LABELS["content"][value]) for value in CONTENTS],
        purposes=[(value, LABELS["exchanged"][value]) for value in PURPOSES],
        running=any(edge["node"]["status"] in ("RUNNING", "APPLYING") for edge in found["edges"]),
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.post(HERE + "/out")
async def send(page: Page) -> Response:
    form = await page.form()
    source = form.value("source")
    try:
        await page.do(
            "ExportTranslations",
            form,
            input={
                "format": form.choice("format", FORMATS),
                "content": form.choice("content", CONTENTS),
                "source": form.choice("source", LANGUAGES) if source else None,
                "targets": form.choices("targets", LANGUAGES),
                "purposes": form.choices("purposes", PURPOSES) or None,
                "missing": form.flag("missing"),
            },
        )
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _list(page, {OUT: Form(form.sent, form.errors, form.general)}, refused.refusal.status)
    return page.go(HERE, "file-ordered")


@area.post(HERE + "/in")
async def receive(page: Page) -> Response:
    form = await page.form()
    file = form.file("file")
    if file is None:
        form.wrong("file", _("Choose a TMX or XLIFF file."))
        return await _list(page, {IN: Form(form.sent, form.errors)}, 422)
    try:
        data = await page.do("ImportTranslations", form, file=file)
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _list(page, {IN: Form(form.sent, form.errors, form.general)}, refused.refusal.status)
    return page.go(f"{HERE}/{data['importTranslations']['id']}")


@area.get(HERE + "/{id:uuid}")
async def look(page: Page) -> Response:
    run = (await page.ask("Exchange", id=page.part("id")))["translationExchange"]
    counts = {one["outcome"]: one["count"] for one in run["counts"]}
    return page.render(
        "pages/exchange.html", run=run, counts=counts, takes=counts.get("NEW", 0) + counts.get("CHANGED", 0)
    )


@area.post(HERE + "/{id:uuid}/confirm")
async def confirm(page: Page) -> Response:
    await page.do("ConfirmTranslations", await page.form(), id=page.part("id"))
    return page.go(f"{HERE}/{page.part('id')}")

"""Glossaries: the book trade's and the organization's own, searched, kept, brought in and taken out."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hub.i18n import LANGUAGES
from web.forms import Form
from web.page import Page, Refused
from web.routing import Area

area = Area()
PAGE_SIZE = 20
HERE = "/translation/glossary"
ANY = "und"
FORMATS = ("TSV", "CSV", "TBX")
NAMES = {"sourceUrl": "source", "partOfSpeech": "part", "key": "short"}


@area.get(HERE)
async def glossary(page: Page) -> Response:
    words, domain, whose = (page.query.get(name, "").strip() for name in ("find", "domain", "whose"))
    data = await page.ask(
        "Glossary",
        query=words[:100] or None,
        domain=domain or None,
        own={"own": True, "hub": False}.get(whose),
        first=PAGE_SIZE,
        after=page.query.get("after"),
    )
    found = data["glossaryTerms"]
    return page.render(
        "pages/glossary.html",
        found=found,
        glossary=data["glossary"],
        find=words,
        domain=domain,
        whose=whose,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.get(HERE + "/new")
async def new(page: Page) -> Response:
    return page.render("pages/term.html", term=None, form=None)


@area.get(HERE + "/{id:uuid}")
async def term(page: Page) -> Response:
    found = page.found((await page.ask("GlossaryTerm", id=page.part("id")))["glossaryTerm"])
    return page.render("pages/term.html", term=found, form=None)


@area.post(HERE + "/new")
async def add(page: Page) -> Response:
    return await _save(page, None)


@area.post(HERE + "/{id:uuid}")
async def save(page: Page) -> Response:
    return await _save(page, page.part("id"))


async def _save(page: Page, term_id: str | None) -> Response:
    form = await page.form()
    kept = form.flag("keep")
    given: dict[str, Any] = {
        "key": form.value("short") or form.value("name") or form.value("en") or form.value("zh"),
        "kind": "DO_NOT_TRANSLATE" if kept else "TERM",
        "domain": form.value("domain") or None,
        "partOfSpeech": form.value("part") or None,
        "definition": form.value("definition") or None,
        "sourceUrl": form.value("source") or None,
        "caseSensitive": form.flag("case"),
        "words": _words(form, kept=kept),
        "definitions": [
            {"language": language, "text": form.value(f"{language}_means")}
            for language in LANGUAGES
            if form.value(f"{language}_means")
        ],
    }
    try:
        await page.do("SaveGlossaryTerm", form, id=term_id, input=given)
    except Refused as refused:
        form.refuse(refused.refusal, NAMES)
        found = (await page.ask("GlossaryTerm", id=term_id))["glossaryTerm"] if term_id else None
        sent = Form(form.sent, form.errors, form.general)
        return page.render("pages/term.html", refused.refusal.status, term=found, form=sent)
    return page.go(f"{HERE}?whose=own", "saved")


def _words(form: Form, *, kept: bool) -> list[dict[str, str]]:
    """A name is one field; a term has three in each language, words parted by line breaks."""
    if kept:
        return [{"language": ANY, "words": form.value("name"), "status": "PREFERRED"}]
    found = []
    for language in LANGUAGES:
        for suffix, status in (("", "PREFERRED"), ("_also", "ADMITTED"), ("_never", "FORBIDDEN")):
            said = [line.strip() for line in form.value(language + suffix).split("\n") if line.strip()]
            found += [{"language": language, "words": words, "status": status} for words in said]
    return found


@area.post(HERE + "/{id:uuid}/remove")
async def remove(page: Page) -> Response:
    await page.do("DeleteGlossaryTerm", await page.form(), id=page.part("id"))
    return page.go(f"{HERE}?whose=own", "removed")


@area.get(HERE + "/file")
async def file(page: Page) -> Response:
    wanted = page.query.get("format", "TSV")
    own = page.query.get("whose") != "hub"
    made = (await page.ask("GlossaryFile", format=wanted if wanted in FORMATS else "TSV", own=own))["glossaryFile"]
    headers = {"Content-Disposition": f'attachment; filename="{made["fileName"]}"'}
    return Response(made["content"], media_type=made["mediaType"], headers=headers)


@area.get(HERE + "/import")
async def import_form(page: Page) -> Response:
    return page.render("pages/glossary_import.html", form=None, made=None)


@area.post(HERE + "/import")
async def bring_in(page: Page) -> Response:
    form = await page.form()
    try:
        data = await page.do("ImportGlossary", form, file=form.file("file"), apply=form.flag("apply"))
    except Refused as refused:
        form.refuse(refused.refusal)
        sent = Form(form.sent, form.errors, form.general)
        return page.render("pages/glossary_import.html", refused.refusal.status, form=sent, made=None)
    return page.render("pages/glossary_import.html", form=None, made=data["importGlossary"])

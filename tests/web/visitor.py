"""A reader with a browser but no screen: cookies, forms with their hidden fields, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from fastapi import FastAPI
from lxml import html

from tests.factories.accounts import Actor
from web.page import LANGUAGE, SESSION


class Visitor:
    """Reads pages of the running application as a person would, form by form."""

    def __init__(self, app: FastAPI, actor: Actor | None = None, language: str = "en") -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://hub.test", follow_redirects=True, timeout=60
        )
        self.http.cookies.set(LANGUAGE, language)
        if actor:
            self.http.cookies.set(SESSION, actor.token)
        self.status = 0
        self.page: html.HtmlElement = html.Element("html")
        self.path = ""
        self.headers: Mapping[str, str] = {}

    def _take(self, answer: httpx.Response) -> None:
        self.status, self.headers, self.path = answer.status_code, answer.headers, str(answer.url.raw_path, "ascii")
        self.page = html.document_fromstring(answer.text or "<html></html>")

    async def open(self, path: str, **headers: str) -> Visitor:
        self._take(await self.http.get(path, headers=headers))
        return self

    def text(self, selector: str = "//main") -> str:
        """The words of the elements that an XPath finds, white space collapsed."""
        return " ".join(" ".join(" ".join(found.itertext()) for found in self.page.xpath(selector)).split())

    def form(self, action: str) -> html.FormElement:
        """The form that is sent to `action` (by the end of its address)."""
        found = [form for form in self.page.forms if (form.action or self.path).split("?")[0].endswith(action)]
        assert found, f"no form for {action} among {[form.action for form in self.page.forms]}"
        return found[0]

    async def send(
        self,
        action: str,
        values: Mapping[str, str | Sequence[str]] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        **options: Any,
    ) -> Visitor:
        """Fill in and send the form of this page; its hidden fields go along."""
        form = self.form(action)
        sent: dict[str, list[str]] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        for name, given in (values or {}).items():
            sent[name] = [given] if isinstance(given, str) else list(given)
        self._take(await self.http.post(form.action or self.path, data=sent, files=files, **options))
        return self

    def errors(self) -> list[str]:
        """The sentences beside wrong fields and above the form."""
        found = self.page.xpath('//p[contains(@class, "error")] | //*[@role="alert"]')
        return [" ".join(" ".join(item.itertext()).split()) for item in found]

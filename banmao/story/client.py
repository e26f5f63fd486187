"""A person at the hub's door: GraphQL over HTTP with a token, uploads, and patience."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx

T = TypeVar("T")


class Refusal(Exception):
    """The hub's answer was an error; `code` and `message` are the hub's own."""

    def __init__(self, error: dict[str, Any]) -> None:
        self.message: str = error["message"]
        self.extensions: dict[str, Any] = error.get("extensions", {})
        self.code: str = self.extensions.get("code", "?")
        super().__init__(f"{self.code} {self.extensions.get('field') or ''}: {self.message}")


class StoryFailed(Exception):
    """A step did not end as it must."""


class Person:
    """Somebody signed in; asks in their own language."""

    def __init__(self, http: httpx.AsyncClient, language: str) -> None:
        self.http = http
        self.language = language
        self.token: str | None = None
        self.name = ""
        self.organization = ""

    async def sign_in(self, email: str, password: str) -> Person:
        session = (
            await self.ask(
                """mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) {
                     token viewer { name organization { name { text } } } } }""",
                email=email,
                password=password,
            )
        )["signIn"]
        self.token = session["token"]
        self.name = session["viewer"]["name"]
        self.organization = session["viewer"]["organization"]["name"]["text"]
        return self

    async def ask(
        self, query: str, /, *, uploads: dict[str, tuple[str, bytes, str]] | None = None, **variables: Any
    ) -> Any:
        """The data of the answer; `Refusal` when it carries errors. `uploads`: variable path → name, content, media type."""
        headers = {"Accept-Language": self.language}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = {"query": query, "variables": variables}
        if uploads:
            response = await self.http.post(
                "/graphql",
                headers=headers,
                data={
                    "operations": json.dumps(body),
                    "map": json.dumps({str(n): [f"variables.{path}"] for n, path in enumerate(uploads)}),
                },
                files={str(n): upload for n, upload in enumerate(uploads.values())},
            )
        else:
            response = await self.http.post("/graphql", headers=headers, json=body)
        answer = response.json()
        if answer.get("errors"):
            raise Refusal(answer["errors"][0])
        return answer["data"]


async def until(
    what: str,
    look: Callable[[], Awaitable[T]],
    good: Callable[[T], bool],
    *,
    seconds: float = 120,
    bad: Callable[[T], bool] | None = None,
) -> T:
    """Look again and again until it is good. StoryFailed when it turns bad or takes too long."""
    deadline = time.monotonic() + seconds
    while True:
        seen = await look()
        if good(seen):
            return seen
        if (bad is not None and bad(seen)) or time.monotonic() > deadline:
            raise StoryFailed(f"{what}: {json.dumps(seen, ensure_ascii=False, default=str)[:1500]}")
        await asyncio.sleep(0.25)


def insist(holds: bool, what: str) -> None:
    """StoryFailed unless it holds."""
    if not holds:
        raise StoryFailed(what)

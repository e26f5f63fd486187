"""An outside client of the hub: GraphQL over HTTP, uploads, headers."""

from __future__ import annotations

import json
from typing import Any, Self

import httpx
from fastapi import FastAPI

from hub.runtime import Runtime


class Refused(AssertionError):
    """The hub answered with errors where a test expected data."""


class Api:
    def __init__(self, app: FastAPI, runtime: Runtime) -> None:
        self.app = app
        self.runtime = runtime
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://hub.test", timeout=60)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.http.aclose()

    async def ask(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        language: str | None = None,
        key: str | None = None,
        files: dict[str, tuple[str, bytes, str]] | None = None,
        operation: str | None = None,
    ) -> dict[str, Any]:
        """The whole GraphQL answer. `files`: variable path (`file`, `input.audio`) → name, content, media type.

        `operation`: the name of the one that is meant, where the document has several.
        """
        headers = {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if language:
            headers["Accept-Language"] = language
        if key:
            headers["Idempotency-Key"] = key
        body: dict[str, Any] = {"query": query, "variables": variables or {}}
        if operation:
            body["operationName"] = operation
        if files:
            places = {str(number): [f"variables.{path}"] for number, path in enumerate(files)}
            response = await self.http.post(
                "/graphql",
                data={"operations": json.dumps(body), "map": json.dumps(places)},
                files={str(number): content for number, content in enumerate(files.values())},
                headers=headers,
            )
        else:
            response = await self.http.post("/graphql", json=body, headers=headers)
        answer: dict[str, Any] = response.json()
        return answer

    async def data(self, query: str, variables: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """The data of an answer that must have no errors."""
        answer = await self.ask(query, variables, **options)
        if "errors" in answer:
            raise Refused(json.dumps(answer["errors"], ensure_ascii=False, indent=1))
        data: dict[str, Any] = answer["data"]
        return data

    async def refusal(self, query: str, variables: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """The extensions (and message) of the first error of an answer that must carry no data."""
        answer = await self.ask(query, variables, **options)
        assert "errors" in answer, answer
        assert not answer.get("data") or all(value is None for value in answer["data"].values()), answer
        first = answer["errors"][0]
        return {"message": first["message"], **first["extensions"]}

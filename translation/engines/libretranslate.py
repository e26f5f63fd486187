"""A server that speaks LibreTranslate's HTTP API: POST /translate, GET /languages.

Texts leave the house: confidential ones are not sent unless the operator allows it (`BANMAO_LIBRETRANSLATE_CONFIDENTIAL`).
A server that fails again and again is left alone for a while (`engines/breaker.py`), so that it holds nothing up. The key is
in no log, no error and no address.

    429, Retry-After   the rest that the server asks for      EngineResting
    5xx, no answer     tried again, waiting twice as long      EngineUnreachable
    400, 413           the server will not have these words    a draft that is known as none
    403                the key is missing or wrong             EngineKeyRefused
    anything else      not what the API promises               EngineAnswersWrongly
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from hub.errors import HubError
from hub.i18n import supported
from translation.engines.base import Draft
from translation.engines.breaker import Breaker
from translation.engines.runner import Sentence, Whole, in_sentences
from translation.errors import (
    EngineAnswersWrongly,
    EngineKeyRefused,
    EngineRefused,
    EngineResting,
    EngineUnreachable,
)

log = logging.getLogger("banmao.translation")

MOST_TEXTS, MOST_CHARACTERS = 50, 4_000
"""In one request. A server that is stricter still answers 400 or 413: then each half is tried."""
LARGEST_ANSWER = 4 * 1024**2
ATTEMPTS = 3
FIRST_WAIT = 0.2
FRESH = 600.0
"""Seconds for which what a server says of its languages is believed."""


class LibreTranslateEngine:
    name = "libretranslate"
    outside = True

    def __init__(self, address: str, *, key: SecretStr | None, timeout: float, confidential: bool) -> None:
        self.confidential = confidential
        self._address = address.rstrip("/")
        self._key = key
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 3.0))
        self._pairs: dict[str, dict[str, str]] = {}
        self._codes: dict[str, str] = {}
        self._asked = 0.0
        self._asking: asyncio.Task[None] | None = None
        self._breaker = Breaker()

    def reaches(self, source: str, target: str) -> bool:
        return source != target and target in self._pairs.get(source, {})

    async def ready(self) -> None:
        """Learn the server's languages, unless they are known and fresh. A server that does not answer reaches nothing."""
        if time.monotonic() - self._asked < FRESH and self._pairs:
            return
        if self._breaker.open:
            return
        if self._asking is None or self._asking.done() or self._asking.get_loop() is not asyncio.get_running_loop():
            self._asking = asyncio.create_task(self._learn(), name="libretranslate")
        if not self._pairs:
            await asyncio.shield(self._asking)

    async def _learn(self) -> None:
        try:
            said = await self._request("GET", "/languages", None)
            pairs: dict[str, dict[str, str]] = {}
            codes: dict[str, str] = {}
            for row in said:
                tag = supported(str(row["code"]))
                if tag is None or tag in pairs:
                    continue
                codes[tag] = str(row["code"])
                reached = [str(code) for code in row.get("targets", [])]
                pairs[tag] = {}
                for code in reached:
                    if known := supported(code):
                        pairs[tag].setdefault(known, code)
        except HubError as error:
            log.warning("the languages of %s cannot be had: %s", self._address, error)
            return
        except (KeyError, TypeError, AttributeError):
            self._breaker.failed()
            log.warning("what %s says of its languages is not understood", self._address)
            return
        self._pairs, self._codes, self._asked = pairs, codes, time.monotonic()

    async def draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        if not self.reaches(source, target):
            raise ValueError(f"no route from {source} to {target}")
        codes = self._codes[source], self._pairs[source][target]
        sentences: list[str] = []

        def note(found: list[str]) -> list[Sentence]:
            sentences.extend(found)
            return [Sentence(sentence) for sentence in found]

        await asyncio.to_thread(in_sentences, texts, source, target, note)
        said: dict[str, Sentence] = {}
        for group in _groups(sentences):
            answers = await self._translate(group, *codes)
            for sentence, answer in zip(group, answers, strict=True):
                said[sentence] = Sentence(sentence, 0.0, 1.0) if answer is None else Sentence(answer)

        def joined() -> list[Whole]:
            return in_sentences(texts, source, target, lambda found: [said[one] for one in found])

        whole = await asyncio.to_thread(joined)
        host = httpx.URL(self._address).host
        return [Draft(text.text, self.name, host, text.weakest, text.unknown, text.weakest > 0) for text in whole]

    async def _translate(self, group: Sequence[str], source: str, target: str) -> list[str | None]:
        """The answers in order; None for what the server will not have."""
        body = {"q": list(group), "source": source, "target": target, "format": "text"}
        try:
            said = await self._request("POST", "/translate", body)
        except EngineRefused:
            if len(group) == 1:
                return [None]
            half = len(group) // 2
            return [
                *await self._translate(group[:half], source, target),
                *await self._translate(group[half:], source, target),
            ]
        answers = said.get("translatedText") if isinstance(said, dict) else None
        right = isinstance(answers, list) and len(answers) == len(group)
        if not right or not all(isinstance(one, str) and "\x00" not in one for one in answers or ()):
            self._breaker.failed()
            raise EngineAnswersWrongly(address=self._address)
        return [str(one).strip() for one in answers or ()]

    async def _request(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        """What the server answers, as JSON. Errors as the module says; all but EngineRefused count for the breaker."""
        if self._breaker.open:
            raise EngineResting(address=self._address, seconds=round(self._breaker.rest))
        if body is not None and self._key is not None:
            body = {**body, "api_key": self._key.get_secret_value()}
        failure: HubError = EngineUnreachable(address=self._address)
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(FIRST_WAIT * 2**attempt)
            try:
                status, headers, content = await self._send(method, path, body)
            except (httpx.TransportError, TimeoutError):
                continue
            if status == 429:
                self._breaker.failed(_seconds(headers.get("retry-after", "")))
                raise EngineResting(address=self._address, seconds=round(self._breaker.rest))
            if status >= 500:
                continue
            if status in (400, 413):
                raise EngineRefused(address=self._address)
            if status in (401, 403):
                self._breaker.failed()
                raise EngineKeyRefused(address=self._address)
            try:
                if status != 200:
                    raise ValueError(status)
                answer = json.loads(content)
            except (ValueError, RecursionError):
                failure = EngineAnswersWrongly(address=self._address)
                break
            self._breaker.succeeded()
            return answer
        self._breaker.failed()
        raise failure

    async def _send(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, httpx.Headers, bytes]:
        """One exchange. The whole of it may take as long as a read: a server that drips is one that does not answer."""
        async with (
            asyncio.timeout(self._timeout.read),
            httpx.AsyncClient(timeout=self._timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(method, f"{self._address}{path}", json=body) as answer,
        ):
            content = bytearray()
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > LARGEST_ANSWER:
                    return 0, answer.headers, b""
            return answer.status_code, answer.headers, bytes(content)


def _groups(sentences: Sequence[str]) -> list[list[str]]:
    """Sentences in their order, in requests of a size that servers take."""
    groups: list[list[str]] = []
    size = MOST_CHARACTERS
    for sentence in sentences:
        if size + len(sentence) > MOST_CHARACTERS or len(groups[-1]) == MOST_TEXTS:
            groups.append([])
            size = 0
        groups[-1].append(sentence)
        size += len(sentence)
    return groups


def _seconds(retry_after: str) -> float | None:
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 6 else 30.0

"""Argos Translate's public index of packages: read through `argostranslate.package`, downloaded with visible progress.

`argostranslate.package.update_package_index` and `AvailablePackage.download` are not used: they log a failure and go on,
and read a whole package into memory before anybody sees that something happens.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from hub.i18n import supported
from translation.engines.packages import SUFFIX
from translation.errors import IndexUnreachable, PackageUnknown

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
CENTRE = "en"
Progress = Callable[[int, int | None], None]
"""Called with the bytes that have come so far, and all of them if that is known."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A package that can be fetched, between two of the hub's languages."""

    source: str
    target: str
    version: str
    links: tuple[str, ...]


def fetch_index(folder: Path) -> list[Offer]:
    """What the public index offers between English and the hub's other languages, the newest of each pair.

    IndexUnreachable when it cannot be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    package, settings = _argos(folder)
    address = str(settings.remote_package_index)
    try:
        answer = httpx.get(address, timeout=TIMEOUT, follow_redirects=True).raise_for_status()
        with tempfile.TemporaryDirectory() as temporary:
            settings.local_package_index = Path(temporary, "index.json")
            settings.local_package_index.write_bytes(answer.content)
            available = package.get_available_packages()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, AttributeError, TypeError) as error:
        raise IndexUnreachable(address=address) from error
    newest: dict[tuple[str, str], Offer] = {}
    for found in available:
        source, target = supported(found.from_code), supported(found.to_code)
        if found.type != "translate" or source is None or target is None or CENTRE not in (source, target):
            continue
        offer = Offer(source, target, str(found.package_version), tuple(found.links))
        known = newest.get((source, target))
        if known is None or _version(offer) > _version(known):
            newest[source, target] = offer
    return list(newest.values())


def choose(offers: Iterable[Offer], languages: Iterable[str]) -> list[Offer]:
    """The packages between English and each of `languages`, both ways. PackageUnknown for a language without any."""
    by_pair = {(offer.source, offer.target): offer for offer in offers}
    chosen: list[Offer] = []
    for language in dict.fromkeys(languages):
        if language == CENTRE:
            continue
        found = [by_pair[pair] for pair in ((language, CENTRE), (CENTRE, language)) if pair in by_pair]
        if not found:
            raise PackageUnknown(language=language)
        chosen += found
    return chosen


@contextmanager
def downloaded(offer: Offer, folder: Path, progress: Progress) -> Iterator[Path]:
    """A package in a temporary file of `folder`, from the first link that answers. IndexUnreachable when none does."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".download.") as temporary:
        file = Path(temporary, f"translate-{offer.source}_{offer.target}{SUFFIX}")
        failure: Exception | None = None
        for link in offer.links:
            try:
                _download(link, file, progress)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                failure = error
                continue
            yield file
            return
        raise IndexUnreachable(address=" ".join(offer.links)) from failure


def _download(link: str, file: Path, progress: Progress) -> None:
    with httpx.stream("GET", link, timeout=TIMEOUT, follow_redirects=True) as answer, file.open("wb") as stream:
        answer.raise_for_status()
        length = answer.headers.get("content-length")
        come = 0
        for piece in answer.iter_bytes(1 << 16):
            stream.write(piece)
            come += len(piece)
            progress(come, int(length) if length else None)


def _version(offer: Offer) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", offer.version)]


def _argos(folder: Path) -> tuple[Any, Any]:
    """`argostranslate.package` and its settings, imported so that it makes its folders in ours and not in the person's home."""
    places = {name: str(folder / ".argos") for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    before = {name: os.environ.get(name) for name in places}
    os.environ.update(places)
    try:
        from argostranslate import package, settings
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    return package, settings

"""The ten message catalogues: extracted, brought in line, and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.checkers import checkers
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from hub.i18n import LANGUAGES
from hub.settings import ROOT

POT = ROOT / "locales" / "messages.pot"
SOURCES = ("hub", "accounts", "translation", "catalog", "marketplace", "distribution", "web", "banmao")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.svg", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "n_": (1, 2), "pgettext": ((1, "c"), 2)}
OPTIONS = {"**/templates/**.html": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def po(language: str) -> Path:
    return ROOT / "locales" / language / "LC_MESSAGES" / "messages.po"


def extract() -> Catalog:
    """All messages of the sources, sorted, without line numbers."""
    catalog = Catalog(project="banmao", copyright_holder="the Banmao contributors", charset="utf-8")
    for folder in SOURCES:
        for _file, _line, message, _comments, context in extract_from_dir(
            ROOT / folder, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=(), strip_comment_tags=True
        ):
            catalog.add(message, None, context=context, flags=("python-format",) if _formatted(message) else ())
    return catalog


def update() -> None:
    """Write the .pot and bring every catalogue in line with it; English is its own translation."""
    POT.parent.mkdir(exist_ok=True)
    POT.write_bytes(_written(extract()))
    for language in LANGUAGES:
        template = read_po(BytesIO(POT.read_bytes()))
        file = po(language)
        catalog = read_po(BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        if language == "en":
            for message in _messages(catalog):
                message.string = message.id
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_written(catalog))


def problems() -> list[str]:
    """Why the catalogues are not fit to ship: stale template, missing, fuzzy, or a placeholder that does not match."""
    found = []
    if not POT.exists() or POT.read_bytes() != _written(extract()):
        found.append("locales/messages.pot is stale: run `./run locales`")
    wanted = {_key(message) for message in _messages(extract())}
    for language in LANGUAGES:
        if not po(language).exists():
            found.append(f"{language}: there is no catalogue")
            continue
        catalog = read_po(BytesIO(po(language).read_bytes()), locale=language)
        messages = list(_messages(catalog))
        found += [f"{language}: missing {key!r}" for key in sorted(wanted - {_key(message) for message in messages})]
        for message in messages:
            found += [f"{language}: {why}: {_key(message)!r}" for why in _defects(message, catalog)]
    return found


def _defects(message: Message, catalog: Catalog) -> Iterator[str]:
    strings = [
        text or "" for text in (message.string if isinstance(message.string, tuple | list) else (message.string,))
    ]
    sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
    if not all(strings):
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    allowed = {name for source in sources for name in _PLACEHOLDER.findall(source)}
    for string in strings:
        if not set(_PLACEHOLDER.findall(string)) <= allowed:
            yield "unknown placeholder"
    if not message.pluralizable and set(_PLACEHOLDER.findall(strings[0])) != allowed:
        yield "placeholder lost"
    for checker in checkers:
        try:
            checker(catalog, message)
        except Exception as error:  # noqa: BLE001  # Babel's checkers raise several kinds
            yield str(error)


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _key(message: Message) -> str:
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    return f"{msgid} ({message.context})" if message.context else msgid


def _formatted(message: str | tuple[str, ...]) -> bool:
    parts = (message,) if isinstance(message, str) else message
    return any(_PLACEHOLDER.search(part or "") for part in parts)


def _written(catalog: Catalog) -> bytes:
    """Without dates, so that the same messages are the same file."""
    buffer = BytesIO()
    write_po(buffer, catalog, no_location=True, omit_header=False, sort_output=True, width=0)
    return re.sub(
        rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator)[^\n]*\n', b"", buffer.getvalue()
    )

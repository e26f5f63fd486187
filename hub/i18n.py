"""The ten languages of the hub: messages that know how to say themselves, catalogues, and whose language it is.

A `Message` is made where the English is written, and rendered where the reader is known:

    _("This title has %(count)s mandates.", count=3).render("km")

Parameters that have a `render(language)` method (other messages, facts) are rendered in the same language.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from io import BytesIO
from typing import Any, Protocol, runtime_checkable

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hub.settings import ROOT

LANGUAGES = ("zh", "en", "vi", "th", "ms", "id", "my", "lo", "fil", "km")
"""BCP 47 tags of the languages that every page and message exists in."""

NATIVE_NAMES: Mapping[str, str] = {
    "zh": "中文",
    "en": "English",
    "vi": "Tiếng Việt",
    "th": "ไทย",
    "ms": "Bahasa Melayu",
    "id": "Bahasa Indonesia",
    "my": "မြန်မာ",
    "lo": "ລາວ",
    "fil": "Filipino",
    "km": "ខ្មែរ",
}

DEFAULT = "en"
_current: ContextVar[str] = ContextVar("banmao_language", default=DEFAULT)


@runtime_checkable
class Renderable(Protocol):
    """Something that can be said in a language."""

    def render(self, language: str) -> str: ...


class Message:
    """A sentence in waiting: English source, named parameters, no language yet."""

    __slots__ = ("context", "count", "msgid", "params", "plural")

    def __init__(
        self,
        msgid: str,
        plural: str | None = None,
        count: int | None = None,
        params: Mapping[str, Any] | None = None,
        context: str | None = None,
    ) -> None:
        self.msgid = msgid
        self.plural = plural
        self.count = count
        self.params = dict(params or {})
        self.context = context

    def render(self, language: str) -> str:
        translations = catalogue(language)
        if self.plural is not None and self.count is not None:
            words = translations.ngettext(self.msgid, self.plural, self.count)
        elif self.context is not None:
            words = translations.pgettext(self.context, self.msgid)
        else:
            words = translations.gettext(self.msgid)
        return words % {key: render(value, language) for key, value in self.params.items()} if self.params else words

    def filled(self, **params: Any) -> Message:
        """The same sentence about something: with `params` for its placeholders."""
        return Message(self.msgid, self.plural, self.count, params, self.context)

    def __str__(self) -> str:
        return self.render(current_language())

    def __repr__(self) -> str:
        return f"Message({self.msgid!r}, {self.params!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash((self.context, self.msgid))

    def _said(self) -> tuple[object, ...]:
        return self.context, self.msgid, self.params


def _(msgid: str, /, **params: Any) -> Message:
    """Mark a sentence for translation; it is rendered when its reader is known."""
    return Message(msgid, params=params)


def pgettext(context: str, msgid: str, /, **params: Any) -> Message:
    """The same for English words that mean two things: `context` says which, and no reader sees it."""
    return Message(msgid, params=params, context=context)


def ngettext(singular: str, plural: str, count: int, /, **params: Any) -> Message:
    """The same for a sentence with a number; `%(count)s` is filled in."""
    return Message(singular, plural, count, {"count": count, **params})


def render(value: Any, language: str) -> Any:
    """`value` said in `language` if it can be said, else as it is."""
    return value.render(language) if isinstance(value, Renderable) else value


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of one language, compiled from `locales/` when first asked for."""
    file = ROOT / "locales" / language / "LC_MESSAGES" / "messages.po"
    if language not in LANGUAGES or not file.exists():
        return gettext.NullTranslations()
    with file.open("rb") as stream:
        catalog = read_po(stream, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def current_language() -> str:
    return _current.get()


@contextmanager
def language(tag: str) -> Iterator[str]:
    """Everything inside is said in `tag`."""
    token = _current.set(tag)
    try:
        yield tag
    finally:
        _current.reset(token)


@lru_cache(maxsize=4_096)
def supported(tag: str | None) -> str | None:
    """The hub's language for a BCP 47 tag (`zh-Hans-CN` → `zh`, `tl` → `fil`), or None."""
    if not tag:
        return None
    primary = tag.replace("_", "-").split("-", 1)[0].lower()
    primary = {"tl": "fil", "in": "id"}.get(primary, primary)
    return primary if primary in LANGUAGES else None


def negotiate(accept_language: str | None, chosen: str | None = None) -> str:
    """The person's choice, then the best of Accept-Language (RFC 9110 §12.5.4), then English."""
    if known := supported(chosen):
        return known
    best: tuple[float, int, str] | None = None
    for place, item in enumerate((accept_language or "")[:1000].split(",")):
        tag, _sep, quality = item.strip().partition(";q=")
        found = supported(tag)
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if found and 0 < weight <= 1 and (best is None or (weight, -place) > best[:2]):
            best = (weight, -place, found)
    return best[2] if best else DEFAULT

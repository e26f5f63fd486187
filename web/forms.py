"""A form as it was sent, what was refused in it, and how its fields become variables of an operation."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.datastructures import FormData, UploadFile

from hub.door import Refusal
from hub.formats import typed_amount
from hub.i18n import Message, _, current_language
from hub.money import EXPONENTS, LARGEST

KEY = re.compile(r"[\w-]{16,64}")
WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass
class Form:
    """The values of one submission and the sentences that stand beside its fields.

    `key` makes a second press of the same rendering happen once; a form that is shown again has a new one.
    """

    sent: FormData = field(default_factory=FormData)
    errors: dict[str, str] = field(default_factory=dict)
    general: str | None = None
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))

    def has(self, name: str) -> bool:
        return bool(self.sent)

    def value(self, name: str) -> str:
        found = self.sent.get(name, "")
        return found.strip() if isinstance(found, str) else ""

    def many(self, name: str) -> list[str]:
        return [item for item in self.sent.getlist(name) if isinstance(item, str)]

    def file(self, name: str) -> UploadFile | None:
        found = self.sent.get(name)
        return found if isinstance(found, UploadFile) and found.filename else None

    @property
    def sentences(self) -> list[str]:
        """Everything that is wrong, where there are no fields to put it at."""
        return [*([self.general] if self.general else []), *self.errors.values()]

    def error(self, name: str) -> str | None:
        return self.errors.get(name)

    @property
    def idempotency_key(self) -> str | None:
        sent = self.value("key")
        return sent if KEY.fullmatch(sent) else None

    def wrong(self, name: str, sentence: Message) -> None:
        """Put a sentence beside a field; the first one stays."""
        self.errors.setdefault(name, str(sentence))

    def refuse(self, refusal: Refusal, names: Mapping[str, str] | None = None) -> None:
        """Put a refusal at the field that it names, or above the form when the form has no such field.

        `names` maps the operation's fields to the form's (by the last part of the path, `scope.period` → `period`).
        """
        last = (refusal.field or "").rsplit(".", 1)[-1]
        name = (names or {}).get(last, _snake(last))
        if name and (name in self.sent or name in (names or {}).values()):
            self.errors.setdefault(name, refusal.message)
        else:
            self.general = refusal.message

    def number(self, name: str, *, least: int, most: int) -> int | None:
        """A whole number in range; otherwise the field is wrong and the answer None."""
        text = self.value(name)
        if WHOLE_NUMBER.fullmatch(text) and least <= int(text) <= most:
            return int(text)
        self.wrong(name, _("Enter a whole number from %(least)s to %(most)s.", least=least, most=most))
        return None

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.value(name))
        except ValueError:
            self.wrong(name, _("Enter a date: year, month and day."))
            return None

    def money(self, name: str) -> dict[str, Any] | None:
        """A `MoneyInput` in minor units, or None when the field was left empty or is wrong."""
        text = self.value(name).strip()
        currency = self.value(f"{name}_currency")
        if not text:
            return None
        try:
            amount = typed_amount(text, current_language())
            places = -int(amount.as_tuple().exponent)
            minor = amount.scaleb(EXPONENTS[currency]) if places <= EXPONENTS[currency] else None
        except (ValueError, KeyError):
            minor = None
        if minor is None or not 0 <= minor < LARGEST:
            self.wrong(name, _("Enter an amount such as 5500 or 5500.50, with no more decimals than the currency has."))
            return None
        return {"minor": str(int(minor)), "currency": currency}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()

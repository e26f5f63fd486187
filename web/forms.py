"""A form as it was sent, what was refused in it, and how its fields become variables of an operation."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from starlette.datastructures import FormData, UploadFile

from hub.door import Refusal
from hub.formats import typed_amount
from hub.i18n import Message, _, current_language
from hub.money import EXPONENTS, LARGEST

KEY = re.compile(r"[\w-]{16,64}")
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*%?")
UNSEEN = frozenset({"csrf", "key", "next", "back", "offer"})
"""Fields that a page fills in by itself; nobody could see a sentence beside them."""
ONE_VALUE = _("Enter a single value here, as text.")
ONE_OFFERED = _("Choose one of the values that are offered here.")
ONE_FILE = _("Choose one file here.")
INCOMPLETE = _("This request was not understood. Load the page again and repeat.")


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
        """The text of a field, trimmed, its lines ended as they were typed. Wrong when it was sent twice, or as a file."""
        return self.secret(name).replace("\r\n", "\n").strip()

    def secret(self, name: str) -> str:
        """The same to the letter: a password."""
        found = self.sent.getlist(name)
        if len(found) < 2 and all(isinstance(item, str) for item in found):
            return "".join(item for item in found if isinstance(item, str))
        self.wrong(name, ONE_VALUE)
        return ""

    def many(self, name: str) -> list[str]:
        """Every value of a field that may have several."""
        found = self.sent.getlist(name)
        texts = [item for item in found if isinstance(item, str)]
        if len(texts) < len(found):
            self.wrong(name, ONE_VALUE)
        return texts

    def lines(self, at: str, *names: str) -> list[tuple[str, ...]]:
        """Fields that stand beside each other in several lines, line by line; when they do not match, `at` is wrong."""
        columns = [self.many(name) for name in names]
        if len({len(column) for column in columns}) > 1:
            self.wrong(at, INCOMPLETE)
        return list(zip(*columns, strict=False))

    def file(self, name: str) -> UploadFile | None:
        """The file of a field; a browser sends an empty one when none was chosen."""
        found = [item for item in self.sent.getlist(name) if (item if isinstance(item, str) else item.filename)]
        if not found:
            return None
        if len(found) == 1 and isinstance(found[0], UploadFile):
            return found[0]
        self.wrong(name, ONE_FILE)
        return None

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.value(name)) and self.choice(name, ("yes",)) == "yes"

    def choice(self, name: str, offered: Collection[str]) -> str:
        """A value that the form offers; any other is wrong."""
        text = self.value(name)
        if text not in offered:
            self.wrong(name, ONE_OFFERED)
        return text

    def choices(self, name: str, offered: Collection[str]) -> list[str]:
        """Values that the form offers, any number of them."""
        texts = self.many(name)
        if not set(texts) <= set(offered):
            self.wrong(name, ONE_OFFERED)
        return texts

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
        last = next((part for part in reversed((refusal.field or "").split(".")) if not part.isdecimal()), "")
        name = (names or {}).get(last, _snake(last))
        if name and name not in UNSEEN and (name in self.sent or name in (names or {}).values()):
            self.errors.setdefault(name, refusal.message)
        else:
            self.general = refusal.message

    def number(self, name: str, *, least: int, most: int, optional: bool = False) -> int | None:
        """A whole number in range; otherwise the field is wrong and the answer None, as for an empty one that is optional."""
        text = self.value(name)
        if optional and not text and name not in self.errors:
            return None
        if WHOLE_NUMBER.fullmatch(text) and least <= int(text) <= most:
            return int(text)
        self.wrong(name, _("Enter a whole number from %(least)s to %(most)s.", least=least, most=most))
        return None

    def day(self, name: str) -> date | None:
        """A day that another one follows."""
        try:
            if DAY.fullmatch(self.value(name)) and (found := date.fromisoformat(self.value(name))) < date.max:
                return found
        except ValueError:
            pass
        self.wrong(name, _("Enter a date: year, month and day."))
        return None

    def money(self, name: str) -> dict[str, Any] | None:
        """A `MoneyInput` in minor units, or None when the field was left empty or is wrong."""
        text = self.value(name)
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


def percentage(text: str) -> Decimal | None:
    """“12.5”, “12,5” or “12.5 %” of at most 100 and four places; None for anything else."""
    found = PERCENT.fullmatch(text.strip())
    value = Decimal(found[1].replace(",", ".")) if found else None
    return value if value is not None and value <= 100 else None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()

"""What is wrong with a release, a message or a report: one shape for every checker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.i18n import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: a stable `code`, where it is (`field` path, 1-based `line`), and a sentence saying what to do.

    `message` is rendered in the reader's language when it is shown. What a partner wrote in its own words is kept as a
    parameter, never as the sentence.
    """

    code: str
    message: Message
    field: str | None = None
    line: int | None = None

    def stored(self) -> dict[str, Any]:
        """The JSON form kept with a delivery or a report; `restored` brings it back."""
        return {
            "code": self.code,
            "field": self.field,
            "line": self.line,
            "msgid": self.message.msgid,
            "context": self.message.context,
            "params": {key: str(value) for key, value in self.message.params.items()},
        }


def restored(data: dict[str, Any]) -> Problem:
    """The problem kept as `Problem.stored()`; rendered in whatever language its reader has today."""
    message = Message(data["msgid"], params=data["params"], context=data.get("context"))
    return Problem(data["code"], message, data["field"], data["line"])

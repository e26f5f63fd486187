"""The trade's words for the values of the contract, and the sign and tone that each state is shown with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.i18n import Message, _, pgettext
from hub.vocabulary import KINDS, RIGHTS, ROLES


@dataclass(frozen=True, slots=True)
class State:
    """How a state is shown: a sign, a word, and then a colour (`tone` of the style sheets)."""

    tone: str
    icon: str
    label: Message


@dataclass(frozen=True, slots=True)
class RightFamily:
    """Rights that belong to one kind of work, in the order in which the trade lists them."""

    kinds: frozenset[str]
    label: Message
    rights: tuple[str, ...]


RIGHT_FAMILIES = (
    RightFamily(frozenset({"BOOK"}), _("Books"), ("PRINT", "LARGE_PRINT", "EBOOK", "AUDIOBOOK", "SERIAL")),
    RightFamily(frozenset({"COMIC"}), _("Comics"), ("COMIC_PRINT", "COMIC_DIGITAL", "MOTION_COMIC")),
    RightFamily(
        frozenset({"MUSIC"}),
        _("Music"),
        ("STREAMING", "DOWNLOAD", "PHYSICAL", "SYNCHRONIZATION", "PUBLIC_PERFORMANCE", "MECHANICAL"),
    ),
    RightFamily(
        frozenset({"ANIMATION"}),
        _("Animation"),
        (
            *("THEATRICAL", "FREE_TV", "PAY_TV", "PAY_PER_VIEW", "SVOD", "AVOD", "FVOD", "NVOD", "EST", "VIDEO"),
            *("RENTAL", "THROUGH", "INFLIGHT", "SHIPS", "HOTELS", "EDUCATIONAL"),
        ),
    ),
    RightFamily(
        frozenset({"BOOK", "COMIC", "MUSIC", "ANIMATION"}),
        _("Adaptations and goods"),
        (
            *("FILM_ADAPTATION", "TV_ADAPTATION", "ANIMATION_ADAPTATION", "COMIC_ADAPTATION", "STAGE_ADAPTATION"),
            *("GAME_ADAPTATION", "MERCHANDISING"),
        ),
    ),
)

LABELS: Mapping[str, Mapping[str, Message]] = {
    "right": RIGHTS,
    "kind": KINDS,
    "organization": {
        "PUBLISHER": _("Publisher"),
        "AGENCY": _("Rights agency"),
        "LABEL": _("Music label"),
        "STUDIO": _("Studio"),
        "PLATFORM": _("Platform"),
        "OPERATOR": _("Operator of the hub"),
    },
    "role": ROLES,
    "member": {
        "ADMIN": _("Administrator"),
        "CATALOG": _("Catalogue and texts"),
        "RIGHTS": _("Rights and offers"),
        "SIGNATORY": _("Signs contracts"),
        "DISTRIBUTION": _("Releases and deliveries"),
        "FINANCE": _("Sales and statements"),
        "VIEWER": _("Reads only"),
    },
    "domain": {
        "animation": _("Animation"),
        "comics": _("Comics"),
        "contract": _("Contracts"),
        "distribution": _("Distribution"),
        "law": _("Law"),
        "money": _("Money"),
        "music": _("Music"),
        "publishing": _("Publishing"),
        "rights": _("Rights"),
    },
    "content": {"TEXT": _("Texts of the catalogue"), "MEMORY": _("Memory")},
    "exchanged": {
        "TITLE": _("Titles"),
        "DESCRIPTION": _("Descriptions"),
        "NOTE": _("Notes"),
        "CLAUSE": _("Terms of contracts"),
    },
    "purpose": {
        "TITLE": pgettext("purpose", "Title"),
        "DESCRIPTION": pgettext("purpose", "Description"),
        "MESSAGE": pgettext("purpose", "Message"),
        "NOTE": pgettext("purpose", "Note"),
        "CLAUSE": pgettext("purpose", "Clause"),
    },
    "facet": {
        "kind": _("Kind of work"),
        "originalLanguage": _("Language of the original"),
        "subject": _("Subject"),
        "country": _("Country of origin"),
        "availability": _("Rights in the territory"),
    },
    "opening": {"VIEW": _("Seen"), "DOWNLOAD": _("Downloaded")},
    "format": {
        "ONIX": _("ONIX for Books"),
        "XLSX": _("Spreadsheet (XLSX)"),
        "CSV": _("Table (CSV)"),
        "AVAILS": _("EMA Avails"),
        "ERN": _("DDEX ERN"),
        "AUTO": _("Find out from the file"),
    },
}

STATES: Mapping[str, Mapping[str, State]] = {
    "origin": {
        "ORIGINAL": State("", "pen", _("Original")),
        "SUPPLIED": State("jade", "tick", _("From the publisher")),
        "REVIEWED": State("jade", "tick", _("Checked by a person")),
        "MACHINE": State("", "machine", _("Machine translation")),
        "NONE": State("", "cross", _("Not translated yet")),
    },
    "rendering": {
        "ORIGINAL": State("", "pen", _("Original")),
        "SUPPLIED": State("jade", "tick", _("From the publisher")),
        "REVIEWED": State("jade", "tick", _("Checked by a person")),
        "MACHINE": State("", "machine", _("Machine translation")),
        "NEEDS_REVIEW": State("gamboge", "info", _("Wants a person's eye")),
        "SUGGESTED": State("indigo", "again", _("Similar words remembered")),
        "OUTDATED": State("gamboge", "again", _("The original has changed since")),
        "CHECK_FAILED": State("gamboge", "stop", _("Draft withheld")),
        "NOT_TRANSLATED": State("", "cross", _("Not translated yet")),
    },
    "kind": {
        "BOOK": State("", "book", KINDS["BOOK"]),
        "COMIC": State("", "comic", KINDS["COMIC"]),
        "MUSIC": State("", "music", KINDS["MUSIC"]),
        "ANIMATION": State("", "film", KINDS["ANIMATION"]),
    },
    "right_status": {
        "FREE": State("jade", "tick", _("Free")),
        "PART": State("jade", "tick", _("Partly free")),
        "HELD": State("gamboge", "clock", _("Held")),
        "SOLD": State("", "cross", _("Sold")),
        "NONE": State("", "lock", _("Not offered")),
    },
    "work_status": {
        "DRAFT": State("", "pen", _("Draft")),
        "PUBLISHED": State("jade", "tick", _("Published")),
        "WITHDRAWN": State("", "cross", _("Withdrawn")),
    },
    "negotiation": {
        "OPEN": State("indigo", "talk", _("Open")),
        "AGREED": State("gamboge", "clock", _("Agreed, to be signed")),
        "SIGNED": State("jade", "seal", _("Signed")),
        "DECLINED": State("", "cross", _("Declined")),
        "WITHDRAWN": State("", "cross", pgettext("negotiation", "Withdrawn")),
        "EXPIRED": State("", "clock", _("Expired")),
    },
    "contract": {
        "DRAFT": State("", "pen", _("Being drawn up")),
        "AWAITING_SIGNATURES": State("gamboge", "clock", _("Waiting for signatures")),
        "IN_FORCE": State("jade", "seal", _("In force")),
        "ENDED": State("", "tick", _("Ended")),
        "TERMINATED": State("rouge", "stop", _("Terminated")),
    },
    "license": {
        "ACTIVE": State("jade", "seal", _("In force")),
        "ENDED": State("", "tick", _("Ended")),
        "TERMINATED": State("rouge", "stop", _("Terminated")),
    },
    "import": {
        "RUNNING": State("indigo", "clock", _("Under way")),
        "PREVIEW": State("gamboge", "info", _("Checked, not yet taken over")),
        "DONE": State("jade", "tick", _("Done")),
        "FAILED": State("rouge", "stop", _("Failed")),
    },
    "exchange": {
        "RUNNING": State("indigo", "clock", _("Being read or written")),
        "PREVIEW": State("gamboge", "info", _("Waits for your decision")),
        "APPLYING": State("indigo", "clock", _("Being taken over")),
        "DONE": State("jade", "tick", _("Done")),
        "FAILED": State("rouge", "stop", _("Cannot be read")),
    },
    "exchanged": {
        "NEW": State("jade", "plus", _("New")),
        "CHANGED": State("indigo", "pen", _("Changed")),
        "SAME": State("", "tick", _("The same")),
        "EMPTY": State("", "cross", _("Not translated in the file")),
        "REFUSED": State("rouge", "stop", _("Refused")),
    },
    "outcome": {
        "CREATED": State("jade", "plus", _("New")),
        "UPDATED": State("indigo", "pen", _("Changed")),
        "UNCHANGED": State("", "tick", _("Unchanged")),
        "PROPOSED": State("gamboge", "people", _("Possible double")),
        "SKIPPED": State("rouge", "stop", _("Left out")),
    },
    "batch": {
        "RUNNING": State("indigo", "clock", _("Under way")),
        "PAUSED": State("gamboge", "info", _("Paused")),
        "CANCELLED": State("", "cross", _("Stopped")),
        "DONE": State("jade", "tick", _("Done")),
    },
    "delivery": {
        "QUEUED": State("indigo", "clock", _("Waiting to go out")),
        "PREPARING": State("indigo", "clock", _("Being prepared")),
        "SENDING": State("indigo", "upload", _("Sending")),
        "SENT": State("gamboge", "clock", _("Waiting for its answer")),
        "ACKNOWLEDGED": State("jade", "tick", _("Accepted")),
        "LIVE": State("jade", "tick", _("Live")),
        "REJECTED": State("rouge", "stop", _("Refused")),
        "FAILED": State("rouge", "stop", _("Could not be sent")),
        "TAKING_DOWN": State("gamboge", "clock", _("Being taken down")),
        "TAKEN_DOWN": State("", "cross", _("Taken down")),
    },
    "sample": {
        "CHECKING": State("indigo", "clock", _("Being checked")),
        "READY": State("jade", "tick", _("Ready")),
        "REFUSED": State("rouge", "stop", _("Refused")),
    },
    "report": {
        "CHECKING": State("indigo", "clock", _("Being checked")),
        "ACCEPTED": State("gamboge", "tick", _("Accepted, not yet booked")),
        "REJECTED": State("rouge", "stop", _("Refused")),
        "BOOKED": State("jade", "tick", _("Booked")),
    },
    "deal": {
        "EXPLORING": State("", "search", _("Exploring")),
        "OFFERED": State("indigo", "send", _("Offered")),
        "NEGOTIATING": State("indigo", "talk", _("Negotiating")),
        "SIGNING": State("gamboge", "pen", _("Signing")),
        "WON": State("jade", "seal", _("Signed")),
        "LOST": State("", "cross", _("Lost")),
    },
}


def label(family: str, value: str) -> str:
    """The word for a value; a value that has none (a role from a wider code list) is shown as it is."""
    word = LABELS[family].get(value)
    return value if word is None else str(word)


def state(family: str, value: str) -> State:
    return STATES[family][value]


def rights_for(kind: str) -> tuple[str, ...]:
    """The rights that can be offered in a work of this kind."""
    return tuple(right for family in RIGHT_FAMILIES if kind in family.kinds for right in family.rights)

"""Problems of imported files, said in the reader's language. They are kept as codes and facts, never as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.facts import FAULTS
from catalog.formats.problems import Problem
from catalog.identifiers import Fault
from hub.i18n import Message, _

SENTENCES: dict[str, Message] = {
    "XML_MALFORMED": _(
        "The file is not well-formed XML or was cut off: %(detail)s. Nothing was imported. Export it again and send it whole."
    ),
    "XML_ENCODING": _(
        "The file's letters do not match the encoding that it names. Nothing was imported. Export it again as UTF-8."
    ),
    "XML_ENTITIES": _(
        "The file uses XML entities, which the hub does not open. Nothing was imported. Write the letters themselves, as UTF-8."
    ),
    "XML_TOO_LARGE": _(
        "One record of the file is larger than %(limit)s megabytes or nested too deeply. Nothing was imported. Split or mend it."
    ),
    "ONIX_NOT_ONIX": _(
        "This is XML, but no ONIX message. Nothing was imported. Send a file that starts with ONIXMessage."
    ),
    "ONIX_VERSION": _("This is ONIX %(value)s; the hub reads 3.0 and 3.1. Nothing was imported. Export it as ONIX 3."),
    "ONIX_EMPTY": _("The message holds no products. Nothing was imported."),
    "ONIX_MIXED_TAGS": _(
        "The tag %(value)s does not belong to the kind of tags, reference or short, that the message uses."
        " The record was left out."
    ),
    "ONIX_UNKNOWN_TAG": _("ONIX 3 has no tag %(value)s. It was passed over."),
    "ONIX_REFERENCE_MISSING": _("The record has no RecordReference of at most 255 letters. It was left out."),
    "ONIX_REFERENCE_TWICE": _(
        "The RecordReference %(reference)s comes twice in this file. The first record was taken, this one was left out."
    ),
    "ONIX_CODE": _("“%(value)s” is not in code list %(list)s of ONIX. Correct the code and send the record again."),
    "ONIX_IDENTIFIER": _(
        "“%(value)s” is not a valid %(scheme)s. The record was left out. Correct it and send it again."
    ),
    "ONIX_IDENTIFIER_TAKEN": _(
        "The %(scheme)s %(value)s belongs to another of your titles. The record was left out. Correct one of the two."
    ),
    "ONIX_IDENTIFIER_TWICE": _(
        "The %(scheme)s %(value)s comes in two records of this file. The first was taken, this one was left out."
    ),
    "ONIX_LANGUAGE_MISSING": _("The record does not say in which language its text is. It was left out."),
    "ONIX_TITLE_MISSING": _("The record has no distinctive title (TitleType 01). It was left out."),
    "ONIX_DATE": _("“%(value)s” is not a date that ONIX allows. It was passed over."),
    "ONIX_SUBJECT": _("“%(value)s” is not a subject code. It was passed over."),
    "ONIX_TERRITORY": _(
        "“%(value)s” is no territory that rights can be granted in. These sales rights were left out; add them by hand."
    ),
    "ONIX_RIGHTS_LANGUAGE": _(
        "Rights cannot be granted in the language “%(value)s”. The sales rights were left out; add them by hand."
    ),
    "ONIX_RIGHTS_RESTRICTED": _(
        "Sales rights of type %(value)s carry a restriction in words. They were left out; read them and add them by hand."
    ),
    "ONIX_FORM": _(
        "A product of the form %(value)s gives no right that is traded here. Its sales rights were left out."
    ),
    "RECORD_MAY_BE_LISTED": _(
        "This may be a title that you list already. It waits among the possible doubles until you decide."
    ),
    "RECORD_LEFT_OUT_BEFORE": _("You have left this record out before. It was left out again."),
    "ONIX_TEST_RECORD": _("This is a test record. It was left out."),
    "ONIX_NOTICE": _("Notices of sale and of acquisition of a title are not acted on. Do that by hand."),
    "ONIX_NOTHING_TO_DELETE": _("The record asks to delete a title that you do not list. Nothing was done."),
    "ONIX_NOTHING_TO_UPDATE": _("The record updates part of a title that you do not list. It was left out."),
    "FILE_GONE": _("The file can no longer be read. Nothing more was imported. Send it again."),
    "MORE_PROBLEMS": _("There are %(count)s more problems. Correct these first and send the file again."),
}
"""Every code that an import can report, with its sentence."""

_BLANK = dict.fromkeys(("detail", "limit", "value", "list", "scheme", "reference", "count", "fault"), "–")


def stored(problem: Problem) -> dict[str, Any]:
    """A problem as it is kept in the row of its import."""
    return {"code": problem.code, "line": problem.line, "field": problem.field, "params": problem.params}


def sentence(kept: Mapping[str, Any]) -> Message:
    """What to tell the reader of a problem that was kept."""
    params = _BLANK | {name: str(value) for name, value in kept.get("params", {}).items()}
    code = str(kept["code"])
    if code == "ONIX_IDENTIFIER" and params["fault"] in {fault.value for fault in Fault}:
        reason = FAULTS[Fault(params["fault"])].filled(**params | {"schemes": "–"})
        return _("%(reason)s The record was left out.", reason=reason)
    return SENTENCES[code].filled(**params)

"""Why a file is no sample, said in the reader's language. Kept as codes and facts, never as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.i18n import Message, _

SENTENCES: dict[str, Message] = {
    "NO_SAMPLE": _(
        "Files of this kind (%(found)s) cannot be samples. Send a PDF, EPUB or CBZ, a picture, sound or a film."
    ),
    "BROKEN": _("This %(format)s file is damaged or not complete. Save it again and send the new file."),
    "LOCKED": _("This %(format)s file is locked by a password or copy protection. Send it without."),
    "ACTIVE": _(
        "This file runs scripts, starts programs or carries other files inside. Save a plain copy and send that."
    ),
    "BOMB": _("This file unfolds to far more than its size. It was not opened. Save it again and send the new file."),
    "NESTED": _("This archive holds another archive: %(name)s. Send the file itself."),
    "LEADS_OUTSIDE": _("This file leads to places outside of itself: %(name)s. It was not opened."),
    "TOO_MANY_FILES": _("This archive holds more than %(most)s files. Send a shorter sample."),
    "TOO_MANY_PAGES": _("This sample has more than %(most)s pages. Send fewer: a sample is a taste."),
    "TOO_LONG": _("This sample is longer than %(minutes)s minutes. Send a shorter one."),
    "POSES_AS_EPUB": _(
        "This file calls itself an EPUB and is none: %(part)s is missing or wrong. Check it with EPUBCheck."
    ),
    "NOT_ONLY_PICTURES": _("A CBZ holds pictures only, and %(name)s is none. Take it out and send the file again."),
    "PICTURE_TOO_LARGE": _(
        "This picture has too many pixels. Send one of at most %(side)s on each side and %(pixels)s million in all."
    ),
    "ANIMATED": _("This picture moves. Send a single picture, or a film."),
    "TOO_HEAVY": _(
        "Opening this file takes more memory or time than the hub gives to one. Send a simpler or shorter one."
    ),
    "UPLOAD_GONE": _("The upload had expired before it was looked at. Send the file again."),
    "MISNAMED": _("The file is named %(name)s, but it is %(format)s. It was taken as what it is."),
}


def sentence(stored: Mapping[str, Any]) -> Message:
    """The sentence for a problem as it is kept: `code` and `params`."""
    return SENTENCES[stored["code"]].filled(**stored["params"])

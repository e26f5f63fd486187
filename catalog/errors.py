"""What can go wrong in the catalogue."""

from __future__ import annotations

from hub.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from hub.i18n import _


class WorkUnknown(NotFound):
    default = _("This work does not exist, or it is not open to you.")


class LinkOver(NotFound):
    default = _("This link is no longer good. Open the list of exports and take a new one.")


class NotYourWork(Forbidden):
    default = _("Only the owner of a work may change it. Ask the owner, or sign in for that organization.")


class NotAllowedToList(Forbidden):
    default = _(
        "Your role does not let you list works. Ask an administrator of your organization for the catalogue role."
    )


class IdentifierTaken(Conflict):
    """Raised with `scheme`, `value` and `workId`, the owner's other work that carries it."""

    default = _("Another of your works already has this identifier. Change that work, or correct the identifier.")


class ListBeingTaken(Conflict):
    default = _("A list of your organization is being taken as a whole at this moment. Try again when it is done.")


class Withdrawn(Conflict):
    default = _("This work is withdrawn. Publish it again before you change its rights.")


class PictureNotRead(Invalid):
    default = _("This is not a picture that the hub can show. Send a JPEG, PNG, WebP, TIFF or AVIF file.")


class PictureTooLarge(Invalid):
    """Raised with `side` and `pixels`, the most of each."""

    default = _("This picture has too many pixels. Send one of at most 12,000 on each side and 60 million in all.")


class IndexBeingMade(Unavailable):
    """Raised with `done` and `works`: how many of how many are in the index that is being made."""

    default = _("Search is being made ready. Everything else works. Try again in a few minutes.")

"""What can go wrong in the catalogue."""

from __future__ import annotations

from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.i18n import _


class WorkUnknown(NotFound):
    default = _("This work does not exist, or it is not open to you.")


class ImportUnknown(NotFound):
    default = _("This import does not exist, or it belongs to another organization.")


class NotYourWork(Forbidden):
    default = _("Only the owner of a work may change it. Ask the owner, or sign in for that organization.")


class NotAllowedToList(Forbidden):
    default = _(
        "Your role does not let you list works. Ask an administrator of your organization for the catalogue role."
    )


class IdentifierTaken(Conflict):
    """Raised with `scheme`, `value` and `workId`, the owner's other work that carries it."""

    default = _("Another of your works already has this identifier. Change that work, or correct the identifier.")


class Withdrawn(Conflict):
    default = _("This work is withdrawn. Publish it again before you change its rights.")


class FormatNotRead(Invalid):
    """The file formats that the contract names and the hub does not read yet. Raised with `formats`, those it does read."""

    default = _("Files of this kind are not read yet. Send the list as ONIX 3.0 or 3.1.")


class PictureNotRead(Invalid):
    default = _("This is not a picture that the hub can show. Send a JPEG, PNG or WebP file.")


class NotPreviewed(Conflict):
    default = _("Only an import that has been previewed can be applied. Look at its preview first.")

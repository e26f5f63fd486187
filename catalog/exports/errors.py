"""What can go wrong with exports."""

from __future__ import annotations

from hub.errors import Forbidden, Invalid, NotFound
from hub.i18n import _


class ExportUnknown(NotFound):
    default = _("This export does not exist, or it belongs to another organization.")


class FormatNotWritten(Invalid):
    """A format, or a variant of it, that the hub does not write. Raised with `formats`, those that it does."""

    default = _("Files of this kind are not written. Choose another format.")


class NothingToExport(Invalid):
    default = _("None of the titles that you chose can be written in this format. Choose others, or another format.")


class NotAllowedToExport(Forbidden):
    default = _(
        "Your role does not let you take the list out of the hub. Ask an administrator for the catalogue or the rights role."
    )

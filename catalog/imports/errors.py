"""What can go wrong with imports."""

from __future__ import annotations

from hub.errors import Conflict, Invalid, NotFound
from hub.i18n import _


class ImportUnknown(NotFound):
    default = _("This import does not exist, or it belongs to another organization.")


class FormatNotRead(Invalid):
    """The file formats that the contract names and the hub does not read yet. Raised with `formats`, those it does read."""

    default = _(
        "The hub does not read files of this kind. Send the list as an Excel workbook (.xlsx), as CSV, or as ONIX 3."
    )


class NotPreviewed(Conflict):
    default = _("Only an import that has been previewed can be applied. Look at its preview first.")


class NothingToCorrect(Conflict):
    default = _("There is nothing to correct in this file, or it is still being read.")

"""What can go wrong with an upload."""

from __future__ import annotations

from hub.errors import Conflict, Invalid, NotFound, RateLimited
from hub.i18n import _


class UploadUnknown(NotFound):
    default = _("This upload does not exist or has expired. Send the file again.")


class NotAtOffset(Conflict):
    """Raised with `offset`, where the next byte belongs."""

    default = _("The upload goes on from another place. Ask how far it is and continue there.")


class UploadIncomplete(Conflict):
    default = _("This file has not arrived completely. Go on with the upload, then use it.")


class TooManyUploads(RateLimited):
    default = _("You have too many unfinished uploads. Finish or cancel one of them first.")


class TooManyParts(Invalid):
    default = _("This upload came in too many small pieces. Begin it again.")


class FileEmpty(Invalid):
    default = _("This file is empty. Choose another one.")


class WrongChecksum(Invalid):
    default = _("What arrived is not what was sent. Send this piece again.")

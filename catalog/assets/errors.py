"""What can go wrong with samples."""

from __future__ import annotations

from hub.errors import Conflict, Invalid, NotFound, Unavailable
from hub.i18n import _


class SampleUnknown(NotFound):
    default = _("This sample does not exist, or it is not shown to you any more. Ask its owner.")


class GrantUnknown(NotFound):
    default = _("This sharing does not exist, or it has been ended.")


class NotReady(Conflict):
    default = _("This sample is still being checked, or was refused. Share it once it is ready.")


class FileMissing(Invalid):
    default = _("Choose the file of the sample.")


class AudienceUnclear(Invalid):
    default = _("Choose one: everybody who has signed in, an organization, or one person by e-mail.")


class NotDrawn(Unavailable):
    default = _(
        "This sample cannot be shown just now: drawing it takes more than the hub gives. Ask its owner for another file."
    )

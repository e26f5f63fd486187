"""What can go wrong in merging."""

from __future__ import annotations

from hub.errors import Conflict, NotFound
from hub.i18n import _


class ProposalUnknown(NotFound):
    default = _("This possible double does not exist, or it belongs to another organization.")


class AlreadyDecided(Conflict):
    default = _("Somebody has decided on this possible double already. Look at the list again.")


class LooksListed(Conflict):
    """A work to be listed by hand is like one that is listed. Raised with `workId` and `title`, the one that is."""

    default = _("You list a work like this one already. Open that one, or say that this is another work.")


class CannotBeListed(Conflict):
    """The record carries an identifier of another work, and so cannot be a work by itself. Raised with `scheme` and `value`."""

    default = _(
        "The record has the same identifier as a work that you list. Merge the two, or correct one of them first."
    )

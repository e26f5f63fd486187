"""What can go wrong with files of texts and memory."""

from __future__ import annotations

from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.i18n import _


class ExchangeUnknown(NotFound):
    default = _("This file does not exist, or it is not open to you.")


class NotAllowedToExchange(Forbidden):
    default = _("Texts are taken out and brought in by people with the role catalogue or rights.")


class NothingToSend(Invalid):
    default = _("There is nothing to write with these choices. Choose other texts or languages.")


class NotShown(Conflict):
    default = _("This file is not waiting to be taken over. Look at it again.")


class LinkOver(NotFound):
    default = _("This link has ended. Open the page again and take a new one.")

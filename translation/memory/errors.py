"""What can go wrong with the memory."""

from __future__ import annotations

from hub.errors import Forbidden, NotFound
from hub.i18n import _


class EntryUnknown(NotFound):
    default = _("This entry of the memory does not exist, or it is not open to you.")


class NotAllowedToKeepMemory(Forbidden):
    default = _(
        "The memory is kept by people with the role catalogue or rights of the organization that it belongs to."
    )


class NotAllowedToShare(Forbidden):
    default = _("Only an administrator can share the organization's memory with all, or stop that.")

"""What can go wrong with saved searches."""

from __future__ import annotations

from hub.errors import Conflict, Invalid, NotFound
from hub.i18n import _


class SearchUnknown(NotFound):
    default = _("This saved search does not exist any more.")


class SearchNameTaken(Conflict):
    code = "SEARCH_NAME_TAKEN"
    default = _("You have saved a search under this name already. Choose another name.")


class TooManySearches(Invalid):
    default = _("You have saved as many searches as the hub keeps. Remove one first.")

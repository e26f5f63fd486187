"""What can go wrong with glossaries."""

from __future__ import annotations

from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.i18n import _


class TermUnknown(NotFound):
    default = _("This term does not exist, or it is not open to you.")


class NotAllowedToKeepTerms(Forbidden):
    default = _("Terms are kept by people with the role catalogue or rights; those of the hub by its operator.")


class TermTaken(Conflict):
    default = _("This glossary already has a term with this key, or says a word of it twice. Look at it first.")


class GlossaryNotRead(Invalid):
    default = _("This file is not a glossary that the hub can read. Send TSV, CSV or TBX.")

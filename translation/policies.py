"""Who may do what with texts. Who may read one is the database's question (row-level security)."""

from __future__ import annotations

from hub.security import Caller
from translation.models import Text

WRITERS = ("CATALOG", "RIGHTS", "DISTRIBUTION")


def may_translate(caller: Caller, text: Text) -> bool:
    """May this person correct the renderings of this text, and ask for drafts of it?

    People of the organization that wrote it, unless they may only look.
    """
    return caller.organization_id == text.organization_id and caller.has(*WRITERS)

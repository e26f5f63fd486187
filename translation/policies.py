"""Who may do what with texts. Who may read a confidential one is the database's question (row-level security)."""

from __future__ import annotations

from hub.security import Caller
from translation.models import Text

WRITERS = ("CATALOG", "RIGHTS", "DISTRIBUTION")


def may_translate(caller: Caller, text: Text) -> bool:
    """May this person correct the renderings of this text, and ask for drafts of it?

    People of the organization that wrote it, unless they may only look.
    """
    return caller.organization_id == text.organization_id and caller.has(*WRITERS)


def may_see_all_languages(caller: Caller | None, text: Text) -> bool:
    """May this reader see the whole table of a text, drafts and all?

    The organization that wrote it, and those it was written to. Others read words where they are shown: a text by itself does
    not know whether what it describes is open to them yet.
    """
    if caller is None:
        return False
    return caller.organization_id == text.organization_id or caller.organization_id in (text.audience or ())


def may_run_batches(caller: Caller) -> bool:
    """May this person have a whole list of the organization's texts translated, and stop that?"""
    return caller.has(*WRITERS)

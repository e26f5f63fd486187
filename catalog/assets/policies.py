"""Who may do what with samples."""

from __future__ import annotations

from catalog import policies
from catalog.assets.models import Sample
from catalog.models import Work
from hub.security import Caller


def may_bring(caller: Caller, work: Work) -> bool:
    """May this person add samples to the work? Whoever may change it may."""
    return policies.may_edit(caller, work)


def is_of_owner(caller: Caller | None, sample: Sample) -> bool:
    """Does this person act for the owner? Then the file is seen unmarked, and with it whom it is shown to and who opened it."""
    return caller is not None and caller.organization_id == sample.organization_id


def may_share(caller: Caller, sample: Sample) -> bool:
    """May this person show the sample to others, take that back, and remove it?"""
    return is_of_owner(caller, sample) and caller.has("CATALOG", "RIGHTS")

"""What people said before, exactly and nearly: the organization's own memory, and what is lent to all."""

from translation.memory.fuzzy import Change, Kind, difference, normalized
from translation.memory.queries import Hit
from translation.memory.service import (
    Suggestion,
    count_uses,
    fingerprint,
    is_confidential,
    known,
    recall,
    recall_many,
    remember,
    suggest,
)

__all__ = [
    "Change",
    "Hit",
    "Kind",
    "Suggestion",
    "count_uses",
    "difference",
    "fingerprint",
    "is_confidential",
    "known",
    "normalized",
    "recall",
    "recall_many",
    "remember",
    "suggest",
]

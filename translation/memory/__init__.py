"""What people said before, exactly and nearly: the organization's own memory, and what is lent to all."""

from translation.memory.fuzzy import Change, Kind, normalized
from translation.memory.queries import Hit
from translation.memory.service import (
    Suggestion,
    count_uses,
    fingerprint,
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
    "fingerprint",
    "known",
    "normalized",
    "recall",
    "recall_many",
    "remember",
    "suggest",
]

"""Keys of records that the hub makes where a work came without one of its sender's."""

from __future__ import annotations

from uuid import UUID

OWN = "banmao."


def reference_of(work_id: UUID) -> str:
    """The key under which a work goes out that never had one."""
    return f"{OWN}{work_id}"


def id_of_reference(reference: str) -> UUID | None:
    """The work that a key of the hub's making means; None for a sender's own."""
    try:
        return UUID(reference.removeprefix(OWN)) if reference.startswith(OWN) else None
    except ValueError:
        return None

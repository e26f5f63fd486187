"""Who did what: a log that only grows. The database refuses to change or delete its rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Index, func, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified
from hub.security import Caller


class AuditEntry(Identified, Created, Base):
    """`action` is dotted, like `catalog.work.published`; `data` holds ids and codes, never words of people."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "subject_id", "id"), Index(None, "organization_id", "id"))

    organization_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


async def record(
    session: AsyncSession, caller: Caller | None, action: str, subject: str, subject_id: UUID, **data: Any
) -> None:
    """Append an entry in the transaction of what it tells of, for the organization that it acts for.

    Without a caller, a job did it.
    """
    await session.execute(
        insert(AuditEntry)
        .inline()
        .values(
            organization_id=caller.organization_id if caller else func.banmao_organization(),
            person_id=caller.person_id if caller else None,
            action=action,
            subject=subject,
            subject_id=subject_id,
            data=data,
        )
    )

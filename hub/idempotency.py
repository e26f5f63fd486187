"""`Idempotency-Key`: the same key answers the same, and happens once.

The key is claimed at the start of the mutation's own transaction and the answer is stored at its end, so both exist or
neither does. A second request with the key waits for the first to end. Answers may hold tokens and are kept sealed.
"""

from __future__ import annotations

import hashlib
import json
from typing import IO, Any

from sqlalchemy import LargeBinary, PrimaryKeyConstraint, delete, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created
from hub.errors import Invalid
from hub.i18n import _
from hub.security import Caller, Vault

KEPT_DAYS = 7
LONGEST = 200
CHUNK = 1024 * 1024


class IdempotencyKey(Created, Base):
    """`scope` says whose key it is (`scope_of`)."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (PrimaryKeyConstraint("scope", "key"),)

    scope: Mapped[str]
    key: Mapped[str]
    request: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


def words_of(query: str, variables: Any) -> str:
    """What makes two requests the same request; of an upload, its name and content. Blocking: files are read."""

    def plain(value: Any) -> Any:
        file: IO[bytes] | None = getattr(value, "file", None)
        if file is None:
            return str(value)
        digest = hashlib.sha256()
        file.seek(0)
        while part := file.read(CHUNK):
            digest.update(part)
        file.seek(0)
        return [getattr(value, "filename", None), digest.hexdigest()]

    return json.dumps([query, variables], sort_keys=True, default=plain)


async def claim(session: AsyncSession, vault: Vault, scope: str, key: str, request: bytes) -> dict[str, Any] | None:
    """The stored answer if the key has been used, else None: then the request is ours to carry out.

    INVALID when the key was used for another request.
    """
    if not key.strip() or len(key) > LONGEST or not key.isprintable():
        raise Invalid(
            _("This Idempotency-Key is not usable: give 1 to 200 printable characters."), field="Idempotency-Key"
        )
    table = IdempotencyKey.__table__
    claimed = await session.execute(
        insert(IdempotencyKey)
        .values(scope=scope, key=key, request=request)
        .on_conflict_do_nothing()
        .returning(table.c.key)
    )
    if claimed.scalar_one_or_none() is not None:
        return None
    row = (await session.execute(select(table.c.request, table.c.answer).filter_by(scope=scope, key=key))).one()
    if row.request != request:
        raise Invalid(
            _("This Idempotency-Key was used for another request. Choose a new one."), field="Idempotency-Key"
        )
    answer: dict[str, Any] = json.loads(vault.open(row.answer["sealed"].encode()))
    return answer


async def store(session: AsyncSession, vault: Vault, scope: str, key: str, answer: dict[str, Any]) -> None:
    sealed = {"sealed": vault.seal(json.dumps(answer)).decode()}
    await session.execute(update(IdempotencyKey).filter_by(scope=scope, key=key).values(answer=sealed))


async def forget_old(session: AsyncSession) -> None:
    await session.execute(
        delete(IdempotencyKey).where(IdempotencyKey.created_at < text(f"now() - interval '{KEPT_DAYS} days'"))
    )


def scope_of(caller: Caller | None, client: str) -> str:
    """Whose keys they are: a person's in an organization, whatever token she comes with; of nobody, the address's."""
    return f"{caller.person_id} {caller.organization_id}" if caller else f"client:{client}"

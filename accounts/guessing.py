"""Passwords are asked for in several places; whoever guesses is slowed down in all of them."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from weakref import WeakValueDictionary

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries
from accounts.models import SignInAttempt
from hub.database import aside
from hub.errors import RateLimited
from hub.security import verify_password

LONGEST_PASSWORD = 200
LONGEST_EMAIL = 254
MOST_FAILURES = 8
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


async def is_password(
    session: AsyncSession,
    hashed: str | None,
    password: str,
    *,
    email: str,
    client: str = "",
    attempts: int = MOST_FAILURES,
    field: str = "password",
) -> bool:
    """Whether `password` is the one behind `hashed`, which is None for an e-mail that nobody has: that takes as long.

    RATE_LIMITED after `attempts` failures in a quarter of an hour for the e-mail, or five times as many from one address.
    Failures are counted in transactions of their own, and guesses at one e-mail one after another, so that none goes uncounted.
    """
    name, address = email.strip().lower()[:LONGEST_EMAIL], _address(client)
    turn = _turns.setdefault(name, asyncio.Lock())
    async with turn:
        async with aside(session) as apart:
            if await queries.failed_attempts(apart, name, address) >= attempts:
                raise RateLimited(field=field)
        if await verify_password(hashed, password if len(password) <= LONGEST_PASSWORD else ""):
            return True
        async with aside(session) as apart:
            apart.add(SignInAttempt(email=name, client=address))
            await apart.execute(delete(SignInAttempt).where(queries.stale_attempts()))
        return False


def _address(client: str) -> str | None:
    try:
        return str(ip_address(client))
    except ValueError:
        return None

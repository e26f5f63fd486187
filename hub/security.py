"""Who somebody is, and what only they may read: passwords, tokens, secrets at rest, CSRF."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken

_hasher = PasswordHasher()
_nobody = _hasher.hash(secrets.token_urlsafe(16))
TOKEN_PREFIX = "bm_"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Caller:
    """One person acting for one organization: what a token stands for. `in_session`: signed in, not by an API token."""

    person_id: UUID
    organization_id: UUID
    organization_kind: str
    country: str
    roles: frozenset[str]
    language: str
    token_id: UUID
    territories: frozenset[str] = field(default_factory=frozenset)
    in_session: bool = True

    def has(self, *roles: str) -> bool:
        """Whether the person has one of these roles in the organization; administrators have all."""
        return "ADMIN" in self.roles or not self.roles.isdisjoint(roles)


async def hash_password(password: str) -> str:
    """argon2id, off the event loop."""
    return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(hashed: str | None, password: str) -> bool:
    """Takes as long for a person who does not exist."""

    def check() -> bool:
        try:
            return _hasher.verify(hashed or _nobody, password) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False

    return await asyncio.to_thread(check)


def new_token() -> str:
    """An opaque token of 256 bits; only its hash is kept."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """SHA-256: enough for a secret that nobody can guess."""
    return hashlib.sha256(token.encode()).digest()


def _derive(key: bytes, purpose: str) -> bytes:
    return hmac.new(key, f"banmao/{purpose}".encode(), hashlib.sha256).digest()


class Vault:
    """Secrets at rest (Fernet: AES-128-CBC with HMAC-SHA-256), under a key derived from the hub's own."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(key, "vault")))
        self._print = _derive(key, "fingerprint")

    def seal(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Raises ValueError when the secret was sealed under another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise ValueError("this secret was sealed under another key") from error

    def fingerprint(self, words: str) -> bytes:
        """The same for the same words; nobody without the key can try words (passwords among them) against it."""
        return hmac.new(self._print, words.encode(), hashlib.sha256).digest()


def sign(key: bytes, purpose: str, message: str) -> str:
    """An HMAC of `message`, URL-safe, for links and form tokens."""
    digest = hmac.new(_derive(key, purpose), message.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def signed_by_us(key: bytes, purpose: str, message: str, signature: str) -> bool:
    return hmac.compare_digest(sign(key, purpose, message), signature)


def csrf_token(key: bytes, session: str) -> str:
    """The token that every form of this session carries."""
    return sign(key, "csrf", session)

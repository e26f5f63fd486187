"""The SFTP door: each user shut in with their own platform's folders, allowed to deliver and to fetch, nothing else."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import asyncssh

from sandbox.home import Paths
from sandbox.settings import Limits, Platform

NAME_BYTES = 200
_WRITING = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC


@dataclass(frozen=True)
class Account:
    """Who may come in for a platform: a password, public keys of the configuration, and those in ``authorized_keys``."""

    platform: Platform
    paths: Paths
    password: str
    authorized_keys: Path

    def public_keys(self) -> list[str]:
        lines = list(self.platform.authorized_keys)
        if self.authorized_keys.is_file():
            lines += self.authorized_keys.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.strip() and not line.startswith("#")]


class _Reception(asyncssh.SSHServer):
    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        account = self._accounts.get(username)
        expected = account.password if account else "no such user"
        return hmac.compare_digest(password.encode(), expected.encode()) and account is not None

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        account = self._accounts.get(username)
        if account is None:
            return False
        offered = key.export_public_key().split()[1]
        return any(offered in line.encode().split() for line in account.public_keys())


class Chamber(asyncssh.SFTPServer):
    """What one user sees: ``/inbox`` to write into, ``/inbox/acknowledgements`` and ``/outgoing`` to read and clear."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], account: Account, limits: Limits) -> None:
        super().__init__(channel, chroot=str(account.paths.root).encode())
        self._inbox = account.paths.inbox
        self._limits = limits

    def map_path(self, path: bytes) -> bytes:
        depth = 0
        for part in path.split(b"/"):
            if part == b"..":
                depth -= 1
            elif part not in (b"", b"."):
                depth += 1
            if depth < 0:
                raise asyncssh.SFTPPermissionDenied("This path leads out of your folder.")
        return super().map_path(path)

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        if pflags & _WRITING:
            self._may_deliver(path, least_depth=3)
            if self._used() > self._limits.inbox_bytes:
                raise asyncssh.SFTPQuotaExceeded("The inbox is full.")
        return super().open(path, pflags, asyncssh.SFTPAttrs())

    def write(self, file_obj: object, offset: int, data: bytes) -> Any:
        if offset + len(data) > self._limits.file_bytes:
            raise asyncssh.SFTPQuotaExceeded(f"A file has at most {self._limits.file_bytes} bytes.")
        return super().write(file_obj, offset, data)

    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        self._may_deliver(path, least_depth=2)
        super().mkdir(path, asyncssh.SFTPAttrs())

    def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        self._may_move(oldpath, newpath)
        return super().rename(oldpath, newpath)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> Any:
        self._may_move(oldpath, newpath)
        return super().posix_rename(oldpath, newpath)

    def remove(self, path: bytes) -> Any:
        parts = self._parts(path)
        if not (len(parts) >= 3 and parts[0] == "inbox") and not (len(parts) == 2 and parts[0] == "outgoing"):
            raise asyncssh.SFTPPermissionDenied("Only deliveries, answers and reports can be removed.")
        return super().remove(path)

    def rmdir(self, path: bytes) -> Any:
        self._may_deliver(path, least_depth=2)
        return super().rmdir(path)

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Any:
        self._may_deliver(path, least_depth=2)
        return super().setstat(path, self._harmless(attrs))

    def lsetstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Any:
        self._may_deliver(path, least_depth=2)
        return super().lsetstat(path, self._harmless(attrs))

    def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> Any:
        if not cast(BinaryIO, file_obj).writable():
            raise asyncssh.SFTPPermissionDenied("The file is open for reading.")
        return super().fsetstat(file_obj, self._harmless(attrs))

    def symlink(self, oldpath: bytes, newpath: bytes) -> Any:
        raise asyncssh.SFTPPermissionDenied("There are no links here.")

    def link(self, oldpath: bytes, newpath: bytes) -> Any:
        raise asyncssh.SFTPPermissionDenied("There are no links here.")

    def _parts(self, path: bytes) -> list[str]:
        local = self.map_path(path)
        root = self.map_path(b"/").rstrip(b"/")
        try:
            return [part for part in local[len(root) :].decode().split("/") if part]
        except UnicodeDecodeError:
            raise asyncssh.SFTPPermissionDenied("Names are UTF-8.") from None

    def _may_deliver(self, path: bytes, least_depth: int) -> None:
        parts = self._parts(path)
        if len(parts) < least_depth or parts[0] != "inbox" or parts[1] == "acknowledgements":
            raise asyncssh.SFTPPermissionDenied("You can write into /inbox/{delivery}/ only.")
        if any(len(part.encode()) > NAME_BYTES or not part.isprintable() for part in parts):
            raise asyncssh.SFTPPermissionDenied(f"A name has at most {NAME_BYTES} printable characters.")

    def _may_move(self, old: bytes, new: bytes) -> None:
        """A delivery's folder can be renamed in the inbox, a file inside deliveries."""
        whole_folder = len(self._parts(old)) == 2
        self._may_deliver(old, least_depth=2)
        self._may_deliver(new, least_depth=2 if whole_folder else 3)

    def _harmless(self, attrs: asyncssh.SFTPAttrs) -> asyncssh.SFTPAttrs:
        if attrs.size is not None and attrs.size > self._limits.file_bytes:
            raise asyncssh.SFTPQuotaExceeded(f"A file has at most {self._limits.file_bytes} bytes.")
        return asyncssh.SFTPAttrs(size=attrs.size, atime=attrs.atime, mtime=attrs.mtime)

    def _used(self) -> int:
        return sum(path.stat(follow_symlinks=False).st_size for path in self._inbox.rglob("*") if path.is_file())


async def listen(
    accounts: Mapping[str, Account], host_key: asyncssh.SSHKey, port: int, limits: Limits
) -> asyncssh.SSHAcceptor:
    """Open the door on the loopback interface; ``accounts`` by user name."""

    def chamber(channel: asyncssh.SSHServerChannel[bytes]) -> Chamber:
        username = channel.get_connection().get_extra_info("username")
        return Chamber(channel, accounts[username], limits)

    return await asyncssh.listen(
        "127.0.0.1",
        port,
        server_factory=lambda: _Reception(accounts),
        server_host_keys=[host_key],
        sftp_factory=chamber,
        sftp_version=3,
        allow_scp=False,
        allow_pty=False,
        agent_forwarding=False,
        x11_forwarding=False,
        login_timeout=20,
        keepalive_interval=60,
    )

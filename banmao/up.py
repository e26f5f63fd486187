"""`./run`: everything on one machine. PostgreSQL, migrations, the demo catalogue, web, worker and the sandbox platform.

The parts are processes of their own. A part that dies is started again; Ctrl-C stops all of them in order and loses nothing.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from pydantic import SecretStr
from rich.console import Console

from banmao import migrate
from banmao.embedded import Cluster
from hub.settings import ROOT, Settings

GRACE = 15.0
SMALL_MODELS = ROOT / "tests" / "data" / "models"


@dataclass
class Part:
    """A process of the hub. Its output goes to `log`."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603
                self.command, cwd=ROOT, env=self.env, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Hub:
    """A whole hub in a folder: `start` returns when it answers, `stop` when nothing of it runs any more."""

    settings: Settings
    say: Callable[[str], None] = lambda _words: None
    sandbox: bool = True
    demo: bool = True
    parts: list[Part] = field(default_factory=list)
    errand: Part | None = None
    cluster: Cluster | None = None
    owner_url: str = ""
    app_url: str = ""

    def start(self) -> None:
        self._database()
        self.say("Bringing the tables up to date")
        migrate.upgrade(self.owner_url, self.app_url)
        if self.sandbox:
            self._start(self._part("sandbox", "-m", "sandbox", "--home", str(self.settings.path("sandbox"))))
            self._wait(lambda: self.sandbox_file.exists(), "sandbox")
        self._start(self._part("web", "-m", "banmao", "serve"))
        self._start(self._part("worker", "-m", "banmao", "work"))
        if self.demo:
            self._load_demo()
        self.say("Waiting for the hub to answer")
        self._wait(self.answers, "web")

    def stop(self) -> None:
        for part in (*filter(None, (self.errand,)), *reversed(self.parts)):
            part.stop()
        if self.cluster is not None:
            self.cluster.stop()

    def watch(self) -> None:
        """Start parts again that die, until interrupted."""
        while True:
            time.sleep(0.5)
            self.tend()

    def tend(self) -> None:
        """Start again what has died."""
        if self.cluster is not None and not self.cluster.running:
            self.say("PostgreSQL died and is started again")
            self.cluster.start()
            self._follow_database()
        for part in self.parts:
            if not part.alive:
                self.say(f"{part.name} died and is started again; see {part.log}")
                time.sleep(max(0.0, 2.0 - (time.monotonic() - part.started)))
                part.start()

    def _follow_database(self) -> None:
        """Start the parts anew where the database had to take another port."""
        assert self.cluster is not None
        if self.app_url == self.cluster.app_url:
            return
        self.app_url, self.owner_url = self.cluster.app_url, self.cluster.owner_url
        for part in self.parts:
            part.env |= {"BANMAO_DATABASE_URL": self.app_url, "BANMAO_DATABASE_OWNER_URL": self.owner_url}
            part.stop()

    @property
    def sandbox_file(self) -> Path:
        """Where the sandbox platform writes its ports and keys."""
        return self.settings.path("sandbox", "sandbox.json")

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def _database(self) -> None:
        if self.settings.database_url:
            self.app_url = self.settings.database_url
            self.owner_url = self.settings.database_owner_url or self.settings.database_url
            return
        self.cluster = Cluster(self.settings.path("postgres"))
        self.cluster.start(self.say)
        self.app_url, self.owner_url = self.cluster.app_url, self.cluster.owner_url

    def _part(self, name: str, *arguments: str) -> Part:
        env = {
            **os.environ,
            **_environment(self.settings),
            "BANMAO_DATABASE_URL": self.app_url,
            "BANMAO_DATABASE_OWNER_URL": self.owner_url,
            "PYTHONUNBUFFERED": "1",
        }
        return Part(name, [sys.executable, *arguments], env, self.settings.path("logs", f"{name}.log"))

    def _start(self, part: Part) -> None:
        self.say(f"Starting the {part.name}")
        if part.name == "sandbox":
            self.sandbox_file.unlink(missing_ok=True)
        self.parts.append(part)
        part.start()

    def _load_demo(self) -> None:
        self.say("Loading the demo catalogue")
        part = self._part("demo", "-m", "banmao", "demo")
        loaded = subprocess.run(part.command, cwd=ROOT, env=part.env, check=False)  # noqa: S603
        if loaded.returncode != 0:
            raise RuntimeError("the demo catalogue could not be loaded")

    def sell_demo(self) -> None:
        """Let the demo's album go abroad and its platforms report, beside everything else."""
        if not self.sandbox_file.exists():
            return
        self.errand = self._part("demo", "-m", "banmao", "demo", "--sales")
        self.errand.start()

    def answers(self) -> bool:
        """Whether a hub answers at the address."""
        try:
            return httpx.get(f"http://{self.settings.host}:{self.settings.port}/healthz", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def _wait(self, ready: Callable[[], bool], name: str) -> None:
        deadline = time.monotonic() + 90
        part = self.part(name)
        while not ready():
            if not part.alive or time.monotonic() > deadline:
                tail = part.log.read_text(errors="replace")[-3000:]
                raise RuntimeError(f"the {name} did not start:\n{tail}")
            time.sleep(0.05)


def _environment(settings: Settings) -> dict[str, str]:
    """The settings that were given, as the environment of other processes."""
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    plain = {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in given.items()}
    return {f"BANMAO_{name.upper()}": str(value) for name, value in plain.items() if value is not None}


def with_small_models(settings: Settings) -> Settings:
    """The settings, with the small packages of the project's own for whoever has installed no others.

    They know a few hundred sentences of the trade; what they do not know, the hub's checks withhold.
    """
    if any(settings.models_folder.glob("*")):
        return settings
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    return Settings(**{**given, "models": SMALL_MODELS, "argos_beam_size": 1})


def run(settings: Settings) -> None:
    """Start everything, say where it is, and stay until Ctrl-C."""
    settings = with_small_models(settings)
    console = Console(highlight=False, soft_wrap=True)
    begun = time.monotonic()
    hub = Hub(settings, say=lambda words: console.print(f"[dim]{time.monotonic() - begun:5.1f} s[/]  {words}"))

    def leave(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if hub.answers():
        console.print(
            f"Banmao is open already at {settings.address}: stop it there, or give this one a BANMAO_PORT of its own."
        )
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    try:
        hub.start()
        _welcome(console, hub, time.monotonic() - begun)
        hub.sell_demo()
        hub.watch()
    except KeyboardInterrupt:
        console.print("\nStopping; nothing is lost.")
    finally:
        hub.stop()


def _welcome(console: Console, hub: Hub, seconds: float) -> None:
    from banmao.demo.accounts import showcase

    console.print(f"\n[bold]Banmao is open at {hub.settings.address}[/]   (after {seconds:.1f} s; Ctrl-C stops it)\n")
    for line in showcase():
        console.print(f"  {line}")
    if hub.sandbox_file.exists():
        address = json.loads(hub.sandbox_file.read_text())["http"]["url"]
        console.print(f"\n  The sandbox platforms answer at {address}; logs are in {hub.settings.path('logs')}\n")

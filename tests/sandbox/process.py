"""Start the sandbox as the separate program it is: on free ports, in a folder of its own, waited for, stopped or killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60.0
SHIPPED = ROOT / "sandbox" / "platforms.toml"


@dataclass
class Sandbox:
    """A running sandbox. `info` is what its sandbox.json says."""

    home: Path
    arguments: Sequence[str] = ()
    info: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens. Raises `RuntimeError` with what it said when it does not."""
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "sandbox.json").unlink(missing_ok=True)
        environment = {name: value for name, value in os.environ.items() if name != "BANMAO_STANDARDS"}
        with (self.home / "output.log").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sandbox", "--home", str(self.home), *self.arguments],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )
        until = time.monotonic() + READY_SECONDS
        while not (self.home / "sandbox.json").exists():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the sandbox did not start: {self.said()}")
            time.sleep(0.05)
        self.info = json.loads((self.home / "sandbox.json").read_text(encoding="utf-8"))

    def stop(self) -> int:
        """Ask it to stop; returns its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """Kill it without warning, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=30)

    def said(self) -> str:
        return (self.home / "output.log").read_text(encoding="utf-8", errors="replace")

    def platform(self, platform_id: str) -> dict[str, Any]:
        """One platform of sandbox.json."""
        return next(platform for platform in self.info["platforms"] if platform["id"] == platform_id)


def configuration(
    folder: Path, *, settle: float = 0.15, quiet: float = 30.0, poll: float = 0.03, **limits: float
) -> Path:
    """The shipped platforms with a test's haste: seconds of `[limits]`, and bytes or counts by their names."""
    text = SHIPPED.read_text(encoding="utf-8")
    head, _, rest = text.partition("[limits]")
    _, _, platforms = rest.partition("[[platforms]]")
    wanted = {
        "settle_seconds": settle,
        "s3_settle_seconds": 1.0,
        "quiet_seconds": quiet,
        "poll_seconds": poll,
        **limits,
    }
    lines = "\n".join(f"{name} = {value}" for name, value in wanted.items())
    path = folder / "platforms.toml"
    path.write_text(f"{head}[limits]\n{lines}\n\n[[platforms]]{platforms}", encoding="utf-8")
    return path


@contextmanager
def sandbox(home: Path, *arguments: str) -> Iterator[Sandbox]:
    """A sandbox for the time of a `with`; it must end cleanly unless it was killed."""
    running = Sandbox(home, arguments)
    running.start()
    try:
        yield running
    finally:
        if running.process is not None and running.process.poll() is None:
            running.stop()

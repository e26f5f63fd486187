"""The play: a hub of its own in a temporary folder, and the six steps one after another."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from rich.console import Console
from rich.status import Status

from banmao.story.abroad import money_back, publish_abroad
from banmao.story.client import Refusal, StoryFailed
from banmao.story.stage import Stage
from banmao.story.trade import find_and_offer, import_list, sign_and_refuse, studio_moves
from banmao.up import Hub, with_small_models
from hub.settings import Settings

STEPS: tuple[tuple[str, Callable[[Stage], Awaitable[None]]], ...] = (
    ("A Guilin publisher imports its list", import_list),
    ("An agent in Bangkok finds a novel and makes an offer", find_and_offer),
    ("Both sign; nobody can sell the same right again", sign_and_refuse),
    ("A musician in Nanning publishes abroad with one press", publish_abroad),
    ("Platforms report sales; statements add up to the last cent", money_back),
    ("The studio in Hanoi sees Viet Nam's deals, and only those", studio_moves),
)


def main(keep: Path | None = None) -> int:
    """Play the story; 0 when all six steps are green."""
    console = Console(highlight=False, soft_wrap=True)
    home = keep or Path(tempfile.mkdtemp(prefix="banmao-story-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    begun = time.monotonic()
    settings = with_small_models(Settings(data=home, port=_free_port()))
    with console.status("Starting a hub") as status:
        hub = Hub(settings, say=lambda words: status.update(f"[dim]{words}[/]"))
        try:
            hub.start()
            console.print(f"A hub of the story's own is up after {time.monotonic() - begun:.1f} s")
            green = asyncio.run(_play(hub, home, console, status))
        except KeyboardInterrupt:
            green = False
        finally:
            status.update("[dim]Stopping[/]")
            hub.stop()
    if keep is None:
        shutil.rmtree(home, ignore_errors=True)
    seconds = time.monotonic() - begun
    console.print(
        f"\n[bold green]Six steps, all green[/] in {seconds:.0f} s" if green else "\n[bold red]The story broke off[/]"
    )
    return 0 if green else 1


async def _play(hub: Hub, home: Path, console: Console, status: Status) -> bool:
    sandbox = json.loads(hub.sandbox_file.read_text())
    async with httpx.AsyncClient(base_url=hub.settings.address, timeout=120) as http:
        stage = Stage(http, sandbox, home, console, status)
        for number, (title, step) in enumerate(STEPS, start=1):
            begun = time.monotonic()
            console.print(f"\n[bold]{number}  {title}[/]")
            try:
                await step(stage)
            except (Refusal, StoryFailed, httpx.HTTPError, KeyError, IndexError, OSError) as error:
                console.print(f"     [red]✗ {type(error).__name__}: {error}[/]", markup=True)
                console.print(traceback.format_exc(limit=4), style="dim", markup=False)
                _show_logs(hub, console)
                return False
            console.print(f"     [green]✓ {time.monotonic() - begun:.1f} s[/]")
    return True


def _show_logs(hub: Hub, console: Console) -> None:
    for part in hub.parts:
        if part.log.exists() and (tail := part.log.read_text(errors="replace")[-1500:].strip()):
            console.print(f"--- {part.name}\n{tail}", style="dim", markup=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Work on files of strangers, in a process of its own with little memory and time: whatever a file does there, the hub goes on.

The child knows no secret (its environment is empty), reads its task as JSON and answers in JSON:

    answer = await confined.run("catalog.assets.files", {"do": "examine", "source": "/…"})

It imports no domain: a module that is run this way stands on the standard library, on `hub.confined`, and on what decodes files.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MEMORY = 1536 * 1024 * 1024
"""Bytes of address space, libraries among them."""
SECONDS = 60
LARGEST_FILE = 2 * 1024**3
LONGEST_ANSWER = 1024 * 1024


class GaveOut(Exception):
    """The child did not answer: it took more memory or time than it is given, or it crashed."""


async def run(module: str, task: Mapping[str, Any], *, seconds: int = SECONDS, memory: int = MEMORY) -> dict[str, Any]:
    """What `module` answers to `task`. GaveOut."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
    )
    asked = json.dumps({"limits": {"seconds": seconds, "memory": memory}, "task": task}).encode()
    try:
        async with asyncio.timeout(2 * seconds):
            said, trouble = await child.communicate(asked)
    except TimeoutError as error:
        raise GaveOut("it took too long") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0 or len(said) > LONGEST_ANSWER:
        raise GaveOut(f"status {child.returncode}: {trouble[-500:].decode(errors='replace')}")
    answer: dict[str, Any] = json.loads(said)
    return answer


def serve(carry_out: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The child's side: limits before anything else, then the task, then the answer."""
    asked = json.load(sys.stdin)
    limits = asked["limits"]
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer = carry_out(asked["task"])
    sys.stdout.write(json.dumps(answer))

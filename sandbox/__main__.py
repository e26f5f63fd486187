"""``python -m sandbox --home DIR``: play the platforms until told to stop."""

import argparse
import asyncio
import logging
import os
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pydantic

from sandbox.home import Home, HomeInUse
from sandbox.process import Ports, run
from sandbox.settings import SHIPPED, load


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        settings = load(options.config, tuple(options.sender))
    except (OSError, tomllib.TOMLDecodeError, pydantic.ValidationError) as error:
        print(f"sandbox: {options.config}: {error}", file=sys.stderr)  # noqa: T201
        return 2
    home = Home(options.home.resolve())
    home.create()
    pretended: date | None = options.today
    try:
        with home.locked():
            asyncio.run(
                run(
                    home,
                    settings,
                    Ports(options.port, options.sftp_port, options.s3_port),
                    options.standards,
                    lambda: pretended or datetime.now(UTC).date(),
                )
            )
    except (HomeInUse, FileNotFoundError) as error:
        print(f"sandbox: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Play overseas streaming platforms that are strict."
    )
    parser.add_argument(
        "--home", type=Path, required=True, help="the folder that everything lives in; made if it is not there"
    )
    parser.add_argument("--port", type=int, default=0, help="HTTP port on loopback (0: a free one)")
    parser.add_argument("--sftp-port", type=int, default=0, help="SFTP port on loopback (0: a free one)")
    parser.add_argument(
        "--s3-port", type=int, default=0, help="S3 port on loopback of the first S3 platform (0: a free one)"
    )
    parser.add_argument("--config", type=Path, default=SHIPPED, help="platforms as TOML (default: those shipped)")
    parser.add_argument("--sender", action="append", default=[], help="a DDEX party id that may deliver; repeatable")
    parser.add_argument("--today", type=date.fromisoformat, help="pretend that today is this day (YYYY-MM-DD)")
    parser.add_argument(
        "--standards",
        type=Path,
        default=Path(os.environ["BANMAO_STANDARDS"]) if os.environ.get("BANMAO_STANDARDS") else None,
        help="a folder with ern/4.3.2/release-notification.xsd (default: $BANMAO_STANDARDS; no schema without it)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

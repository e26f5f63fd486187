"""The program's commands. `./run` is the way in for people; these are what it calls."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

import translation.cli
from banmao import migrate as migrations
from banmao.embedded import Cluster
from hub import jobs
from hub.errors import HubError
from hub.i18n import negotiate
from hub.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(translation.cli.app, name="translation", help="Translation packages: list and install.")


def addresses(settings: Settings) -> tuple[str, str]:
    """The owner's and the application's database addresses; starts the embedded server when there is no other."""
    if settings.database_url:
        return settings.database_owner_url or settings.database_url, settings.database_url
    cluster = Cluster(settings.path("postgres"))
    cluster.start()
    return cluster.owner_url, cluster.app_url


@app.command()
def up() -> None:
    """Everything on this machine: database, web, worker, sandbox platform, demo catalogue."""
    from banmao.up import run

    run(Settings())


@app.command()
def migrate() -> None:
    """Bring the tables up to date."""
    migrations.upgrade(*addresses(Settings()))


@app.command()
def serve() -> None:
    """The web process."""
    from banmao.app import create_app

    settings = Settings()
    application = create_app(settings, addresses(settings)[1])
    uvicorn.run(
        application,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        ws_max_size=settings.max_request_bytes,
    )


@app.command()
def work(concurrency: int = 4) -> None:
    """The worker process: carries out jobs until it is told to stop."""
    from banmao.processes import running_worker, spare_the_collector

    spare_the_collector()
    settings = Settings()
    url = addresses(settings)[1]

    async def main() -> None:
        async with running_worker(settings, url) as runtime:
            task = asyncio.create_task(jobs.work(runtime, url, concurrency=concurrency))
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, task.cancel)
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(main())


@app.command()
def schema(check: Annotated[bool, typer.Option(help="Fail when graphql/schema.graphql is stale")] = False) -> None:
    """Export the published contract to graphql/schema.graphql."""
    from banmao.schema import SDL, sdl

    if not check:
        SDL.write_text(sdl(), encoding="utf8")
    elif SDL.read_text(encoding="utf8") != sdl():
        sys.exit("graphql/schema.graphql is stale: run `./run schema`")


@app.command()
def locales(check: Annotated[bool, typer.Option(help="Fail when a catalogue is stale or incomplete")] = False) -> None:
    """Extract messages to locales/messages.pot and bring the ten catalogues in line."""
    from banmao import catalogues

    if check:
        sys.exit("\n".join(catalogues.problems()) or 0)
    catalogues.update()


@app.command()
def demo(
    sales: Annotated[bool, typer.Option(help="Send its album abroad instead, and take last month's sales in")] = False,
) -> None:
    """Load the demo catalogue (once; a second time changes nothing)."""
    from banmao.demo import load
    from banmao.demo import sales as money

    settings = Settings()
    owner, url = addresses(settings)
    migrations.upgrade(owner, url)
    (money if sales else load).main(settings, url)


@app.command()
def story(keep: Annotated[Path | None, typer.Option(help="Keep the story's hub in this folder")] = None) -> None:
    """Play the six steps of the story on a hub of its own."""
    from banmao.story import main

    sys.exit(main(keep))


def main() -> None:
    try:
        app()
    except HubError as error:
        import locale

        spoken = negotiate((locale.getlocale()[0] or "en").replace("_", "-"))
        sys.exit(f"{error.code}: {error.sentence(spoken)}")

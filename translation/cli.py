"""`banmao translation …`: the packages that the Argos engine runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from rich.table import Table

from hub.errors import HubError
from hub.i18n import LANGUAGES, NATIVE_NAMES, _, language, negotiate, supported
from hub.settings import Settings
from translation.engines import argos_index, open_engines
from translation.engines.folder import introduce, seal
from translation.engines.libretranslate import LibreTranslateEngine
from translation.engines.multilingual import MultilingualEngine
from translation.engines.packages import Package, find, install, read
from translation.errors import PackageUnknown

app = typer.Typer(help="Translation packages of this hub.", no_args_is_help=True)


@app.command("install")
def install_packages(
    languages: Annotated[
        list[str] | None, typer.Argument(help="Languages to pair with English; none: all that are offered.")
    ] = None,
    file: Annotated[
        list[Path] | None, typer.Option("--file", exists=True, dir_okay=False, help="Install this .argosmodel file.")
    ] = None,
) -> None:
    """Fetch official packages, or install packages from files."""
    with _said():
        folder = Settings().models_folder
        for path in file or []:
            _tell(install(path, folder))
        if file and not languages:
            return
        wanted = [_hub_language(tag) for tag in languages or []]
        folder.mkdir(parents=True, exist_ok=True)
        offers = argos_index.fetch_index(folder)
        chosen = argos_index.choose(offers, wanted) if wanted else offers
        with _progress() as progress:
            for offer in chosen:
                bar = progress.add_task(f"{offer.source} → {offer.target}", total=None)

                def advance(come: int, total: int | None, bar: TaskID = bar) -> None:
                    progress.update(bar, completed=come, total=total)

                with argos_index.downloaded(offer, folder, advance) as path:
                    _tell(install(path, folder))


@app.command("model")
def introduce_model(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="CTranslate2's model and its tokenizer.")
    ],
    kind: Annotated[str, typer.Option(help="m2m100, madlad400 or opus; none if banmao.json says it.")] = "",
    name: Annotated[str, typer.Option(help="What to call it in the hub.")] = "",
    version: Annotated[str, typer.Option(help="So that drafts say which model made them.")] = "1.0",
) -> None:
    """Make one model for many languages ready: describe it in banmao.json, and note what its files are."""
    with _said() as console:
        made = introduce(folder, kind, name or folder.resolve().name, version) if kind else seal(folder)
        languages = ", ".join(NATIVE_NAMES[tag] for tag in LANGUAGES if tag in made.targets)
        console.print(
            str(
                _(
                    "Ready: %(name)s %(version)s, into %(languages)s",
                    name=made.name,
                    version=made.version,
                    languages=languages,
                )
            )
        )
        if folder.resolve() != Settings().multilingual_folder.resolve():
            console.print(
                str(_("Now let BANMAO_MULTILINGUAL name this folder: %(folder)s", folder=str(folder.resolve())))
            )


@app.command("list")
def list_packages() -> None:
    """The installed packages, and the pairs of languages that can be drafted with them."""
    with _said() as console:
        settings = Settings()
        table = Table(*map(str, (_("From"), _("To"), _("Version"), _("State"), _("File"))))
        for package in find(settings.models_folder):
            names = NATIVE_NAMES[package.source], NATIVE_NAMES[package.target]
            table.add_row(*names, package.version, _state(package), package.file.name)
        console.print(table)
        engines = open_engines(settings)
        asyncio.run(engines.ready())
        for engine in engines.chain:
            if isinstance(engine, MultilingualEngine) and (model := engine.folder()):
                console.print(f"{engine.name}: {model.name} {model.version} ({model.path})")
            elif isinstance(engine, LibreTranslateEngine):
                console.print(f"{engine.name}: {settings.libretranslate_url}")
        pairs = [(source, target) for source in LANGUAGES for target in LANGUAGES if engines.reach(source, target)]
        drafted = ", ".join(f"{source}→{target}" for source, target in pairs)
        console.print(str(_("Can be drafted: %(pairs)s", pairs=drafted) if pairs else _("Nothing can be drafted yet.")))


def _state(package: Package) -> str:
    if package.sha256 is None:
        return str(_("Not installed"))
    try:
        read(package)
    except HubError as error:
        return error.sentence(_language())
    return str(_("Ready"))


def _hub_language(tag: str) -> str:
    known = supported(tag)
    if known is None:
        raise PackageUnknown(language=tag)
    return known


def _tell(package: Package) -> None:
    Console().print(
        str(
            _(
                "Installed %(source)s to %(target)s, version %(version)s",
                source=NATIVE_NAMES[package.source],
                target=NATIVE_NAMES[package.target],
                version=package.version,
            )
        )
    )


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())


def _language() -> str:
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    return negotiate(None, next((os.environ[name] for name in variables if os.environ.get(name)), None))


@contextmanager
def _said() -> Iterator[Console]:
    """Everything inside is said in the terminal's language; an error of ours is one sentence on stderr, and exit status 1."""
    with language(_language()) as tag:
        try:
            yield Console()
        except HubError as error:
            details = ", ".join(f"{key}: {value}" for key, value in error.params.items())
            Console(stderr=True).print(
                error.sentence(tag), f"({details})" if details else "", style="red", soft_wrap=True
            )
            raise typer.Exit(1) from error

"""`banmao translation`, run as an operator runs it; the package index is a real server on this machine, or nobody."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hub.settings import ROOT
from tests.translation.packages import MODELS, folder
from translation.engines.packages import sums


def banmao(
    data: Path, *arguments: str, index: str = "http://127.0.0.1:1/", language: str = "C"
) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of `banmao translation …` in a process of its own."""
    outside = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    finished = subprocess.run(
        [sys.executable, "-c", "from translation.cli import app; app()", *arguments],
        cwd=ROOT,
        env=outside
        | {
            "BANMAO_DATA": str(data),
            "ARGOS_PACKAGE_INDEX": index,
            "LC_ALL": language,
            "COLUMNS": "200",
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return finished.returncode, finished.stdout, finished.stderr


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An HTTP server and the folder that it serves."""
    served = tmp_path / "served"
    served.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(served))) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/", served
        running.shutdown()
        thread.join()


def offer(served: Path, address: str, *, broken: bool = False) -> None:
    """Serve an index with the project's own zh→en package, an older one, and one that the hub has no use for."""
    content = (MODELS / "translate-zh_en.argosmodel").read_bytes()
    (served / "new.argosmodel").write_bytes(content[: len(content) // 2] if broken else content)
    common = {"argos_version": "1.9", "type": "translate"}
    entries = [
        {
            "from_code": "zh",
            "to_code": "en",
            "package_version": "1.10",
            "links": [f"{address}gone", f"{address}new.argosmodel"],
        },
        {"from_code": "zh", "to_code": "en", "package_version": "1.9", "links": [f"{address}old.argosmodel"]},
        {"from_code": "eo", "to_code": "en", "package_version": "1.0", "links": [f"{address}eo.argosmodel"]},
    ]
    (served / "index.json").write_text(json.dumps([common | entry for entry in entries]))


def test_packages_are_fetched_and_installed(tmp_path: Path, server: tuple[str, Path]) -> None:
    address, served = server
    offer(served, address)
    status, output, errors = banmao(tmp_path / "data", "install", "zh-Hans", "en", index=address)
    assert (status, errors) == (0, "")
    assert "Installed 中文 to English" in output
    assert sums(tmp_path / "data" / "models") == {
        "translate-zh_en.argosmodel": sums(MODELS)["translate-zh_en.argosmodel"]
    }
    status, output, _errors = banmao(tmp_path / "data", "list")
    assert status == 0
    assert "Ready" in output
    assert "zh→en" in output


def test_half_a_download_is_refused_and_nothing_is_installed(tmp_path: Path, server: tuple[str, Path]) -> None:
    address, served = server
    offer(served, address, broken=True)
    status, _output, errors = banmao(tmp_path / "data", "install", "zh", index=address)
    assert status == 1
    assert "not a translation package" in errors
    assert not list((tmp_path / "data" / "models").glob("*.argosmodel"))


def test_a_language_without_a_package_is_named(tmp_path: Path, server: tuple[str, Path]) -> None:
    address, served = server
    offer(served, address)
    for language in ("km", "xx"):
        status, _output, errors = banmao(tmp_path / "data", "install", language, index=address)
        assert status == 1
        assert f"language: {language}" in errors
    assert sums(tmp_path / "data" / "models") == {}


@pytest.mark.parametrize("index", ["404", "not json", '{"from_code": 1}'])
def test_an_index_that_is_none_is_refused(tmp_path: Path, server: tuple[str, Path], index: str) -> None:
    address, served = server
    if index != "404":
        (served / "index.json").write_text(index)
    status, _output, errors = banmao(tmp_path / "data", "install", "zh", index=address)
    assert status == 1
    assert "index of translation packages cannot be reached" in errors
    assert "Traceback" not in errors


def test_without_a_network_the_error_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        status, output, errors = banmao(tmp_path / "data", "install", "zh", "en", index=nobody)
    assert status == 1
    assert output == ""
    assert "Check the network, or install a package from a file." in errors
    assert nobody in errors
    assert sums(tmp_path / "data" / "models") == {}


def test_a_package_is_installed_from_a_file_without_a_network(tmp_path: Path) -> None:
    status, output, errors = banmao(tmp_path / "data", "install", "--file", str(MODELS / "translate-zh_en.argosmodel"))
    assert (status, errors) == (0, "")
    assert "Installed 中文 to English" in output
    assert "translate-zh_en.argosmodel" in sums(tmp_path / "data" / "models")


def test_the_list_shows_damage(tmp_path: Path) -> None:
    models = folder(tmp_path / "data" / "models", "zh_en")
    file = models / "translate-zh_en.argosmodel"
    file.write_bytes(file.read_bytes() + b"\0")
    status, output, _errors = banmao(tmp_path / "data", "list")
    assert status == 0
    assert "has changed since it was installed" in output


def test_an_empty_folder_is_a_state(tmp_path: Path) -> None:
    status, output, errors = banmao(tmp_path / "data", "list")
    assert (status, errors) == (0, "")
    assert "Nothing can be drafted yet." in output

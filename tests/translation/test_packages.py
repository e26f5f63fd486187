"""Packages are checked before they are run, and a bad one changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.translation.packages import MODELS, archive, folder
from translation.engines.argos import ArgosEngine
from translation.engines.packages import SUMS, find, install, read, sums
from translation.engines.runner import Runner
from translation.errors import NotAPackage, PackageDamaged

ZH_EN = MODELS / "translate-zh_en.argosmodel"


def test_the_projects_own_packages_are_what_their_sums_say() -> None:
    found = find(MODELS)
    assert {file.name for file in MODELS.glob("*.argosmodel")} == {package.file.name for package in found}
    for package in found:
        assert package.file.stat().st_size <= 4_000_000
        assert read(package).model["model.bin"]


def test_installing_names_the_package_and_notes_its_digest(tmp_path: Path) -> None:
    given = shutil.copy(ZH_EN, tmp_path / "downloaded.argosmodel")
    package = install(Path(given), tmp_path / "models")
    assert (package.source, package.target, package.file.name) == ("zh", "en", "translate-zh_en.argosmodel")
    assert sums(tmp_path / "models") == {package.file.name: package.sha256}
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [SUMS, package.file.name]


def test_installing_again_replaces(tmp_path: Path) -> None:
    models = folder(tmp_path / "models", "zh_en")
    (models / "translate-zh_en.argosmodel").rename(models / "translate-zh_en-1_0.argosmodel")
    before = next(iter(sums(models).values()))
    (models / SUMS).write_text(f"{before}  translate-zh_en-1_0.argosmodel\n")
    install(ZH_EN, models)
    assert sums(models) == {"translate-zh_en.argosmodel": before}
    assert [file.name for file in models.glob("*.argosmodel")] == ["translate-zh_en.argosmodel"]


METADATA = {"from_code": "zh", "to_code": "en", "package_version": "1"}


@pytest.mark.parametrize(
    ("entries", "metadata"),
    [
        ({}, {}),
        ({"translate-x/model/model.bin": b"x"}, {}),
        ({"translate-x/model/model.bin": b"x"}, METADATA),
        ({"translate-x/sentencepiece.model": b"x"}, METADATA),
        ({"translate-x/bpe.model": b"x", "translate-x/model/model.bin": b"x"}, METADATA),
        ({"translate-x/sentencepiece.model": b"x", "translate-x/model/model.bin": b"x"}, METADATA | {"to_code": "eo"}),
        ({"translate-x/sentencepiece.model": b"x", "translate-x/model/model.bin": b"x"}, {"from_code": 7}),
        ({"translate-x/metadata.json": b"[" * 100_000}, {}),
        ({"translate-x/metadata.json": b" " * 2_000_000}, {}),
    ],
)
def test_what_is_no_package_is_refused_and_nothing_is_written(
    tmp_path: Path, entries: dict[str, bytes], metadata: dict[str, object]
) -> None:
    models = folder(tmp_path / "models", "zh_en")
    before = {path.name: path.read_bytes() for path in models.iterdir()}
    with pytest.raises(NotAPackage) as refused:
        install(archive(tmp_path / "bad.argosmodel", entries, **metadata), models)
    assert refused.value.params == {"file": "bad.argosmodel"}
    assert {path.name: path.read_bytes() for path in models.iterdir()} == before


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.argosmodel").write_bytes(b"PK\x03\x04 half a download")
    with pytest.raises(NotAPackage):
        install(tmp_path / "bad.argosmodel", tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_an_archive_cannot_write_outside(tmp_path: Path) -> None:
    entries = {
        "translate-x/sentencepiece.model": b"x",
        "translate-x/model/model.bin": b"x",
        "../../escaped": b"x",
        "translate-x/model/../../../escaped": b"x",
    }
    package = install(archive(tmp_path / "a.argosmodel", entries, **METADATA), tmp_path / "deep" / "models")
    read(package)
    assert not list(tmp_path.rglob("escaped"))


async def test_a_changed_package_is_not_run(tmp_path: Path) -> None:
    models = folder(tmp_path / "models", "zh_en")
    file = models / "translate-zh_en.argosmodel"
    file.write_bytes(file.read_bytes() + b"\0")
    engine = ArgosEngine(models, beam_size=1, threads=1)
    assert engine.reaches("zh", "en")
    with pytest.raises(PackageDamaged) as refused:
        await engine.draft(["我们接受。"], "zh", "en")
    assert refused.value.params == {"file": file.name}


def test_a_package_that_nobody_installed_is_found_but_not_run(tmp_path: Path) -> None:
    shutil.copy(ZH_EN, tmp_path)
    [package] = find(tmp_path)
    assert package.sha256 is None
    assert not ArgosEngine(tmp_path, beam_size=1, threads=1).reaches("zh", "en")
    with pytest.raises(PackageDamaged):
        read(package)


def test_a_model_that_does_not_load_says_so(tmp_path: Path) -> None:
    entries = {"translate-x/sentencepiece.model": b"not a model", "translate-x/model/model.bin": b"x"}
    package = install(archive(tmp_path / "a.argosmodel", entries, **METADATA), tmp_path / "models")
    contents = read(package)
    with pytest.raises(NotAPackage):
        Runner(package.file.name, contents.tokenizer, threads=1, files=contents.model)

"""Translation packages in a folder: `*.argosmodel` archives and `SHA256SUMS`, as `sha256sum` writes it.

A package is run only if its bytes are those that `SHA256SUMS` names. It is read into memory and never unpacked, so the
folder may be read-only, and nothing in an archive can write anywhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from hub.i18n import supported
from translation.errors import NotAPackage, PackageDamaged

SUMS = "SHA256SUMS"
SUFFIX = ".argosmodel"
LARGEST = 2 * 1024**3
LARGEST_METADATA = 1024**2
LOWEST_SCORE = 0.4


@dataclass(frozen=True, slots=True)
class Package:
    """A package from `source` to `target` (the hub's language tags).

    `lowest_score`: below this mean probability of word pieces the model is guessing; a package may say so of itself in its
    metadata.json, as "lowest_score". `sha256` None: not installed, and so not run.
    """

    file: Path
    source: str
    target: str
    version: str
    target_prefix: str
    lowest_score: float
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Contents:
    """The parts of a package that translate."""

    tokenizer: bytes
    model: Mapping[str, bytes]


def sums(folder: Path) -> dict[str, str]:
    """The digests of the installed packages, by file name."""
    file = folder / SUMS
    if not file.exists():
        return {}
    found = re.findall(r"^([0-9a-f]{64})[ ][ *](.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: digest for digest, name in found}


def find(folder: Path) -> list[Package]:
    """The packages of a folder between two of the hub's languages, by name. Damaged archives are left out."""
    known = sums(folder)
    packages = []
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            packages.append(describe(file, known.get(file.name)))
        except NotAPackage:
            continue
    return packages


def describe(file: Path, sha256: str | None = None) -> Package:
    """What an archive says of itself. NotAPackage when it is no package for two of the hub's languages."""
    try:
        with zipfile.ZipFile(file) as archive:
            entry = archive.getinfo(f"{_top(archive)}metadata.json")
            if entry.file_size > LARGEST_METADATA:
                raise NotAPackage(file=file.name)
            metadata = json.loads(archive.read(entry))
        source, target = (supported(metadata[f"{side}_code"]) for side in ("from", "to"))
        version, prefix = (str(metadata.get(key) or "") for key in ("package_version", "target_prefix"))
        lowest_score = float(metadata.get("lowest_score", LOWEST_SCORE))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise NotAPackage(file=file.name) from error
    if source is None or target is None:
        raise NotAPackage(file=file.name)
    return Package(file, source, target, version, prefix, lowest_score, sha256)


def read(package: Package) -> Contents:
    """The model's files. PackageDamaged when the bytes are not those that were installed."""
    try:
        raw = package.file.read_bytes()
    except OSError as error:
        raise PackageDamaged(file=package.file.name) from error
    if package.sha256 is None or hashlib.sha256(raw).hexdigest() != package.sha256:
        raise PackageDamaged(file=package.file.name)
    return unpack(raw, package.file.name)


def unpack(raw: bytes, name: str) -> Contents:
    """The parts of an archive, in memory. NotAPackage when it lacks one (Argos's older `bpe.model` packages do)."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise NotAPackage(file=name)
            top = _top(archive)
            folder = f"{top}model/"
            model = {
                entry.filename.removeprefix(folder): archive.read(entry)
                for entry in archive.infolist()
                if entry.filename.startswith(folder) and not entry.is_dir()
            }
            contents = Contents(archive.read(f"{top}sentencepiece.model"), model)
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError) as error:
        raise NotAPackage(file=name) from error
    if "model.bin" not in contents.model:
        raise NotAPackage(file=name)
    return contents


def install(file: Path, folder: Path) -> Package:
    """Copy a package into `folder` and note its digest. A package for the same pair is replaced. NotAPackage changes nothing."""
    package = describe(file)
    raw = file.read_bytes()
    unpack(raw, file.name)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"translate-{package.source}_{package.target}{SUFFIX}"
    known = sums(folder)
    for other in find(folder):
        if (other.source, other.target) == (package.source, package.target) and other.file.name != name:
            known.pop(other.file.name, None)
            other.file.unlink()
    known[name] = hashlib.sha256(raw).hexdigest()
    replace(folder / name, raw)
    replace(folder / SUMS, "".join(f"{known[key]}  {key}\n" for key in sorted(known)).encode())
    return describe(folder / name, known[name])


def replace(file: Path, content: bytes) -> None:
    """Write so that a reader sees the old file or the new one, never half of one."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _top(archive: zipfile.ZipFile) -> str:
    """The folder in the archive that holds the package (`translate-zh_en-1_9/`). KeyError without one."""
    for name in archive.namelist():
        top, _slash, rest = name.partition("/")
        if rest == "metadata.json":
            return f"{top}/"
    raise KeyError("metadata.json")

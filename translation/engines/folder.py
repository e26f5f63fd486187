"""A multilingual model in a folder: CTranslate2's files, a SentencePiece tokenizer, `banmao.json`, `SHA256SUMS`.

`banmao.json` says what the model itself does not:

    {"name": "m2m100-418m", "version": "1.0", "kind": "m2m100", "tokenizer": "sentencepiece.model",
     "languages": {"zh": "zh", "fil": "tl", …}, "lowest_score": 0.4}

`kind` is the layout of the tokens around a sentence (`LAYOUTS`); `source_before`, `source_after` and `target_prefix` name others,
`{source}` and `{target}` standing for the model's own codes. `languages` maps the hub's tags to those codes; `sources` and
`targets` narrow them. A folder is run only if its bytes are those that `SHA256SUMS` names.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.i18n import LANGUAGES
from translation.engines.packages import LOWEST_SCORE, SUMS, replace, sums
from translation.engines.runner import Around
from translation.errors import NotAPackage, PackageDamaged

DESCRIPTION = "banmao.json"
LARGEST_DESCRIPTION = 1024**2
MODEL = "model.bin"
END = "</s>"
LAYOUTS: Mapping[str, Around] = {
    "m2m100": Around(before=("__{source}__",), after=(END,), prefix=("__{target}__",)),
    "madlad400": Around(before=("<2{target}>",), after=(END,)),
    "opus": Around(before=(">>{target}<<",)),
}
"""M2M-100 (MIT), MADLAD-400 (Apache-2.0), OPUS-MT's multilingual targets (CC BY 4.0). NLLB is non-commercial: not offered."""
CODES: Mapping[str, Mapping[str, str]] = {"m2m100": {"fil": "tl"}}
"""What a kind calls a language that the hub calls otherwise."""
NAME = re.compile(r"[\w.+-]{1,60}")


@dataclass(frozen=True, slots=True)
class Folder:
    """A model's folder, described. `around` still holds the placeholders `{source}` and `{target}`."""

    path: Path
    name: str
    version: str
    tokenizer: str
    around: Around
    languages: Mapping[str, str]
    sources: frozenset[str]
    targets: frozenset[str]
    lowest_score: float

    def reaches(self, source: str, target: str) -> bool:
        return source != target and source in self.sources and target in self.targets

    def tokens(self, source: str, target: str) -> Around:
        """What stands around the pieces of a sentence of this pair."""
        codes = {"source": self.languages[source], "target": self.languages[target]}
        return Around(*(tuple(token.format(**codes) for token in side) for side in _sides(self.around)))


def _sides(around: Around) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return around.before, around.after, around.prefix


def describe(path: Path) -> Folder:
    """What a folder says of itself. NotAPackage when it is no model that the hub can run."""
    file = path / DESCRIPTION
    try:
        if file.stat().st_size > LARGEST_DESCRIPTION or not (path / MODEL).is_file():
            raise NotAPackage(file=str(path))
        said = json.loads(file.read_text(encoding="utf-8"))
        kind = LAYOUTS.get(str(said.get("kind", "")), Around())
        around = Around(
            *(
                _tokens(said, key, default)
                for key, default in zip(("source_before", "source_after", "target_prefix"), _sides(kind), strict=True)
            )
        )
        languages = {tag: str(code) for tag, code in said["languages"].items() if tag in LANGUAGES}
        sources, targets = (
            frozenset(said.get(side, languages)) & frozenset(languages) for side in ("sources", "targets")
        )
        tokenizer = str(said.get("tokenizer", "sentencepiece.model"))
        made = Folder(
            path,
            str(said["name"]),
            str(said["version"]),
            tokenizer,
            around,
            languages,
            sources,
            targets,
            float(said.get("lowest_score", LOWEST_SCORE)),
        )
        for source in sources:
            for target in targets:
                made.tokens(source, target)
    except (OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise NotAPackage(file=str(path)) from error
    named = NAME.fullmatch(made.name) and NAME.fullmatch(made.version)
    inside = Path(tokenizer).name == tokenizer and (path / tokenizer).is_file()
    if not (named and inside and sources and targets) or around == Around():
        raise NotAPackage(file=str(path))
    return made


def _tokens(said: Mapping[str, Any], key: str, default: Sequence[str]) -> tuple[str, ...]:
    given = said.get(key, default)
    return (given,) if isinstance(given, str) else tuple(str(token) for token in given)


def verify(folder: Folder) -> None:
    """PackageDamaged unless every file of the folder is in `SHA256SUMS`, with these bytes. Reads all of them."""
    known = sums(folder.path)
    found = {file.name for file in folder.path.iterdir() if file.is_file() and not file.name.startswith(".")} - {SUMS}
    if found != set(known) or not {MODEL, DESCRIPTION, folder.tokenizer} <= found:
        raise PackageDamaged(file=str(folder.path))
    for name, digest in known.items():
        if _digest(folder.path / name) != digest:
            raise PackageDamaged(file=str(folder.path / name))


def seal(path: Path) -> Folder:
    """Write `SHA256SUMS` for a folder that is as it should be. NotAPackage changes nothing."""
    made = describe(path)
    names = sorted(file.name for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    lines = [f"{_digest(path / name)}  {name}\n" for name in names if name != SUMS]
    replace(path / SUMS, "".join(lines).encode())
    return made


def introduce(path: Path, kind: str, name: str, version: str) -> Folder:
    """Describe a freshly converted model in the usual codes of its kind, and seal it. NotAPackage; then nothing is written."""
    if kind not in LAYOUTS or not (path / MODEL).is_file() or not NAME.fullmatch(name) or not NAME.fullmatch(version):
        raise NotAPackage(file=str(path))
    tokenizer = next((file.name for file in sorted(path.glob("*.model"))), None)
    if tokenizer is None:
        raise NotAPackage(file=str(path))
    codes = CODES.get(kind, {})
    said = {
        "name": name,
        "version": version,
        "kind": kind,
        "tokenizer": tokenizer,
        "languages": {tag: codes.get(tag, tag) for tag in LANGUAGES},
    }
    replace(path / DESCRIPTION, json.dumps(said, indent=2).encode())
    return seal(path)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""Find deliveries in an inbox and tell when they are whole (ERN Part 3, release-by-release and batch profiles)."""

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox import media
from sandbox.message import File, understand
from sandbox.reading import Unreadable, read_message
from sandbox.refusals import Refusal
from sandbox.settings import Limits

RELEASE_FOLDER = re.compile(r"(?P<priority>[PNL])_(?P<release>[A-Za-z0-9-]{1,64})_(?P<stamp>[0-9]{17})")
BATCH_FOLDER = re.compile(r"(?P<priority>[PMN])_(?P<stamp>[0-9]{17})")
RELEASE_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
ACKNOWLEDGEMENTS = "acknowledgements"
RESOURCE = re.compile(r"resources/[^/\\\x00-\x1f]{1,200}(/[^/\\\x00-\x1f]{1,200}){0,3}")
_ORDER = {"P": 0, "M": 1, "N": 1, "L": 2}
_UNDER_WAY = (".part", ".tmp", ".filepart")


def is_under_way(name: str) -> bool:
    """Whether a file name says that its upload has not ended."""
    return name.startswith(".") or name.lower().endswith(_UNDER_WAY)


@dataclass(frozen=True)
class Folder:
    """A folder of the inbox. ``release_id`` is empty for a batch, ``stamp`` too when the name follows no rule."""

    path: Path
    release_id: str
    stamp: str
    priority: str

    @property
    def batch_id(self) -> str | None:
        return self.stamp if self.stamp and not self.release_id else None

    @property
    def order(self) -> tuple[int, str, str]:
        return _ORDER.get(self.priority, 3), self.stamp, self.path.name


@dataclass(frozen=True)
class Delivery:
    """One release's folder: ``{ReleaseId}.xml`` and ``resources/``."""

    path: Path
    release_id: str
    stamp: str
    batch_id: str | None = None

    @property
    def xml_name(self) -> str:
        return f"{self.release_id}.xml"


@dataclass(frozen=True)
class Arrival:
    """How much of a delivery is there. Neither missing nor hopeless: it is whole."""

    missing: tuple[Refusal, ...] = ()
    hopeless: bool = False

    @property
    def whole(self) -> bool:
        return not self.missing


def folders(inbox: Path) -> list[Folder]:
    """The deliveries under way, in the order in which they are to be handled."""
    found = []
    for entry in os.scandir(inbox):
        if entry.name == ACKNOWLEDGEMENTS or entry.name.startswith(".") or not entry.is_dir(follow_symlinks=False):
            continue
        found.append(_named(Path(entry.path)))
    return sorted(found, key=lambda folder: folder.order)


def _named(path: Path) -> Folder:
    if match := RELEASE_FOLDER.fullmatch(path.name):
        return Folder(path, match["release"], match["stamp"], match["priority"])
    if match := BATCH_FOLDER.fullmatch(path.name):
        return Folder(path, "", match["stamp"], match["priority"])
    return Folder(path, "", "", "")


def contents(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every regular file below a folder, by its path relative to it. Links are no files."""
    for base, _, names in os.walk(folder):
        for name in names:
            path = Path(base, name)
            try:
                stat = path.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if not path.is_symlink():
                yield path.relative_to(folder).as_posix(), stat


def assess(delivery: Delivery, limits: Limits) -> Arrival:
    """Tell whether a delivery is whole: the XML parses to its end, every file it names is there and has its hash sum.

    A message without deals takes a release down: it needs no files, even where it names them.
    """
    names = {name for name, _ in contents(delivery.path)}
    if len(names) > limits.files_per_delivery:
        sentence = f"{len(names)} files; a delivery has at most {limits.files_per_delivery}."
        return Arrival((Refusal("TOO_MANY_FILES", delivery.path.name, sentence),), hopeless=True)
    try:
        tree = read_message(delivery.path / delivery.xml_name, delivery.xml_name, limits.xml_bytes)
    except Unreadable as unreadable:
        return Arrival((unreadable.refusal,), unreadable.hopeless)
    missing: list[Refusal] = []
    message = understand(tree)
    for file in message.files():
        if not RESOURCE.fullmatch(file.uri.text) or ".." in file.uri.text.split("/"):
            return Arrival((bad_name(file),), hopeless=True)
        path = delivery.path / file.uri.text
        if file.uri.text not in names or is_under_way(path.name):
            if message.deals:
                sentence = f"{file.uri.text} is named in the message but is not there."
                missing.append(Refusal("FILE_MISSING", file.uri.text, sentence))
            continue
        if path.stat().st_size > limits.file_bytes:
            sentence = f"{file.uri.text} has {path.stat().st_size} bytes; at most {limits.file_bytes} are taken."
            return Arrival((Refusal("FILE_TOO_LARGE", file.uri.text, sentence),), hopeless=True)
        found = media.digest(path, file.algorithm.text)
        if found is not None and found != file.digest.text.lower():
            sentence = f"{file.uri.text} has {file.algorithm.text} {found}; the message says {file.digest.text}."
            missing.append(Refusal("FILE_HASH", file.uri.text, sentence))
    return Arrival(tuple(missing))


def bad_name(file: File) -> Refusal:
    sentence = f'"{file.uri.text}" is not a file of this delivery: it must read resources/… and stay inside.'
    return Refusal("FILE_NAME", file.uri.path, sentence)


class Watch:
    """Remember when each folder last changed, by our own clock: a sender can set a file's time, not ours."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[Path, tuple[frozenset[tuple[str, int, int]], float]] = {}
        self._assessed: dict[Path, tuple[frozenset[tuple[str, int, int]], Arrival]] = {}

    def still_for(self, folder: Path) -> float:
        """Seconds since a look at the folder first found it as it is now."""
        state = frozenset((name, stat.st_size, stat.st_mtime_ns) for name, stat in contents(folder))
        now = self._clock()
        known, since = self._seen.get(folder, (None, now))
        if state != known:
            since = now
            self._seen[folder] = (state, now)
        return now - since

    def arrival(self, folder: Path, look: Callable[[], Arrival]) -> Arrival:
        """What ``look`` says of the folder, asked once for each state of it."""
        state, _ = self._seen[folder]
        known = self._assessed.get(folder)
        if known is None or known[0] != state:
            known = (state, look())
            self._assessed[folder] = known
        return known[1]

    def forget_all_but(self, present: set[Path]) -> None:
        for folder in self._seen.keys() - present:
            del self._seen[folder]
            self._assessed.pop(folder, None)

"""An avail as a record of the catalogue.

A record is what one ALID names: a film, a series, a season, an episode. Rights are said of exactly that, so an episode that is
offered a week later than the one before is not taken for the whole season.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import Final

from catalog import identifiers, languages
from catalog.formats.avails import windows
from catalog.formats.avails.model import TV, Avail, Line
from catalog.formats.boxes import disjoint
from catalog.formats.problems import Problem
from catalog.formats.record import Credit, Original, Record, Words
from catalog.limits import LONGEST_NAME, LONGEST_TITLE

DIALECT: Final = "avail"
"""How an avail is kept beside its work: `Avail.stored()` as JSON, whichever form it came in."""

FULL_EXTRACT, DELETE, PART = "03", "05", "04"
"""What becomes of an EntryType, in the numbers that all records carry (ONIX List 1)."""

_ENTRIES: Final = {
    "full extract": FULL_EXTRACT,
    "full delete": DELETE,
    "delete": DELETE,
    "create": PART,
    "update": PART,
}
_JOBS: Final = {
    "director": "drt", "actor": "act", "voice": "act", "producer": "pro", "executiveproducer": "pro", "writer": "aus",
    "screenwriter": "aus", "composer": "cmp", "animator": "anm", "editor": "flm", "creator": "cre", "narrator": "nrt",
}  # fmt: skip
JOB_OF: Final = {
    "drt": "Director", "act": "Actor", "pro": "Producer", "aus": "Writer", "cmp": "Composer", "anm": "Animator",
    "flm": "Editor", "cre": "Creator", "nrt": "Narrator",
}  # fmt: skip
_EIDR = re.compile(
    r"(?:urn:eidr:|md:(?:cid|alid):)?(?:eidr-[sx]:|10\.5240[:/])[:/]?((?:[0-9A-Z]{4}-){5}[0-9A-Z])(?::.*)?", re.I
)
_SCRIPTS: Final = (
    ("\u0e00", "\u0e7f", "th"), ("\u0e80", "\u0eff", "lo"), ("\u1000", "\u109f", "my"), ("\u1780", "\u17ff", "km"),
    ("\u3040", "\u30ff", "ja"), ("\uac00", "\ud7af", "ko"), ("\u4e00", "\u9fff", "zh"),
)  # fmt: skip
_LONGEST_REFERENCE: Final = 255


def record(avail: Avail, received: date, *, sheets: bool) -> Record:
    """What the catalogue keeps of an avail. `sheets`: it came from a workbook, so that places are named by sheet."""
    first = avail.lines[0]
    found = Record(
        reference=avail.alid,
        line=first.row,
        notification=FULL_EXTRACT,
        kind="ANIMATION",
        whole=True,
        says_kind=True,
        received=received,
    )

    def report(code: str, line: Line, column: str, *, value: str = "", skips: bool = False) -> None:
        place = f"{line.sheet}!{column}" if sheets else column
        params = {"reference": avail.alid[:255], "value": value[:200]}
        problem = Problem(code, line.row, place, params, skips)
        if all(
            (problem.code, problem.params, problem.field) != (old.code, old.params, old.field) for old in found.problems
        ):
            found.problems.append(problem)

    found.original = original(avail)
    if not avail.alid or len(avail.alid) > _LONGEST_REFERENCE:
        report("FIELD_MISSING", first, "ALID", value="ALID", skips=True)
        return found
    _entries(avail, found, report)
    if found.notification == DELETE or not found.usable:
        return found
    if len(kinds := {value.casefold(): value for _line, value in avail.each("WorkType")}) > 1:
        report("AVAILS_MIXED", first, "WorkType", value=", ".join(sorted(kinds.values())), skips=True)
    _titles(avail, found, report)
    _people(avail, found)
    _identifiers(avail, found, report)
    _year(avail, found)
    kept = [line for line in avail.lines if not deleted(line)]
    said = [windows.read(line, kept, received, report) for line in kept]
    found.mandates = disjoint(window.granted for window in said if window.granted)
    if found.adds:
        gone = [windows.read(line, avail.lines, received, report) for line in avail.lines if deleted(line)]
        found.revokes = disjoint(window.granted for window in gone if window.granted)
    found.holdbacks = disjoint(window.held for window in said if window.held)
    return found


def original(avail: Avail) -> Original:
    """An avail as it is kept beside its work."""
    content = json.dumps(avail.stored(), ensure_ascii=False, separators=(",", ":")).encode()
    return Original.of(DIALECT, content, hashlib.sha256(content).hexdigest())


def deleted(line: Line) -> bool:
    return _ENTRIES.get(line["EntryType"].casefold()) == DELETE


def _entries(avail: Avail, found: Record, report: windows.Report) -> None:
    """EntryType: a Full Extract is all that there is; Create, Update and Delete speak of some lines."""
    kinds = set()
    for line in avail.lines:
        entry = line["EntryType"]
        kind = _ENTRIES.get(entry.casefold())
        if kind is None:
            report("AVAILS_ENTRY_TYPE", line, "EntryType", value=entry or "–", skips=True)
        kinds.add(kind)
    if kinds == {DELETE}:
        found.notification = DELETE
    elif PART in kinds:
        found.whole, found.adds = False, True


def _titles(avail: Avail, found: Record, report: windows.Report) -> None:
    for line in avail.lines:
        text = title(line)[:LONGEST_TITLE]
        if text:
            _add_title(found, text, _language(line, text, report))
    for text, tag in avail.titles:
        _add_title(found, text[:LONGEST_TITLE], normalised(tag))
    if not found.titles:
        column = "SeriesTitleInternalAlias" if avail.sheet == TV else "TitleInternalAlias"
        report("FIELD_MISSING", avail.lines[0], column, value=column, skips=True)


def _add_title(found: Record, text: str, language: str | None) -> None:
    if language is not None and all(words.language != language for words in found.titles):
        found.titles.append(Words(text, language))


def title(line: Line) -> str:
    """The display title, or else the licensor's own; an episode is named with its series, season and number."""
    if line.sheet != TV:
        return line.first("TitleDisplayUnlimited", "TitleInternalAlias")
    series = line.first("SeriesTitleDisplayUnlimited", "SeriesTitleInternalAlias")
    season = line.first("SeasonTitleDisplayUnlimited", "SeasonTitleInternalAlias")
    episode = line.first("EpisodeTitleDisplayUnlimited", "EpisodeTitleInternalAlias")
    kind = line["WorkType"].casefold()
    number = f"S{line['SeasonNumber']}" if line["SeasonNumber"] and kind != "series" else ""
    named = [series]
    if kind == "episode":
        number += f"E{line['EpisodeNumber']}" if line["EpisodeNumber"] else ""
        named += [number, episode]
    elif kind in {"season", "volume"}:
        named += [number, season if season != series else ""]
    return " · ".join(part for part in named if part)


def spoken(line: Line, text: str) -> tuple[str, bool]:
    """The language of a line's title, and whether that is a guess.

    It is that of the asset, else what the letters tell; Latin letters are taken for English.
    """
    said = next(iter(windows.parts(line.first("AssetLanguage", "AllowedLanguages"))), "")
    if tag := normalised(said.partition(":")[0]):
        return tag, False
    return next((tag for low, high, tag in _SCRIPTS if any(low <= letter <= high for letter in text)), "en"), True


def _language(line: Line, text: str, report: windows.Report) -> str:
    tag, guessed = spoken(line, text)
    if guessed:
        report("LANGUAGE_GUESSED", line, "AssetLanguage", value=tag)
    return tag


def normalised(tag: str) -> str | None:
    try:
        return languages.normalise(tag)
    except languages.UnknownLanguage:
        return None


def _people(avail: Avail, found: Record) -> None:
    directed = [("director", name.strip()) for _line, names in avail.each("Director") for name in names.split(",")]
    for job, name in [*avail.people, *directed]:
        role = _JOBS.get(re.sub(r"[\s_-]", "", job).casefold())
        credit = Credit(name[:LONGEST_NAME], role or "ctb")
        if name and credit not in found.credits:
            found.credits.append(credit)


def _identifiers(avail: Avail, found: Record, report: windows.Report) -> None:
    """The EIDR of the edit, else of the title, else the one inside the ALID."""
    own = ("EpisodeID", "EpisodeTitleID") if avail.sheet == TV else ("EditID", "TitleID")
    kind = avail.lines[0]["WorkType"].casefold()
    columns = {"season": ("SeasonID",), "series": ("SeriesID",), "volume": ()}.get(kind, own)
    for column in (*columns, "ALID"):
        line, said = next(avail.each(column), (avail.lines[0], ""))
        match = _EIDR.fullmatch(said)
        if match is None:
            continue
        identified = identifiers.identify("EIDR", f"10.5240/{match.group(1)}")
        if identified.doubt is not None:
            report("AVAILS_EIDR", line, column, value=said)
            continue
        found.identifiers.append(identified)
        return


def _year(avail: Avail, found: Record) -> None:
    for column in ("ReleaseYear", "ReleaseHistoryOriginal"):
        for _line, said in avail.each(column):
            if (match := re.match(r"(1[89]\d\d|2[01]\d\d)(?!\d)", said)) is not None:
                found.publication_year = int(match.group(1))
                return

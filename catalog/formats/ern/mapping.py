"""A message as a record of the catalogue: its release as a work of music, its deals as what the label may sell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from babel.core import get_global

from catalog import identifiers, languages
from catalog.formats.ern import deals
from catalog.formats.ern.model import Carried, Message, Release, Resource, Titled, Track
from catalog.formats.ern.package import Delivery
from catalog.formats.problems import Problem
from catalog.formats.record import Credit, Original, Record, Words
from catalog.limits import LONGEST_NAME, LONGEST_TITLE, MOST_CONTRIBUTORS

UPDATE, DELETE, TEST = "03", "05", "89"
_ROLES: Final = {
    "MainArtist": "prf", "FeaturedArtist": "prf", "Artist": "prf", "Performer": "prf", "AssociatedPerformer": "prf",
    "Vocalist": "sng", "Singer": "sng", "LeadVocalist": "sng", "BackgroundVocalist": "sng",
    "Musician": "mus", "AssociatedMusician": "mus", "Conductor": "cnd", "Orchestra": "prf", "Choir": "sng", "Ensemble": "prf",
    "Composer": "cmp", "Lyricist": "lyr", "Author": "lyr", "SongWriter": "cmp", "Arranger": "arr", "Adapter": "adp",
    "Translator": "trl", "StudioProducer": "pro", "Producer": "pro", "Engineer": "eng", "Narrator": "nrt", "Actor": "act",
}  # fmt: skip
_BOTH: Final = {"ComposerLyricist": ("cmp", "lyr")}
_GENRES: Final = (("folk", "AVLT"), ("traditional", "AVLT"), ("world", "AVLW"), ("pop", "AVLP"))
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LIKELY: Final = get_global("likely_subtags")
_SCRIPTS: Final = {
    "Thai": "\u0e00-\u0e7f", "Laoo": "\u0e80-\u0eff", "Mymr": "\u1000-\u109f", "Khmr": "\u1780-\u17ff",
    "Jpan": "\u3040-\u30ff\u4e00-\u9fff", "Kore": "\uac00-\ud7af\u4e00-\u9fff", "Hans": "\u4e00-\u9fff", "Hant": "\u4e00-\u9fff",
    "Cyrl": "\u0400-\u04ff", "Arab": "\u0600-\u06ff", "Deva": "\u0900-\u097f",
}  # fmt: skip

Report = Callable[..., None]


def record(delivery: Delivery, received: date) -> Record:
    """What the catalogue keeps of a message, and what distribution is told besides."""
    message = delivery.message
    found = Record(
        reference="",
        line=message.line,
        notification=UPDATE,
        kind="MUSIC",
        whole=True,
        says_kind=True,
        received=received,
    )

    def report(code: str, line: int, name: str, *, skips: bool = False, **params: str) -> None:
        where = f"{delivery.name}:{name}" if delivery.name else name
        said = {key: value[:200] for key, value in params.items()} | {"reference": found.reference[:255]}
        problem = Problem(code, line, where[:300], said, skips)
        if problem not in found.problems:
            found.problems.append(problem)

    release = message.main
    if release is None:
        report("FIELD_MISSING", message.line, "Release", value="Release", skips=True)
        return found
    _identify(release, found, report)
    found.original = Original.of(message.version, message.content, delivery.digest)
    if message.test:
        found.notification = TEST
    for reference, line in message.dangling[:20]:
        report("ERN_REFERENCE", line, "Reference", value=reference or "–", skips=True)
    for reference, line in message.twice[:20]:
        report("ERN_REFERENCE_TWICE", line, "Reference", value=reference or "–", skips=True)
    if message.purges or not found.usable:
        found.notification = DELETE if message.purges and found.usable else found.notification
        return found
    recordings = _recordings(message, release, report)
    spoken = _spoken(message, recordings)
    _titles(release, found, spoken, message, report)
    _credits(message, release, recordings, found)
    found.publication_year = release.year
    found.original_language = spoken
    found.subjects = [next((code for word, code in _GENRES if word in release.genre.casefold()), "AV")]
    if len(recordings) == 1 and recordings[0].isrc and found.usable:
        found.identifiers.append(identifiers.identify("ISRC", recordings[0].isrc))
    found.mandates = deals.mandates(message, release, received, report)
    withdrawn = not message.deals
    if withdrawn and found.usable:
        found.notification = TEST if message.test else DELETE
    if found.usable:
        carried = _carried(delivery, recordings, found, withdrawn, received, report)
        found.carried = carried.stored()
    return found


def _identify(release: Release, found: Record, report: Report) -> None:
    """ReleaseId: ICPN, else GRid, else a proprietary one names the release; the others are names that it may have had before."""
    keys = []
    for scheme, kind, value in (("GTIN", "ICPN", release.icpn), ("GRID", "GRid", release.grid)):
        if not value:
            continue
        try:
            stored = _gtin(value) if scheme == "GTIN" else identifiers.identify(scheme, value).value
        except identifiers.BadIdentifier:
            report("ERN_IDENTIFIER", release.line, kind, value=value, scheme=kind, skips=True)
            continue
        found.identifiers.append(identifiers.Identified(scheme, stored))
        keys.append(f"{kind}:{stored}")
    keys += [f"{namespace}:{value}"[:255] for namespace, value in release.proprietary]
    if not keys and found.usable:
        report("FIELD_MISSING", release.line, "ReleaseId", value="ReleaseId", skips=True)
    found.reference, found.aliases = (keys[0], keys[1:]) if keys else ("", [])


def _recordings(message: Message, release: Release, report: Report) -> list[Resource]:
    """The sound recordings and videos of the release in playing order, each once."""
    found = []
    for reference in dict.fromkeys(release.resources):
        resource = message.resources.get(reference)
        if resource is None or resource.kind not in {"SoundRecording", "Video"}:
            continue
        if resource.isrc:
            try:
                identifiers.identify("ISRC", resource.isrc)
            except identifiers.BadIdentifier:
                report("ERN_IDENTIFIER", resource.line, "ISRC", value=resource.isrc, scheme="ISRC", skips=True)
        found.append(resource)
    if not found:
        report("FIELD_MISSING", release.line, "ResourceGroup", value="ReleaseResourceReference", skips=True)
    return found


def _spoken(message: Message, recordings: Iterable[Resource]) -> str:
    """The language that most of the recordings are performed in, else that of the message."""
    said = [tag for resource in recordings if (tag := _normalised(resource.language)) and tag not in languages.SPECIAL]
    most = max(dict.fromkeys(said), key=said.count, default=None)
    return most or (_normalised(message.language) or "und").partition("-")[0]


def _titles(release: Release, found: Record, spoken: str, message: Message, report: Report) -> None:
    """Titles by language and script. The first is in the language of the performance and its own script, where there is one."""
    tagged: dict[str, str] = {}
    for title in release.titles:
        tag = _normalised(title.language) or _tag(title.text, spoken, message.language)
        tagged.setdefault(_short(tag), title.text[:LONGEST_TITLE])
    if not tagged:
        report("FIELD_MISSING", release.line, "DisplayTitle", value="DisplayTitle", skips=True)
        return
    first = _short(spoken) if _short(spoken) in tagged else next(iter(tagged))
    found.titles = [Words(tagged[first], first), *(Words(text, tag) for tag, text in tagged.items() if tag != first)]


def _tag(text: str, spoken: str, said: str) -> str:
    """The language of words that give none: that of the performance, in Latin letters where they are and it has others.

    Words without a letter of either are in the language of the message.
    """
    script = _LIKELY.get(spoken, f"{spoken}_Latn").split("_")[1] if "-" not in spoken else spoken.split("-")[1]
    own = _SCRIPTS.get(script)
    if own is None:
        return spoken
    if re.search(f"[{own}]", text):
        return spoken
    return f"{spoken.partition('-')[0]}-Latn" if _LATIN.search(text) else _normalised(said) or spoken


def _short(tag: str) -> str:
    """`ja-Jpan` is `ja`: the script that a language is written in anyway is not said."""
    language, _, script = tag.partition("-")
    likely = _LIKELY.get(language, "").split("_")
    return language if len(likely) > 1 and script == likely[1] else tag


def _normalised(tag: str) -> str | None:
    try:
        return languages.normalise(tag) if tag else None
    except languages.UnknownLanguage:
        return None


def _credits(message: Message, release: Release, recordings: Iterable[Resource], found: Record) -> None:
    """Who made the release: its artists first, then who took part in its recordings, each role once."""
    done = [(party, "MainArtist") for party in release.artist_parties]
    done += [role for resource in recordings for role in resource.roles]
    for party, role in done:
        name, original = _names(message.parties.get(party, ()))
        for code in _BOTH.get(role, (_ROLES.get(role, "ctb"),)):
            credit = Credit(name, code, original)
            if name and credit not in found.credits and len(found.credits) < MOST_CONTRIBUTORS:
                found.credits.append(credit)


def _names(names: tuple[Titled, ...]) -> tuple[str, str | None]:
    """A party's name as a reader of Latin letters knows it, and in its own script where that differs."""
    if not names:
        return "", None
    latin = next((name.text for name in names if _LATIN.search(name.text)), names[0].text)
    original = next((name.text for name in names if not _LATIN.search(name.text)), None)
    return latin[:LONGEST_NAME], original[:LONGEST_NAME] if original and original != latin else None


def _carried(
    delivery: Delivery, recordings: list[Resource], found: Record, withdrawn: bool, received: date, report: Report
) -> Carried:
    message, own = delivery.message, found.titles[0]
    release = message.main
    assert release is not None
    label, _original = _names(message.parties.get(release.label, ()))
    artist = _in_language(release.artists, own.language) or next(iter(_artists(message, release)), "")
    tracks: list[Track] = []
    for resource in recordings:
        title = _in_language(resource.titles, own.language) or next((one.text for one in resource.titles), "")
        if resource.kind == "Video":
            report("ERN_VIDEO", resource.line, "Video", value=title or resource.reference)
            continue
        if not resource.isrc:
            report("ERN_NO_ISRC", resource.line, "ISRC", value=title or resource.reference)
            continue
        tracks.append(
            Track(
                number=len(tracks) + 1,
                isrc=identifiers.identify("ISRC", resource.isrc).value,
                title=(title or own.text)[:LONGEST_TITLE],
                display_artist=(_in_language(resource.artists, own.language) or artist or label)[:LONGEST_NAME],
                duration_ms=resource.duration_ms,
                explicit=resource.explicit,
                contributors=tuple(_contributors(message, resource)),
                file=resource.file,
                entry=_entry(delivery, resource, report, withdrawn),
            )
        )
    cover = next(
        (
            picture
            for reference in (*release.linked, *message.resources)
            if (picture := message.resources.get(reference)) is not None
            and picture.type == "FrontCoverImage"
            and picture.file
        ),
        None,
    )
    return Carried(
        title=own.text,
        language=own.language,
        display_artist=(artist or label or "–")[:LONGEST_NAME],
        label=(label or artist or "–")[:LONGEST_NAME],
        genre=release.genre[:LONGEST_NAME] or None,
        released=release.released or min((scope.start for scope in found.mandates), default=received),
        p_line=release.p_line,
        c_line=release.c_line,
        gtin=_gtin(release.icpn) if release.icpn else None,
        withdrawn=withdrawn,
        tracks=tuple(tracks),
        cover=cover.file if cover else None,
        cover_entry=_entry(delivery, cover, report, withdrawn) if cover else None,
    )


def _gtin(icpn: str) -> str:
    """An ICPN as 13 digits where it has no more; senders fill it up to 14 with zeros."""
    value = identifiers.identify("GTIN", icpn).value
    return value[1:] if len(value) == 14 and value.startswith("0") else value


def _artists(message: Message, release: Release) -> Iterable[str]:
    return (name for party in release.artist_parties if (name := _names(message.parties.get(party, ()))[0]))


def _in_language(said: tuple[Titled, ...], language: str) -> str:
    """What is said in this language and script, else by default."""
    own = (one.text for one in said if _short(_normalised(one.language) or "") == language)
    return next(own, next((one.text for one in said), ""))


def _contributors(message: Message, resource: Resource) -> Iterable[tuple[str, str]]:
    done: dict[tuple[str, str], None] = {}
    for party, role in resource.roles:
        name, _original = _names(message.parties.get(party, ()))
        for code in _BOTH.get(role, (_ROLES.get(role, "ctb"),)):
            if name:
                done.setdefault((name, code))
    return done


def _entry(delivery: Delivery, resource: Resource, report: Report, withdrawn: bool) -> str | None:
    """Where the file of a resource came along, if it is the one that the message means."""
    entry = delivery.entry(resource.file)
    if resource.file is None or delivery.archive is None or withdrawn:
        return None
    if entry is None:
        report("ERN_FILE_MISSING", resource.line, "URI", value=resource.file.uri)
    elif not delivery.is_whole(resource.file, entry):
        report("ERN_HASH", resource.line, "HashSum", value=resource.file.uri)
        return None
    return entry

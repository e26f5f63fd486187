"""What a NewReleaseMessage must say before any schema looks at it.

The XSD of ERN 4.3.2 accepts dangling references, an ISRC of `HELLO` and an ICPN of `1`. Each rule here is one small function
with an id, which is the `code` of the problems that it finds. Field paths name the message's own anchors:
`recordings[A1].isrc`.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

from stdnum import ean

from distribution import isrc
from distribution.messages.model import Deal, NewReleaseMessage, RightsLine
from distribution.messages.terms import TERRITORIES, USES_OF_MODEL
from distribution.problems import Problem
from hub.i18n import Message, _

Findings = Iterator[tuple[Message, str]]
Check = Callable[[NewReleaseMessage], Findings]

RULES: Final[dict[str, Check]] = {}
"""Every rule by its id, in the order in which they are asked."""

_ANCHORS: Final = {"P": "parties", "A": "resources", "R": "releases"}
_ANCHOR = re.compile(r"[PAR][_0-9a-zA-Z-]{1,60}", re.ASCII)
_MESSAGE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}", re.ASCII)
_PARTY_ID = re.compile(r"PADPIDA[0-9A-Za-z]{4,25}", re.ASCII)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-[a-zA-Z]{2}|-[0-9]{3})?", re.ASCII)
_URI = re.compile(r"resources/[0-9A-Za-z][0-9A-Za-z._-]{0,120}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST_SOUND = 1877


def check(message: NewReleaseMessage) -> list[Problem]:
    """All problems of a message, in the order of the rules; empty when it may be sent."""
    return [Problem(code, words, field) for code, rule in RULES.items() for words, field in rule(message)]


def _rule(code: str) -> Callable[[Check], Check]:
    def register(function: Check) -> Check:
        RULES[code] = function
        return function

    return register


@_rule("MESSAGE_ID")
def message_id(message: NewReleaseMessage) -> Findings:
    if _MESSAGE_ID.fullmatch(message.message_id) is None:
        yield _("A message needs an id of letters, digits, dots, dashes and underscores."), "message_id"


@_rule("PARTY_ID")
def party_id(message: NewReleaseMessage) -> Findings:
    behalf = [("on_behalf_of", message.on_behalf_of)] if message.on_behalf_of is not None else []
    for field, party in [("sender", message.sender), ("recipient", message.recipient), *behalf]:
        if _PARTY_ID.fullmatch(party.party_id) is None:
            yield _("Enter the DDEX party identifier of %(name)s; it begins with PADPIDA.", name=party.name), field


@_rule("TEXT")
def text(message: NewReleaseMessage) -> Findings:
    for field, value in _strings(message, ""):
        if _UNWRITABLE.search(value):
            yield _("This text holds characters that cannot be sent. Type it again."), field


@_rule("LANGUAGE")
def language(message: NewReleaseMessage) -> Findings:
    tags = [("language", message.language), ("release.language", message.release.language)]
    tags += [(f"recordings[{recording.reference}].language", recording.language) for recording in message.recordings]
    tags += [(f"parties[{party.reference}].language", party.language) for party in message.parties]
    for field, tag in tags:
        if tag is not None and _LANGUAGE.fullmatch(tag) is None:
            yield _("%(tag)s is not a language tag.", tag=tag), field


@_rule("DUPLICATE_REFERENCE")
def duplicate_reference(message: NewReleaseMessage) -> Findings:
    for reference, times in Counter(reference for _kind, reference in _anchors(message)).items():
        if times > 1:
            yield _("The reference %(reference)s is used for more than one thing.", reference=reference), reference


@_rule("REFERENCE")
def reference_syntax(message: NewReleaseMessage) -> Findings:
    for kind, reference in _anchors(message):
        if _ANCHOR.fullmatch(reference) is None or _ANCHORS[reference[0]] != kind:
            yield _("The reference %(reference)s is not written as the standard asks.", reference=reference), reference


@_rule("DANGLING_REFERENCE")
def dangling_reference(message: NewReleaseMessage) -> Findings:
    known = set(_anchors(message))
    for kind, reference, field in _references(message):
        if (kind, reference) not in known:
            yield _("The reference %(reference)s leads nowhere.", reference=reference), field


@_rule("ISRC")
def isrc_syntax(message: NewReleaseMessage) -> Findings:
    for recording in message.recordings:
        if not isrc.is_stored_form(recording.isrc):
            yield _("%(isrc)s is not an ISRC.", isrc=recording.isrc), f"recordings[{recording.reference}].isrc"


@_rule("ISRC_REPEATED")
def isrc_repeated(message: NewReleaseMessage) -> Findings:
    times = Counter(recording.isrc for recording in message.recordings)
    for recording in message.recordings:
        if times[recording.isrc] > 1:
            yield (
                _("The ISRC %(isrc)s names more than one recording.", isrc=recording.isrc),
                f"recordings[{recording.reference}].isrc",
            )


@_rule("ICPN")
def icpn(message: NewReleaseMessage) -> Findings:
    code = message.release.icpn
    if code is not None and (len(code) not in (12, 13, 14) or not code.isascii() or not ean.is_valid(code)):
        yield _("%(gtin)s is not a GTIN of 12, 13 or 14 digits with a right check digit.", gtin=code), "release.icpn"


@_rule("P_LINE")
def p_line(message: NewReleaseMessage) -> Findings:
    lines = [("release.p_line", message.release.p_line)]
    lines += [(f"recordings[{recording.reference}].p_line", recording.p_line) for recording in message.recordings]
    for field, line in lines:
        if not _complete(line, message):
            yield _("The ℗ line is missing. Enter the year and the owner of the recording."), field


@_rule("C_LINE")
def c_line(message: NewReleaseMessage) -> Findings:
    if not _complete(message.release.c_line, message):
        yield _("The © line is missing. Enter the year and the owner of the release."), "release.c_line"


@_rule("TITLE")
def title(message: NewReleaseMessage) -> Findings:
    titled = [("release", message.release.title)]
    titled += [(f"recordings[{recording.reference}]", recording.title) for recording in message.recordings]
    for field, words in titled:
        if not words.strip():
            yield _("The title is missing."), f"{field}.title"


@_rule("DISPLAY_ARTIST")
def display_artist(message: NewReleaseMessage) -> Findings:
    shown = [("release", message.release.display_artist, message.release.artists)]
    shown += [(f"recordings[{item.reference}]", item.display_artist, item.artists) for item in message.recordings]
    for field, name, artists in shown:
        if not name.strip() or not artists:
            yield _("The name of the artist is missing."), f"{field}.display_artist"


@_rule("GENRE")
def genre(message: NewReleaseMessage) -> Findings:
    if not message.release.genre.strip():
        yield _("The genre is missing. Choose one."), "release.genre"


@_rule("DURATION")
def recording_duration(message: NewReleaseMessage) -> Findings:
    for recording in message.recordings:
        if recording.duration_ms <= 0:
            yield _("The recording has no length."), f"recordings[{recording.reference}].duration_ms"


@_rule("NO_TRACKS")
def no_tracks(message: NewReleaseMessage) -> Findings:
    if not message.release.resources:
        yield _("The release has no tracks. Add at least one."), "release.resources"


@_rule("TRACK_RELEASE")
def one_track_release_per_resource(message: NewReleaseMessage) -> Findings:
    primary = {recording.reference for recording in message.recordings}
    times = Counter(track.resource for track in message.track_releases)
    for reference in message.release.resources:
        if reference in primary and times[reference] != 1:
            yield (
                _("The track %(reference)s needs exactly one track release.", reference=reference),
                f"recordings[{reference}]",
            )


@_rule("COVER")
def cover(message: NewReleaseMessage) -> Findings:
    if message.release.cover is None:
        yield _("The cover is missing. Add a square picture."), "release.cover"


@_rule("RELEASE_DATE")
def release_date(message: NewReleaseMessage) -> Findings:
    if message.release.release_date is None:
        yield _("The release date is missing."), "release.release_date"


@_rule("FILE")
def files(message: NewReleaseMessage) -> Findings:
    named = [(f"recordings[{recording.reference}].audio", recording.audio.file) for recording in message.recordings]
    named += [(f"images[{image.reference}]", image.file) for image in message.images]
    times = Counter(file.uri for _field, file in named)
    for field, file in named:
        wrong = _URI.fullmatch(file.uri) is None or _SHA256.fullmatch(file.sha256) is None or file.size <= 0
        if wrong or times[file.uri] > 1:
            yield _("The file %(uri)s cannot be sent under this name.", uri=file.uri), field


@_rule("TERRITORY")
def territory(message: NewReleaseMessage) -> Findings:
    for field, deal in _deals(message):
        if not deal.territories:
            yield _("The deal names no territory."), field
        for code in sorted(set(deal.territories) - TERRITORIES):
            yield _("%(territory)s is not a territory.", territory=code), field
        if len(set(deal.territories)) != len(deal.territories) or (
            "Worldwide" in deal.territories and len(deal.territories) > 1
        ):
            yield _("The deal names a territory twice."), field


@_rule("DEAL_PERIOD")
def deal_period(message: NewReleaseMessage) -> Findings:
    for field, deal in _deals(message):
        if deal.end is not None and deal.end <= deal.start:
            yield _("The deal ends before it starts."), field
        if message.release.release_date is not None and deal.start < message.release.release_date:
            yield _("The deal starts before the release date."), field


@_rule("DEAL_USE")
def deal_use(message: NewReleaseMessage) -> Findings:
    for field, deal in _deals(message):
        possible = [USES_OF_MODEL.get(model, frozenset()) for model in deal.commercial_models]
        if not possible or not deal.use_types or any(set(deal.use_types) - uses for uses in possible):
            yield _("The deal does not say how people may listen and how they pay."), field


def _complete(line: RightsLine | None, message: NewReleaseMessage) -> bool:
    return line is not None and bool(line.text.strip()) and _FIRST_SOUND <= line.year <= message.created.year + 1


def _anchors(message: NewReleaseMessage) -> Iterator[tuple[str, str]]:
    for party in message.parties:
        yield "parties", party.reference
    yield from (("resources", recording.reference) for recording in message.recordings)
    yield from (("resources", image.reference) for image in message.images)
    yield "releases", message.release.reference
    for track in message.track_releases:
        yield "releases", track.reference


def _references(message: NewReleaseMessage) -> Iterator[tuple[str, str, str]]:
    release = message.release
    for recording in message.recordings:
        at = f"recordings[{recording.reference}]"
        yield from (("parties", party, f"{at}.artists") for party in recording.artists)
        yield from (("parties", person.party, f"{at}.contributors") for person in recording.contributors)
    yield from (("parties", party, "release.artists") for party in (*release.artists, release.label))
    yield from (("resources", resource, "release.resources") for resource in release.resources)
    if release.cover is not None:
        yield "resources", release.cover, "release.cover"
    for track in message.track_releases:
        yield "resources", track.resource, f"track_releases[{track.reference}].resource"
        yield "parties", track.label, f"track_releases[{track.reference}].label"
    for number, release_deal in enumerate(message.release_deals, 1):
        yield from (("releases", reference, f"release_deals[{number}]") for reference in release_deal.releases)


def _deals(message: NewReleaseMessage) -> Iterator[tuple[str, Deal]]:
    for number, release_deal in enumerate(message.release_deals, 1):
        for place, deal in enumerate(release_deal.deals, 1):
            yield f"release_deals[{number}].deals[{place}]", deal


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for item in value:
            anchor = getattr(item, "reference", None)
            yield from _strings(item, f"{path}[{anchor}]" if anchor else path)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))

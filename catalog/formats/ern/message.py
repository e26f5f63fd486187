"""An ERN message out of its XML. Only the root has a namespace; its children have none (ERN 4.3, NewReleaseMessage)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final, cast

from lxml import etree

from catalog.formats.ern.model import Deal, File, Message, Release, Resource, Titled
from catalog.formats.problems import FileRefused, Problem
from catalog.formats.xmlstream import Counted, elements
from hub.characters import only_text

MAX_MESSAGE: Final = 32 * 1024 * 1024
_NAMESPACES: Final = {
    "http://ddex.net/xml/ern/43": "4.3",
    "http://ddex.net/xml/ern/431": "4.3.1",
    "http://ddex.net/xml/ern/432": "4.3.2",
}
_ROOTS: Final = frozenset({"NewReleaseMessage", "PurgeReleaseMessage"})
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_LINE = re.compile(r"(?:\([PC]\)|[℗©])?\s*(\d{4})\s+(.+)", re.IGNORECASE)
_WARNINGS: Final = {"Explicit": True, "NotExplicit": False, "ExplicitContentEdited": False}
_EDITIONS: Final = ("SoundRecordingEdition", "VideoEdition")
_LISTS: Final = frozenset({"MessageHeader", "PartyList", "ResourceList", "ReleaseList", "DealList", "PurgedRelease"})


def read(file: Counted) -> Message:
    """The message of a file. Raises `FileRefused` for what is no ERN 4.3 message."""
    message: Message | None = None
    for element in elements(file, _LISTS):
        name = etree.QName(element).localname
        if message is None:
            message = _opened(element)
        elif name == "MessageHeader":
            message.test = _text(element, "MessageControlType") == "TestMessage"
        elif name == "PartyList":
            _parties(message, element)
        elif name == "ResourceList":
            _resources(message, element)
        elif name == "ReleaseList":
            _releases(message, element)
        elif name == "DealList":
            _deals(message, element)
        else:
            release = _release(element, main=True)
            message.releases[release.reference] = release
    assert message is not None
    _check_references(message)
    root = next(element.iterancestors(), element)
    message.content = etree.tostring(root, encoding="UTF-8", with_tail=False)
    message.digest = _digest(root, message)
    return message


def _digest(root: etree._Element, message: Message) -> str:
    """Of everything but the header: number, time and sender of a message are new each time, and whether it is a test counts."""
    said = hashlib.sha256(f"{root.tag} {message.language} {message.test}".encode())
    for part in root.iterchildren("{*}*"):
        for element in part.iter("*") if etree.QName(part).localname != "MessageHeader" else ():
            depth = sum(1 for _above in element.iterancestors())
            words = " ".join((element.text or "").split())
            said.update(repr((depth, element.tag, sorted(element.items()), words)).encode())
    return said.hexdigest()


def _opened(root: etree._Element) -> Message:
    name = etree.QName(root)
    namespace = name.namespace or ""
    if name.localname not in _ROOTS or "ddex.net/xml/ern" not in namespace:
        raise FileRefused(Problem("ERN_NOT_ERN", _line(root), name.localname[:100]))
    if namespace not in _NAMESPACES:
        raise FileRefused(
            Problem("ERN_VERSION", _line(root), name.localname, {"value": namespace.rpartition("/")[2][:60]})
        )
    language = root.get("LanguageAndScriptCode", "")
    purges = name.localname == "PurgeReleaseMessage"
    return Message(_line(root), language, test=False, purges=purges, version=_NAMESPACES[namespace])


def _parties(message: Message, parties: etree._Element) -> None:
    for party in parties.iterfind("Party"):
        reference = _text(party, "PartyReference")
        _once(message, message.parties, reference, party)
        names = [
            (_text(name, "FullName"), name.get("LanguageAndScriptCode", "")) for name in party.iterfind("PartyName")
        ]
        message.parties[reference] = tuple(Titled(text, language) for text, language in names if text)


def _resources(message: Message, resources: etree._Element) -> None:
    for element in resources:
        reference = _text(element, "ResourceReference")
        _once(message, message.resources, reference, element)
        message.resources[reference] = _resource(element, reference)


def _resource(element: etree._Element, reference: str) -> Resource:
    editions = [element, *(edition for name in _EDITIONS for edition in element.iterfind(name))]
    return Resource(
        reference=reference,
        kind=etree.QName(element).localname,
        type=_text(element, "Type"),
        line=_line(element),
        isrc=next((isrc for edition in editions if (isrc := _text(edition, "ResourceId/ISRC"))), ""),
        titles=tuple(_titles(element)),
        artists=_artists(element),
        roles=tuple(_roles(element)),
        duration_ms=_milliseconds(_text(element, "Duration")),
        explicit=_WARNINGS.get(_text(element, "ParentalWarningType")),
        language=_text(element, "LanguageOfPerformance"),
        file=next((file for edition in editions if (file := _file(edition)) is not None), None),
    )


def _file(edition: etree._Element) -> File | None:
    """The first file of an edition: audio and video in DeliveryFile, pictures in TechnicalDetails itself."""
    for details in edition.iterfind("TechnicalDetails"):
        for found in (*details.iterfind("DeliveryFile/File"), *details.iterfind("File")):
            if uri := _text(found, "URI"):
                return File(
                    uri[:500], _text(found, "HashSum/Algorithm")[:40], _text(found, "HashSum/HashSumValue")[:200]
                )
    return None


def _roles(element: etree._Element) -> Iterator[tuple[str, str]]:
    for artist in element.iterfind("DisplayArtist"):
        yield _text(artist, "ArtistPartyReference"), _text(artist, "DisplayArtistRole")
    for contributor in element.iterfind("Contributor"):
        party = _text(contributor, "ContributorPartyReference")
        for role in contributor.iterfind("Role"):
            yield party, _text(role, "Value") or _said(role)


def _titles(element: etree._Element) -> Iterator[Titled]:
    """Display titles, the default one first; DisplayTitleText alone where there is no other."""
    found = sorted(element.iterfind("DisplayTitle"), key=lambda title: title.get("IsDefault") != "true")
    for title in found:
        parts = [
            _text(title, "TitleText"),
            *(f"({sub})" for each in title.iterfind("SubTitle") if (sub := _said(each))),
        ]
        if text := " ".join(part for part in parts if part):
            yield Titled(text, title.get("LanguageAndScriptCode", ""))
    if not found and (text := _text(element, "DisplayTitleText")):
        yield Titled(text, element.find("DisplayTitleText").get("LanguageAndScriptCode", ""))  # type: ignore[union-attr]


def _releases(message: Message, releases: etree._Element) -> None:
    for element in releases:
        name = etree.QName(element).localname
        if name in {"Release", "TrackRelease"}:
            release = _release(element, main=name == "Release")
            _once(message, message.releases, release.reference, element)
            message.releases[release.reference] = release


def _release(element: etree._Element, *, main: bool) -> Release:
    identifiers = element.find("ReleaseId")
    own = [] if identifiers is None else identifiers.findall("ProprietaryId")
    proprietary = tuple((one.get("Namespace", ""), _said(one)) for one in own if _said(one))
    lines = {kind: element.find(f"{kind}Line") for kind in "PC"}
    years = (_text(line, "Year") for line in lines.values() if line is not None)
    released = [_day(_text(element, tag)) for tag in ("OriginalReleaseDate", "ReleaseDate")]
    first = next((day for day in released if day), None)
    genre = next((found for tag in ("DisplayGenre", "Genre") if (found := _text(element, f"{tag}/GenreText"))), "")
    return Release(
        reference=_text(element, "ReleaseReference"),
        main=main,
        line=_line(element),
        icpn=_text(element, "ReleaseId/ICPN"),
        grid=_text(element, "ReleaseId/GRid"),
        proprietary=proprietary,
        titles=tuple(_titles(element)),
        artists=_artists(element),
        artist_parties=tuple(_text(artist, "ArtistPartyReference") for artist in element.iterfind("DisplayArtist")),
        label=_default(element, "ReleaseLabelReference"),
        genre=genre,
        released=_day(_text(element, "ReleaseDate")) or first,
        p_line=_rights_line(lines["P"], "PLineText"),
        c_line=_rights_line(lines["C"], "CLineText"),
        year=first.year if first else next((int(year) for year in years if year.isdigit() and len(year) == 4), None),
        resources=tuple(_playing(element)),
        linked=tuple(_said(one) for one in element.iter("LinkedReleaseResourceReference")),
    )


def _artists(element: etree._Element) -> tuple[Titled, ...]:
    """Display names of the artists, the default one first."""
    names = sorted(element.iterfind("DisplayArtistName"), key=lambda name: name.get("IsDefault") != "true")
    return tuple(Titled(_said(name), name.get("LanguageAndScriptCode", "")) for name in names if _said(name))


def _rights_line(line: etree._Element | None, tag: str) -> tuple[int, str] | None:
    """A PLine or CLine: its year, and what follows ℗ or © and the year in its text."""
    if line is None:
        return None
    text = _text(line, tag)
    match = _LINE.fullmatch(text)
    year = _text(line, "Year") or (match.group(1) if match else "")
    rest = match.group(2) if match and match.group(1) == year else text
    return (int(year), rest[:500]) if year.isdigit() and len(year) == 4 and rest else None


def _playing(element: etree._Element) -> Iterator[str]:
    """ReleaseResourceReferences in the order of the groups and of the sequence numbers within each."""
    if (own := element.find("ReleaseResourceReference")) is not None:
        yield _said(own)
    children = [
        child for child in element if etree.QName(child).localname in {"ResourceGroup", "ResourceGroupContentItem"}
    ]
    for child in sorted(children, key=_sequence):
        yield from _playing(child)


def _sequence(element: etree._Element) -> int:
    number = _text(element, "SequenceNumber")
    return int(number) if number.isdigit() else 0


def _deals(message: Message, deals: etree._Element) -> None:
    for release_deal in deals.iterfind("ReleaseDeal"):
        releases = tuple(_said(one) for one in release_deal.iterfind("DealReleaseReference"))
        for deal in release_deal.iterfind("Deal"):
            terms = deal.find("DealTerms")
            if terms is None:
                continue
            periods = list(terms.iterfind("ValidityPeriod"))
            for period in periods or [terms]:
                message.deals.append(
                    Deal(
                        releases=releases,
                        line=_line(terms),
                        territories=tuple(_said(one) for one in terms.iterfind("TerritoryCode")),
                        excluded=tuple(_said(one) for one in terms.iterfind("ExcludedTerritoryCode")),
                        uses=tuple(dict.fromkeys(_said(one) for one in terms.iterfind("UseType"))),
                        start=_text(period, "StartDate") or _text(period, "StartDateTime") or None,
                        end=_text(period, "EndDate") or _text(period, "EndDateTime") or None,
                    )
                )


def _check_references(message: Message) -> None:
    """The schema lets a message point at what it does not hold."""
    for resource in message.resources.values():
        _known(message, message.parties, (party for party, _role in resource.roles), resource.line)
    for release in message.releases.values():
        _known(
            message,
            message.parties,
            [*release.artist_parties, *([release.label] if release.label else [])],
            release.line,
        )
        _known(message, message.resources, [*release.resources, *release.linked], release.line)
    for deal in message.deals:
        _known(message, message.releases, deal.releases, deal.line)


def _known(message: Message, table: Container[str], references: Iterable[str], line: int) -> None:
    message.dangling += [(reference, line) for reference in references if reference not in table]


def _once(message: Message, table: Container[str], reference: str, element: etree._Element) -> None:
    if reference in table:
        message.twice.append((reference, _line(element)))


def _default(element: etree._Element, tag: str) -> str:
    """What a repeated element says by default."""
    found = sorted(element.iterfind(tag), key=lambda one: one.get("IsDefault") != "true")
    return next((text for one in found if (text := _said(one))), "")


def _milliseconds(text: str) -> int | None:
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (Decimal(part or 0) for part in match.groups())
    return int(((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000) or None


def _day(text: str) -> date | None:
    """A day of an ERN date, which may be a year or a month only: then its first."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?", text)
    try:
        return date(*(int(part or 1) for part in match.groups())) if match else None
    except ValueError:
        return None


def _text(element: etree._Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else _said(found)


def _said(element: etree._Element) -> str:
    return " ".join(only_text(unicodedata.normalize("NFC", element.text or "")).split())


def _line(element: etree._Element) -> int:
    return cast("int | None", element.sourceline) or 1

"""NewReleaseMessage of DDEX ERN 4.3.2 written as XML.

Elements come in the order of the schema: MessageHeader, PartyList, ResourceList, ReleaseList, DealList. Children are
unqualified, only the root has the namespace. The same message always gives the same bytes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from lxml import etree

from distribution.messages.model import (
    Audio,
    Contributor,
    Deal,
    File,
    Image,
    MessagingParty,
    NewReleaseMessage,
    Party,
    Release,
    ReleaseDeal,
    RightsLine,
    SoundRecording,
    TrackRelease,
)

NAMESPACE: Final = "http://ddex.net/xml/ern/432"
PROFILE: Final = "Audio"


def build(message: NewReleaseMessage) -> bytes:
    """The message as UTF-8 XML. It is not checked here: see `rules` and `validate`."""
    root = etree.Element(f"{{{NAMESPACE}}}NewReleaseMessage", nsmap={"ern": NAMESPACE})
    root.set("ReleaseProfileVersionId", PROFILE)
    root.set("LanguageAndScriptCode", message.language)
    root.set("AvsVersionId", message.avs_version)
    _header(root, message)
    parties = _add(root, "PartyList")
    for party in message.parties:
        _party(parties, party)
    resources = _add(root, "ResourceList")
    for recording in message.recordings:
        _sound_recording(resources, recording, message)
    for image in message.images:
        _image(resources, image, message)
    releases = _add(root, "ReleaseList")
    _release(releases, message.release, message.sender.party_id)
    for track in message.track_releases:
        _track_release(releases, track, message.sender.party_id)
    if not message.takes_down:
        deals = _add(root, "DealList")
        for release_deal in message.release_deals:
            _release_deal(deals, release_deal)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def duration(milliseconds: int) -> str:
    """`225000` → `PT3M45S` (ISO 8601, as ERN writes it; fractions of a second are kept)."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{thousandths:03d}".rstrip("0") if thousandths else ""
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if hours or minutes else "") + f"{seconds}{fraction}S"


def last_day(end: date) -> date:
    """The EndDate of a deal, which is included (ERN PeriodWithStartDate), for our half-open `end`."""
    return end - timedelta(days=1)


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str | None) -> etree._Element:
    child = etree.SubElement(parent, name)
    child.text = text
    for key, value in attributes.items():
        if value is not None:
            child.set(key, value)
    return child


def _header(root: etree._Element, message: NewReleaseMessage) -> None:
    header = _add(root, "MessageHeader")
    _add(header, "MessageThreadId", message.thread_id)
    _add(header, "MessageId", message.message_id)
    _messaging_party(header, "MessageSender", message.sender)
    if message.on_behalf_of is not None:
        _messaging_party(header, "SentOnBehalfOf", message.on_behalf_of)
    _messaging_party(header, "MessageRecipient", message.recipient)
    _add(header, "MessageCreatedDateTime", instant(message.created))
    _add(header, "MessageControlType", "TestMessage" if message.test else "LiveMessage")


def _messaging_party(header: etree._Element, name: str, party: MessagingParty) -> None:
    element = _add(header, name)
    _add(element, "PartyId", party.party_id)
    _add(_add(element, "PartyName"), "FullName", party.name)


def _party(parties: etree._Element, party: Party) -> None:
    element = _add(parties, "Party")
    _add(element, "PartyReference", party.reference)
    _add(_add(element, "PartyName", LanguageAndScriptCode=party.language), "FullName", party.name)
    if party.isni is not None:
        _add(_add(element, "PartyId"), "ISNI", party.isni)


def _title(parent: etree._Element, title: str, language: str | None) -> None:
    _add(parent, "DisplayTitleText", title, LanguageAndScriptCode=language, IsDefault="true")
    _add(
        _add(
            parent,
            "DisplayTitle",
            LanguageAndScriptCode=language,
            ApplicableTerritoryCode="Worldwide",
            IsDefault="true",
        ),
        "TitleText",
        title,
    )


def _artists(parent: etree._Element, name: str, artists: tuple[str, ...], language: str | None) -> None:
    _add(
        parent,
        "DisplayArtistName",
        name,
        LanguageAndScriptCode=language,
        ApplicableTerritoryCode="Worldwide",
        IsDefault="true",
    )
    for number, reference in enumerate(artists, 1):
        artist = _add(parent, "DisplayArtist", SequenceNumber=str(number))
        _add(artist, "ArtistPartyReference", reference)
        _add(artist, "DisplayArtistRole", "MainArtist")


def _rights_line(parent: etree._Element, kind: str, line: RightsLine | None) -> None:
    if line is not None:
        element = _add(parent, f"{kind}Line")
        _add(element, "Year", f"{line.year:04d}")
        _add(element, f"{kind}LineText", f"{line.year:04d} {line.text}")


def _warning(parent: etree._Element, explicit: bool | None) -> None:
    value = {True: "Explicit", False: "NotExplicit", None: "NoAdviceAvailable"}[explicit]
    _add(parent, "ParentalWarningType", value)


def _file(parent: etree._Element, file: File, *, provided: bool) -> None:
    """A takedown goes without files: it says of each that it is not in the delivery."""
    if provided:
        element = _add(parent, "File")
        _add(element, "URI", file.uri)
        checksum = _add(element, "HashSum")
        _add(checksum, "Algorithm", "SHA-256")
        _add(checksum, "HashSumValue", file.sha256)
        _add(element, "FileSize", str(file.size))
    _add(parent, "IsProvidedInDelivery", "true" if provided else "false")


def _details_reference(resource: str) -> str:
    return f"T{resource[1:]}"


def _sound_recording(resources: etree._Element, recording: SoundRecording, message: NewReleaseMessage) -> None:
    element = _add(resources, "SoundRecording")
    _add(element, "ResourceReference", recording.reference)
    _add(element, "Type", "MusicalWorkSoundRecording")
    edition = _add(element, "SoundRecordingEdition")
    _add(_add(edition, "ResourceId"), "ISRC", recording.isrc)
    _rights_line(edition, "P", recording.p_line)
    _audio(edition, recording.reference, recording.audio, provided=not message.takes_down)
    _title(element, recording.title, recording.language)
    _artists(element, recording.display_artist, recording.artists, recording.language)
    for number, contributor in enumerate(recording.contributors, 1):
        _contributor(element, number, contributor)
    controller = _add(element, "ResourceRightsController")
    _add(controller, "RightsControllerPartyReference", message.release.label)
    _add(controller, "RightsControlType", "RightsController")
    _add(element, "Duration", duration(recording.duration_ms))
    _warning(element, recording.explicit)
    if recording.language is not None:
        _add(element, "LanguageOfPerformance", recording.language)


def _contributor(parent: etree._Element, number: int, contributor: Contributor) -> None:
    element = _add(parent, "Contributor", SequenceNumber=str(number))
    _add(element, "ContributorPartyReference", contributor.party)
    for role in contributor.roles:
        _add(_add(element, "Role"), "Value", role)


def _audio(edition: etree._Element, reference: str, audio: Audio, *, provided: bool) -> None:
    details = _add(edition, "TechnicalDetails")
    _add(details, "TechnicalResourceDetailsReference", _details_reference(reference))
    file = _add(details, "DeliveryFile")
    _add(file, "Type", "AudioFile")
    _add(file, "AudioCodecType", audio.codec)
    _add(file, "NumberOfChannels", str(audio.channels))
    _add(file, "SamplingRate", str(audio.sampling_rate), UnitOfMeasure="Hz")
    if audio.bit_depth is not None:
        _add(file, "BitsPerSample", str(audio.bit_depth))
    _file(file, audio.file, provided=provided)


def _image(resources: etree._Element, image: Image, message: NewReleaseMessage) -> None:
    element = _add(resources, "Image")
    _add(element, "ResourceReference", image.reference)
    _add(element, "Type", "FrontCoverImage")
    _add(_add(element, "ResourceId"), "ProprietaryId", image.proprietary_id, Namespace=message.sender.party_id)
    _add(element, "ParentalWarningType", "NotExplicit")
    details = _add(element, "TechnicalDetails")
    _add(details, "TechnicalResourceDetailsReference", _details_reference(image.reference))
    _add(details, "ImageCodecType", image.codec)
    _add(details, "ImageHeight", str(image.height), UnitOfMeasure="Pixel")
    _add(details, "ImageWidth", str(image.width), UnitOfMeasure="Pixel")
    _file(details, image.file, provided=not message.takes_down)


def _genre(parent: etree._Element, genre: str) -> None:
    _add(_add(parent, "DisplayGenre", ApplicableTerritoryCode="Worldwide", IsDefault="true"), "GenreText", genre)


def _release(releases: etree._Element, release: Release, namespace: str) -> None:
    element = _add(releases, "Release")
    _add(element, "ReleaseReference", release.reference)
    _add(element, "ReleaseType", release.type)
    identifiers = _add(element, "ReleaseId")
    if release.icpn is not None:
        _add(identifiers, "ICPN", release.icpn)
    _add(identifiers, "ProprietaryId", release.proprietary_id, Namespace=namespace)
    _title(element, release.title, release.language)
    _artists(element, release.display_artist, release.artists, release.language)
    _add(element, "ReleaseLabelReference", release.label, ApplicableTerritoryCode="Worldwide", IsDefault="true")
    _rights_line(element, "P", release.p_line)
    _rights_line(element, "C", release.c_line)
    _add(element, "Duration", duration(release.duration_ms))
    _genre(element, release.genre)
    if release.release_date is not None:
        day = release.release_date.isoformat()
        _add(element, "ReleaseDate", day, ApplicableTerritoryCode="Worldwide", IsDefault="true")
        _add(element, "OriginalReleaseDate", day, ApplicableTerritoryCode="Worldwide", IsDefault="true")
    _warning(element, release.explicit)
    group = _add(element, "ResourceGroup")
    _add(group, "SequenceNumber", "1")
    for number, resource in enumerate(release.resources, 1):
        item = _add(group, "ResourceGroupContentItem")
        _add(item, "SequenceNumber", str(number))
        _add(item, "ReleaseResourceReference", resource)
    if release.cover is not None:
        _add(group, "LinkedReleaseResourceReference", release.cover, LinkDescription="CoverArt")


def _track_release(releases: etree._Element, track: TrackRelease, namespace: str) -> None:
    element = _add(releases, "TrackRelease")
    _add(element, "ReleaseReference", track.reference)
    _add(_add(element, "ReleaseId"), "ProprietaryId", track.proprietary_id, Namespace=namespace)
    _add(element, "ReleaseResourceReference", track.resource)
    _add(element, "ReleaseLabelReference", track.label, ApplicableTerritoryCode="Worldwide", IsDefault="true")
    _genre(element, track.genre)


def _release_deal(deals: etree._Element, release_deal: ReleaseDeal) -> None:
    if not release_deal.deals:
        return
    element = _add(deals, "ReleaseDeal")
    for reference in release_deal.releases:
        _add(element, "DealReleaseReference", reference)
    for deal in release_deal.deals:
        _deal(element, deal)


def _deal(parent: etree._Element, deal: Deal) -> None:
    terms = _add(_add(parent, "Deal"), "DealTerms")
    for territory in deal.territories:
        _add(terms, "TerritoryCode", territory)
    period = _add(terms, "ValidityPeriod")
    _add(period, "StartDate", deal.start.isoformat())
    if deal.end is not None:
        _add(period, "EndDate", last_day(deal.end).isoformat())
    for model in deal.commercial_models:
        _add(terms, "CommercialModelType", model)
    for use in deal.use_types:
        _add(terms, "UseType", use)

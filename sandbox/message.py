"""An ERN 4.3.2 message as plain values, each with the XPath where it stands. Reading judges nothing; `sandbox.rules` does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from sandbox.reading import PURGE_RELEASE


class Value(NamedTuple):
    """A text of the message and its XPath; an empty text where the element is missing (the path is then its parent's)."""

    text: str
    path: str


@dataclass(frozen=True)
class File:
    """A file that the message names (ERN File, DetailedHashSum)."""

    uri: Value
    algorithm: Value
    digest: Value


@dataclass(frozen=True)
class ProprietaryId:
    namespace: str
    text: str

    def __str__(self) -> str:
        return f"{self.namespace}::{self.text}"


@dataclass(frozen=True)
class Line:
    """A PLine or CLine."""

    year: Value
    text: Value


@dataclass(frozen=True)
class Recording:
    """A SoundRecording; ``isrcs`` has one entry for each edition."""

    reference: Value
    path: str
    isrcs: tuple[Value, ...]
    proprietary_ids: tuple[ProprietaryId, ...]
    title: Value
    artist: Value
    duration: Value
    p_lines: tuple[Line, ...]
    files: tuple[File, ...]


@dataclass(frozen=True)
class Image:
    reference: Value
    path: str
    type: Value
    files: tuple[File, ...]


@dataclass(frozen=True)
class ReleaseIds:
    path: str
    icpn: Value | None
    grid: Value | None
    proprietary_ids: tuple[ProprietaryId, ...]

    @property
    def all(self) -> list[str]:
        """Every identifier with its kind or namespace, the most public first."""
        icpn = [f"ICPN::{self.icpn.text}"] if self.icpn is not None else []
        grid = [f"GRid::{self.grid.text.replace('-', '')}"] if self.grid is not None else []
        return icpn + grid + [str(identifier) for identifier in self.proprietary_ids]

    def names(self) -> set[str]:
        """What the delivery folder may call it."""
        names = {identifier.text for identifier in self.proprietary_ids}
        if self.icpn is not None:
            names.add(self.icpn.text)
        if self.grid is not None:
            names |= {self.grid.text, self.grid.text.replace("-", "")}
        return names


@dataclass(frozen=True)
class Release:
    """The main release."""

    reference: Value
    path: str
    ids: ReleaseIds
    type: Value
    title: Value
    artist: Value
    p_lines: tuple[Line, ...]
    c_lines: tuple[Line, ...]
    resources: tuple[Value, ...]
    linked_resources: tuple[Value, ...]


@dataclass(frozen=True)
class TrackRelease:
    reference: Value
    path: str
    ids: ReleaseIds
    resource: Value


@dataclass(frozen=True)
class Deal:
    """One Deal of a ReleaseDeal: for which releases, where, when, how."""

    path: str
    releases: tuple[Value, ...]
    territories: tuple[Value, ...]
    excluded: tuple[Value, ...]
    periods: tuple[tuple[Value, Value], ...]
    models: tuple[Value, ...]
    uses: tuple[Value, ...]


@dataclass(frozen=True)
class Header:
    path: str
    message_id: Value
    sender: Value
    recipients: tuple[Value, ...]
    created: Value
    control: Value


@dataclass(frozen=True)
class Message:
    """A whole message. A PurgeReleaseMessage has ``purged`` and nothing but a header besides."""

    tree: etree._ElementTree
    header: Header
    purged: ReleaseIds | None = None
    releases: tuple[Release, ...] = ()
    track_releases: tuple[TrackRelease, ...] = ()
    recordings: tuple[Recording, ...] = ()
    images: tuple[Image, ...] = ()
    other_resources: tuple[str, ...] = ()
    deals: tuple[Deal, ...] = field(default=())

    @property
    def kind(self) -> str:
        return "NewReleaseMessage" if self.purged is None else "PurgeReleaseMessage"

    @property
    def ids(self) -> ReleaseIds | None:
        """The identifiers of the release that the message is about."""
        if self.purged is not None:
            return self.purged
        return self.releases[0].ids if self.releases else None

    def files(self) -> Iterator[File]:
        for recording in self.recordings:
            yield from recording.files
        for image in self.images:
            yield from image.files

    def primary(self) -> list[Recording]:
        """The recordings of the main release, in its order; unknown references are left out."""
        by_reference = {recording.reference.text: recording for recording in self.recordings}
        return [by_reference[ref.text] for ref in self.releases[0].resources if ref.text in by_reference]


def understand(tree: etree._ElementTree) -> Message:
    """Read a parsed ERN 4.3.2 message."""
    reader = _Reader(tree)
    root = tree.getroot()
    header = reader.header(root)
    if root.tag == PURGE_RELEASE:
        purged = root.find("PurgedRelease")
        return Message(tree, header, purged=reader.release_ids(purged if purged is not None else root))
    return Message(
        tree,
        header,
        releases=tuple(reader.release(node) for node in root.iterfind("ReleaseList/Release")),
        track_releases=tuple(reader.track_release(node) for node in root.iterfind("ReleaseList/TrackRelease")),
        recordings=tuple(reader.recording(node) for node in root.iterfind("ResourceList/SoundRecording")),
        images=tuple(reader.image(node) for node in root.iterfind("ResourceList/Image")),
        other_resources=tuple(
            reader.path(node) for node in root.iterfind("ResourceList/*") if node.tag not in ("SoundRecording", "Image")
        ),
        deals=tuple(deal for node in root.iterfind("DealList/ReleaseDeal") for deal in reader.deals(node)),
    )


class _Reader:
    def __init__(self, tree: etree._ElementTree) -> None:
        self._tree = tree

    def path(self, node: etree._Element) -> str:
        return self._tree.getpath(node)

    def text(self, node: etree._Element, name: str) -> Value:
        found = node.find(name)
        if found is None:
            return Value("", self.path(node))
        return Value((found.text or "").strip(), self.path(found))

    def texts(self, node: etree._Element, name: str) -> tuple[Value, ...]:
        return tuple(Value((found.text or "").strip(), self.path(found)) for found in node.iterfind(name))

    def optional(self, node: etree._Element, name: str) -> Value | None:
        values = self.texts(node, name)
        return values[0] if values else None

    def header(self, root: etree._Element) -> Header:
        node = root.find("MessageHeader")
        base = node if node is not None else root
        return Header(
            self.path(base),
            message_id=self.text(base, "MessageId"),
            sender=self.text(base, "MessageSender/PartyId"),
            recipients=self.texts(base, "MessageRecipient/PartyId"),
            created=self.text(base, "MessageCreatedDateTime"),
            control=self.text(base, "MessageControlType"),
        )

    def files(self, node: etree._Element, name: str) -> tuple[File, ...]:
        return tuple(
            File(self.text(file, "URI"), self.text(file, "HashSum/Algorithm"), self.text(file, "HashSum/HashSumValue"))
            for file in node.iterfind(name)
            if not file.xpath("../IsProvidedInDelivery[normalize-space() = 'false' or normalize-space() = '0']")
        )

    def lines(self, node: etree._Element, name: str) -> tuple[Line, ...]:
        return tuple(
            Line(self.text(line, "Year"), self.text(line, f"{name.rpartition('/')[2]}Text"))
            for line in node.iterfind(name)
        )

    def proprietary_ids(self, node: etree._Element, name: str) -> tuple[ProprietaryId, ...]:
        return tuple(
            ProprietaryId(found.get("Namespace", ""), (found.text or "").strip()) for found in node.iterfind(name)
        )

    def release_ids(self, node: etree._Element) -> ReleaseIds:
        return ReleaseIds(
            self.path(node),
            icpn=self.optional(node, "ReleaseId/ICPN"),
            grid=self.optional(node, "ReleaseId/GRid"),
            proprietary_ids=self.proprietary_ids(node, "ReleaseId/ProprietaryId"),
        )

    def recording(self, node: etree._Element) -> Recording:
        return Recording(
            reference=self.text(node, "ResourceReference"),
            path=self.path(node),
            isrcs=tuple(self.text(edition, "ResourceId/ISRC") for edition in node.iterfind("SoundRecordingEdition")),
            proprietary_ids=self.proprietary_ids(node, "SoundRecordingEdition/ResourceId/ProprietaryId"),
            title=self.text(node, "DisplayTitleText"),
            artist=self.text(node, "DisplayArtistName"),
            duration=self.text(node, "Duration"),
            p_lines=self.lines(node, "SoundRecordingEdition/PLine"),
            files=self.files(node, "SoundRecordingEdition/TechnicalDetails/DeliveryFile/File"),
        )

    def image(self, node: etree._Element) -> Image:
        return Image(
            reference=self.text(node, "ResourceReference"),
            path=self.path(node),
            type=self.text(node, "Type"),
            files=self.files(node, "TechnicalDetails/File"),
        )

    def release(self, node: etree._Element) -> Release:
        return Release(
            reference=self.text(node, "ReleaseReference"),
            path=self.path(node),
            ids=self.release_ids(node),
            type=self.text(node, "ReleaseType"),
            title=self.text(node, "DisplayTitleText"),
            artist=self.text(node, "DisplayArtistName"),
            p_lines=self.lines(node, "PLine"),
            c_lines=self.lines(node, "CLine"),
            resources=self.texts(node, "ResourceGroup//ReleaseResourceReference"),
            linked_resources=self.texts(node, "ResourceGroup//LinkedReleaseResourceReference"),
        )

    def track_release(self, node: etree._Element) -> TrackRelease:
        return TrackRelease(
            reference=self.text(node, "ReleaseReference"),
            path=self.path(node),
            ids=self.release_ids(node),
            resource=self.text(node, "ReleaseResourceReference"),
        )

    def deals(self, release_deal: etree._Element) -> Iterator[Deal]:
        releases = self.texts(release_deal, "DealReleaseReference")
        for node in release_deal.iterfind("Deal"):
            terms = node.find("DealTerms")
            base = terms if terms is not None else node
            yield Deal(
                path=self.path(base),
                releases=releases,
                territories=self.texts(base, "TerritoryCode"),
                excluded=self.texts(base, "ExcludedTerritoryCode"),
                periods=tuple(self._period(period) for period in base.iterfind("ValidityPeriod")),
                models=self.texts(base, "CommercialModelType"),
                uses=self.texts(base, "UseType"),
            )

    def _period(self, node: etree._Element) -> tuple[Value, Value]:
        if node.find("StartDateTime") is not None:
            return self.text(node, "StartDateTime"), self.text(node, "EndDateTime")
        return self.text(node, "StartDate"), self.text(node, "EndDate")

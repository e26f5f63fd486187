"""Every reference resolves, every anchor is unique, and each primary recording has its one track release."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from sandbox.message import Message
from sandbox.refusals import Refusal

ANCHORS = {
    "PartyReference": "party",
    "BrandReference": "party",
    "ResourceReference": "resource",
    "TechnicalResourceDetailsReference": "technical details",
    "ReleaseReference": "release",
    "VisibilityReference": "visibility",
    "CueSheetReference": "cue sheet",
    "ChapterReference": "chapter",
}
REFERENCES = {
    "ArtistPartyReference": "party",
    "ContributorPartyReference": "party",
    "CharacterPartyReference": "party",
    "RecordCompanyPartyReference": "party",
    "RightsControllerPartyReference": "party",
    "PartyAffiliateReference": "party",
    "PartyRelatedPartyReference": "party",
    "ReleaseLabelReference": "party",
    "DisplayCreditParty": "party",
    "ReleaseResourceReference": "resource",
    "LinkedReleaseResourceReference": "resource",
    "DealResourceReference": "resource",
    "ResourceContainedResourceReference": "resource",
    "ResourceRelatedResourceReference": "resource",
    "RepresentativeImageReference": "resource",
    "DealTechnicalResourceDetailsReference": "technical details",
    "DealReleaseReference": "release",
    "ResourceGroupReleaseReference": "release",
    "ResourceReleaseReference": "release",
    "ReleaseVisibilityReference": "visibility",
    "VideoCueSheetReference": "cue sheet",
    "AudioChapterReference": "chapter",
    "VideoChapterReference": "chapter",
}


def judge(message: Message) -> Iterator[Refusal]:
    yield from _judge_anchors(message.tree)
    yield from _judge_track_releases(message)


def _judge_anchors(tree: etree._ElementTree) -> Iterator[Refusal]:
    anchors: dict[str, set[str]] = {kind: set() for kind in ANCHORS.values()}
    for node in tree.iter(*ANCHORS):
        kind, name = ANCHORS[str(node.tag)], (node.text or "").strip()
        if name in anchors[kind]:
            sentence = f'The {kind} reference "{name}" is given twice.'
            yield Refusal("REFERENCE_DUPLICATE", tree.getpath(node), sentence)
        anchors[kind].add(name)
    for node in tree.iter(*REFERENCES):
        kind, name = REFERENCES[str(node.tag)], (node.text or "").strip()
        if name not in anchors[kind]:
            yield Refusal("REFERENCE_UNKNOWN", tree.getpath(node), f'There is no {kind} "{name}" in this message.')


def _judge_track_releases(message: Message) -> Iterator[Refusal]:
    if not message.releases:
        return
    counted = Counter(track.resource.text for track in message.track_releases)
    primary = {recording.reference.text for recording in message.primary()}
    for recording in message.primary():
        if counted[recording.reference.text] == 0:
            sentence = f"{recording.reference.text} is a track of the main release but has no TrackRelease."
            yield Refusal("TRACK_RELEASE_MISSING", recording.path, sentence)
    for track in message.track_releases:
        name = track.resource.text
        if name not in primary:
            sentence = f'A TrackRelease for "{name}", which is no recording of the main release.'
            yield Refusal("TRACK_RELEASE_EXTRA", track.resource.path, sentence)
        elif counted[name] > 1:
            yield Refusal("TRACK_RELEASE_EXTRA", track.resource.path, f"{name} has more than one TrackRelease.")

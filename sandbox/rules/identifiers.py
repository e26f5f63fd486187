"""Identifiers that the schema lets pass in any shape: ISRC, ICPN, GRid."""

import re
from collections.abc import Iterator

from stdnum import grid

from sandbox.message import Message, Value
from sandbox.refusals import Refusal

ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
ICPN = re.compile(r"[0-9]{12,14}")


def judge_release_ids(message: Message, folder_release_id: str) -> Iterator[Refusal]:
    """The release has a valid identifier, and the folder is named by one of them."""
    ids = message.ids
    if ids is None or not ids.all:
        path = ids.path if ids is not None else message.header.path
        yield Refusal("RELEASE_ID_MISSING", path, "The main release needs an ICPN, a GRid or a ProprietaryId.")
        return
    if folder_release_id not in ids.names():
        sentence = f'The folder is named for "{folder_release_id}", which is none of the release\'s identifiers.'
        yield Refusal("RELEASE_ID_FOLDER", ids.path, sentence)
    releases = [ids, *(track.ids for track in message.track_releases)]
    for each in releases:
        if each.icpn is not None and not is_icpn(each.icpn.text):
            sentence = f'"{each.icpn.text}" is not an ICPN: 12 to 14 digits, the last a GS1 check digit.'
            yield Refusal("ICPN_CHECK", each.icpn.path, sentence)
        if each.grid is not None and not grid.is_valid(each.grid.text):
            yield Refusal("GRID_CHECK", each.grid.path, f'"{each.grid.text}" is not a GRid.')


def judge_recordings(message: Message) -> Iterator[Refusal]:
    """Each recording has an ISRC of the right shape, and no two recordings share one."""
    owners: dict[str, Value] = {}
    for recording in message.recordings:
        if not recording.isrcs:
            yield Refusal("ISRC_MISSING", recording.path, "Every sound recording needs an ISRC.")
        for isrc in recording.isrcs:
            if not isrc.text:
                yield Refusal("ISRC_MISSING", isrc.path, "Every sound recording needs an ISRC.")
            elif not ISRC.fullmatch(isrc.text):
                sentence = f'"{isrc.text}" is not an ISRC: two letters, three letters or digits, seven digits, without hyphens.'
                yield Refusal("ISRC_SYNTAX", isrc.path, sentence)
            elif isrc.text in owners:
                sentence = f"{isrc.text} is also given at {owners[isrc.text].path}: one recording, one ISRC."
                yield Refusal("ISRC_DUPLICATE", isrc.path, sentence)
            owners.setdefault(isrc.text, isrc)


def is_icpn(text: str) -> bool:
    """Whether a text is a UPC-A, EAN-13 or GTIN-14 with a right check digit (GS1 General Specifications, 7.9)."""
    if not ICPN.fullmatch(text):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(text)))
    return weighted % 10 == 0

"""The words of DDEX's allowed value sets that the hub uses, and how its own words map to them."""

from __future__ import annotations

from typing import Final

from catalog.phrases import MARC_RELATORS
from catalog.territories import WORLD

RIGHT_OF_USE: Final = {
    "OnDemandStream": "STREAMING",
    "NonInteractiveStream": "STREAMING",
    "ContentInfluencedStream": "STREAMING",
    "ConditionalDownload": "STREAMING",
    "PermanentDownload": "DOWNLOAD",
}
"""AVS UseType → the right (contract `RightType`) that a label must hold. A conditional download is a stream that was kept."""

USE_TYPES: Final = frozenset(RIGHT_OF_USE)

USES_OF_MODEL: Final = {
    "SubscriptionModel": USE_TYPES - {"PermanentDownload"},
    "AdvertisementSupportedModel": USE_TYPES - {"PermanentDownload", "ConditionalDownload"},
    "PayAsYouGoModel": frozenset({"PermanentDownload"}),
    "FreeOfChargeModel": USE_TYPES,
}
"""AVS CommercialModelType → the uses that make sense under it."""

TERRITORIES: Final = WORLD | {"Worldwide"}

CONTRIBUTOR_ROLES: Final = {
    "arr": "Arranger",
    "aut": "Lyricist",
    "cmp": "Composer",
    "cnd": "Conductor",
    "eng": "Engineer",
    "itr": "Musician",
    "lyr": "Lyricist",
    "mus": "Musician",
    "pro": "StudioProducer",
    "prf": "Performer",
    "sng": "Vocalist",
    "trl": "Translator",
    "voc": "Vocalist",
}
"""MARC relator code → AVS ContributorRole; anything else is sent as `NotSpecified`."""

PAYEE_ROLES: Final = {
    name.casefold(): name
    for name in (
        *sorted(MARC_RELATORS),
        *("label", "MainArtist", "FeaturedArtist", "Producer", "MusicPublisher"),
        *CONTRIBUTOR_ROLES.values(),
    )
}
"""What somebody who is owed a share did: a MARC relator code, the label, or one of DDEX's words; found without regard to case."""


def contributor_role(relator: str) -> str:
    return CONTRIBUTOR_ROLES.get(relator, "NotSpecified")


def release_type(tracks: int, duration_ms: int) -> str:
    """AVS ReleaseType by the trade's usual measure: up to three tracks a single, up to six and half an hour an EP."""
    if tracks <= 3:
        return "Single"
    return "EP" if tracks <= 6 and duration_ms <= 30 * 60_000 else "Album"

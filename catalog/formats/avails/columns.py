"""The columns of the workbook, sheet by sheet, in the order in which they are written. They are read by name, in any order.

EMA Content Availability Metadata, Excel 1.8 and 1.9. 1.9 adds temporary price reductions and the sheet for bonus material.
"""

from __future__ import annotations

from typing import Final

from catalog.formats.avails.model import BONUS, MOVIES, TV

Layout = tuple[tuple[str, str], ...]
"""(group, column) from left to right, as the two first header rows say them."""


def _layout(text: str) -> Layout:
    """Lines of `Group Column Column …`."""
    rows = (line.split() for line in text.strip().splitlines())
    return tuple((group, column) for group, *columns in rows for column in columns)


_WINDOW = """
AvailTrans LicenseType LicenseRightsDescription FormatProfile HDR WCG HFR NGAudio Start StartLag End EndLag WindowDuration
"""
_PRICE = "AvailTrans PriceType PriceValue PriceCurrency SRP Description Download OtherTerms OtherInstructions"
_REDUCTION = "AvailTrans TPRType CampaignID"
_TERMS = """
AvailTrans RentalDuration WatchDuration
AvailMetadata CaptionIncluded CaptionExemption Any
AvailTrans ContractID TitleStatus Exclusive ExclusiveAttributes BrandingRights BrandingRightsAttributes
Avail ServiceProvider
AvailMetadata TotalRunTime
AvailTrans HoldbackLanguage AllowedLanguages RequiredFulfillmentLanguages
"""
_HISTORY = """
AvailMetadata ReleaseYear ReleaseHistoryOriginal ReleaseHistoryPhysicalHV
Avail ExceptionFlag
AvailMetadata RatingSystem RatingValue RatingReason
"""
_TITLE = """
AvailMetadata TitleInternalAlias TitleDisplayUnlimited LocalizationType CompanyDisplayCredit GroupIdentity Director
"""
_SHELF = """
Avail BundleALIDs
AvailMetadata RetailerID1 RetailerID2 RetailerID3
Avail RetailerSpare1 RetailerSpare2 RetailerSpare3
AvailAsset PackageLabel
"""
_PLACE = "AvailTrans AssetLanguage Territory TerritoryExclusion"
_IDS = """
AvailAsset TitleID EditID AltID ContentID
Avail AvailID UV_ID DMA_ID ReportingID
AvailAsset Metadata
Avail ALID
AvailTrans SuppressionLiftDate SpecialPreOrderFulfillDate AnnounceDate
"""


def _movies(reference: str, reduction: str) -> Layout:
    parts = (
        "Avail DisplayName Licensee", reference, _PLACE, "Avail StoreType", "AvailAsset WorkType", "Disposition EntryType",
        _TITLE, _WINDOW, _PRICE, reduction, _IDS, _HISTORY, _TERMS, _SHELF,
    )  # fmt: skip
    return _layout("\n".join(part.strip() for part in parts if part))


_REFERENCE = "Reference RefALID RefTerritory RefTerritoryExcluded RefLicenseType RefFormatProfile RefAvailID"
_SERIES = """
AvailMetadata SeriesTitleInternalAlias SeriesTitleDisplayUnlimited SeasonNumber DistributionNumber EpisodeNumber LocalizationType
AvailMetadata EpisodeTitleInternalAlias EpisodeTitleDisplayUnlimited SeasonTitleInternalAlias SeasonTitleDisplayUnlimited
AvailMetadata EpisodeCount SeasonCount SeriesID SeasonID EpisodeTitleID EpisodeID SeriesAltID SeasonAltID EpisodeAltID
Avail ALID
AvailMetadata CompanyDisplayCredit GroupIdentity Director
"""
_EPISODE_IDS = """
AvailAsset SeriesContentID SeasonContentID EpisodeContentID
Avail AvailID UV_ID DMA_ID ReportingID
AvailAsset Metadata
AvailTrans SuppressionLiftDate AnnounceDate
"""
_EPISODE_SHELF = """
AvailMetadata RetailerEpisodeID1 RetailerEpisodeID2 RetailerSeasonID RetailerSeriesID
Avail RetailerSpare1 RetailerSpare2 RetailerSpare3
"""


def _tv(reduction: str) -> Layout:
    terms = _TERMS.replace("WatchDuration", "WatchDuration FixedEndDate")
    parts = (
        "Avail DisplayName Licensee", _PLACE, "Avail StoreType", "AvailAsset WorkType", "Disposition EntryType", _SERIES, _WINDOW,
        "AvailTrans SpecialPreOrderFulfillDate", _PRICE, reduction, _EPISODE_IDS, _HISTORY, terms, _EPISODE_SHELF,
    )  # fmt: skip
    return _layout("\n".join(part.strip() for part in parts if part))


LAYOUTS: Final[dict[str, dict[str, Layout]]] = {
    "1.8": {MOVIES: _movies("", ""), TV: _tv("")},
    "1.9": {MOVIES: _movies("", _REDUCTION), TV: _tv(_REDUCTION), BONUS: _movies(_REFERENCE, "")},
}
"""By version of the workbook, then by kind of sheet. 1.8 has no sheet for bonus material: it goes among the films."""

KNOWN: Final = frozenset(
    column for sheets in LAYOUTS.values() for layout in sheets.values() for _group, column in layout
)
GROUPS: Final = {column: group for sheets in LAYOUTS.values() for layout in sheets.values() for group, column in layout}
SPELLED: Final = {column.casefold(): column for column in KNOWN} | {
    "storelanguage": "AssetLanguage",
    "productid": "EditID",
    "holdbackexclusionlanguage": "AllowedLanguages",
    "allowedlanguage": "AllowedLanguages",
    "exceptionsflag": "ExceptionFlag",
    "bundledalids": "BundleALIDs",
    "territoryexcluded": "TerritoryExclusion",
}
"""Column names without regard to case, and those that earlier versions had for the same thing."""

DAYS: Final = frozenset({
    "Start", "End", "SuppressionLiftDate", "SpecialPreOrderFulfillDate", "AnnounceDate", "ReleaseHistoryOriginal",
    "ReleaseHistoryPhysicalHV", "FixedEndDate",
})  # fmt: skip
NUMBERS: Final = frozenset({
    "PriceValue", "SRP", "ReleaseYear", "SeasonNumber", "EpisodeNumber", "EpisodeCount", "SeasonCount", "CaptionExemption",
    "RentalDuration", "WatchDuration",
})  # fmt: skip
TRUTHS: Final = frozenset({"Exclusive", "BrandingRights", "ExceptionFlag"})


def kind_of(columns: frozenset[str]) -> str | None:
    """Which kind of sheet has these columns; None for what is no sheet of avails."""
    if len(columns & KNOWN) < 6 or not {"ALID", "Territory"} <= columns:
        return None
    if "SeriesTitleInternalAlias" in columns or "EpisodeNumber" in columns:
        return TV
    return BONUS if "RefALID" in columns else MOVIES

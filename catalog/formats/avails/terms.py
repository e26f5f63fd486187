"""Where the columns of the workbook are in the XML: elements of the asset's metadata, of its season and series, and Terms.

Paths are of local names: the namespaces of all versions from 2.2 to 2.7 hold the same elements. Avails XML 2.7, `Avail-type`.
"""

from __future__ import annotations

from typing import Final

_UNIT: Final = {
    "RatingSystem": "Ratings/Rating/System",
    "RatingValue": "Ratings/Rating/Value",
    "RatingReason": "Ratings/Rating/Reason",
    "ReleaseYear": "ReleaseDate",
    "CaptionExemption": "USACaptionsExemptionReason",
    "CompanyDisplayCredit": "CompanyDisplayCredit/DisplayString",
    "TotalRunTime": "RunLength",
    "LocalizationType": "LocalizationOffering",
    "GroupIdentity": "GroupingEntity/GroupIdentity",
}
METADATA: Final = {
    "TitleInternalAlias": "TitleInternalAlias",
    "EditID": "EditEIDR-URN",
    "TitleID": "TitleEIDR-URN",
} | _UNIT
EPISODE: Final = {
    "EpisodeTitleInternalAlias": "TitleInternalAlias",
    "EpisodeID": "EditEIDR-URN",
    "EpisodeTitleID": "TitleEIDR-URN",
    "EpisodeNumber": "EpisodeNumber/Number",
    "DistributionNumber": "EpisodeNumber/DistributionNumber",
} | _UNIT
SEASON: Final = {
    "SeasonContentID": "SeasonContentID",
    "SeasonID": "SeasonEIDR-URN",
    "SeasonTitleDisplayUnlimited": "SeasonTitleDisplayUnlimited",
    "SeasonTitleInternalAlias": "SeasonTitleInternalAlias",
    "SeasonNumber": "SeasonNumber/Number",
    "SeasonAltID": "SeasonAltIdentifier/Identifier",
    "EpisodeCount": "NumberOfEpisodes",
    "ReleaseYear": "ReleaseDate",
    "RatingSystem": "Ratings/Rating/System",
    "RatingValue": "Ratings/Rating/Value",
    "RatingReason": "Ratings/Rating/Reason",
    "CaptionExemption": "USACaptionsExemptionReason",
}
SERIES: Final = {
    "SeriesContentID": "SeriesContentID",
    "SeriesID": "SeriesEIDR-URN",
    "SeriesTitleDisplayUnlimited": "SeriesTitleDisplayUnlimited",
    "SeriesTitleInternalAlias": "SeriesTitleInternalAlias",
    "SeriesAltID": "SeriesAltIdentifier/Identifier",
    "SeasonCount": "NumberOfSeasons",
    "CompanyDisplayCredit": "CompanyDisplayCredit/DisplayString",
    "ReleaseYear": "ReleaseDate",
}
TRANSACTION: Final = {
    "Licensee": "Licensee/DisplayName",
    "LicenseType": "LicenseType",
    "Description": "Description",
    "WindowDuration": "WindowDuration",
    "LicenseRightsDescription": "LicenseRightsDescription",
    "FormatProfile": "FormatProfile",
    "ContractID": "ContractID",
    "ReportingID": "ReportingID",
    "RefALID": "RefALID",
    "OtherInstructions": "OtherInstructions",
}
LISTS: Final = {
    "AssetLanguage": "AssetLanguage",
    "AllowedLanguages": "AllowedLanguage",
    "HoldbackLanguage": "HoldbackLanguage",
}
"""Languages of a Transaction, several with commas between them in one cell."""

PROFILE: Final = ("HDR", "WCG", "HFR", "NGAudio")
"""Attributes of FormatProfile, which are columns."""

PRICES: Final = frozenset({
    f"{reduced}{name}{taxed}"
    for name in ("Tier", "WSP", "EpisodeWSP", "SeasonWSP", "DMRP", "SMRP", "LicenseFee", "Category", "NA", "Included")
    for reduced in ("", "TPR-")
    for taxed in ("", "-PostTax")
})  # fmt: skip
MONEY: Final = frozenset(name for name in PRICES if "WSP" in name or "MRP" in name)
"""Prices that are amounts; the others are words."""

TERMS: Final = {
    "SuppressionLiftDate": "Event",
    "AnnounceDate": "Event",
    "PreOrderFulfillDate": "Event",
    "FixedEndDate": "Event",
    "SRP": "Money",
    "RentalDuration": "Duration",
    "WatchDuration": "Duration",
    "Exclusive": "Boolean",
    "BrandingRights": "Boolean",
    "CampaignID": "ID",
}
"""Terms whose value is more than words, and what it is."""

TERM_OF: Final = {"SpecialPreOrderFulfillDate": "PreOrderFulfillDate"}
COLUMN_OF: Final = {
    "PreOrderFulfillDate": "SpecialPreOrderFulfillDate",
    "PreorderFulfillDate": "SpecialPreOrderFulfillDate",
}

ECOSYSTEMS: Final = {"UV_ID": "UVVU", "DMA_ID": "DMA"}
ALT_IDS: Final = ("AltID", "RetailerID1", "RetailerID2", "RetailerID3", "RetailerEpisodeID1", "RetailerEpisodeID2")
"""Columns that the XML says as AltIdentifiers in the namespace `org:mddf`, each with its name before it: `RetailerID1:…`."""

MDDF: Final = "org:mddf"
RELEASES: Final = {"ReleaseHistoryOriginal": "original", "ReleaseHistoryPhysicalHV": "DVD"}
AVAIL_TYPES: Final = {
    "movie": "single", "episode": "episode", "season": "season", "series": "series", "miniseries": "miniseries",
    "collection": "collection", "bundle": "bundle", "supplemental": "supplement", "promotion": "promotion", "volume": "volume",
}  # fmt: skip
"""WorkType in lower case → AvailType; anything else is a `single`."""

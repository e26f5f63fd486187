"""The DDEX DSR flat file, Financial Reporting to Record Companies, single-record variant 1.0: records as tables."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TypeAlias

PROFILE = "FinancialReportingToRecordCompaniesProfileSRB"
PROFILE_VERSION = "1.0"
MESSAGE_VERSION = "dsrf/1.3/1.4.1/1.2"
PLACES = Decimal("0.000001")

Cell: TypeAlias = str | int | Decimal | bool | Iterable[str] | None


def _both(name: str) -> tuple[str, str]:
    return f"{name}InCurrencyOfTransaction", f"{name}InCurrencyOfAccounting"


HEAD = (
    "RecordType", "MessageVersion", "Profile", "ProfileVersion", "MessageId", "MessageCreatedDateTime",
    "FileNumber", "NumberOfFiles", "UsageStartDate", "UsageEndDate", "SenderPartyId", "SenderName",
    "ServiceDescription", "RecipientPartyId", "RecipientName", "RepresentedRepertoire",
)  # fmt: skip
SY10 = (
    "RecordType", "SummaryRecordId", "DistributionChannelName", "DistributionChannelDPID", "CommercialModel",
    "UseType", "ReportingPeriodStartDate", "ReportingPeriodEndDate", "SubscriberType", "Subscribers",
    "ActiveSubscribers", "PromotionalActivity", "Territory", "ServiceDescription", "OfferType", "Quality", "Usages",
    "AllocatedUsages", "Returns", "MusicUsageRatio", "CurrencyOfTransaction", "CurrencyOfAccounting",
    "ExchangeRate", "ExchangeRateSource", "DateOfCurrencyExchange", *_both("GrossRevenue"), "CalculationType",
    "CalculationValue", "DeductionType", *_both("Deductions"), *_both("NetRevenue"), *_both("AllocatedRevenue"),
    *_both("AllocatedNetRevenue"), "RightsControllerMarketShare", *_both("SubscriptionFee"),
    "UsageIndependentFeeType", *_both("UsageIndependentFee"), *_both("FinalTotalAmount"),
)  # fmt: skip
SR08 = (
    "RecordType", "SalesTransactionId", "ReleaseGRid", "ReleaseICPN", "DspReleaseId", "LabelReleaseId",
    "ProprietaryReleaseId", "ReleaseContextReleaseGRid", "ReleaseType", "ReleaseTitle", "ReleaseSubTitle",
    "ReleaseDisplayArtistName", "ReleaseDisplayArtistPartyId", "ResourceISRC", "ResourceISAN", "DspResourceId",
    "LabelResourceId", "ProprietaryResourceId", "ResourceContextReleaseGRid", "ResourceType", "ResourceTitle",
    "ResourceSubTitle", "ResourceDisplayArtistName", "ResourceDisplayArtistPartyId", "SummaryRecordId",
    "SalesTransactionDate", "TotalUsages", "Returns", "NetUsage", *_both("WholesalePrice"),
    *_both("SuggestedConsumerPrice"), "PriceType", "PriceRangeType", *_both("PriceConsumerPaidExcSalesTax"),
    "DeductionType", *_both("Deductions"), "RightSharePercentage", *_both("CalculatedUnitPrice"),
    *_both("AllocatedRevenue"), *_both("AllocatedNetRevenue"), "CopyrightObligationWithDSP",
)  # fmt: skip
DE01 = ("RecordType", "DealSpecificCell1", "DealSpecificCell2")
SRFO = ("RecordType", "NumberOfLinesInReport", "NumberOfSummaryRecords")

RECORDS: Mapping[str, tuple[str, ...]] = {"HEAD": HEAD, "SY10": SY10, "SR08": SR08, "DE01": DE01, "SRFO": SRFO}
"""Cell names by record type, in the order of the profile. The header is the profile's SRHE, whose first cell reads HEAD."""


def rounded(amount: Decimal) -> Decimal:
    """An amount at six places, halves to even."""
    return amount.quantize(PLACES, rounding=ROUND_HALF_EVEN)


def line(record: str, cells: Mapping[str, Cell]) -> str:
    """One record as a line without its end. Cells that are not given are empty; a name that the record lacks is a KeyError."""
    names = RECORDS[record]
    if unknown := cells.keys() - set(names):
        raise KeyError(f"{record} has no {sorted(unknown)}")
    return "\t".join([record, *(_text(cells.get(name)) for name in names[1:])])


def comments() -> list[str]:
    """The cell names of each record, as lines that a reader skips."""
    return ["#" + "\t".join(names) for record, names in RECORDS.items() if record != "DE01"]


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, Decimal):
        text = f"{cell:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, str):
        return _escaped(cell)
    return "|".join(_escaped(value) for value in cell)


def _escaped(value: str) -> str:
    return " ".join(value.split("\t")).replace("\r", " ").replace("\n", " ").replace("\\", "\\\\").replace("|", "\\|")

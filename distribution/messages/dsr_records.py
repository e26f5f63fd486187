"""The record types of DDEX DSR flat files, as tables: profile Financial Reporting to Record Companies, single-record, 1.0.

One line of a table is one cell after the record type: its name, the kind of its value, and how often it must or may be there:
`1` required, `?` may be empty, `*` several values joined by `|`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PROFILES: Final = frozenset(
    {"FinancialReportingToRecordCompaniesProfileSRB", "FinancialReportingToRecordCompaniesProfile"}
)


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind`: text decimal integer date moment boolean territory currency isrc party."""

    name: str
    kind: str
    required: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A record type. `open_ended`: the last cell may be followed by more of its kind."""

    type: str
    cells: tuple[Cell, ...]
    open_ended: bool = False


def _record(record_type: str, table: str, *, open_ended: bool = False) -> Record:
    rows = (line.split() for line in table.strip().splitlines())
    cells = tuple(Cell(name, kind, occurs == "1", occurs == "*") for name, kind, occurs in rows)
    return Record(record_type, cells, open_ended)


HEADER: Final = _record(
    "SRHE",
    """
    MessageVersion          text     1
    Profile                 text     1
    ProfileVersion          text     1
    MessageId               text     1
    MessageCreatedDateTime  moment   1
    FileNumber              integer  1
    NumberOfFiles           integer  1
    UsageStartDate          date     1
    UsageEndDate            date     1
    SenderPartyId           party    1
    SenderName              text     1
    ServiceDescription      text     ?
    RecipientPartyId        party    ?
    RecipientName           text     ?
    RepresentedRepertoire   text     *
    """,
)

SUMMARY: Final = _record(
    "SY10",
    """
    SummaryRecordId                             text       1
    DistributionChannelName                     text       ?
    DistributionChannelDPID                     party      ?
    CommercialModel                             text       1
    UseType                                     text       1
    ReportingPeriodStartDate                    date       1
    ReportingPeriodEndDate                      date       1
    SubscriberType                              text       ?
    Subscribers                                 decimal    ?
    ActiveSubscribers                           decimal    ?
    PromotionalActivity                         text       ?
    Territory                                   territory  1
    ServiceDescription                          text       ?
    OfferType                                   text       ?
    Quality                                     text       ?
    Usages                                      decimal    1
    AllocatedUsages                             decimal    1
    Returns                                     decimal    1
    MusicUsageRatio                             decimal    1
    CurrencyOfTransaction                       currency   1
    CurrencyOfAccounting                        currency   1
    ExchangeRate                                decimal    1
    ExchangeRateSource                          text       ?
    DateOfCurrencyExchange                      moment     ?
    GrossRevenueInCurrencyOfTransaction         decimal    ?
    GrossRevenueInCurrencyOfAccounting          decimal    ?
    CalculationType                             text       *
    CalculationValue                            decimal    *
    DeductionType                               text       *
    DeductionsInCurrencyOfTransaction           decimal    *
    DeductionsInCurrencyOfAccounting            decimal    *
    NetRevenueInCurrencyOfTransaction           decimal    1
    NetRevenueInCurrencyOfAccounting            decimal    1
    AllocatedRevenueInCurrencyOfTransaction     decimal    1
    AllocatedRevenueInCurrencyOfAccounting      decimal    1
    AllocatedNetRevenueInCurrencyOfTransaction  decimal    1
    AllocatedNetRevenueInCurrencyOfAccounting   decimal    1
    RightsControllerMarketShare                 decimal    ?
    SubscriptionFeeInCurrencyOfTransaction      decimal    ?
    SubscriptionFeeInCurrencyOfAccounting       decimal    1
    UsageIndependentFeeType                     text       *
    UsageIndependentFeeInCurrencyOfTransaction  decimal    *
    UsageIndependentFeeInCurrencyOfAccounting   decimal    *
    FinalTotalAmountInCurrencyOfTransaction     decimal    1
    FinalTotalAmountInCurrencyOfAccounting      decimal    1
    """,
)

SALE: Final = _record(
    "SR08",
    """
    SalesTransactionId                                 text     1
    ReleaseGRid                                        text     ?
    ReleaseICPN                                        text     ?
    DspReleaseId                                       text     1
    LabelReleaseId                                     text     ?
    ProprietaryReleaseId                               text     *
    ReleaseContextReleaseGRid                          text     ?
    ReleaseType                                        text     ?
    ReleaseTitle                                       text     ?
    ReleaseSubTitle                                    text     ?
    ReleaseDisplayArtistName                           text     ?
    ReleaseDisplayArtistPartyId                        text     ?
    ResourceISRC                                       isrc     ?
    ResourceISAN                                       text     ?
    DspResourceId                                      text     ?
    LabelResourceId                                    text     ?
    ProprietaryResourceId                              text     *
    ResourceContextReleaseGRid                         text     ?
    ResourceType                                       text     ?
    ResourceTitle                                      text     ?
    ResourceSubTitle                                   text     ?
    ResourceDisplayArtistName                          text     ?
    ResourceDisplayArtistPartyId                       text     ?
    SummaryRecordId                                    text     1
    SalesTransactionDate                               date     1
    TotalUsages                                        integer  1
    Returns                                            integer  1
    NetUsage                                           integer  1
    WholesalePriceInCurrencyOfTransaction              decimal  ?
    WholesalePriceInCurrencyOfAccounting               decimal  ?
    SuggestedConsumerPriceInCurrencyOfTransaction      decimal  ?
    SuggestedConsumerPriceInCurrencyOfAccounting       decimal  ?
    PriceType                                          text     ?
    PriceRangeType                                     text     ?
    PriceConsumerPaidExcSalesTaxInCurrencyOfTransaction decimal ?
    PriceConsumerPaidExcSalesTaxInCurrencyOfAccounting decimal  ?
    DeductionType                                      text     *
    DeductionsInCurrencyOfTransaction                  decimal  *
    DeductionsInCurrencyOfAccounting                   decimal  *
    RightSharePercentage                               decimal  1
    CalculatedUnitPriceInCurrencyOfTransaction         decimal  1
    CalculatedUnitPriceInCurrencyOfAccounting          decimal  1
    AllocatedRevenueInCurrencyOfTransaction            decimal  1
    AllocatedRevenueInCurrencyOfAccounting             decimal  1
    AllocatedNetRevenueInCurrencyOfTransaction         decimal  1
    AllocatedNetRevenueInCurrencyOfAccounting          decimal  1
    CopyrightObligationWithDSP                         boolean  1
    """,
)

BY_AGREEMENT: Final = _record("DE01", "DealSpecificCell text 1", open_ended=True)

FOOTER: Final = _record(
    "SRFO",
    """
    NumberOfLinesInReport   integer  1
    NumberOfSummaryRecords  integer  1
    """,
)

RECORDS: Final = {
    "HEAD": HEADER,
    "SRHE": HEADER,
    "SY10": SUMMARY,
    "SR08": SALE,
    "DE01": BY_AGREEMENT,
    "SRFO": FOOTER,
}
"""By what stands in the first cell. The profile's schema writes HEAD for the record it calls SRHE; both are read."""

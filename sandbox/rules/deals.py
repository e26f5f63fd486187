"""Deals: only in countries the platform serves, only on terms it offers, on dates that make sense (ERN DealTerms)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sandbox.message import Deal, Value
from sandbox.refusals import Refusal
from sandbox.settings import Platform
from sandbox.territories import expand


@dataclass(frozen=True)
class Grant:
    """A deal that passed: what may be sold where and when. ``ends`` is the first day after; None has no end."""

    releases: frozenset[str]
    territories: frozenset[str]
    terms: frozenset[tuple[str, str]]
    starts: date
    ends: date | None


def judge(deals: tuple[Deal, ...], platform: Platform) -> Iterator[Refusal]:
    offered = {(term.commercial_model, term.use_type) for term in platform.deal_terms}
    for deal in deals:
        yield from _judge_territories(deal, platform)
        if not deal.models or not deal.uses:
            yield Refusal("DEAL_TERMS", deal.path, "A deal needs a CommercialModelType and a UseType.")
        for model in deal.models:
            for use in deal.uses:
                if (model.text, use.text) not in offered:
                    sentence = f"{platform.name} does not offer {use.text} under {model.text}."
                    yield Refusal("DEAL_TERMS", use.path, sentence)
        if not deal.periods:
            yield Refusal("DEAL_DATES", deal.path, "A deal needs a ValidityPeriod with a StartDate.")
        for start, end in deal.periods:
            yield from _judge_period(start, end)


def grants(deals: tuple[Deal, ...]) -> list[Grant]:
    """The deals of a message that passed `judge`."""
    found = []
    for deal in deals:
        for start, end in deal.periods:
            starts, ends = _first_day(start.text), _day_after(end.text) if end.text else None
            if starts is None:
                continue
            found.append(
                Grant(
                    releases=frozenset(reference.text for reference in deal.releases),
                    territories=territories(deal),
                    terms=frozenset((model.text, use.text) for model in deal.models for use in deal.uses),
                    starts=starts,
                    ends=ends,
                )
            )
    return found


def territories(deal: Deal) -> frozenset[str]:
    """The countries of a deal: those named, or the world less those excluded (the world when none is named)."""
    named = frozenset[str]().union(*(expand(code.text) for code in deal.territories))
    if deal.territories:
        return named
    return expand("Worldwide") - frozenset[str]().union(*(expand(code.text) for code in deal.excluded))


def _judge_territories(deal: Deal, platform: Platform) -> Iterator[Refusal]:
    unknown = [code for code in (*deal.territories, *deal.excluded) if not expand(code.text)]
    for code in unknown:
        yield Refusal("TERRITORY_CODE", code.path, f'"{code.text}" is not a territory code this platform knows.')
    beyond = sorted(territories(deal) - platform.served)
    if beyond and not unknown:
        path = next((code.path for code in deal.territories if expand(code.text) - platform.served), deal.path)
        named = ", ".join(beyond[:10]) + (f" and {len(beyond) - 10} more" if len(beyond) > 10 else "")
        yield Refusal("DEAL_TERRITORY", path, f"{platform.name} does not serve {named}.")


def _judge_period(start: Value, end: Value) -> Iterator[Refusal]:
    starts, ends = _first_day(start.text), _day_after(end.text)
    if starts is None:
        yield Refusal("DEAL_DATES", start.path, f'"{start.text}" is not a start date such as 2026-11-23.')
    if end.text and ends is None:
        yield Refusal("DEAL_DATES", end.path, f'"{end.text}" is not an end date such as 2026-11-23.')
    if starts and ends and ends <= starts:
        yield Refusal("DEAL_DATES", end.path, f"The deal ends on {end.text}, before it starts on {start.text}.")


def _first_day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        return None


def _day_after(text: str) -> date | None:
    """The first day without the deal: an EndDate is the last day with it, an EndDateTime at midnight ends the day before."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if "T" in text and instant.time() == datetime.min.time():
        return instant.date()
    return instant.date() + timedelta(days=1)

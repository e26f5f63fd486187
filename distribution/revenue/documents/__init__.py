"""A statement as a PDF, in its reader's language. The figures and every line are attached to it as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from distribution.models import Payee
from distribution.revenue import queries, telling
from distribution.revenue.models import Statement
from distribution.revenue.periods import Period, parse
from distribution.revenue.telling import Line, Told, TotalBy
from hub.errors import NotFound
from hub.formats import day, last_day, number, territory
from hub.i18n import Message, _, pgettext
from hub.money import Money
from hub.runtime import Runtime
from hub.security import Caller
from hub.typesetting import families, typeset

TEMPLATE: Final = Path(__file__).with_name("statement.typ")
MOST_LINES: Final = 2000
"""Lines that are printed; those beyond are in the hub and counted in the sums."""

MOST_TOTALS: Final = 30


async def read(session: AsyncSession, runtime: Runtime, caller: Caller, statement_id: UUID) -> bytes:
    """A statement's PDF; NOT_FOUND for whoever may not see it."""
    statement = await queries.statement(session, statement_id)
    if statement is None:
        raise NotFound
    payee = (await queries.payees(session, [statement.payee_id]))[statement.payee_id]
    told = (await queries.earnings_of(session, [statement.id]))[statement.id]
    [issuer] = await accounts.organizations(session, [statement.organization_id])
    name = next(one.name for one in issuer.names if one.original)
    return await typeset(TEMPLATE, await _data(runtime, statement, payee, told, name, caller.language))


async def _data(
    runtime: Runtime, statement: Statement, payee: Payee, told: Told, issuer: str, language: str
) -> dict[str, Any]:
    def say(message: Message) -> str:
        return message.render(language)

    def money(minor: int) -> str:
        return Money(minor, statement.currency).render(language, in_column=True)

    period: Period = parse(statement.period)
    lines = await telling.page(runtime, statement, told, MOST_LINES, None)
    places = await telling.totals(runtime, statement, told, TotalBy.TERRITORY)
    titles = await telling.totals(runtime, statement, told, TotalBy.TITLE)
    count = telling.count(told)
    return {
        "language": language,
        "fonts": families(language),
        "title": say(_("Royalty statement")),
        "payee": payee.name,
        "issuer": issuer,
        "period": say(
            _("%(first)s to %(last)s", first=day(period.start, language), last=day(last_day(period.end), language))
        ),
        "made": say(_("Made on %(day)s", day=day(statement.created_at.date(), language))),
        "sums": [
            [say(_("Carried over")), money(statement.opening)],
            [say(_("Earned in this period")), money(statement.earned)],
            [say(_("Recouped against the advance")), money(-statement.recouped)],
            [say(pgettext("money", "Held")), money(-statement.held)],
        ],
        "payable": [say(_("Payable")), money(statement.payable)],
        "totals": [
            {
                "heading": say(_("By territory")),
                "rows": [[territory(one.key, language), money(one.amount)] for one in places[:MOST_TOTALS]],
            },
            {
                "heading": say(_("By title")),
                "rows": [[one.title, money(one.amount)] for one in titles[:MOST_TOTALS]],
            },
        ],
        "lines": {
            "heading": say(_("Every line")),
            "columns": [
                say(_("Platform")),
                say(_("Territory")),
                say(_("Title")),
                "ISRC",
                say(_("Units")),
                say(_("Paid by the platform")),
                say(_("Your share")),
            ],
            "rows": [_row(line, money, language) for line in lines[:MOST_LINES]],
            "rest": say(_("%(count)s more lines are in the hub.", count=number(count - MOST_LINES, language)))
            if count > MOST_LINES
            else "",
        },
        "attachment": json.dumps(_plain(statement, payee, lines[:MOST_LINES]), ensure_ascii=False, indent=1),
    }


def _row(line: Line, money: Any, language: str) -> list[str]:
    return [
        line.channel.name,
        territory(line.territory, language),
        line.title,
        line.isrc or "",
        number(line.units, language),
        money(line.gross),
        money(line.amount),
    ]


def _plain(statement: Statement, payee: Payee, lines: list[Line]) -> dict[str, Any]:
    return {
        "id": str(statement.id),
        "payee": payee.name,
        "period": statement.period,
        "currency": statement.currency,
        **{name: getattr(statement, name) for name in ("opening", "earned", "recouped", "held", "payable")},
        "lines": [
            {
                "channel": line.channel.name,
                "reportLine": line.line,
                "territory": line.territory,
                "title": line.title,
                "isrc": line.isrc,
                "units": line.units,
                "gross": line.gross,
                "amount": line.amount,
            }
            for line in lines
        ],
    }

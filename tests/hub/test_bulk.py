"""Many rows in one statement: each row gets its own list, in its own place, however the lists repeat."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import DBAPIError

from catalog.imports.models import ImportRow
from catalog.models import Mandate
from hub.bulk import insert_rows, one_of_many
from hub.runtime import Runtime
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.catalog import work

SETTINGS = "SELECT current_setting('synchronous_commit'), current_setting('plan_cache_mode')"
WRITTEN = "SELECT rights, territories, languages, source, exclusive FROM mandates ORDER BY id"


def row(work_id: UUID, territories: list[str], languages: list[str] | None) -> dict[str, object]:
    period = Range(date(2026, 1, 1), None, bounds="[)")
    return {"work_id": work_id, "territories": territories, "languages": languages, "period": period}


async def test_lists_that_repeat_are_missing_or_hold_signs_stay_each_with_its_row(
    runtime: Runtime, database: TestDatabase
) -> None:
    house = await actor(runtime, "guilin", country="CN", language="zh")
    one = await work(runtime, house)
    given = [
        (["TH", "VN"], ["th"]),
        (["VN"], None),
        (["TH", "VN"], None),
        (["VN"], ["th"]),
        (["NULL", 'a"b', "c\\d", "e,{f}"], ["th", "vi"]),
    ]
    async with runtime.database.transaction(house.caller) as tx:
        rows = [row(one, *lists) for lists in given]
        await insert_rows(tx.session, Mandate, rows, source="onix", exclusive=True, rights=["EBOOK", "PRINT"])
        await insert_rows(tx.session, Mandate, [], source="onix")
    assert database.rows(WRITTEN) == [(["EBOOK", "PRINT"], *lists, "onix", True) for lists in given]


async def test_rows_under_somebody_elses_name_are_refused_together(runtime: Runtime, database: TestDatabase) -> None:
    house, other = await houses(runtime)
    rows = [
        {"position": place, "line": place, "reference": "r", "outcome": "created", "changes": [], "problems": []}
        for place in (1, 2)
    ]
    with pytest.raises(DBAPIError, match="row-level security"):
        async with runtime.database.transaction(house.caller) as tx:
            await insert_rows(tx.session, ImportRow, rows, import_id=uuid4(), organization_id=other.organization_id)
    assert database.count("catalog_import_rows") == 0


async def houses(runtime: Runtime) -> tuple[Actor, Actor]:
    return await actor(runtime, "guilin"), await actor(runtime, "lijiang")


async def test_what_is_one_of_many_leaves_nothing_behind_in_its_connection(runtime: Runtime) -> None:
    before = await settings(runtime, changed=False)
    assert await settings(runtime, changed=True) == ("off", "force_custom_plan")
    assert await settings(runtime, changed=False) == before


async def settings(runtime: Runtime, *, changed: bool) -> tuple[str, str]:
    async with runtime.database.transaction() as tx:
        if changed:
            await one_of_many(tx.session)
        connection = await tx.session.connection()
        row = (await connection.exec_driver_sql(SETTINGS)).one()
        return str(row[0]), str(row[1])

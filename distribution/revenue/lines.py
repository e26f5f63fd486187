"""The lines of sales reports as Parquet: written once from the report, cut by owner, split among payees, read back by page.

Everything here blocks and runs in a thread. Ibis on DuckDB reads and writes the files; no line goes through PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from distribution.messages import dsr
from distribution.revenue.pricing import SHARES, priced

BATCH: Final = 50_000
SCHEMA: Final = pa.schema(
    [
        ("line", pa.int64()),
        ("transaction_id", pa.string()),
        ("isrc", pa.string()),
        ("icpn", pa.string()),
        ("title", pa.string()),
        ("artist", pa.string()),
        ("territory", pa.string()),
        ("commercial_model", pa.string()),
        ("use_type", pa.string()),
        ("day", pa.date32()),
        ("units", pa.int64()),
        ("currency", pa.string()),
        ("gross", pa.int64()),
        ("net", pa.int64()),
    ]
)
_SHARES = pa.schema([(name, {"string": pa.string(), "int64": pa.int64()}[kind]) for name, kind in SHARES.items()])


@contextmanager
def engine() -> Iterator[Any]:
    """DuckDB in memory, with bounds: a report never takes the machine down."""
    connection = ibis.duckdb.connect(threads=2, memory_limit="2GB")
    try:
        yield connection
    finally:
        connection.disconnect()


def store(report: Path, target: Path) -> dsr.Report:
    """Write the sales of a report file as Parquet. The report's header, problems and totals are complete afterwards."""
    with report.open("rb") as file, pq.ParquetWriter(target, SCHEMA, compression="zstd") as writer:
        taken = dsr.Report(dsr.lines_of(file))
        batch: list[tuple[Any, ...]] = []
        for sale in taken.sales():
            batch.append(astuple(sale))
            if len(batch) == BATCH:
                writer.write_table(_table(batch))
                batch = []
        if batch:
            writer.write_table(_table(batch))
    return taken


def _table(batch: Sequence[tuple[Any, ...]]) -> pa.Table:
    return pa.Table.from_arrays(
        [pa.array(column, kind) for column, kind in zip(zip(*batch, strict=True), SCHEMA.types, strict=True)],
        schema=SCHEMA,
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """What the lines of one ISRC (None: lines without one) come to, in micro-units."""

    isrc: str | None
    lines: int
    net: int


def sums(lines: Path) -> list[Sum]:
    with engine() as connection:
        table = connection.read_parquet(lines)
        grouped = (
            table.group_by("isrc").aggregate(lines=table.count(), net=table.net.sum().cast("int64")).order_by("isrc")
        )
        return [Sum(**row) for row in connection.to_pyarrow(grouped).to_pylist()]


def repeated_transactions(lines: Path, most: int) -> list[tuple[str, int]]:
    """SalesTransactionIds that are there more than once, each with the line of its second appearance."""
    with engine() as connection:
        table = connection.read_parquet(lines)
        numbered = table.mutate(
            nth=ibis.row_number().over(ibis.window(group_by="transaction_id", order_by="line"))
        ).filter(ibis._.nth == 1)
        rows = connection.to_pyarrow(numbered.order_by("line").limit(most)["transaction_id", "line"]).to_pylist()
        return [(row["transaction_id"], row["line"]) for row in rows]


def cut(lines: Path, codes: Collection[str], target: Path, *, others: Collection[str] | None = None) -> None:
    """Write the lines of `codes`; with `others`, those too whose ISRC is not among them (or that have none)."""
    with engine() as connection:
        table = connection.read_parquet(lines)
        wanted = ibis.memtable(pa.table({"isrc": pa.array(sorted(codes), pa.string())}))
        kept = table.semi_join(wanted, "isrc")
        if others is not None:
            known = ibis.memtable(pa.table({"isrc": pa.array(sorted({*codes, *others}), pa.string())}))
            kept = kept.union(table.anti_join(known, "isrc"))
        connection.to_parquet(kept.order_by("line"), target)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a split came to: minor units and lines for each payee (None: held, no recording matches)."""

    payees: Mapping[str | None, tuple[int, int]]


def split(lines: Path, shares: Sequence[Mapping[str, Any]], minor: int, total: int, target: Path) -> Outcome:
    """Price lines and split them, see `pricing.priced`; one row for each line and payee goes to `target`."""
    with engine() as connection:
        table = connection.read_parquet(lines)
        owed = ibis.memtable(pa.Table.from_pylist(list(shares), schema=_SHARES))
        connection.to_parquet(priced(table, owed, minor, total).order_by("line", "payee"), target)
        done = connection.read_parquet(target)
        grouped = done.group_by("payee").aggregate(minor=done.amount.sum().cast("int64"), lines=done.count())
        return Outcome(
            {row["payee"]: (row["minor"], row["lines"]) for row in connection.to_pyarrow(grouped).to_pylist()}
        )


def page(split_lines: Path, payee: str, after: int, most: int) -> list[dict[str, Any]]:
    """A payee's lines after line number `after`, in the order in which `split` wrote them."""
    wanted = pq.read_table(split_lines, filters=[("payee", "==", payee), ("line", ">", after)])
    rows: list[dict[str, Any]] = wanted.slice(0, most).to_pylist()
    return rows


def totals(split_lines: Sequence[Path], payee: str, by: str) -> list[dict[str, Any]]:
    """A payee's units, gross and amount over several files, by `file`, `territory` or `isrc`; the largest amount first."""
    with engine() as connection:
        parts = []
        for number, path in enumerate(split_lines):
            table = connection.read_parquet(path)
            parts.append(table.filter(table.payee == payee).mutate(file=ibis.literal(number)))
        whole = ibis.union(*parts) if len(parts) > 1 else parts[0]
        grouped = whole.group_by(by).aggregate(
            units=whole.units.sum().cast("int64"),
            gross=whole.gross.sum().cast("int64"),
            amount=whole.amount.sum().cast("int64"),
            title=whole.title.max(),
        )
        rows: list[dict[str, Any]] = connection.to_pyarrow(grouped.order_by(ibis.desc("amount"), by)).to_pylist()
        return rows

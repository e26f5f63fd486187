"""`./run bench import [--products N] [--file FILE.xml]`: how fast ONIX comes in, beside lxml that only reads the same file.

Bare lxml is `for _event, element in etree.iterparse(file): element.clear()`. Beside it, in the same run: the hub's reading
(the survey to the end of the file, then every record understood, checked, and fingerprinted for the day when it comes again),
and the whole import as the worker runs it, into a PostgreSQL such as `./run` starts (reading, comparing with what is listed,
writing, keeping every record, asking for translations). lxml that stops at Products alone is shown too; it sees nothing of
what is in them.

Prints a table, and one JSON object as its last line: `ratio` is the whole import against bare lxml (how many times as long it
takes), `read_ratio` the reading alone; `memory_mb` is the most that worker and reader
together hold above the idle worker.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lxml import etree
from rich.console import Console
from rich.table import Table

from accounts import queries as accounts
from accounts import service as people
from banmao import migrate
from banmao.demo import works
from banmao.embedded import Cluster
from banmao.processes import running_worker, spare_the_collector
from catalog.formats.onix import reader
from catalog.imports import queries as queries
from catalog.imports import service as imports
from catalog.imports.models import Import
from hub.runtime import Runtime
from hub.security import Caller
from hub.settings import Settings

PRODUCTS = 10_000
ROUNDS = 3
MB = 1024 * 1024
PRODUCT = """
  <Product>
    <RecordReference>org.example.{number}</RecordReference><NotificationType>03</NotificationType>
    <RecordSourceType>01</RecordSourceType><RecordSourceName>Guilin</RecordSourceName>
    <ProductIdentifier><ProductIDType>03</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>
    <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>
    <DescriptiveDetail>
      <ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm><ProductFormDetail>B106</ProductFormDetail>
      <Measure><MeasureType>01</MeasureType><Measurement>210</Measurement><MeasureUnitCode>mm</MeasureUnitCode></Measure>
      <Measure><MeasureType>02</MeasureType><Measurement>148</Measurement><MeasureUnitCode>mm</MeasureUnitCode></Measure>
      <TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
        <TitleText>{title} {number}</TitleText></TitleElement></TitleDetail>
      <Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
        <PersonName>{author}</PersonName><BiographicalNote>{note}</BiographicalNote></Contributor>
      <EditionNumber>2</EditionNumber>
      <Language><LanguageRole>01</LanguageRole><LanguageCode>chi</LanguageCode></Language>
      <Extent><ExtentType>00</ExtentType><ExtentValue>320</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>
      <Subject><MainSubject/><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier><SubjectSchemeVersion>1.5</SubjectSchemeVersion>
        <SubjectCode>FBC</SubjectCode></Subject>
      <Subject><SubjectSchemeIdentifier>10</SubjectSchemeIdentifier><SubjectCode>FIC004000</SubjectCode></Subject>
      <Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier><SubjectHeadingText>classics</SubjectHeadingText></Subject>
      <Audience><AudienceCodeType>01</AudienceCodeType><AudienceCodeValue>01</AudienceCodeValue></Audience>
    </DescriptiveDetail>
    <CollateralDetail>
      <TextContent><TextType>02</TextType><ContentAudience>00</ContentAudience><Text>{note}</Text></TextContent>
      <TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
        <Text textformat="05"><p>{text}</p><p>{note} {number}</p></Text></TextContent>
      <SupportingResource><ResourceContentType>01</ResourceContentType><ContentAudience>00</ContentAudience>
        <ResourceMode>03</ResourceMode><ResourceVersion><ResourceForm>02</ResourceForm>
        <ResourceLink>https://covers.example/{isbn}.jpg</ResourceLink></ResourceVersion></SupportingResource>
    </CollateralDetail>
    <PublishingDetail>
      <Imprint><ImprintName>Guilin</ImprintName></Imprint>
      <Publisher><PublishingRole>01</PublishingRole><PublisherName>Guilin</PublisherName></Publisher>
      <CountryOfPublication>CN</CountryOfPublication><PublishingStatus>04</PublishingStatus>
      <PublishingDate><PublishingDateRole>01</PublishingDateRole><Date dateformat="00">20240315</Date></PublishingDate>
      <SalesRights><SalesRightsType>01</SalesRightsType><Territory><CountriesIncluded>CN SG MY</CountriesIncluded></Territory>
      </SalesRights>
      <SalesRights><SalesRightsType>06</SalesRightsType><Territory><CountriesIncluded>US CA</CountriesIncluded></Territory>
      </SalesRights><ROWSalesRightsType>02</ROWSalesRightsType>
    </PublishingDetail>
    <ProductSupply><SupplyDetail><Supplier><SupplierRole>01</SupplierRole><SupplierName>Guilin</SupplierName></Supplier>
      <ProductAvailability>20</ProductAvailability><Price><PriceType>02</PriceType><PriceAmount>49.80</PriceAmount>
      <CurrencyCode>CNY</CurrencyCode></Price></SupplyDetail></ProductSupply>
  </Product>"""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench import", description="Products a second, beside bare lxml.")
    parser.add_argument("--products", type=int, default=PRODUCTS, help=f"how many to make up ({PRODUCTS})")
    parser.add_argument("--file", type=Path, help="an ONIX file of one's own instead")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="banmao-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        file = given.file or made_up(folder / "list.xml", given.products)
        told = measured(file, folder)
    console = Console(highlight=False, soft_wrap=True)
    console.print(_table(told))
    print(json.dumps({"bench": "import", **told}))
    return 0


def made_up(path: Path, count: int) -> Path:
    """A file like those of publishers: the demo's works over and over, numbered, with what a shop wants to know of them."""
    shelf = [work for work in works() if "zh" in work["titles"] and "zh" in work["descriptions"]]
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference"><Header><Sender>')
        file.write("<SenderName>Guilin</SenderName></Sender><SentDateTime>20261123T0900Z</SentDateTime></Header>")
        for number in range(count):
            work = shelf[number % len(shelf)]
            author = next((each["name"] for each in work.get("contributors", ())), "佚名")
            file.write(
                PRODUCT.format(
                    number=number,
                    isbn=isbn(number),
                    title=escaped(work["titles"]["zh"]),
                    author=escaped(author),
                    note=escaped(work["descriptions"]["zh"][:120]),
                    text=escaped(work["descriptions"]["zh"]),
                )
            )
        file.write("\n</ONIXMessage>\n")
    return path


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def isbn(number: int) -> str:
    digits = f"9787{number:08}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def measured(file: Path, folder: Path) -> dict[str, Any]:
    """Everything in one run: bare lxml and the reader by turns, then the whole import."""
    count = sum(1 for _ in bare(file, "{*}Product", "{*}product"))
    walks: dict[str, Callable[[], Iterator[object]]] = {
        "bare": lambda: bare(file),
        "stopping": lambda: bare(file, "{*}Product", "{*}product"),
        "survey": lambda: iter([_survey(file)]),
        "records": lambda: _records(file),
    }
    best = {name: min(_timed(walk) for _round in range(ROUNDS)) for name, walk in walks.items()}
    whole, memory, status = asyncio.run(imported(file, folder))
    # Once more around the import, so that a machine that has meanwhile become slower or faster is not held against either.
    best["bare"] = (best["bare"] + min(_timed(walks["bare"]) for _round in range(ROUNDS))) / 2
    read = best["survey"] + best["records"]
    return {
        "ratio": round(whole / best["bare"], 2),
        "read_ratio": round(read / best["bare"], 2),
        "products": count,
        "bytes": file.stat().st_size,
        "import_per_s": round(count / whole),
        "read_per_s": round(count / read),
        "bare_per_s": round(count / best["bare"]),
        "stopping_at_products_per_s": round(count / best["stopping"]),
        "memory_mb": round(memory / MB),
        "created": status,
    }


def bare(file: Path, *tags: str) -> Iterator[object]:
    """lxml alone."""
    for _event, element in etree.iterparse(str(file), **({"tag": tags} if tags else {})):
        yield None
        element.clear()


def _survey(file: Path) -> int:
    with file.open("rb") as opened:
        return reader.count(opened)


def _records(file: Path) -> Iterator[object]:
    with file.open("rb") as opened:
        yield from reader.records(opened, date(2026, 11, 23))


def _timed(walk: Callable[[], Iterator[object]]) -> float:
    began = time.perf_counter()
    for _each in walk():
        pass
    return time.perf_counter() - began


async def imported(file: Path, folder: Path) -> tuple[float, int, int]:
    """Seconds of the whole import into a PostgreSQL of its own, bytes of memory above idle at its highest, works listed."""
    cluster = Cluster(folder / "postgres")
    cluster.start()
    try:
        migrate.upgrade(cluster.owner_url)
        spare_the_collector()
        settings = Settings(data=folder / "data")
        async with running_worker(settings, cluster.app_url) as runtime:
            caller = await _publisher(runtime)
            row = await _received(runtime, caller, file)
            with highest() as memory:
                began = time.perf_counter()
                await imports.run(runtime, row.id, row.organization_id)
                spent = time.perf_counter() - began
            async with runtime.database.transaction(caller, read_only=True) as tx:
                done = await queries.catalog_import(tx.session, row.id)
            assert done is not None
            assert done.status == "DONE", done.problems
            return spent, memory[0], done.created
    finally:
        cluster.stop()


async def _publisher(runtime: Runtime) -> Caller:
    async with runtime.database.transaction() as tx:
        session = tx.session
        house = await people.found_organization(
            session, slug="guilin", kind="PUBLISHER", country="CN", names={"zh": "桂林"}, original="zh", territories=()
        )
        person = await people.add_person(
            session, email="wei@guilin.example", name="Wei", language="zh", password_hash="-"
        )
        await people.add_member(session, person.id, house.id, ["ADMIN"])
        issued = await people.issue_token(session, person.id, house.id, "SESSION", 1)
        caller = await accounts.caller_of(session, issued.token)
    assert caller is not None
    return caller


class _Upload:
    """A file as a form would send it."""

    def __init__(self, path: Path) -> None:
        self.filename = path.name
        self.file = path.open("rb")

    async def read(self, size: int = -1, /) -> bytes:
        return self.file.read(size)


async def _received(runtime: Runtime, caller: Caller, file: Path) -> Import:
    async with runtime.database.transaction(caller) as tx:
        return await imports.receive(tx.session, runtime, caller, _Upload(file), file_format="ONIX", dry_run=False)


@contextmanager
def highest() -> Iterator[list[int]]:
    """The most memory that this process and its children hold above what it held before, in bytes.

    Looked at a hundred times a second; what is shared by both is counted twice.
    """
    before, found, over = _resident(), [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            found[0] = max(found[0], _resident() - before)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield found
    finally:
        over.set()
        watching.join()


def _resident() -> int:
    processes = ["self"]
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # a thread that has just ended
            processes += (thread / "children").read_text().split()
    pages = 0
    for process in processes:
        with suppress(OSError):
            pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _table(told: dict[str, Any]) -> Table:
    table = Table(title=f"{told['products']:,} products, {told['bytes'] / MB:.0f} MB, {datetime.now(UTC):%Y-%m-%d}")
    for heading in ("", "products/s", "times bare lxml"):
        table.add_column(heading, justify="left" if not heading else "right")
    base = told["bare_per_s"]
    for name, key in (
        ("lxml, stopping at Products alone", "stopping_at_products_per_s"),
        ("bare lxml", "bare_per_s"),
        ("reading: survey and records", "read_per_s"),
        ("the whole import", "import_per_s"),
    ):
        table.add_row(name, f"{told[key]:,}", f"{base / told[key]:.2f}")
    table.caption = f"memory above idle: {told['memory_mb']} MB"
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

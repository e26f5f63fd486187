"""Lists of titles for tests, as workbooks and delimited text."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

HEADINGS = ("Your key", "Title", "Original language", "ISBN", "Contributors", "Year of publication", "Rights")
SANGUO = ("k1", "三国演义", "zh", "9787020002207", "罗贯中 (Author)", "1522", "World ex US,CA; L || US,CA; L ex spa")
LIAOZHAI = ("k2", "聊斋志异", "Chinese", "9787020008735", "蒲松龄", "1766", "")


def workbook(rows: Iterable[Sequence[Any]], *, merged: Sequence[str] = (), sheet: str = "Titles") -> bytes:
    """A workbook as openpyxl writes it; a value that begins with = is a formula without a result."""
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    for area in merged:
        book.active.merge_cells(area)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def delimited(rows: Iterable[Sequence[Any]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def long_workbook(rows: int) -> bytes:
    """Rows with formulas and their results, every tenth merged with the next, written by hand: no library is quick enough."""
    names = ["Your key", "Title", "Original language", "ISBN"]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _FRAME.items():
            archive.writestr(name, part)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1">'.encode())
            sheet.write("".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in names).encode() + b"</row>")
            for row in range(2, rows + 2):
                sheet.write(
                    f'<row r="{row}"><c r="A{row}" t="str"><f>"K"&amp;ROW()</f><v>K{row}</v></c>'
                    f'<c r="B{row}" t="inlineStr"><is><t>书 {row}</t></is></c>'
                    f'<c r="C{row}" t="inlineStr"><is><t>zh</t></is></c></row>'.encode()
                )
            sheet.write(b"</sheetData><mergeCells>")
            sheet.write("".join(f'<mergeCell ref="B{row}:B{row + 1}"/>' for row in range(2, rows, 10)).encode())
            sheet.write(b"</mergeCells></worksheet>")
    return content.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_FRAME = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="a" Type="{_OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="b"/></sheets>'
    "</workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="b" Type="{_OFFICE}/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>',
}

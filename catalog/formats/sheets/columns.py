"""The columns of a list of titles: what each is called in ten languages, and which of them a row of names names.

A column is known by its key: `reference`, `title`, `title:th` (the title in Thai), `identifier:ISBN`, `role:aut`, `right:PRINT`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Final

from catalog import naming
from catalog.formats.problems import FileRefused, Problem
from catalog.formats.sheets.grid import Grid, Row, Table, letters
from catalog.identifiers import SCHEMES
from catalog.phrases import Language
from catalog.rights import RIGHTS_BY_KIND, RightType
from hub.i18n import LANGUAGES, Message, _
from hub.vocabulary import RIGHTS, ROLES

HEADER_WITHIN: Final = 40
"""Rows that are looked through for the names of columns."""
REMARK: Final = "remark"
"""The column that the hub adds to a file which it hands back; it is passed over when the file returns."""
COMMENT: Final = "#"
"""A row whose first cell starts so is no title: the example of the template is one."""
STATUS: Final = "status"
"""The column in which an export says what is published. It changes nothing when it comes back: a person publishes."""
UNREAD: Final = frozenset({REMARK, STATUS})

HEADERS: Final[dict[str, Message]] = {
    "reference": _("Your key"),
    "kind": _("Kind"),
    "original_language": _("Original language"),
    "title": _("Title"),
    "contributors": _("Contributors"),
    "subjects": _("Subjects"),
    "year": _("Year of publication"),
    "country": _("Country of origin"),
    "description": _("Description"),
    "rights": _("Rights"),
    "rights_from": _("Rights from"),
    "rights_until": _("Rights until"),
    "exclusive": _("Exclusive"),
    "held_back": _("Holdbacks"),
    STATUS: _("State"),
    REMARK: _("What to correct"),
}
TITLE_IN: Final = _("Title in %(language)s")
DESCRIPTION_IN: Final = _("Description in %(language)s")
RIGHT_IN: Final = _("Rights: %(right)s")

_ALIASES: Final = {
    "reference": (
        "key | record key | record reference | recordreference | sku | id | reference | ref | "
        "internal id | 编号 | 记录号 | mã | รหัส | kode"
    ),
    "kind": "type | format | category | work type | 类型 | 类别 | loại | ประเภท | jenis",
    "original_language": (
        "language | lang | original lang | source language | 语言 | 语种 | 原文语言 | 原著语种 | ngôn ngữ | "
        "ภาษา | bahasa"
    ),
    "title": (
        "original title | name | book title | 书名 | 题名 | 作品名 | 原书名 | 标题 | tên sách | tựa đề | "
        "nhan đề | ชื่อ | ชื่อหนังสือ | judul | tajuk | pamagat"
    ),
    "contributors": "creators | creator | people | credits | contributor | 贡献者 | 主要责任者",
    "subjects": (
        "subject | thema | thema code | thema codes | bisac | genre | genres | keywords | 主题 | "
        "分类 | thể loại | หมวดหมู่ | subjek"
    ),
    "year": (
        "year | pub year | publication year | publication date | pub date | date | "
        "first published | 出版年 | 出版日期 | 出版时间 | năm xuất bản | ปีพิมพ์ | tahun"
    ),
    "country": "country | country of publication | 国家 | 国别 | quốc gia | ประเทศ | negara",
    "description": (
        "blurb | summary | synopsis | long description | short description | 简介 | 内容简介 | mô tả | "
        "giới thiệu | เรื่องย่อ | deskripsi | sinopsis"
    ),
    "rights": (
        "rights available | available rights | rights held | rights sold by us | 版权 | 授权 | "
        "可售权利 | quyền | สิทธิ์ | hak"
    ),
    "rights_from": "from | start | start date | rights start | license start | 开始日期 | 起始日期",
    "rights_until": "until | to | end | end date | rights end | license end | expiry | 结束日期 | 到期日",
    "exclusive": "exclusivity | 是否独家",
    "held_back": "held back | holdback | holdback territories | reserved rights | not for sale | 保留 | 保留权利",
    "status": "status | publication status | 发布状态 | 出版状态 | trạng thái xuất bản",
    "remark": "banmao",
    "role:aut": (
        "author | authors | author(s) | by | writer | 作者 | 著者 | 著 | tác giả | ผู้แต่ง | ผู้เขียน | pengarang | penulis"
    ),
    "role:ill": "illustrators | artist | 插画 | 绘者 | 绘",
    "role:trl": "translators | 译者 | người dịch | ผู้แปล",
    "identifier:ISBN": "isbn13 | isbn-13 | isbn 13 | isbn10 | isbn-10 | isbns | 书号 | 国际标准书号",
    "identifier:GTIN": "ean | ean13 | upc | barcode | 条码",
    "right:PRINT": "print rights | print-rechte | translation rights | volume rights",
    "right:EBOOK": "digital rights | ebook rights | digitale rechte",
    "right:AUDIOBOOK": "audio rights | audio",
    "right:LARGE_PRINT": "large print rights",
    "right:SERIAL": "first serial rights | serial rights | first serialisation",
}
_PARTED: Final = re.compile(r"(.+?)\s*[(（\[【:：_/|–-]\s*([^()（）\[\]【】]+?)\s*[)）\]】]?")
OWN_RIGHTS: Final = (*RIGHTS_BY_KIND["BOOK"], *RIGHTS_BY_KIND["COMIC"])
"""Rights that have a column of their own in the template; the others are named in the column of rights."""


def header(key: str) -> Message:
    """What a column is called."""
    what, _colon, which = key.partition(":")
    match what, which:
        case "title", tag if tag:
            return TITLE_IN.filled(language=Language(tag, within=True))
        case "description", tag if tag:
            return DESCRIPTION_IN.filled(language=Language(tag, within=True))
        case "right", right:
            return RIGHT_IN.filled(right=RIGHTS[right])
        case "role", code:
            return ROLES[code]
        case "identifier", scheme:
            return Message("%(scheme)s", params={"scheme": scheme})
    return HEADERS[key]


TEMPLATE: Final[tuple[str, ...]] = (
    "reference",
    "kind",
    "original_language",
    "title",
    *(f"title:{tag}" for tag in LANGUAGES),
    "contributors",
    *(f"identifier:{scheme}" for scheme in SCHEMES),
    "subjects",
    "year",
    "country",
    "description",
    *(f"description:{tag}" for tag in LANGUAGES),
    "rights",
    *(f"right:{right}" for right in OWN_RIGHTS),
    "rights_from",
    "rights_until",
    "exclusive",
    "held_back",
)
"""The keys of the template's columns, in their order."""


@cache
def _known() -> naming.Names:
    """Column keys by every name; what people also call them, where no column is called so."""
    named = [(header(key).render(language), key) for key in (*HEADERS, *TEMPLATE) for language in LANGUAGES]
    others = [f"role:{code}" for code in ROLES] + [f"right:{right}" for right in RightType]
    also = [(header(key).render(language), key) for key in others for language in LANGUAGES]
    also += [(name, key) for key, listed in _ALIASES.items() for name in listed.split(" | ")]
    also += [(RIGHTS[right].render(language), f"right:{right}") for right in RightType for language in LANGUAGES]
    taken = {naming.level(name) for name, _key in named}
    return naming.Names([*named, *((name, key) for name, key in also if naming.level(name) not in taken)], HEADERS)


def key_of(name: str) -> str | None:
    """The key of the column that `name` heads: by a name of its own, or `title (th)`, `Title: Thai`, `isbn_2`."""
    found = _known().find(name)
    if found is not None:
        return found
    parts = _PARTED.fullmatch(name.strip())
    if parts is None:
        return None
    what, which = _known().find(parts[1]), parts[2]
    if what in ("title", "description"):
        tag = naming.work_language(which)
        return f"{what}:{tag}" if tag else None
    return None


@dataclass(slots=True)
class Layout:
    """Which table, which of its rows names the columns, and what each column is. `names`: as the file writes them."""

    table: Table
    row: int
    keys: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def column(self, key: str) -> int | None:
        return next((column for column, found in self.keys.items() if found == key), None)


def layout_of(grid: Grid) -> Layout:
    """The table that is headed best, the first of several. FileRefused where none has a title's or an identifier's column."""
    best: tuple[int, Layout] | None = None
    tables = grid.tables()
    for table in tables:
        for row in islice(grid.rows(table), HEADER_WITHIN):
            found = _read(table, row)
            known = {key.partition(":")[0] for key in found.keys.values()}
            score = len(found.keys) if known & {"title", "identifier", "reference"} and len(found.keys) > 1 else 0
            if score and (best is None or score > best[0]):
                best = (score, found)
    if best is None:
        raise FileRefused(Problem("SHEET_NO_HEADER"))
    layout = best[1]
    if (status := layout.column(STATUS)) is not None:
        layout.problems.append(Problem("SHEET_STATUS", layout.row, layout.names[status]))
    unread = [table.name for table in tables if table is not layout.table]
    layout.problems += list(_passed_over(layout, unread))
    return layout


def _read(table: Table, row: Row) -> Layout:
    layout = Layout(table, row.number)
    seen: set[str] = set()
    for column, cell in sorted(row.cells.items()):
        layout.names[column] = " ".join(cell.text.split())
        key = key_of(cell.text)
        if key is None:
            continue
        if key in seen and not key.startswith(("identifier:", "role:", "subjects", "contributors")):
            layout.problems.append(Problem("SHEET_COLUMN_TWICE", row.number, layout.names[column]))
            continue
        seen.add(key)
        layout.keys[column] = key
    return layout


def _passed_over(layout: Layout, sheets: list[str]) -> Iterator[Problem]:
    unknown = [name or letters(column) for column, name in layout.names.items() if column not in layout.keys]
    if unknown:
        yield Problem("SHEET_COLUMNS_UNKNOWN", layout.row, None, {"value": ", ".join(unknown)[:300]})
    if sheets and layout.table.name:
        yield Problem("SHEET_OTHERS", layout.row, None, {"value": layout.table.name[:100]})

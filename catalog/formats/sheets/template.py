"""The empty list of titles, in each of the ten languages: names of columns, an example, choices, a sheet of notes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from catalog import naming
from catalog.formats.readers import XLSX
from catalog.formats.sheets.columns import OWN_RIGHTS, TEMPLATE, header
from catalog.phrases import Language
from hub.formats import territory
from hub.i18n import LANGUAGES, Message, Renderable, _
from hub.vocabulary import KINDS, ROLES

MEDIA_TYPES: Final = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
SHEET: Final = _("Titles")
NOTES_SHEET: Final = _("Notes")
CHOICES_SHEET: Final = _("Choices")
ROWS: Final = 2_000
"""Rows below the names that offer choices and keep codes as text."""
EXAMPLE: Final = _("# Example: write over this row or leave it")
NOTES: Final[dict[str, Message]] = {
    "reference": _(
        "Your own key of the title, always the same. The hub knows the title by it when the list comes again."
    ),
    "kind": _("Book, comic, music or animation."),
    "original_language": _(
        "The language in which the work was first written: its name, or a code such as zh, vie or tha."
    ),
    "title": _("The title in its original language. Translations of it go into the columns of their languages."),
    "contributors": _("Name [name in its own script] (role); next name (role). Without a role, the author."),
    "identifier": _(
        "Several codes are parted by semicolons. Format the column as text: numbers lose their last digits."
    ),
    "subjects": _("Thema codes or their names, parted by semicolons."),
    "year": _("The year of first publication in the Common Era, or a date."),
    "country": _("The country where the work was first published: its name, or two letters such as VN."),
    "description": _("The blurb in the original language. Translations of it go into the columns of their languages."),
    "rights": _(
        "Territories; languages; more, if needed: %(example)s. L is every language, ex leaves out, || begins the next part."
    ),
    "rights_from": _("The first day of the rights, as 2026-01-31. If empty, they begin on the day of the import."),
    "rights_until": _("The last day of the rights. If empty, they have no end."),
    "exclusive": _("Yes, or no for rights that others hold too. If empty, yes."),
    "held_back": _(
        "What is not for sale for now, written like the rights: %(example)s. If it names no right, it keeps all of them."
    ),
}
GENERAL: Final = (
    _("One row is one title. An empty cell changes nothing. Rows that begin with # are passed over."),
    _("Columns may stand in any order or be missing; their names may be in any of the ten languages."),
    _("Nothing is taken over before you have seen what would become of each row and confirmed it."),
)
GRAMMAR: Final = "World ex US,CA; L || US,CA; L ex spa"
HELD: Final = "VN; L; EBOOK; ..2026-12-31"
_EXAMPLE: Final[dict[str, str]] = {
    "title": "三国演义",
    "title:en": "Romance of the Three Kingdoms",
    "title:vi": "Tam quốc diễn nghĩa",
    "title:th": "สามก๊ก",
    "identifier:ISBN": "978-7-02-000220-7",
    "subjects": "FV",
    "year": "1522",
    "rights": GRAMMAR,
    "rights_from": "2026-01-01",
    "rights_until": "2031-12-31",
    "held_back": HELD,
}


def note(key: str) -> Message | None:
    """What to write in a column."""
    what = key.partition(":")[0]
    found = NOTES.get({"right": "rights"}.get(what, what))
    shown = {"right": GRAMMAR, "rights": GRAMMAR, "held_back": HELD}.get(what)
    return found.filled(example=shown) if found is not None and shown else found


def example(key: str, language: str) -> str:
    """The cell of the example row."""
    match key:
        case "reference":
            return EXAMPLE.render(language)
        case "kind":
            return KINDS["BOOK"].render(language)
        case "original_language":
            return Language("zh").render(language)
        case "country":
            return territory("CN", language)
        case "contributors":
            return f"罗贯中 ({ROLES['aut'].render(language)})"
        case "exclusive":
            return naming.YES.render(language)
    return _EXAMPLE.get(key, "")


@cache
def made(language: str, suffix: str) -> bytes:
    """The template as `xlsx` or `csv`."""
    return _workbook(language) if suffix == "xlsx" else _delimited(language)


def _delimited(language: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([header(key).render(language) for key in TEMPLATE])
    writer.writerow([example(key, language) for key in TEMPLATE])
    return text.getvalue().encode("utf-8-sig")


def _workbook(language: str) -> bytes:
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = SHEET.render(language)[:31]
    for column, key in enumerate(TEMPLATE, 1):
        _head(sheet, column, key, language)
        cell = sheet.cell(2, column, example(key, language))
        cell.font, cell.number_format = Font(italic=True, color="FF6B7280"), "@"
    sheet.freeze_panes = "B2"
    sheet.row_dimensions[1].height = 34
    choices = book.create_sheet(CHOICES_SHEET.render(language)[:31])
    _offer(sheet, choices, language)
    _tell(book.create_sheet(NOTES_SHEET.render(language)[:31]), language)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _head(sheet: Worksheet, column: int, key: str, language: str) -> None:
    cell = sheet.cell(1, column, header(key).render(language))
    needed = key in {"title", "original_language"}
    cell.font = Font(bold=True, color="FFFFFFFF")
    cell.fill = PatternFill("solid", fgColor="FFB23A2E" if needed else "FF18242B")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    if (words := note(key)) is not None:
        cell.comment = Comment(words.render(language), "Banmao", width=320, height=120)
    wide = key.partition(":")[0] in {"title", "description", "contributors", "rights", "held_back", "reference"}
    dimension = sheet.column_dimensions[get_column_letter(column)]
    dimension.width, dimension.number_format = (28 if wide else 18), "@"


def _offer(sheet: Worksheet, choices: Worksheet, language: str) -> None:
    """Lists to choose from in the columns whose values are closed."""
    closed: dict[str, Sequence[Renderable]] = {
        "kind": list(KINDS.values()),
        "original_language": [Language(tag) for tag in LANGUAGES],
        "exclusive": [naming.YES, naming.NO],
    }
    for place, (key, values) in enumerate(closed.items(), 1):
        letter = get_column_letter(place)
        _column(choices, place, [header(key).render(language), *(value.render(language) for value in values)])
        area = f"'{choices.title}'!${letter}$2:${letter}${len(values) + 1}"
        offered = DataValidation(
            type="list", formula1=area, allow_blank=True, showErrorMessage=key != "original_language"
        )
        sheet.add_data_validation(offered)
        column = get_column_letter(TEMPLATE.index(key) + 1)
        offered.add(f"{column}3:{column}{ROWS}")
    choices.column_dimensions["A"].width = choices.column_dimensions["B"].width = 28


def _column(sheet: Worksheet, column: int, values: Iterable[str]) -> None:
    for row, value in enumerate(values, 1):
        sheet.cell(row, column, value)


def _tell(notes: Worksheet, language: str) -> None:
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 32, 96
    lines: list[tuple[str, str]] = [("", words.render(language)) for words in GENERAL]
    for key in dict.fromkeys(key.partition(":")[0] if key.startswith("identifier") else key for key in TEMPLATE):
        words = note(key)
        if words is not None and (":" not in key or key == f"right:{OWN_RIGHTS[0]}"):
            name = "ISBN, ISMN, ISRC …" if key == "identifier" else header(key).render(language)
            lines.append((name, words.render(language)))
    for row, (name, words_said) in enumerate(lines, 1):
        notes.cell(row, 1, name).font = Font(bold=True)
        notes.cell(row, 2, words_said).alignment = Alignment(wrap_text=True, vertical="top")

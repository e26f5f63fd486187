"""Problems of imported files, said in the reader's language. They are kept as codes and facts, never as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.facts import FAULTS
from catalog.formats.problems import Problem
from catalog.grammar.clauses import Expected
from catalog.identifiers import Fault
from hub.formats import Language
from hub.i18n import Message, _

SENTENCES: dict[str, Message] = {
    "XML_MALFORMED": _(
        "The file is not well-formed XML or was cut off: %(detail)s. Nothing was imported. Export it again and send it whole."
    ),
    "XML_ENCODING": _(
        "The file's letters do not match the encoding that it names. Nothing was imported. Export it again as UTF-8."
    ),
    "XML_ENTITIES": _(
        "The file uses XML entities, which the hub does not open. Nothing was imported. Write the letters themselves, as UTF-8."
    ),
    "XML_TOO_LARGE": _(
        "One record of the file is larger than %(limit)s megabytes or nested too deeply. Nothing was imported. Split or mend it."
    ),
    "ONIX_NOT_ONIX": _(
        "This is XML, but no ONIX message. Nothing was imported. Send a file that starts with ONIXMessage."
    ),
    "ONIX_VERSION": _("This is ONIX %(value)s; the hub reads 3.0 and 3.1. Nothing was imported. Export it as ONIX 3."),
    "ONIX_EMPTY": _("The message holds no products. Nothing was imported."),
    "ONIX_MIXED_TAGS": _(
        "The tag %(value)s does not belong to the kind of tags, reference or short, that the message uses."
        " The record was left out."
    ),
    "ONIX_UNKNOWN_TAG": _("ONIX 3 has no tag %(value)s. It was passed over."),
    "ONIX_REFERENCE_MISSING": _("The record has no RecordReference of at most 255 letters. It was left out."),
    "ONIX_REFERENCE_TWICE": _(
        "The RecordReference %(reference)s comes twice in this file. The first record was taken, this one was left out."
    ),
    "ONIX_CODE": _("“%(value)s” is not in code list %(list)s of ONIX. Correct the code and send the record again."),
    "ONIX_IDENTIFIER": _(
        "“%(value)s” is not a valid %(scheme)s. The record was left out. Correct it and send it again."
    ),
    "ONIX_IDENTIFIER_TAKEN": _(
        "The %(scheme)s %(value)s belongs to another of your titles. The record was left out. Correct one of the two."
    ),
    "ONIX_IDENTIFIER_TWICE": _(
        "The %(scheme)s %(value)s comes in two records of this file. The first was taken, this one was left out."
    ),
    "ONIX_LANGUAGE_MISSING": _("The record does not say in which language its text is. It was left out."),
    "ONIX_TITLE_MISSING": _("The record has no distinctive title (TitleType 01). It was left out."),
    "ONIX_DATE": _("“%(value)s” is not a date that ONIX allows. It was passed over."),
    "ONIX_SUBJECT": _("“%(value)s” is not a subject code. It was passed over."),
    "ONIX_TERRITORY": _(
        "“%(value)s” is no territory that rights can be granted in. These sales rights were left out; add them by hand."
    ),
    "ONIX_RIGHTS_LANGUAGE": _(
        "Rights cannot be granted in the language “%(value)s”. The sales rights were left out; add them by hand."
    ),
    "ONIX_RIGHTS_RESTRICTED": _(
        "Sales rights of type %(value)s carry a restriction in words. They were left out; read them and add them by hand."
    ),
    "ONIX_FORM": _(
        "A product of the form %(value)s gives no right that is traded here. Its sales rights were left out."
    ),
    "RECORD_MAY_BE_LISTED": _(
        "This may be a title that you list already. It waits among the possible doubles until you decide."
    ),
    "RECORD_LEFT_OUT_BEFORE": _("You have left this record out before. It was left out again."),
    "ONIX_TEST_RECORD": _("This is a test record. It was left out."),
    "ONIX_NOTICE": _("Notices of sale and of acquisition of a title are not acted on. Do that by hand."),
    "ONIX_GONE": _("The record says that the title is cancelled, or no longer yours. It was left out."),
    "ONIX_NOTHING_TO_DELETE": _("The record asks to delete a title that you do not list. Nothing was done."),
    "ONIX_NOTHING_TO_UPDATE": _("The record updates part of a title that you do not list. It was left out."),
    "ZIP_BROKEN": _(
        "The archive cannot be read: it is broken or was cut off. Nothing was imported. Make it again and send it whole."
    ),
    "ZIP_BOMB": _(
        "The archive is larger inside than %(limit)s megabytes, or grows out of all measure. Nothing was imported."
    ),
    "ZIP_ENCRYPTED": _("The archive is locked with a password. Nothing was imported. Send it without one."),
    "FIELD_MISSING": _("%(value)s is missing. The title was left out. Fill it in and send the file again."),
    "DATE_UNREAD": _("“%(value)s” is not a date. The title was left out. Write the date as 2026-01-31."),
    "END_BEFORE_START": _("The period ends before it starts. The title was left out. Correct the start or the end."),
    "TERRITORY_UNKNOWN": _(
        "“%(value)s” is no territory that the hub knows. The title was left out. Use a country's two letters such as VN."
    ),
    "NOTHING_LEFT": _(
        "All the territories of this offer are excluded again. The title was left out. Correct one of the two."
    ),
    "LANGUAGE_UNKNOWN": _(
        "“%(value)s” is no language that rights can be granted in. The title was left out. Use a tag such as vi, zh or fil."
    ),
    "LANGUAGE_GUESSED": _(
        "The file does not say in which language the title is. It was taken for %(language)s; please check."
    ),
    "AVAILS_NOT_AVAILS": _("These are no Avails: no sheet with their columns, no AvailList. Nothing was imported."),
    "AVAILS_BROKEN": _("The workbook cannot be read. Nothing was imported. Save it again as XLSX and send it whole."),
    "AVAILS_VERSION": _(
        "These are Avails of version %(value)s; the hub reads workbooks from 1.7 to 1.9 and XML from 2.2 to 2.7."
        " Nothing was imported."
    ),
    "AVAILS_MIXED_VERSIONS": _(
        "The file mixes versions of Avails: %(value)s. Nothing was imported. Send one version at a time."
    ),
    "AVAILS_SHEET": _("The sheet %(value)s holds no Avails. It was passed over."),
    "AVAILS_COLUMN": _("Avails have no column %(value)s. It is kept and written out again, and means nothing here."),
    "AVAILS_ALID_TWICE": _(
        "The ALID %(reference)s comes twice in this file. The first was taken, this one was left out."
    ),
    "AVAILS_ENTRY_TYPE": _(
        "“%(value)s” is no EntryType. The title was left out. Use Full Extract, Full Delete, Create, Update or Delete."
    ),
    "AVAILS_MIXED": _(
        "One ALID stands for works of several types: %(value)s. The title was left out. Give each its own ALID."
    ),
    "AVAILS_LICENSE_TYPE": _(
        "LicenseType %(value)s gives no right that is traded here. The line is kept, without a right."
    ),
    "AVAILS_STATUS": _("The line is marked %(value)s. It is kept, without a right."),
    "AVAILS_CONDITION": _(
        "“%(value)s” is an event without a date. The line is kept, without a right. Give the day once it is known."
    ),
    "AVAILS_SUBDIVISION": _(
        "%(value)s is part of a country. Rights are granted for whole countries, so no right was taken for it."
    ),
    "AVAILS_HOLE": _("%(value)s is excluded, which is part of a country. So no right was taken for that country."),
    "AVAILS_IDLE_EXCLUSION": _(
        "%(value)s is excluded from territories that do not hold it. Nothing changes by that; please check."
    ),
    "AVAILS_LANGUAGE_REGION": _(
        "Rights are granted in a language, not in a region of it: %(value)s was taken for the language."
    ),
    "AVAILS_LANGUAGE_HELD": _("%(value)s is both allowed and held back. It is held back."),
    "AVAILS_ROWS": _("A sheet has no room for %(count)s windows. Export fewer titles at a time, or export XML."),
    "AVAILS_EIDR": _(
        "The check character of the EIDR %(value)s is wrong. It was passed over. Copy it again from its source."
    ),
    "NOT_WHOLE": _(
        "%(count)s records cannot be taken, and you chose to take all of the file or nothing. Nothing was imported."
        " Correct them, or take over the good part."
    ),
    "SHEET_NOT_XLSX": _(
        "This is no Excel workbook. Nothing was imported. Save the list as .xlsx or as CSV and send it again."
    ),
    "SHEET_OLD_OR_LOCKED": _(
        "The workbook is locked with a password or has the old form .xls. Nothing was imported."
        " Save it as .xlsx without a password."
    ),
    "SHEET_DAMAGED": _(
        "The workbook is damaged (%(detail)s). Nothing was imported. Open it, save it under another name and send that."
    ),
    "SHEET_TOO_LARGE": _(
        "The table is larger than the hub reads: more than a million rows, or a row without end. Nothing was imported."
        " Split the list into several files."
    ),
    "SHEET_NO_SHEET": _(
        "The workbook has no sheet that can be seen. Nothing was imported. Send the one with your titles."
    ),
    "SHEET_NO_HEADER": _(
        "No row names columns that the hub knows, such as Title and ISBN. Nothing was imported. Put names over your columns,"
        " or start from the template."
    ),
    "SHEET_EMPTY": _("There is no title below the names of the columns. Nothing was imported."),
    "SHEET_ENCODING": _(
        "The letters of this file cannot be told for certain. Nothing was imported. Save it as CSV in UTF-8, or as .xlsx."
    ),
    "SHEET_NOT_TEXT": _("This file is no table in text form. Nothing was imported. Send the list as .xlsx or as CSV."),
    "SHEET_QUOTES": _(
        "A quotation mark is opened here and never closed. Nothing was imported. Close it, or save the list as .xlsx."
    ),
    "SHEET_COLUMN_TWICE": _("This column stands in the list twice. Only the first one was read."),
    "SHEET_COLUMNS_UNKNOWN": _("These columns are not known and were passed over: %(value)s."),
    "SHEET_STATUS": _(
        "This column was passed over: a person publishes titles and withdraws them. New titles are drafts."
    ),
    "SHEET_OTHERS": _("Only the sheet %(value)s was read. Send the titles of other sheets in files of their own."),
    "SHEET_KEY_TWICE": _(
        "Row %(line)s has the same key, or names the same title. The first row was taken, this one was left out."
    ),
    "SHEET_TITLE_MISSING": _("The row has no title in the original language. It was left out."),
    "SHEET_LANGUAGE_MISSING": _("The row does not say in which language the title is. It was left out."),
    "SHEET_MERGED": _(
        "The cell is merged with another one and has no value of its own. Split the cells and fill in every row."
    ),
    "SHEET_FORMULA": _(
        "A formula stands here; its last result, “%(value)s”, was taken. Paste it as a value to be sure."
    ),
    "SHEET_FORMULA_EMPTY": _("A formula stands here, and its result is not in the file. Paste the result as a value."),
    "SHEET_CELL_ERROR": _("The cell shows the error %(value)s. Write the value itself."),
    "SHEET_TOO_LONG": _("This is longer than %(longest)s characters. Shorten it."),
    "SHEET_NOT_KNOWN": _("“%(value)s” is not known here. Use a name or a code as in the notes of the template."),
    "SHEET_NOT_KNOWN_NEAR": _("“%(value)s” is not known here. Is it “%(fix)s”?"),
    "SHEET_SCIENTIFIC": _(
        "The spreadsheet program has cut the last digits off: “%(value)s”. Format the column as text and enter the"
        " %(scheme)s again."
    ),
    "SHEET_IDENTIFIER": _(
        "“%(value)s” is not a valid %(scheme)s. The record was left out. Correct it and send it again."
    ),
    "SHEET_YEAR": _("“%(value)s” is not a year. Write it with four digits."),
    "SHEET_YEAR_SHORT": _("The year in “%(value)s” has only two digits. Write it with four."),
    "SHEET_YEAR_BUDDHIST": _(
        "“%(value)s” seems to be a year of the Buddhist era. Write the year of the Common Era; it may be %(near)s."
    ),
    "SHEET_SERIAL": _(
        "“%(value)s” is how a spreadsheet program counts days; it would be %(fix)s. Format the cell as a date or write it out."
    ),
    "SHEET_DAY": _("“%(value)s” is not a day. Write it as 2026-01-31."),
    "SHEET_DAY_AMBIGUOUS": _("“%(value)s” could be two days. Write it as 2026-01-31."),
    "SHEET_NO_ROOM": _("A cell has no room for all the rights of “%(value)s”. Export that title as ONIX."),
    "SHEET_RIGHTS": _("From letter %(position)s on, “%(value)s”: %(expected)s The rights of this row were left out."),
    "ERN_NOT_ERN": _(
        "This is XML, but no ERN message (NewReleaseMessage or PurgeReleaseMessage). Nothing was imported."
    ),
    "ERN_VERSION": _("This is ERN %(value)s; the hub reads 4.3, 4.3.1 and 4.3.2. Nothing was imported."),
    "ERN_NO_MESSAGE": _(
        "The archive holds no ERN message. Nothing was imported. Pack the XML together with its resources."
    ),
    "ERN_IDENTIFIER": _(
        "“%(value)s” is not a valid %(scheme)s. The release was left out. Ask its sender for a correct message."
    ),
    "ERN_REFERENCE": _("The message points to %(value)s, which it does not hold. The release was left out."),
    "ERN_REFERENCE_TWICE": _("%(value)s comes twice in the message. The release was left out."),
    "ERN_TERRITORIES": _("A deal says both where it holds and where it does not. The release was left out."),
    "ERN_USE": _("The use %(value)s gives no right that is traded here. It was passed over."),
    "ERN_VIDEO": _("The video %(value)s was not taken to your releases: the hub sends out audio. The title is listed."),
    "ERN_NO_ISRC": _(
        "The recording %(value)s has no ISRC. It was not taken to your release; add it there with its code."
    ),
    "ERN_FILE_MISSING": _("The file %(value)s is not in the archive. Upload it on the page of the release."),
    "ERN_HASH": _("The file %(value)s is not the one that the message means: its checksum differs. It was left out."),
    "LANGUAGE_DOUBTED": _(
        "“%(words)s” looks like %(seems)s, but the file says that it is %(claimed)s. It was taken as it is: check the language."
    ),
    "READER_ENDED": _(
        "Reading this file broke off three times before its end. What was dealt with before stays."
        " Send the rest in smaller files."
    ),
    "FILE_GONE": _("The file can no longer be read. Nothing more was imported. Send it again."),
    "MORE_PROBLEMS": _("There are %(count)s more problems. Correct these first and send the file again."),
}
"""Every code that an import can report, with its sentence."""

EXPECTED: dict[Expected, Message] = {
    Expected.TERRITORY: _("a country, its two letters, or a group such as World or ASEAN was expected."),
    Expected.LANGUAGE: _("a language or its code such as tha was expected, or L for every language."),
    Expected.RIGHT: _("a right such as Print or E-book was expected."),
    Expected.PART: _("languages, rights, “excl”, or a time such as 5y or 2026-01-01..2031-12-31 were expected."),
    Expected.DAY: _("days such as 2026-01-01..2031-12-31, or a time such as 5y, were expected."),
    Expected.CLEAR: _("this is the code of a language and of a right. Write L: or R: before it."),
    Expected.ONCE: _("this was said before. Say it once."),
    Expected.LEFT: _("nothing is left when the exceptions are taken away."),
    Expected.ORDER: _("the time ends before it starts."),
    Expected.SHORT: _("the cell is too long from here on."),
}
"""What should have stood in a cell of rights."""
DID_YOU_MEAN: Message = _("%(expected)s Is it “%(fix)s”?")

_BLANK = dict.fromkeys(
    (
        *(
            "claimed",
            "seems",
            "words",
            "detail",
            "limit",
            "value",
            "list",
            "scheme",
            "reference",
            "count",
            "fault",
            "line",
            "longest",
            "fix",
            "near",
        ),
        *("position", "expected"),
    ),
    "–",
)


def stored(problem: Problem) -> dict[str, Any]:
    """A problem as it is kept in the row of its import."""
    return {"code": problem.code, "line": problem.line, "field": problem.field, "params": problem.params}


def sentence(kept: Mapping[str, Any]) -> Message:
    """What to tell the reader of a problem that was kept."""
    params = _BLANK | {name: str(value) for name, value in kept.get("params", {}).items()}
    code = str(kept["code"])
    if code == "SHEET_RIGHTS" and params["expected"] in {one.value for one in Expected}:
        expected: Message = EXPECTED[Expected(params["expected"])]
        if params["fix"] != "–":
            expected = DID_YOU_MEAN.filled(expected=expected, fix=params["fix"])
        return SENTENCES[code].filled(**params | {"expected": expected})
    if code in {"ONIX_IDENTIFIER", "SHEET_IDENTIFIER"} and params["fault"] in {fault.value for fault in Fault}:
        reason = FAULTS[Fault(params["fault"])].filled(**params | {"schemes": "–"})
        return _("%(reason)s The record was left out.", reason=reason)
    if code == "LANGUAGE_GUESSED":
        return SENTENCES[code].filled(language=Language(params["value"]))
    if code == "LANGUAGE_DOUBTED":
        said = {name: Language(params[name]) for name in ("claimed", "seems") if name in kept["params"]}
        return SENTENCES[code].filled(**params | said)
    return SENTENCES[code].filled(**params)

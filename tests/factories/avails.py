"""Avails for tests: workbooks and XML of animation series from the region."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

from catalog.formats.avails.columns import LAYOUTS
from catalog.formats.avails.model import BONUS, MOVIES, TV

FILM = {
    "DisplayName": "彩调动画",
    "AssetLanguage": "zh",
    "Territory": "VN",
    "WorkType": "Movie",
    "EntryType": "Full Extract",
    "TitleInternalAlias": "刘三姐",
    "TitleDisplayUnlimited": "刘三姐",
    "LicenseType": "SVOD",
    "FormatProfile": "HD",
    "Start": "2026-01-01",
    "End": "Open",
    "ALID": "caidiao:liusanjie",
}
"""A film from Guangxi, offered in Viet Nam."""

EPISODE = {
    "DisplayName": "Sconnect",
    "AssetLanguage": "vi",
    "Territory": "TH, LA",
    "WorkType": "Episode",
    "EntryType": "Full Extract",
    "SeriesTitleInternalAlias": "Wolfoo",
    "SeriesContentID": "wolfoo",
    "SeasonNumber": 2,
    "SeasonContentID": "wolfoo:2",
    "EpisodeNumber": 5,
    "EpisodeTitleInternalAlias": "Wolfoo đi học",
    "EpisodeContentID": "wolfoo:2:5",
    "LicenseType": "AVOD",
    "FormatProfile": "HD",
    "Start": "2026-03-01",
    "End": "2027-02-28",
    "ALID": "wolfoo:2:5",
}


def film(**cells: Any) -> dict[str, Any]:
    return FILM | cells


def episode(**cells: Any) -> dict[str, Any]:
    return EPISODE | cells


def workbook(
    *rows: dict[str, Any],
    version: str = "1.9",
    kind: str = MOVIES,
    heads: int = 3,
    more: Sequence[tuple[str, list[list[Any]]]] = (),
    extra: Sequence[str] = (),
) -> bytes:
    """A sheet of one kind with its header rows (1: names only, 2: groups above, 3: version below), and `more` sheets."""
    layout = [*LAYOUTS[version if kind != BONUS else "1.9"][kind], *(("Avail", column) for column in extra)]
    book = Workbook()
    sheet: Any = book.active
    sheet.title = {MOVIES: "Movies", TV: "TV", BONUS: "Bonus"}[kind]
    if heads > 1:
        sheet.append([group for group, _column in layout])
    sheet.append([column for _group, column in layout])
    if heads > 2:
        sheet.append([float(version), *("//Opt" for _ in layout[1:])])
    for row in rows:
        sheet.append([row.get(column) for _group, column in layout])
    for title, cells in more:
        other = book.create_sheet(title)
        for each in cells:
            other.append(each)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def transaction(
    *,
    license_type: str = "SVOD",
    territory: str = "<md:country>VN</md:country>",
    excluded: str = "",
    start: str = "<avails:Start>2026-01-01T00:00:00</avails:Start>",
    end: str = "<avails:EndCondition>Open</avails:EndCondition>",
    languages: str = "<avails:AssetLanguage>zh</avails:AssetLanguage>",
    terms: str = "",
) -> str:
    without = f"<avails:TerritoryExcluded>{excluded}</avails:TerritoryExcluded>" if excluded else ""
    return f"""<avails:Transaction><avails:LicenseType>{license_type}</avails:LicenseType>
      <avails:Territory>{territory}</avails:Territory>{without}{start}{end}{languages}
      <avails:FormatProfile>HD</avails:FormatProfile>{terms}</avails:Transaction>"""


def avail(
    alid: str = "caidiao:liusanjie", *, title: str = "刘三姐", transactions: str = "", entry: str = "Full Extract"
) -> str:
    return f"""<avails:Avail><avails:ALID>{escape(alid)}</avails:ALID>
    <avails:Disposition><avails:EntryType>{entry}</avails:EntryType></avails:Disposition>
    <avails:Licensor><md:DisplayName>彩调动画</md:DisplayName></avails:Licensor>
    <avails:AvailType>single</avails:AvailType><avails:ShortDescription>{escape(title)}</avails:ShortDescription>
    <avails:Asset contentID="{escape(alid)}"><avails:WorkType>Movie</avails:WorkType><avails:Metadata>
      <avails:TitleDisplayUnlimited language="zh">{escape(title)}</avails:TitleDisplayUnlimited>
      <avails:TitleDisplayUnlimited language="vi">Lưu Tam Thư</avails:TitleDisplayUnlimited>
      <avails:TitleInternalAlias>{escape(title)}</avails:TitleInternalAlias>
      <avails:People><md:Job><md:JobFunction>Director</md:JobFunction></md:Job>
        <md:Name><md:DisplayName>苏里</md:DisplayName></md:Name></avails:People>
    </avails:Metadata></avails:Asset>{transactions or transaction()}</avails:Avail>"""


def avail_list(*avails: str, version: str = "2.7", common: str = "2.12") -> bytes:
    base = "http://www.movielabs.com/schema"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<avails:AvailList xmlns:avails="{base}/avails/v{version}/avails" xmlns:md="{base}/md/v{common}/md">
{"".join(avails)}</avails:AvailList>""".encode()

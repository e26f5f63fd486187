"""Avails XML 2.2 to 2.7, Avail by Avail."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import BinaryIO, Final, cast

from lxml import etree

from catalog.formats.avails import terms
from catalog.formats.avails.model import BONUS, MOVIES, TV, Avail, Line
from catalog.formats.problems import FileRefused, Problem
from catalog.formats.xmlstream import Counted, elements, forget
from hub.characters import only_text

MAX_AVAIL: Final = 16 * 1024 * 1024
_NAMESPACE = re.compile(r"http://www\.movielabs\.com/schema/avails/v(\d+\.\d+)(?:\.\d+)*/avails")
_RUN = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_READ: Final = frozenset({"2.2", "2.3", "2.4", "2.5", "2.6", "2.7"})


def avails(file: BinaryIO) -> Iterator[Avail]:
    """Each Avail of an AvailList. Raises `FileRefused` where the file cannot be read on."""
    counted = Counted(file, MAX_AVAIL)
    version = namespace = None
    for element in elements(counted, {"Avail"}):
        name = etree.QName(element)
        if version is None:
            namespace, version = name.namespace, _version(element)
            continue
        if name.namespace != namespace:
            said = _NAMESPACE.fullmatch(name.namespace or "")
            other = said.group(1) if said else name.namespace or "–"
            raise FileRefused(
                Problem("AVAILS_MIXED_VERSIONS", _line(element), "Avail", {"value": f"{version}, {other[:60]}"})
            )
        yield _avail(element, version)
        counted.restart()
        forget(element)


def _version(root: etree._Element) -> str:
    name = etree.QName(root)
    found = _NAMESPACE.fullmatch(name.namespace or "")
    if name.localname != "AvailList" or found is None:
        raise FileRefused(Problem("AVAILS_NOT_AVAILS", _line(root), name.localname[:100]))
    if found.group(1) not in _READ:
        raise FileRefused(Problem("AVAILS_VERSION", _line(root), "AvailList", {"value": found.group(1)}))
    return found.group(1)


def _avail(element: etree._Element, version: str) -> Avail:
    head = copy.deepcopy(element)
    head.tail = None
    for transaction in _all(head, "Transaction"):
        head.remove(transaction)
    common, titles, people = _common(element)
    sheet = _sheet(common)
    transactions = _all(element, "Transaction")
    lines = [
        Line(
            sheet,
            _line(one) or 0,
            _cells(one, common, titles, sheet),
            etree.tostring(one, encoding="unicode", with_tail=False),
        )
        for one in transactions
    ]
    if not lines:
        lines = [Line(sheet, _line(element) or 0, common)]
    spoken = {language for line in lines for language in line["AssetLanguage"].split(", ")}
    others = [(text, language) for text, language in titles if language and language not in spoken]
    return Avail(version, lines, etree.tostring(head, encoding="unicode"), others, people)


def _sheet(common: Mapping[str, str]) -> str:
    kind = common.get("WorkType", "").casefold()
    if kind in {"episode", "season", "series", "volume", "miniseries"}:
        return TV
    return BONUS if kind in {"supplemental", "promotion"} else MOVIES


def _common(element: etree._Element) -> tuple[dict[str, str], list[tuple[str, str]], list[tuple[str, str]]]:
    """What is said of the title as a whole: cells for each of its lines, display titles by language, people by job."""
    cells = {
        "ALID": _text(element, "ALID"),
        "EntryType": _text(element, "Disposition/EntryType"),
        "DisplayName": _text(element, "Licensor/DisplayName"),
        "ServiceProvider": _text(element, "ServiceProvider/DisplayName"),
        "ExceptionFlag": _text(element, "ExceptionFlag").upper(),
    }
    for column, ecosystem in terms.ECOSYSTEMS.items():
        shared = (one for one in _all(element, "SharedEntitlement") if one.get("ecosystem") == ecosystem)
        cells[column] = next((_text(one, "EcosystemID") for one in shared), "")
    asset = element.find(_path("Asset"))
    titles: list[tuple[str, str]] = []
    people: list[tuple[str, str]] = []
    if asset is not None:
        cells["WorkType"] = _text(asset, "WorkType")
        cells["BundleALIDs"] = ", ".join(_said(one) for one in _all(asset, "BundledAsset/BundledALID"))
        cells |= _asset(asset, asset.get("contentID", "").strip(), titles, people)
    if run := _RUN.fullmatch(cells.get("TotalRunTime", "")):
        cells["TotalRunTime"] = ":".join(f"{int(part or 0):02d}" for part in run.groups())
    cells["Director"] = ", ".join(name for job, name in people if job.casefold() == "director")
    return {column: text for column, text in cells.items() if text}, titles, people


def _asset(
    asset: etree._Element, content_id: str, titles: list[tuple[str, str]], people: list[tuple[str, str]]
) -> dict[str, str]:
    """Cells of whichever metadata the asset has; series within season within episode."""
    cells: dict[str, str] = {}
    for tag, fields, own_id in (
        ("Metadata", terms.METADATA, "ContentID"),
        ("EpisodeMetadata", terms.EPISODE, "EpisodeContentID"),
        ("SeasonMetadata", terms.SEASON, "SeasonContentID"),
        ("SeriesMetadata", terms.SERIES, "SeriesContentID"),
        ("VolumeMetadata", {}, "ContentID"),
    ):
        unit = asset.find(_path(tag))
        if unit is None:
            continue
        cells[own_id] = content_id
        _fill(cells, unit, fields)
        if tag in {"Metadata", "EpisodeMetadata"}:
            _unit(cells, unit, titles, people)
        elif tag == "VolumeMetadata":
            cells["SeasonTitleInternalAlias"] = _text(unit, "VolumeTitleInternalAlias")
            cells["SeasonTitleDisplayUnlimited"] = _text(unit, "VolumeTitleDisplayUnlimited")
            cells["VolumeNumber"] = _text(unit, "VolumeNumber/Number")
        season = unit if tag == "SeasonMetadata" else unit.find(_path("SeasonMetadata"))
        if season is not None and season is not unit:
            _fill(cells, season, terms.SEASON)
        series = (
            unit if tag == "SeriesMetadata" else (season if season is not None else unit).find(_path("SeriesMetadata"))
        )
        if series is not None and series is not unit:
            _fill(cells, series, terms.SERIES)
        if tag in {"SeasonMetadata", "SeriesMetadata"}:
            own = tag.removesuffix("Metadata")
            titles += [
                (_said(one), one.get("language", "")) for one in _all(unit, f"{own}TitleDisplayUnlimited") if _said(one)
            ]
        break
    return cells


def _fill(cells: dict[str, str], unit: etree._Element, fields: Mapping[str, str]) -> None:
    """The narrower unit has the word: what it says is not said again by the wider one."""
    for column, path in fields.items():
        if text := _text(unit, path):
            cells.setdefault(column, text)


def _unit(
    cells: dict[str, str], unit: etree._Element, titles: list[tuple[str, str]], people: list[tuple[str, str]]
) -> None:
    for release in _all(unit, "ReleaseHistory"):
        kind = _text(release, "ReleaseType")
        for column, name in terms.RELEASES.items():
            if kind == name:
                cells.setdefault(column, _text(release, "Date"))
    for alternative in _all(unit, "AltIdentifier"):
        name, _, value = _text(alternative, "Identifier").partition(":")
        if _text(alternative, "Namespace") == terms.MDDF and name in terms.ALT_IDS and value:
            cells["EpisodeAltID" if name == "AltID" and "EpisodeContentID" in cells else name] = value
    titles += [(_said(one), one.get("language", "")) for one in _all(unit, "TitleDisplayUnlimited") if _said(one)]
    for person in _all(unit, "People"):
        if name := _text(person, "Name/DisplayName"):
            people += [(_said(job), name) for job in _all(person, "Job/JobFunction")]


def _cells(
    transaction: etree._Element, common: Mapping[str, str], titles: list[tuple[str, str]], sheet: str
) -> dict[str, str]:
    cells = dict(common)
    cells["AvailID"] = transaction.get("TransactionID", "").strip()
    for column, path in terms.TRANSACTION.items():
        cells[column] = _text(transaction, path)
    for column, path in terms.LISTS.items():
        cells[column] = ", ".join(
            _said(one) + (f":{asset}" if (asset := one.get("asset", "")) else "") for one in _all(transaction, path)
        )
    for column, path in (("Territory", "Territory"), ("TerritoryExclusion", "TerritoryExcluded")):
        cells[column] = ", ".join(_said(one) for region in _all(transaction, path) for one in region)
    for end in ("Start", "End"):
        cells[end] = _moment(end, _text(transaction, end)) or _text(transaction, f"{end}Condition")
        condition = transaction.find(_path(f"{end}Condition"))
        cells[f"{end}Lag"] = "" if condition is None else condition.get("lag", "")
    profile = transaction.find(_path("FormatProfile"))
    for name in terms.PROFILE if profile is not None else ():
        cells[name] = profile.get(name, "")  # type: ignore[union-attr]
    _terms(cells, transaction)
    for column in ("RentalDuration", "WatchDuration"):
        if hours := re.fullmatch(r"PT(\d+)H", cells.get(column, "")):
            cells[column] = hours.group(1)
    if title := _title(titles, cells["AssetLanguage"]):
        column = {TV: "EpisodeTitleDisplayUnlimited"}.get(sheet, "TitleDisplayUnlimited")
        if sheet != TV or "EpisodeContentID" in cells:
            cells[column] = title
    return {column: text for column, text in cells.items() if text}


def _terms(cells: dict[str, str], transaction: etree._Element) -> None:
    for term in _all(transaction, "Term"):
        name = " ".join(term.get("termName", "").split())[:100]
        value = next((child for child in term if isinstance(child.tag, str)), None)
        if value is None or not name:
            continue
        text = _said(value) or ", ".join(_said(one) for one in value)
        if name in terms.PRICES and "PriceType" not in cells:
            cells |= {"PriceType": name, "PriceValue": text, "PriceCurrency": value.get("currency", "")}
        else:
            column = terms.COLUMN_OF.get(name, name)
            truth = etree.QName(value).localname == "Boolean"
            cells[column] = ("TRUE" if text in {"true", "1"} else "FALSE") if truth else text


def _title(titles: list[tuple[str, str]], spoken: str) -> str:
    """The display title in the language of the window, or the one without a language; else the first."""
    languages = {language.partition(":")[0].casefold() for language in spoken.split(", ")}
    own = next((text for text, language in titles if language.casefold() in languages), "")
    plain = next((text for text, language in titles if not language), "")
    return own or plain or (titles[0][0] if titles else "")


def _moment(end: str, text: str) -> str:
    """An instant as the workbook has it: the first moment of a Start's day and the last of an End's are just the day."""
    day, _, clock = text.partition("T")
    if not clock or (end == "Start" and clock == "00:00:00") or (end == "End" and clock == "23:59:59"):
        return day
    return text


@cache
def _path(path: str) -> str:
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def _all(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(_path(path))


def _text(element: etree._Element, path: str) -> str:
    found = element.find(_path(path))
    return "" if found is None else _said(found)


def _said(element: etree._Element) -> str:
    return " ".join(only_text(unicodedata.normalize("NFC", element.text or "")).split())


def _line(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)

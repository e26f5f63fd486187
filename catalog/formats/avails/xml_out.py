"""Avails XML 2.6 and 2.7, Avail by Avail. Elements come in the order of the schema (`Avail-type`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from lxml import etree

from catalog.formats.avails import mapping, offers, terms, windows
from catalog.formats.avails.model import Avail, Line
from catalog.formats.avails.xml_asset import asset_of
from catalog.formats.avails.xml_parts import Builder, Schema, decimal, is_moment, region
from catalog.formats.exported import ExportedWork, Order

SCHEMAS: Final = {
    "2.7": Schema("2.7", "2.12", "2.12"),
    "2.6": Schema("2.6", "2.10", "2.10"),
}
_VERSIONS = re.compile(r"(http://www\.movielabs\.com/schema/(avails|mdmec|md)/v)[0-9.]+")
_CONSUMED: Final = frozenset({
    *terms.TRANSACTION, *terms.LISTS, *terms.PROFILE, "AvailID", "Territory", "TerritoryExclusion", "Start", "StartLag", "End",
    "EndLag", "PriceType", "PriceValue", "PriceCurrency",
})  # fmt: skip


def write(works: Iterator[ExportedWork], file: BinaryIO, order: Order, version: str) -> None:
    """An AvailList of what the works may be licensed for."""
    schema = SCHEMAS[version]
    with etree.xmlfile(file, encoding="UTF-8") as out:
        out.write_declaration()
        with out.element(schema.avails("AvailList"), nsmap=schema.prefixes):
            out.write("\n")
            for work in works:
                avail = offers.avail_of(work, order, version)
                if avail is not None:
                    out.write(element(avail, schema), pretty_print=True)


def element(avail: Avail, schema: Schema) -> etree._Element:
    """One Avail: its head as it came where it came as XML, and its windows."""
    builder = Builder(schema)
    if avail.head is None:
        head, shared = _head(avail, builder)
    else:
        head, shared = _parsed(avail.head, schema), {}
        _retitle(head, avail, schema)
        disposition = head.find("{*}Disposition/{*}EntryType")
        if disposition is not None:
            disposition.text = avail.lines[0]["EntryType"] or "Full Extract"
    place = 1 + max(number for number, child in enumerate(head) if etree.QName(child).localname == "Asset")
    for line in avail.lines:
        head.insert(place, _parsed(line.xml, schema) if line.xml else _transaction(line, shared, builder))
        place += 1
    etree.indent(head, space="  ", level=1)
    return head


def _parsed(xml: str, schema: Schema) -> etree._Element:
    """Kept XML in the namespaces of the version that is written."""
    moved = _VERSIONS.sub(lambda found: found.group(1) + schema.version_of(found.group(2)), xml)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
    return etree.fromstring(moved, parser)


def _head(avail: Avail, builder: Builder) -> tuple[etree._Element, Mapping[str, str]]:
    """Everything but the windows, and the cells that it says for all of them."""
    first = avail.lines[0]
    head = builder.root("Avail")
    builder.add(head, "ALID", first["ALID"])
    builder.add(builder.add(head, "Disposition"), "EntryType", first["EntryType"] or "Full Extract")
    builder.md(builder.add(head, "Licensor"), "DisplayName", first["DisplayName"] or "–")
    if first["ServiceProvider"]:
        builder.md(builder.add(head, "ServiceProvider"), "DisplayName", first["ServiceProvider"])
    builder.add(head, "AvailType", terms.AVAIL_TYPES.get(first["WorkType"].casefold(), "single"))
    builder.add(head, "ShortDescription", first.first("TitleInternalAlias", "SeriesTitleInternalAlias", "ALID"))
    said = asset_of(avail, head, builder)
    for column, ecosystem in terms.ECOSYSTEMS.items():
        if first[column]:
            shared = builder.add(head, "SharedEntitlement", ecosystem=ecosystem)
            builder.add(shared, "EcosystemID", first[column])
    if first["ExceptionFlag"]:
        builder.add(head, "ExceptionFlag", "true" if windows.truth(first["ExceptionFlag"]) else "false")
    columns = {"ALID", "EntryType", "DisplayName", "ServiceProvider", "WorkType", "ExceptionFlag", *terms.ECOSYSTEMS}
    return head, {column: first[column] for column in columns | said}


def _retitle(head: etree._Element, avail: Avail, schema: Schema) -> None:
    """Display titles in the languages of the hub, where they are others than came."""
    metadata = head.find("{*}Asset/{*}Metadata")
    if metadata is None:
        return
    spoken = mapping.spoken(avail.lines[0], mapping.title(avail.lines[0]))[0]
    wanted = {language: text for text, language in avail.titles}
    for line in avail.lines:
        if line["TitleDisplayUnlimited"]:
            wanted.setdefault(mapping.spoken(line, mapping.title(line))[0], line["TitleDisplayUnlimited"])
    for title in metadata.findall("{*}TitleDisplayUnlimited"):
        language = mapping.normalised(title.get("language") or spoken) or ""
        if language in wanted:
            title.text = wanted.pop(language)
    for place, (language, text) in enumerate(sorted(wanted.items())):
        title = etree.Element(schema.avails("TitleDisplayUnlimited"))
        title.set("language", language)
        title.text = text
        metadata.insert(place, title)


def _transaction(line: Line, shared: Mapping[str, str], builder: Builder) -> etree._Element:
    found = builder.root("Transaction")
    if line["AvailID"]:
        found.set("TransactionID", line["AvailID"])
    if line["Licensee"]:
        builder.md(builder.add(found, "Licensee"), "DisplayName", line["Licensee"])
    builder.add(found, "LicenseType", line["LicenseType"])
    builder.some(found, "Description", line["Description"])
    for column, tag in (("Territory", "Territory"), ("TerritoryExclusion", "TerritoryExcluded")):
        for code in windows.parts(line[column]):
            if region(code):
                builder.region(builder.add(found, tag), code)
    for end in ("Start", "End"):
        _moment(found, end, line, builder)
    builder.some(found, "WindowDuration", line["WindowDuration"])
    for tag, column in (
        ("AllowedLanguage", "AllowedLanguages"),
        ("AssetLanguage", "AssetLanguage"),
        ("HoldbackLanguage", "HoldbackLanguage"),
    ):
        for said in windows.parts(line[column]):
            language, _, asset = said.partition(":")
            builder.add(found, tag, language, **({"asset": asset} if asset else {}))
    builder.some(found, "LicenseRightsDescription", line["LicenseRightsDescription"])
    builder.add(
        found, "FormatProfile", line["FormatProfile"], **{name: line[name] for name in terms.PROFILE if line[name]}
    )
    builder.some(found, "ContractID", line["ContractID"])
    builder.some(found, "ReportingID", line["ReportingID"])
    builder.some(found, "RefALID", line["RefALID"])
    _terms(found, line, shared, builder)
    builder.some(found, "OtherInstructions", line["OtherInstructions"])
    return found


def _moment(found: etree._Element, end: str, line: Line, builder: Builder) -> None:
    said = line[end]
    if is_moment(said):
        clock = "00:00:00" if end == "Start" else "23:59:59"
        builder.add(found, end, said.replace(" ", "T") if len(said) > 10 else f"{said}T{clock}")
    else:
        lag = line[f"{end}Lag"]
        builder.add(
            found, f"{end}Condition", said or "Open", **({"lag": lag} if re.fullmatch(r"-?P[0-9DTHMSY.]+", lag) else {})
        )


def _terms(found: etree._Element, line: Line, shared: Mapping[str, str], builder: Builder) -> None:
    """The price, then every cell that no element of the schema holds and that is not said of the title as a whole."""
    if price := line["PriceType"]:
        value = line["PriceValue"]
        money = price in terms.MONEY and decimal(value)
        currency = {"currency": line["PriceCurrency"]} if money and line["PriceCurrency"] else {}
        builder.term(found, price, "Money" if money else "Text", value, **currency)
    for column, text in line.cells.items():
        titled = column.endswith("TitleDisplayUnlimited")
        if column in _CONSUMED or titled or shared.get(column) == text:
            continue
        name = terms.TERM_OF.get(column, column)
        builder.term(found, name, *_value(terms.TERMS.get(name, "Text"), text))
    for column in ("Territory", "TerritoryExclusion"):
        if not all(region(code) for code in windows.parts(line[column])):
            builder.term(found, column, "Text", line[column])
    for column in ("PriceValue", "PriceCurrency"):
        if line[column] and (
            not line["PriceType"] or (column == "PriceCurrency" and line["PriceType"] not in terms.MONEY)
        ):
            builder.term(found, column, "Text", line[column])


def _value(kind: str, text: str) -> tuple[str, str]:
    """The element in which a Term says its value, and how; words where it is not what the Term should hold."""
    if kind == "Boolean":
        return kind, "true" if windows.truth(text) else "false"
    if kind == "Duration":
        hours = f"PT{text}H" if text.isdigit() else text
        return (kind, hours) if re.fullmatch(r"P[0-9DTHMSY.]+", hours) else ("Text", text)
    if kind == "Money" and not decimal(text):
        return "Text", text
    if kind == "Event" and not is_moment(text):
        return "Text", text
    return kind, text.replace(" ", "T") if kind == "Event" else text

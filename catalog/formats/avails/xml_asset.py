"""What an Avail says of its title: the Asset, out of cells. Film, episode, season and series have metadata of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from catalog.formats.avails import terms, windows
from catalog.formats.avails.model import TV, Avail, Line
from catalog.formats.avails.xml_parts import Builder

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def asset_of(avail: Avail, head: etree._Element, builder: Builder) -> set[str]:
    """Add the Asset. Answers the columns whose first line it has said."""
    line = avail.lines[0]
    kind = line["WorkType"].casefold()
    ids = ("EpisodeContentID", "SeasonContentID", "SeriesContentID") if line.sheet == TV else ("ContentID",)
    if kind == "season":
        ids = ("SeasonContentID", "EpisodeContentID", "SeriesContentID")
    elif kind == "series":
        ids = ("SeriesContentID", "SeasonContentID", "EpisodeContentID")
    asset = builder.add(head, "Asset", contentID=line.first(*ids, "ALID"))
    builder.add(asset, "WorkType", line["WorkType"] or "Movie")
    said = {*ids, "WorkType", "BundleALIDs"}
    if line.sheet != TV:
        said |= _unit(builder.add(asset, "Metadata"), avail, builder, film=True)
    elif kind == "series":
        said |= _series(builder.add(asset, "SeriesMetadata"), avail, builder)
    elif kind == "season":
        said |= _season(builder.add(asset, "SeasonMetadata"), avail, builder)
    else:
        episode = builder.add(asset, "EpisodeMetadata")
        said |= _unit(episode, avail, builder, film=False)
        number = builder.add(episode, "EpisodeNumber")
        _number(number, line, "EpisodeNumber", builder)
        said |= {"EpisodeNumber"}
        said |= _season(builder.add(episode, "SeasonMetadata"), avail, builder)
    for place, alid in enumerate(windows.parts(line["BundleALIDs"])):
        builder.add(builder.add(asset, "BundledAsset", sequence=str(place)), "BundledALID", alid)
    return said


def _unit(unit: etree._Element, avail: Avail, builder: Builder, *, film: bool) -> set[str]:
    """AvailMetadata-type: of a film or of an episode."""
    line = avail.lines[0]
    prefix = "" if film else "Episode"
    shown = f"{prefix}TitleDisplayUnlimited"
    alias = f"{prefix}TitleInternalAlias"
    edit, title = ("EditID", "TitleID") if film else ("EpisodeID", "EpisodeTitleID")
    _display(unit, "TitleDisplayUnlimited", _said_titles(avail, shown), builder)
    builder.add(unit, "TitleInternalAlias", line.first(alias, shown, "SeriesTitleInternalAlias", "ALID"))
    builder.some(unit, "EditEIDR-URN", line[edit])
    builder.some(unit, "TitleEIDR-URN", line[title])
    for column in (*terms.ALT_IDS, "EpisodeAltID"):
        if line[column]:
            alternative = builder.add(unit, "AltIdentifier")
            builder.md(alternative, "Namespace", terms.MDDF)
            name = "AltID" if column == "EpisodeAltID" else column
            builder.md(alternative, "Identifier", f"{name}:{line[column]}")
    said = {shown, alias, edit, title, *terms.ALT_IDS, "EpisodeAltID"}
    said |= _dated(unit, line, builder)
    if run := re.fullmatch(r"(\d+):(\d\d):(\d\d)", line["TotalRunTime"]):
        hours, minutes, seconds = (int(part) for part in run.groups())
        builder.add(unit, "RunLength", f"PT{hours}H{minutes}M{seconds}S")
        said.add("TotalRunTime")
    _people(unit, avail, builder)
    said.add("Director")
    said |= _history(unit, line, builder) | _captions(unit, line, builder) | _rating(unit, line, builder)
    builder.some(unit, "LocalizationOffering", line["LocalizationType"])
    if line["GroupIdentity"]:
        group = builder.add(unit, "GroupingEntity")
        builder.md(group, "Type", "other")
        builder.md(group, "GroupIdentity", line["GroupIdentity"])
        builder.md(group, "DisplayName", line["GroupIdentity"])
    said |= {"LocalizationType", "GroupIdentity"}
    if film and line["CompanyDisplayCredit"]:
        builder.md(builder.add(unit, "CompanyDisplayCredit"), "DisplayString", line["CompanyDisplayCredit"])
        said.add("CompanyDisplayCredit")
    return said


def _season(unit: etree._Element, avail: Avail, builder: Builder) -> set[str]:
    line = avail.lines[0]
    own = line["WorkType"].casefold() == "season"
    builder.add(
        unit, "SeasonContentID", line.first("SeasonContentID", "SeasonID", "SeasonAltID", "SeriesContentID", "ALID")
    )
    builder.some(unit, "SeasonEIDR-URN", line["SeasonID"])
    titles = _said_titles(avail, "SeasonTitleDisplayUnlimited") if own else [(line["SeasonTitleDisplayUnlimited"], "")]
    _display(unit, "SeasonTitleDisplayUnlimited", titles, builder)
    builder.add(
        unit, "SeasonTitleInternalAlias", line.first("SeasonTitleInternalAlias", "SeriesTitleInternalAlias", "ALID")
    )
    _number(builder.add(unit, "SeasonNumber"), line, "SeasonNumber", builder)
    said = {"SeasonContentID", "SeasonID", "SeasonTitleDisplayUnlimited", "SeasonTitleInternalAlias", "SeasonNumber"}
    if own:
        said |= _dated(unit, line, builder) | _history(unit, line, builder) | _captions(unit, line, builder)
        said |= _rating(unit, line, builder)
    said |= _alternative(unit, line, "SeasonAltID", "SeasonAltIdentifier", builder)
    said |= _counted(unit, line, "EpisodeCount", "NumberOfEpisodes", builder)
    return said | _series(builder.add(unit, "SeriesMetadata"), avail, builder)


def _series(unit: etree._Element, avail: Avail, builder: Builder) -> set[str]:
    line = avail.lines[0]
    own = line["WorkType"].casefold() == "series"
    builder.add(unit, "SeriesContentID", line.first("SeriesContentID", "SeriesID", "SeriesAltID", "ALID"))
    builder.some(unit, "SeriesEIDR-URN", line["SeriesID"])
    titles = _said_titles(avail, "SeriesTitleDisplayUnlimited") if own else [(line["SeriesTitleDisplayUnlimited"], "")]
    _display(unit, "SeriesTitleDisplayUnlimited", titles, builder)
    builder.add(unit, "SeriesTitleInternalAlias", line.first("SeriesTitleInternalAlias", "ALID"))
    said = {"SeriesContentID", "SeriesID", "SeriesTitleDisplayUnlimited", "SeriesTitleInternalAlias"}
    if own:
        said |= _dated(unit, line, builder) | _history(unit, line, builder) | _rating(unit, line, builder)
    said |= _alternative(unit, line, "SeriesAltID", "SeriesAltIdentifier", builder)
    said |= _counted(unit, line, "SeasonCount", "NumberOfSeasons", builder)
    if line["CompanyDisplayCredit"]:
        builder.md(builder.add(unit, "CompanyDisplayCredit"), "DisplayString", line["CompanyDisplayCredit"])
        said.add("CompanyDisplayCredit")
    return said


def _said_titles(avail: Avail, column: str) -> list[tuple[str, str]]:
    """Display titles by language: what the lines say, then those without a line."""
    found: dict[str, str] = {}
    for line, text in avail.each(column):
        found.setdefault(next(iter(windows.parts(line["AssetLanguage"])), "").partition(":")[0], text)
    for text, language in avail.titles:
        found.setdefault(language, text)
    return [(text, language) for language, text in found.items()]


def _display(unit: etree._Element, tag: str, titles: Iterable[tuple[str, str]], builder: Builder) -> None:
    for text, language in titles:
        if text:
            builder.add(unit, tag, text, **({"language": language} if language else {}))


def _number(unit: etree._Element, line: Line, column: str, builder: Builder) -> None:
    if line[column].isdigit():
        builder.md(unit, "Number", line[column])
    elif line[column]:
        builder.md(unit, "HouseSequence", line[column])


def _dated(unit: etree._Element, line: Line, builder: Builder) -> set[str]:
    if not _DATE.fullmatch(line["ReleaseYear"]):
        return set()
    builder.add(unit, "ReleaseDate", line["ReleaseYear"])
    return {"ReleaseYear"}


def _people(unit: etree._Element, avail: Avail, builder: Builder) -> None:
    people = list(avail.people)
    directors = [name.strip() for name in avail.lines[0]["Director"].split(",") if name.strip()]
    people += [("Director", name) for name in directors if all(name != known for _job, known in people)]
    for job, name in people:
        person = builder.add(unit, "People")
        builder.md(builder.md(person, "Job"), "JobFunction", job)
        builder.md(builder.md(person, "Name"), "DisplayName", name)


def _history(unit: etree._Element, line: Line, builder: Builder) -> set[str]:
    said = {column for column in terms.RELEASES if _DATE.fullmatch(line[column])}
    for column in terms.RELEASES:
        if column in said:
            release = builder.add(unit, "ReleaseHistory")
            builder.md(release, "ReleaseType", terms.RELEASES[column])
            builder.md(release, "Date", line[column])
    return said


def _captions(unit: etree._Element, line: Line, builder: Builder) -> set[str]:
    if not re.fullmatch("[1-9][0-9]*", line["CaptionExemption"]):
        return set()
    builder.add(unit, "USACaptionsExemptionReason", line["CaptionExemption"])
    return {"CaptionExemption"}


def _rating(unit: etree._Element, line: Line, builder: Builder) -> set[str]:
    place = next((code for code in windows.parts(line["Territory"]) if re.fullmatch("[A-Z]{2}", code)), None)
    if not line["RatingSystem"] or not line["RatingValue"] or place is None:
        return set()
    rating = builder.md(builder.add(unit, "Ratings"), "Rating")
    builder.md(builder.md(rating, "Region"), "country", place)
    builder.md(rating, "System", line["RatingSystem"])
    builder.md(rating, "Value", line["RatingValue"])
    if line["RatingReason"]:
        builder.md(rating, "Reason", line["RatingReason"])
    return {"RatingSystem", "RatingValue", "RatingReason"}


def _alternative(unit: etree._Element, line: Line, column: str, tag: str, builder: Builder) -> set[str]:
    if line[column]:
        alternative = builder.add(unit, tag)
        builder.md(alternative, "Namespace", terms.MDDF)
        builder.md(alternative, "Identifier", line[column])
    return {column}


def _counted(unit: etree._Element, line: Line, column: str, tag: str, builder: Builder) -> set[str]:
    if not re.fullmatch("[0-9]+", line[column]):
        return set()
    builder.add(unit, tag, line[column])
    return {column}

"""Avails in and out: what windows mean, what is wrong with them, and that a file goes out saying what it said."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from lxml import etree

from catalog import problems
from catalog.formats.avails import mapping, reader
from catalog.formats.avails.columns import LAYOUTS
from catalog.formats.avails.model import BONUS, MOVIES, TV, Avail
from catalog.formats.avails.workbook import Workbook
from catalog.formats.exported import ExportedText, ExportedWork, Granted, Kept, Order, Rendered
from catalog.formats.problems import FileRefused
from catalog.formats.record import Record
from catalog.formats.writers import WRITERS
from catalog.languages import RIGHTS_LANGUAGES
from catalog.rights import RightType, Scope
from catalog.territories import GROUPS, WORLD
from hub.i18n import LANGUAGES
from tests.factories.avails import avail, avail_list, episode, film, transaction, workbook

TODAY = date(2026, 11, 23)
ORDER = Order("Trăng Non", datetime(2026, 11, 23, tzinfo=UTC), "vi")
SAMPLES = ("Bonus_v1.9.xlsx", "Movies_v1.8.xlsx", "TPT-test_v1.9_v2.5.xml")
OLDER = "http://www.movielabs.com/schema/avails/v2.4/avails"
TITLE = "TitleInternalAlias"
VARIANTS = tuple(WRITERS["AVAILS"])


def read(content: bytes) -> list[Record]:
    """The records of a file, counted as they are read."""
    file = io.BytesIO(content)
    found = list(reader.records(file, TODAY))
    file.seek(0)
    assert reader.count(file) == len(found)
    return found


def one(**cells: Any) -> Record:
    (record,) = read(workbook(film(**cells)))
    return record


def codes(record: Record) -> list[tuple[str, int | None, str | None]]:
    return [(problem.code, problem.line, problem.field) for problem in record.problems]


def scope(
    rights: str,
    territories: set[str] | frozenset[str],
    languages: set[str] | None,
    start: date,
    end: date | None = None,
    exclusive: bool = False,
) -> Scope:
    kinds = frozenset(RightType(right) for right in rights.split())
    return Scope(kinds, frozenset(territories), frozenset(languages) if languages else None, start, end, exclusive)


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        ({}, scope("SVOD", {"VN"}, {"zh-Hans", "zh-Hant"}, date(2026, 1, 1))),
        ({"LicenseType": "EST", "Exclusive": True}, scope("EST", {"VN"}, {"zh-Hans", "zh-Hant"}, date(2026, 1, 1), None, True)),
        ({"LicenseType": "VOD", "AllowedLanguages": "vi, th"}, scope("RENTAL", {"VN"}, {"vi", "th"}, date(2026, 1, 1))),
        ({"AllowedLanguages": "mul"}, scope("SVOD", {"VN"}, None, date(2026, 1, 1))),
        (
            {"Territory": "Worldwide", "TerritoryExclusion": "US, CA"},
            scope("SVOD", WORLD - {"US", "CA"}, {"zh-Hans", "zh-Hant"}, date(2026, 1, 1)),
        ),
        (
            {"Territory": "035", "TerritoryExclusion": "TH"},
            scope("SVOD", GROUPS["ASEAN"] - {"TH"}, {"zh-Hans", "zh-Hant"}, date(2026, 1, 1)),
        ),
        ({"Territory": "US CA", "TerritoryExclusion": "CA-QC"}, scope("SVOD", {"US"}, {"zh-Hans", "zh-Hant"}, date(2026, 1, 1))),
        ({"End": "2026-12-31"}, scope("SVOD", {"VN"}, {"zh-Hans", "zh-Hant"}, date(2026, 1, 1), date(2027, 1, 1))),
        ({"End": "2026-12-31T00:00:00"}, scope("SVOD", {"VN"}, {"zh-Hans", "zh-Hant"}, date(2026, 1, 1), date(2026, 12, 31))),
        ({"End": "2026-12-31T23:00:00-05:00"}, scope("SVOD", {"VN"}, {"zh-Hans", "zh-Hant"}, date(2026, 1, 1), date(2027, 1, 2))),
        ({"Start": date(2026, 5, 1), "End": "9999-12-31"}, scope("SVOD", {"VN"}, {"zh-Hans", "zh-Hant"}, date(2026, 5, 1))),
        ({"Start": "Immediate", "AssetLanguage": "zh-Hant"}, scope("SVOD", {"VN"}, {"zh-Hant"}, TODAY)),
        ({"AllowedLanguages": "pt-BR:subtitle"}, scope("SVOD", {"VN"}, {"pt"}, date(2026, 1, 1))),
    ],
)  # fmt: skip
def test_a_window_is_a_mandate(cells: dict[str, Any], meant: Scope) -> None:
    assert one(**cells).mandates == [meant]


def test_held_back_languages_become_a_holdback_of_the_same_rights() -> None:
    record = one(AllowedLanguages="", HoldbackLanguage="fr, es-419", Territory="CA, MX", End="2027-12-31")
    assert record.holdbacks == [scope("SVOD", {"CA", "MX"}, {"fr", "es"}, date(2026, 1, 1), date(2028, 1, 1))]
    both = one(AllowedLanguages="th, vi", HoldbackLanguage="vi")
    assert [problem.code for problem in both.problems] == ["AVAILS_LANGUAGE_HELD"]
    assert both.holdbacks[0].languages == frozenset({"vi"})


def test_the_windows_of_one_title_are_one_record_wherever_they_stand() -> None:
    rows = [
        film(LicenseType="EST", FormatProfile="HD"),
        film(ALID="caidiao:other", TitleDisplayUnlimited="彩调", TitleInternalAlias="彩调"),
        film(LicenseType="EST", FormatProfile="SD"),
        film(LicenseType="EST", Territory="TH"),
        film(LicenseType="AVOD", AssetLanguage="vi", TitleDisplayUnlimited="Lưu Tam Thư"),
        film(LicenseType="EST", Territory="TH", Exclusive=True, Start="2026-06-01", End="2026-06-30"),
    ]
    other, record = read(workbook(*rows))
    assert (other.reference, record.reference) == ("caidiao:other", "caidiao:liusanjie")
    assert [(words.text, words.language) for words in record.titles] == [("刘三姐", "zh"), ("Lưu Tam Thư", "vi")]
    chinese = {"zh-Hans", "zh-Hant"}
    for given in record.mandates:
        assert not any(given.intersects(each) for each in record.mandates if each is not given)
    june = scope("EST", {"TH"}, chinese, date(2026, 6, 1), date(2026, 7, 1), True)
    assert june in record.mandates
    assert not scope("EST", {"TH", "VN"}, chinese, date(2026, 1, 1)).minus(record.mandates)
    assert scope("AVOD", {"VN"}, {"vi"}, date(2026, 1, 1)) in record.mandates


def test_orders_before_a_sale_end_when_it_starts() -> None:
    early = film(LicenseType="POEST", Start="2026-01-01", End="ESTStart")
    (record,) = read(workbook(early, film(LicenseType="EST", Start="2026-02-01", Exclusive=True)))
    assert {(given.start, given.end, given.exclusive) for given in record.mandates} == {
        (date(2026, 1, 1), date(2026, 2, 1), False),
        (date(2026, 2, 1), None, True),
    }
    (alone,) = read(workbook(early))
    assert (alone.mandates, codes(alone)) == ([], [("AVAILS_CONDITION", 4, "Movies!End")])
    assert alone.usable


def test_episodes_seasons_and_series_are_titles_of_their_own() -> None:
    season = episode(WorkType="Season", ALID="wolfoo:2", EpisodeNumber=None, EpisodeTitleInternalAlias=None)
    series = episode(WorkType="Series", ALID="wolfoo", SeriesTitleDisplayUnlimited="Wolfoo và bạn")
    found = read(workbook(episode(), season, series, kind=TV))
    assert [record.titles[0].text for record in found] == [
        "Wolfoo · S2E5 · Wolfoo đi học",
        "Wolfoo · S2",
        "Wolfoo và bạn",
    ]
    assert {record.kind for record in found} == {"ANIMATION"}
    assert found[0].mandates == [scope("AVOD", {"TH", "LA"}, {"vi"}, date(2026, 3, 1), date(2027, 3, 1))]


def test_bonus_material_is_offered_where_its_film_is() -> None:
    row = film(WorkType="Supplemental", Territory=None, LicenseType=None, RefALID="caidiao:liusanjie", RefTerritory="VN, KH",
               RefTerritoryExcluded="KH", RefLicenseType="EST")  # fmt: skip
    (record,) = read(workbook(row, kind=BONUS))
    assert record.mandates == [scope("EST", {"VN"}, {"zh-Hans", "zh-Hant"}, date(2026, 1, 1))]


def test_what_a_record_carries_besides() -> None:
    record = one(
        ReleaseYear=1960,
        Director="苏里, 雷振邦",
        EditID="10.5240/F85A-E100-B068-5B8F-B1C8-T",
        TitleID="urn:eidr:10.5240:7791-8534-2C23-9030-8610-5",
    )
    assert record.publication_year == 1960
    assert [(credit.name, credit.role) for credit in record.credits] == [("苏里", "drt"), ("雷振邦", "drt")]
    assert [(found.scheme, found.value) for found in record.identifiers] == [
        ("EIDR", "10.5240/F85A-E100-B068-5B8F-B1C8-T")
    ]


@pytest.mark.parametrize(
    ("cells", "code", "column", "value"),
    [
        ({"Start": None}, "FIELD_MISSING", "Start", "Start"),
        ({"End": None}, "FIELD_MISSING", "End", "End"),
        ({"Territory": None}, "FIELD_MISSING", "Territory", "Territory"),
        ({"ALID": None}, "FIELD_MISSING", "ALID", "ALID"),
        ({"LicenseType": None}, "FIELD_MISSING", "LicenseType", "LicenseType"),
        (dict.fromkeys((TITLE, "TitleDisplayUnlimited")), "FIELD_MISSING", TITLE, TITLE),
        ({"End": "2025-12-31"}, "END_BEFORE_START", "End", "2025-12-31"),
        ({"Start": "31/12/2025"}, "DATE_UNREAD", "Start", "31/12/2025"),
        ({"End": "2026-02-30"}, "DATE_UNREAD", "End", "2026-02-30"),
        ({"Territory": "VN, XQ"}, "TERRITORY_UNKNOWN", "Territory", "XQ"),
        ({"TerritoryExclusion": "Narnia"}, "TERRITORY_UNKNOWN", "TerritoryExclusion", "Narnia"),
        ({"Territory": "VN, TH", "TerritoryExclusion": "VN TH"}, "NOTHING_LEFT", "TerritoryExclusion", "VN TH"),
        ({"AllowedLanguages": "vi, klingon"}, "LANGUAGE_UNKNOWN", "AllowedLanguages", "klingon"),
        ({"HoldbackLanguage": "xx"}, "LANGUAGE_UNKNOWN", "HoldbackLanguage", "xx"),
        ({"EntryType": "Maybe"}, "AVAILS_ENTRY_TYPE", "EntryType", "Maybe"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_right_leaves_its_title_out(
    cells: dict[str, Any], code: str, column: str, value: str
) -> None:
    record = one(**cells)
    assert (code, 4, f"Movies!{column}") in codes(record)
    assert not record.usable
    wrong = next(problem for problem in record.problems if problem.code == code)
    assert wrong.params["value"] == value
    said = {language: problems.sentence(problems.stored(wrong)).render(language) for language in LANGUAGES}
    assert len(set(said.values())) == len(LANGUAGES)
    assert all(value in text for text in said.values() if code not in {"END_BEFORE_START", "NOTHING_LEFT"})


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"LicenseType": "XYZ"}, "AVAILS_LICENSE_TYPE", "LicenseType"),
        ({"Territory": "CA-QC"}, "AVAILS_SUBDIVISION", "Territory"),
        ({"Territory": "CA", "TerritoryExclusion": "CA-QC"}, "AVAILS_HOLE", "TerritoryExclusion"),
        ({"TitleStatus": "Revoked"}, "AVAILS_STATUS", "TitleStatus"),
        ({"End": "TBD"}, "AVAILS_CONDITION", "End"),
    ],
)
def test_a_line_that_means_nothing_here_is_kept_without_a_right(cells: dict[str, Any], code: str, column: str) -> None:
    record = one(**cells)
    assert record.usable
    assert record.mandates == []
    assert codes(record) == [(code, 4, f"Movies!{column}")]


def test_an_exclusion_that_excludes_nothing_is_told() -> None:
    record = one(Territory="VN", TerritoryExclusion="US")
    assert codes(record) == [("AVAILS_IDLE_EXCLUSION", 4, "Movies!TerritoryExclusion")]
    assert record.mandates[0].territories == {"VN"}


def test_one_alid_is_one_work() -> None:
    (record,) = read(workbook(film(), film(WorkType="Short")))
    assert [problem.code for problem in record.problems if problem.skips] == ["AVAILS_MIXED"]


def test_entries_that_delete_create_and_update() -> None:
    (gone,) = read(workbook(film(EntryType="Full Delete", Start=None, Territory=None)))
    assert (gone.notification, gone.usable, gone.whole) == ("05", True, True)
    (changed,) = read(
        workbook(film(EntryType="Update", LicenseType="EST"), film(EntryType="Delete", LicenseType="AVOD"))
    )
    assert (changed.adds, changed.whole, changed.notification) == (True, False, "03")
    assert [given.rights for given in changed.mandates] == [{RightType.EST}]
    assert [given.rights for given in changed.revokes] == [{RightType.AVOD}]


@pytest.mark.parametrize("heads", [1, 2, 3])
@pytest.mark.parametrize(("version", "kind"), [("1.8", MOVIES), ("1.9", MOVIES), ("1.8", TV), ("1.9", TV)])
def test_header_rows_as_senders_write_them(heads: int, version: str, kind: str) -> None:
    row = episode() if kind == TV else film()
    (record,) = read(workbook(row, version=version, kind=kind, heads=heads))
    assert (record.line, record.usable, len(record.mandates)) == (heads + 1, True, 1)


def test_sheets_and_columns_that_avails_do_not_have_are_told_and_columns_kept() -> None:
    content = workbook(film(SalesRep="Nguyễn"), extra=["SalesRep"], more=[("Notes", [["call", "Hanoi"]])])
    (record,) = read(content)
    assert codes(record) == [("AVAILS_SHEET", None, "Notes"), ("AVAILS_COLUMN", 3, "Movies!SalesRep")]
    (line,) = Workbook(io.BytesIO(content)).lines()
    assert line["SalesRep"] == "Nguyễn"


def _header(version: str) -> list[list[Any]]:
    layout = LAYOUTS["1.8"][MOVIES]
    return [[group for group, _column in layout], [column for _group, column in layout], [version, "//Opt"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook(film(), version="1.9", more=[("Old", _header("1.8"))]), "AVAILS_MIXED_VERSIONS"),
        (workbook(film(), version="1.8", more=[("Old", _header("1.6"))]), "AVAILS_MIXED_VERSIONS"),
        (avail_list(avail(), avail()).replace(b"v2.7/avails", b"v1.7/avails"), "AVAILS_VERSION"),
        (avail_list(avail().replace("<avails:Avail>", f'<avails:Avail xmlns:avails="{OLDER}">')), "AVAILS_MIXED_VERSIONS"),
        (b"<ONIXMessage release='3.0'/>", "AVAILS_NOT_AVAILS"),
        (b"<AvailList><Avail/></AvailList>", "AVAILS_NOT_AVAILS"),
        (avail_list(avail())[:-30], "XML_MALFORMED"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + avail_list(avail()).partition(b"?>")[2], "XML_ENTITIES"),
        (b"PK\x03\x04 and then nothing", "ZIP_BROKEN"),
        (workbook(film())[:-200], "ZIP_BROKEN"),
    ],
)  # fmt: skip
def test_files_that_are_no_avails_are_refused_as_a_whole(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert refused.value.problem.code == code


def _zipped(**entries: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_archives_that_grow_without_measure_hold_entities_or_no_workbook() -> None:
    for content, code in (
        (_zipped(bomb=bytes(65 * 1024 * 1024)), "ZIP_BOMB"),
        (
            _zipped(**{"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "XML_ENTITIES",
        ),
        (_zipped(**{"readme.txt": b"no workbook"}), "AVAILS_BROKEN"),
    ):
        with pytest.raises(FileRefused) as refused:
            read(content)
        assert refused.value.problem.code == code


def test_xml_says_the_same_as_a_workbook() -> None:
    windows = transaction(
        territory="<md:countryRegion>001</md:countryRegion>",
        excluded="<md:country>US</md:country>",
        end="<avails:End>2027-12-31T23:59:59</avails:End>",
        languages="<avails:AllowedLanguage>vi</avails:AllowedLanguage>"
        '<avails:AssetLanguage asset="audio">zh</avails:AssetLanguage>'
        "<avails:HoldbackLanguage>th</avails:HoldbackLanguage>",
        terms='<avails:Term termName="Exclusive"><avails:Boolean>true</avails:Boolean></avails:Term>',
    )
    (record,) = read(avail_list(avail(transactions=windows)))
    assert record.mandates == [scope("SVOD", WORLD - {"US"}, {"vi"}, date(2026, 1, 1), date(2028, 1, 1), True)]
    assert record.holdbacks[0].languages == frozenset({"th"})
    assert [(words.text, words.language) for words in record.titles] == [("刘三姐", "zh"), ("Lưu Tam Thư", "vi")]
    assert [(credit.name, credit.role) for credit in record.credits] == [("苏里", "drt")]
    assert record.line == 13


def test_an_alid_that_comes_twice_in_xml_is_told() -> None:
    first, second = read(avail_list(avail(), avail()))
    assert (first.usable, [problem.code for problem in second.problems if problem.skips]) == (
        True,
        ["AVAILS_ALID_TWICE"],
    )


# Out


def exported(record: Record, **changed: Any) -> ExportedWork:
    """The work that a record made, read back from the tables."""
    own, *others = record.titles
    assert record.original is not None
    said: dict[str, Any] = {
        "id": UUID(int=1),
        "kind": "ANIMATION",
        "status": "PUBLISHED",
        "original_language": own.language,
        "title": ExportedText(
            own.text, own.language, {words.language: Rendered(words.text, "SUPPLIED") for words in others}
        ),
        "description": None,
        "contributors": (),
        "identifiers": record.identifiers,
        "subjects": (),
        "publication_year": record.publication_year,
        "country_of_origin": None,
        "record_reference": record.reference,
        "mandates": [Granted(given, "avails") for given in record.mandates],
        "holdbacks": record.holdbacks,
        "updated_at": datetime(2026, 11, 23, tzinfo=UTC),
        "kept": Kept(record.original.dialect, record.original.content),
    }
    return ExportedWork(**said | changed)


def write(variant: str, works: Sequence[ExportedWork]) -> bytes:
    file = io.BytesIO()
    WRITERS["AVAILS"][variant].write(iter(works), file, ORDER)
    return file.getvalue()


def what_it_says(record: Record) -> tuple[Any, ...]:
    return (
        record.reference,
        [(words.text, words.language) for words in record.titles],
        set(record.mandates),
        set(record.holdbacks),
        record.identifiers,
        record.publication_year,
        record.usable,
    )


def lines(record: Record) -> list[dict[str, str]]:
    assert record.original is not None
    return [line.cells for line in Avail.restored(json.loads(record.original.content)).lines]


@pytest.fixture(scope="session")
def schema(standards: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(standards / "avails" / "2.7" / "avails-v2.7.xsd"))


@pytest.mark.standards
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_comes_back_as_it_went(
    standards: Path, schema: etree.XMLSchema, sample: str, variant: str
) -> None:
    came = [
        record
        for record in read((standards / "avails" / sample).read_bytes())
        if record.usable and record.notification != "05"
    ]
    assert came
    content = write(variant, [exported(record) for record in came])
    again = read(content)
    assert sorted(map(str, map(what_it_says, again))) == sorted(map(str, map(what_it_says, came)))
    if variant == "XML_2_7":
        assert schema.validate(etree.fromstring(content)), schema.error_log
    went = {record.reference: lines(record) for record in again}
    for record in came:
        for before, after in zip(lines(record), went[record.reference], strict=True):
            before["EntryType"] = "Full Extract"
            if variant.startswith("XML"):
                before["ContentID"] = lines(record)[0].get("ContentID", before["ALID"])
            if variant.startswith("XML") and "CompanyDisplayCredit" not in before:
                after.pop("CompanyDisplayCredit", None)
            assert after == before


@pytest.mark.standards
def test_layouts_are_those_of_the_samples(standards: Path) -> None:
    for name, version, kind in (("Movies_v1.8.xlsx", "1.8", MOVIES), ("Bonus_v1.9.xlsx", "1.9", BONUS)):
        (sheet,) = Workbook(io.BytesIO((standards / "avails" / name).read_bytes())).sheets
        assert [column for _place, column in sheet.columns] == [column for _group, column in LAYOUTS[version][kind]]


SERIES = workbook(
    episode(Exclusive=True, HoldbackLanguage="lo", TotalRunTime="00:11:00", RatingSystem="MTRCB", RatingValue="G",
            EpisodeCount=26, RetailerSpare1="shelf 3"),
    episode(LicenseType="EST", Territory="Worldwide", TerritoryExclusion="US, CN", PriceType="WSP", PriceValue=1.99,
            PriceCurrency="USD"),
    episode(ALID="wolfoo:2", WorkType="Season", EpisodeNumber=None, EpisodeTitleInternalAlias=None, EpisodeContentID=None),
    episode(ALID="wolfoo", WorkType="Series", SeriesAltID="W-1", SeasonCount=3, AllowedLanguages="th, lo, vi"),
    kind=TV,
)  # fmt: skip


@pytest.mark.standards
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_series_comes_back_as_it_went(schema: etree.XMLSchema, variant: str) -> None:
    came = read(SERIES)
    content = write(variant, [exported(record) for record in came])
    assert [what_it_says(record) for record in read(content)] == [what_it_says(record) for record in came]
    if variant == "XML_2_7":
        assert schema.validate(etree.fromstring(content)), schema.error_log


@pytest.mark.standards
def test_xml_goes_out_element_by_element_as_it_came(schema: etree.XMLSchema) -> None:
    more = (
        '<avails:SharedEntitlement ecosystem="MA"><avails:EcosystemID>x</avails:EcosystemID></avails:SharedEntitlement>'
    )
    came = avail_list(avail().replace("</avails:Avail>", f"{more}</avails:Avail>"))
    content = write("XML_2_7", [exported(record) for record in read(came)])
    assert schema.validate(etree.fromstring(content)), schema.error_log
    assert _canonical(content) == _canonical(came)
    older = write("XML_2_6", [exported(record) for record in read(came)])
    assert b"avails/v2.6/avails" in older
    assert _canonical(older.replace(b"v2.6", b"v2.7").replace(b"v2.10", b"v2.12")) == _canonical(came)


def _canonical(content: bytes) -> str:
    root = etree.fromstring(content, etree.XMLParser(remove_blank_text=True))
    for element in root.iter():
        element.text, element.tail = (element.text or "").strip() or None, None
    return str(etree.canonicalize(etree.tostring(root, encoding="unicode"), strip_text=True))


@pytest.mark.standards
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_people_entered_goes_out_as_lines_of_the_hubs_own(schema: etree.XMLSchema, variant: str) -> None:
    record = one()
    everywhere = scope("SVOD AVOD THEATRICAL", WORLD - {"US"}, None, date(2026, 1, 1), date(2030, 1, 1), True)
    asean = scope("EST", GROUPS["ASEAN"], {"th", "zh-Hans", "zh-Hant"}, date(2027, 1, 1))
    kept_back = scope("SVOD", {"VN"}, {"vi"}, date(2026, 1, 1), date(2027, 1, 1))
    renderings = {"vi": Rendered("Lưu Tam Thư", "REVIEWED"), "th": Rendered("หลิวซานเจี่ย", "SUPPLIED")}
    work = exported(
        record,
        kept=None,
        record_reference=None,
        holdbacks=[kept_back],
        mandates=[Granted(everywhere, "entered"), Granted(asean, "entered")],
        title=ExportedText("刘三姐", "zh", renderings),
    )
    content = write(variant, [work])
    if variant == "XML_2_7":
        assert schema.validate(etree.fromstring(content)), schema.error_log
    (again,) = read(content)
    assert again.reference == "urn:uuid:00000000-0000-0000-0000-000000000001"
    assert {words.language: words.text for words in again.titles} == {
        "zh": "刘三姐",
        "vi": "Lưu Tam Thư",
        "th": "หลิวซานเจี่ย",
    }
    wanted = [piece for given in (everywhere, asean) for piece in _video(given).minus([kept_back])]
    said = [piece for given in again.mandates for piece in given.minus(again.holdbacks)]
    assert not [gap for piece in wanted for gap in piece.minus(said)]
    assert not [more for piece in said for more in piece.minus(wanted)]


def _video(given: Scope) -> Scope:
    rights = given.rights - {RightType.THEATRICAL}
    return Scope(rights, given.territories, given.languages, given.start, given.end, given.exclusive)


def test_a_line_goes_out_only_as_far_as_it_still_holds() -> None:
    (record,) = read(
        workbook(
            film(Territory="VN, TH", PriceType="Category", PriceValue="Sub"), film(LicenseType="EST", AvailID="A-1")
        )
    )
    (svod,) = [given for given in record.mandates if RightType.SVOD in given.rights]
    held = scope("SVOD", {"TH"}, None, date(2026, 1, 1))
    (again,) = read(write("XLSX_1_9", [exported(record, mandates=[Granted(svod, "avails")], holdbacks=[held])]))
    assert [(line["LicenseType"], line["Territory"], line["PriceValue"]) for line in lines(again)] == [
        ("SVOD", "VN", "Sub")
    ]
    (gone,) = read(write("XML_2_7", [exported(record, status="WITHDRAWN")]))
    assert gone.notification == "05"
    assert (
        read(write("XLSX_1_9", [exported(record, status="WITHDRAWN"), exported(record, mandates=(), kept=None)]))[
            0
        ].notification
        == "05"
    )


def test_a_title_that_was_corrected_goes_out_corrected() -> None:
    (record,) = read(workbook(film()))
    work = exported(record, title=ExportedText("刘三姐传奇", "zh", {"vi": Rendered("Lưu Tam Thư", "REVIEWED")}))
    for variant in VARIANTS:
        (again,) = read(write(variant, [work]))
        assert again.titles[0].text == "刘三姐传奇"
    (from_xml,) = read(avail_list(avail()))
    corrected = exported(from_xml, title=ExportedText("刘三姐传奇", "zh", {"vi": Rendered("Lưu Tam Thư", "SUPPLIED")}))
    (again,) = read(write("XML_2_7", [corrected]))
    assert [(words.text, words.language) for words in again.titles] == [("刘三姐传奇", "zh"), ("Lưu Tam Thư", "vi")]


def test_words_are_never_a_formula() -> None:
    (record,) = read(workbook(film(RetailerSpare1="'=1+1")))
    assert record.original is not None
    changed = json.loads(record.original.content)
    changed["lines"][0]["cells"]["RetailerSpare1"] = "=1+1"
    work = exported(record, kept=Kept("avail", json.dumps(changed).encode()))
    (line,) = Workbook(io.BytesIO(write("XLSX_1_9", [work]))).lines()
    assert line["RetailerSpare1"] == "=1+1"


def test_every_language_but_a_few_is_said_as_held_back() -> None:
    everything_but = scope("SVOD", {"VN"}, set(RIGHTS_LANGUAGES - {"fr", "de"}), date(2026, 1, 1))
    work = exported(one(), kept=None, mandates=[Granted(everything_but, "entered")])
    file = io.BytesIO(write("XLSX_1_9", [work]))
    (line,) = Workbook(file).lines()
    assert (line["AllowedLanguages"], line["HoldbackLanguage"]) == ("mul", "de, fr")


def test_memory_holds_only_titles_that_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [film(ALID=f"caidiao:{number // 2}") for number in range(40)]
    most = 0
    plain = mapping.record

    def watched(avail: Avail, received: date, *, sheets: bool) -> Record:
        nonlocal most
        most = max(most, len(avail.lines))
        return plain(avail, received, sheets=sheets)

    monkeypatch.setattr(mapping, "record", watched)
    assert len(read(workbook(*rows))) == 20
    assert most == 2

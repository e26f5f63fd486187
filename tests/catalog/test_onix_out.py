"""Writing ONIX: valid in every variant, read back as it was, with everything that the hub does not model."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from lxml import etree
from onixcheck.models import OnixFile

from catalog.facts import Credit
from catalog.formats.exported import ExportedText, ExportedWork, Granted, Kept, Order, Rendered
from catalog.formats.onix.product import MACHINE
from catalog.formats.onix.reader import records, same
from catalog.formats.onix.writer import WRITE
from catalog.formats.record import Record, Words
from catalog.identifiers import identify
from catalog.rights import RightType, Scope
from catalog.territories import WORLD
from tests.factories.onix import message, product, sales_rights, shortened

RECEIVED = date(2026, 11, 23)
ORDER = Order("桂林象山书局 & Söhne", datetime(2026, 11, 23, 9, tzinfo=UTC), "zh")
SAMPLES = ("Onix3.1-single-ref.xml", "onix3-single.xml", "single-book-onix3-short.xml")
EXTRA = "<Extent><ExtentType>00</ExtentType><ExtentValue>320</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>"
PUBLISHER = "<Publisher><PublishingRole>01</PublishingRole><PublisherName>象山书局</PublisherName></Publisher>"
WHOLE = message([product(rights=sales_rights("01", "CN SG") + sales_rights("02", "MY"))])


def one(content: bytes) -> Record:
    (record,) = records(BytesIO(content), RECEIVED)
    return record


def _text(words: list[Words]) -> ExportedText:
    own, *others = words
    return ExportedText(own.text, own.language, {each.language: Rendered(each.text, "SUPPLIED") for each in others})


def work_of(record: Record, *, kept: bool = True, **changed: Any) -> ExportedWork:
    """The work that this record becomes."""
    assert record.original
    work = ExportedWork(
        id=UUID("01a2090d-6f8e-73f0-ae8f-9f131b3bcbc3"),
        kind=record.kind,
        status="PUBLISHED",
        original_language=record.original_language or "",
        title=_text(record.titles),
        description=_text(record.descriptions) if record.descriptions else None,
        contributors=[Credit(one.name, one.role, one.name_original) for one in record.credits],
        identifiers=record.identifiers,
        subjects=record.subjects,
        publication_year=record.publication_year,
        country_of_origin=record.country,
        record_reference=record.reference,
        mandates=[Granted(scope, "onix") for scope in record.mandates],
        holdbacks=[],
        updated_at=datetime(2026, 11, 23, tzinfo=UTC),
        kept=Kept(record.original.dialect, record.original.content) if kept else None,
    )
    return dataclasses.replace(work, **changed)


def written(*works: ExportedWork, variant: str = "REFERENCE_3_1") -> bytes:
    """A message of these works. It is valid, or the test ends here."""
    to = BytesIO()
    WRITE[variant](iter(works), to, ORDER)
    assert problems(to.getvalue()) == []
    return to.getvalue()


def problems(content: bytes) -> list[str]:
    """What onixcheck finds in a message."""
    tree = OnixFile(BytesIO(content))
    schema = _schema(tree.meta.onix_version, tree.meta.onix_style, tree.get_validator)
    schema.validate(tree.xml_tree())
    return [str(error.message) for error in list(schema.error_log)]  # type: ignore[call-overload]


_made: dict[tuple[str, str], etree.XMLSchema] = {}


def _schema(version: str, style: str, make: Callable[[], etree.XMLSchema]) -> etree.XMLSchema:
    if (version, style) not in _made:
        _made[version, style] = make()
    return _made[version, style]


def alike(first: Record, second: Record) -> bool:
    """Do two records say the same? Lines and the days from which rights count do not matter."""

    def said(record: Record) -> tuple[object, ...]:
        codes = {(one.scheme, one.value) for one in record.identifiers}
        rights = {(one.rights, one.territories, one.languages, one.exclusive) for one in record.mandates}
        return (record.reference, record.kind, record.original_language, record.titles, record.descriptions, codes,
                record.credits, record.subjects, record.publication_year, record.country, rights)  # fmt: skip

    assert said(first) == said(second)
    return True


@cache
def own() -> dict[str, bytes]:
    """Messages with much in them."""
    full = product(
        detail=f"""{EXTRA}<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole>
        <ContributorRole>A12</ContributorRole><PersonName>戴敦邦</PersonName><AlternativeName><NameType>05</NameType>
        <PersonName>Dai Dunbang</PersonName></AlternativeName></Contributor>
        <TitleDetail><TitleType>06</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
        <TitleText language="vie">Tam quốc diễn nghĩa</TitleText></TitleElement></TitleDetail>""",
        publishing=PUBLISHER,
        rights=sales_rights("01", "CN SG") + sales_rights("06", "US") + "<ROWSalesRightsType>02</ROWSalesRightsType>",
    )
    return {
        "whole": message([full]),
        "short": shortened(message([full])),
        "3.1": message([full], release="3.1"),
        "a translation": message([product(title="The Tale of Kiều", language="eng", detail="""<Language>
            <LanguageRole>02</LanguageRole><LanguageCode>vie</LanguageCode></Language><TitleDetail><TitleType>03</TitleType>
            <TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>Truyện Kiều</TitleText></TitleElement>
            </TitleDetail>""")]),
        "a comic": message([product(detail="<Subject><SubjectSchemeIdentifier>10</SubjectSchemeIdentifier><SubjectCode>"
            "CGN004000</SubjectCode></Subject>", rights=sales_rights("02", regions="WORLD", without="CN"))]),
        "defaults in the header": message([product().replace("<Language><LanguageRole>01</LanguageRole><LanguageCode>chi"
            "</LanguageCode></Language>", "")], header="<DefaultLanguageOfText>chi</DefaultLanguageOfText>"),
    }  # fmt: skip


@pytest.mark.parametrize("variant", WRITE)
@pytest.mark.parametrize("name", list(own()))
def test_what_came_in_goes_out_and_comes_back_the_same(name: str, variant: str) -> None:
    record = one(own()[name])
    for kept in (True, False):
        assert alike(one(written(work_of(record, kept=kept), variant=variant)), record)


@pytest.mark.standards
@pytest.mark.parametrize("variant", WRITE)
@pytest.mark.parametrize("name", SAMPLES)
def test_other_people_s_samples_go_around(standards: Path, name: str, variant: str) -> None:
    record = one((standards / "onix" / name).read_bytes())
    assert record.original
    again = one(written(work_of(record), variant=variant))
    assert alike(again, record)
    assert again.original
    if record.original.dialect[:3] <= variant[-3:].replace("_", "."):
        assert same(again.original, record.original), "all that the hub does not model is there too"
    assert alike(one(written(work_of(record, kept=False), variant=variant)), record)


def test_what_the_hub_does_not_model_is_written_again_in_other_tags() -> None:
    record = one(own()["short"])
    assert EXTRA.encode() in written(work_of(record))
    assert b"<Extent>" not in written(work_of(record, kept=False))


def change(**changed: Any) -> tuple[Record, bytes]:
    """A kept record of a work that was changed in the hub, and the message."""
    content = written(work_of(one(own()["whole"]), **changed))
    assert EXTRA.encode() in content
    return one(content), content


def test_what_was_changed_in_the_hub_is_written_over_and_nothing_else() -> None:
    title = ExportedText("三国", "zh", {"th": Rendered("สามก๊ก", "REVIEWED")})
    record, _content = change(title=title)
    assert record.titles == [Words("三国", "zh"), Words("สามก๊ก", "th")]
    before = one(own()["whole"])
    assert (record.descriptions, record.credits, record.mandates) == (
        before.descriptions,
        before.credits,
        before.mandates,
    )
    record, _content = change(description=ExportedText("一。\n\n二，\n三。", "zh", {"km": Rendered("រឿង", "SUPPLIED")}))
    assert record.descriptions == [Words("一。\n\n二，\n三。", "zh"), Words("រឿង", "km")]
    assert change(description=None)[0].descriptions == []
    assert change(subjects=["FBC", "1FPCK", "CGN004000"])[0].subjects == ["FBC", "1FPCK", "CGN004000"]
    assert change(publication_year=1522)[0].publication_year == 1522
    assert change(country_of_origin="VN")[0].country == "VN"
    codes = change(identifiers=[identify("ISBN", "9787020008735"), identify("DOI", "10.1000/182")])[0].identifiers
    assert [(code.scheme, code.value) for code in codes] == [("DOI", "10.1000/182"), ("ISBN", "9787020008735")]


def test_a_contributor_who_stays_keeps_what_else_is_told_of_them() -> None:
    told = "<BiographicalNote>Painter.</BiographicalNote>"
    content = own()["whole"].replace(b"</AlternativeName>", f"</AlternativeName>{told}".encode())
    credits = [
        Credit("Dai Dunbang", "trl", "戴敦邦"),
        Credit("Dai Dunbang", "ill", "戴敦邦"),
        Credit("毛宗岗", "edt"),
        Credit("罗贯中", "aut"),
    ]
    out = written(work_of(one(content), contributors=credits))
    assert told.encode() in out
    assert [(credit.name, credit.role, credit.name_original) for credit in one(out).credits] == [
        (credit.name, credit.role, credit.name_original) for credit in credits
    ]


def test_mandates_for_the_product_s_form_and_language_become_sales_rights() -> None:
    spoken = frozenset({"zh-Hans", "zh-Hant"})
    start = date(2024, 1, 1)

    def granted(
        rights: RightType, territories: frozenset[str], languages: frozenset[str] | None, **more: Any
    ) -> Granted:
        return Granted(Scope(frozenset({rights}), territories, languages, start, **more), "entered")

    record, content = change(
        mandates=[
            granted(RightType.PRINT, WORLD - {"US", "CA"}, None, exclusive=True),
            granted(RightType.PRINT, frozenset({"CA", "CN"}), spoken),
            granted(RightType.PRINT, frozenset({"US"}), spoken, end=date(2025, 1, 1)),
            granted(RightType.PRINT, WORLD, frozenset({"th"})),
            granted(RightType.AUDIOBOOK, WORLD, None),
        ]
    )
    assert {(one.territories, one.exclusive) for one in record.mandates} == {
        (WORLD - {"US", "CA"}, True),
        (frozenset({"CA"}), False),
    }
    assert b"<ROWSalesRightsType>00</ROWSalesRightsType>" in content
    assert change(mandates=[])[0].mandates == []


def test_drafts_of_a_machine_are_marked_and_nobody_takes_them_for_the_publisher_s() -> None:
    title = ExportedText("三国演义", "zh", {"th": Rendered("สามก๊ก", "MACHINE"), "vi": Rendered("Tam quốc", "REVIEWED")})
    record, content = change(title=title)
    assert f'<TitleDetail sourcename="{MACHINE}">'.encode() in content
    assert record.titles == [Words("三国演义", "zh"), Words("Tam quốc", "vi")]
    record, content = change(description=ExportedText("一。", "zh", {"en": Rendered("One.", "MACHINE")}))
    assert b"One." in content
    assert record.descriptions == [Words("一。", "zh")]


def test_ten_languages_with_their_scripts() -> None:
    words = {"en": "Three", "zh-Hant": "三國", "vi": "Tam quốc", "th": "สามก๊ก", "ms": "Tiga", "id": "Tiga Negara",
             "my": "သုံးပြည်ထောင်", "lo": "ສາມກົກ", "fil": "Tatlo", "km": "សាមកុក"}  # fmt: skip
    title = ExportedText("三国演义", "zh", {tag: Rendered(said, "REVIEWED") for tag, said in words.items()})
    for variant in WRITE:
        record = one(written(work_of(one(WHOLE), title=title), variant=variant))
        assert {said.language: said.text for said in record.titles} == {"zh": "三国演义", **words}


def test_a_work_that_never_came_from_a_file() -> None:
    bare = work_of(
        one(WHOLE), kept=False, record_reference=None, identifiers=[], kind="COMIC", subjects=["FV"], mandates=[]
    )
    content = written(bare)
    record = one(content)
    assert (record.reference, record.kind, record.identifiers) == (f"banmao.{bare.id}", "COMIC", [])
    assert f"<PublisherName>{ORDER.sender.replace('&', '&amp;')}</PublisherName>".encode() in content


def test_what_was_withdrawn_goes_out_as_a_deletion() -> None:
    record = one(written(work_of(one(WHOLE), status="WITHDRAWN")))
    assert (record.reference, record.notification) == (one(WHOLE).reference, "05")


def test_a_record_that_was_not_valid_goes_out_without_what_was_wrong() -> None:
    wrong = WHOLE.replace(
        b"<ProductForm>BC</ProductForm>", b"<ProductForm>BC</ProductForm><Weight>9</Weight>" + EXTRA.encode()
    )
    wrong = wrong.replace(b"<Extent><ExtentType>00", b"<Extent><ExtentType>ZZ")
    record = one(wrong)
    content = written(work_of(record))
    assert b"Weight" not in content
    assert alike(one(content), record)
    headless = re.sub(
        rb"<TitleDetail>.*?</TitleDetail>", b"<TitleDetail><TitleType>01</TitleType></TitleDetail>", WHOLE, flags=re.S
    )
    kept = one(headless).original
    assert kept
    assert alike(one(written(work_of(one(WHOLE), kept=False))), one(WHOLE))
    again = work_of(one(WHOLE), kept=False)
    assert alike(one(written(dataclasses.replace(again, kept=Kept(kept.dialect, kept.content)))), one(WHOLE))


def test_the_same_order_is_the_same_file() -> None:
    work = work_of(one(WHOLE))
    assert written(work, work_of(one(message([product("b", isbn="9787020008735")])))) == written(
        work, work_of(one(message([product("b", isbn="9787020008735")])))
    )

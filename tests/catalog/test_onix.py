"""The ONIX reader on messages of our own; `test_onix_samples.py` reads other people's."""

import os
from collections.abc import Iterator
from datetime import date
from io import BytesIO, RawIOBase
from pathlib import Path

import pytest

from catalog.formats.onix.reader import records, same
from catalog.formats.problems import FileRefused
from catalog.formats.record import Credit, Original, Record, Words
from catalog.identifiers import Identified
from catalog.rights import RightType, Scope
from catalog.territories import GROUPS, WORLD
from tests.factories.onix import SANGUO, message, product, sales_rights, shortened

TODAY = date(2026, 11, 23)


def read(content: bytes) -> list[Record]:
    return list(records(BytesIO(content), TODAY))


def one(**parts: str) -> Record:
    (record,) = read(message([product(**parts)]))
    return record


def codes(record: Record) -> list[str]:
    return [problem.code for problem in record.problems]


@pytest.mark.parametrize("release", ["3.0", "3.1"])
@pytest.mark.parametrize("namespace", [True, False])
def test_a_product_in_both_dialects(release: str, namespace: bool) -> None:
    written = message([product(rights=sales_rights("01", "CN SG"))], release=release, namespace=namespace)
    for content in (written, shortened(written)):
        (record,) = read(content)
        assert record.reference == SANGUO
        assert record.titles == [Words("三国演义", "zh")]
        assert record.descriptions == [Words("东汉末年，群雄并起。", "zh")]
        assert record.credits == [Credit("罗贯中", "aut")]
        assert record.identifiers == [Identified("ISBN", "9787020002207")]
        assert (record.kind, record.original_language, record.country) == ("BOOK", "zh", "CN")
        assert (record.subjects, record.publication_year) == (["FV"], 2024)
        assert record.mandates == [
            Scope(
                frozenset({RightType.PRINT}),
                frozenset({"CN", "SG"}),
                frozenset({"zh-Hans", "zh-Hant"}),
                date(2024, 3, 15),
                exclusive=True,
            )
        ]
        assert record.usable
        assert record.problems == []


def test_titles_in_further_languages_and_parts() -> None:
    record = one(
        title="The Tale of Kiều",
        language="eng",
        detail="""
        <Language><LanguageRole>02</LanguageRole><LanguageCode>vie</LanguageCode></Language>
        <TitleDetail><TitleType>03</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
          <TitleText>Truyện Kiều</TitleText><Subtitle>Đoạn trường tân thanh</Subtitle></TitleElement></TitleDetail>
        <TitleDetail><TitleType>06</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
          <NoPrefix/><TitleWithoutPrefix language="chi">金云翘传</TitleWithoutPrefix></TitleElement></TitleDetail>
        <TitleDetail><TitleType>10</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
          <TitleText>KIEU (PB)</TitleText></TitleElement></TitleDetail>""",
    )
    assert record.original_language == "vi"
    assert record.titles == [
        Words("The Tale of Kiều", "en"),
        Words("Truyện Kiều: Đoạn trường tân thanh", "vi"),
        Words("金云翘传", "zh"),
    ]
    assert record.country is None, "the country of a translation is not the country of origin"


def test_a_volume_without_a_title_of_its_own_takes_the_series() -> None:
    record = one(title="").titles
    assert record == []
    numbered = product().replace(
        "<TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>三国演义</TitleText></TitleElement>",
        "<TitleElement><TitleElementLevel>02</TitleElementLevel><TitleText>连环画三国</TitleText></TitleElement>"
        "<TitleElement><TitleElementLevel>01</TitleElementLevel><PartNumber>3</PartNumber></TitleElement>",
    )
    assert read(message([numbered]))[0].titles == [Words("连环画三国 3", "zh")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>One &amp; <em>two</em>.</p><p>Three.</p>", "One & two.\n\nThree."),
        ("&lt;p&gt;One &amp;amp; &lt;em&gt;two&lt;/em&gt;.&lt;/p&gt;&lt;p&gt;Three.&lt;/p&gt;", "One & two.\n\nThree."),
        ("plain,\n      in two lines: 3 &lt; 4", "plain, in two lines: 3 < 4"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;&lt;b onclick='x'&gt;Bold&lt;/b&gt;", "Bold"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<p>a<br/>b</p><p>c<br />\n<br/>d</p>", "a\nb\n\nc\n\nd"),
    ],
)
def test_descriptions_are_plain_words(text: str, words: str) -> None:
    content = message([product(description="@@")]).replace(b"@@", text.encode())
    assert read(content)[0].descriptions == [Words(words, "zh")]


def test_contributors_in_order_with_every_role() -> None:
    record = one(
        detail="""
        <Contributor><SequenceNumber>3</SequenceNumber><ContributorRole>B10</ContributorRole>
          <NamesBeforeKey>Lois</NamesBeforeKey><KeyNames>Roth</KeyNames></Contributor>
        <Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>A12</ContributorRole>
          <KeyNames>戴</KeyNames><NamesAfterKey>敦邦</NamesAfterKey></Contributor>
        <Contributor><SequenceNumber>4</SequenceNumber><ContributorRole>A01</ContributorRole>
          <UnnamedPersons>02</UnnamedPersons></Contributor>
        <Contributor><SequenceNumber>5</SequenceNumber><ContributorRole>A99</ContributorRole>
          <CorporateName>Studio Bamboo</CorporateName></Contributor>
        <Contributor><SequenceNumber>6</SequenceNumber><ContributorRole>A23</ContributorRole>
          <PersonNameInverted>Toer, Pramoedya Ananta</PersonNameInverted></Contributor>"""
    )
    assert record.credits == [
        Credit("罗贯中", "aut"),
        Credit("戴敦邦", "ill"),
        Credit("Lois Roth", "edt"),
        Credit("Lois Roth", "trl"),
        Credit("Studio Bamboo", "ctb"),
        Credit("Pramoedya Ananta Toer", "wfw"),
    ]
    assert record.problems == []


def test_a_name_in_two_scripts() -> None:
    record = one(
        detail="""<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>A12</ContributorRole>
          <PersonName>戴敦邦</PersonName><AlternativeName><NameType>05</NameType><PersonName>Dai Dunbang</PersonName>
          </AlternativeName></Contributor>"""
    )
    assert record.credits[1] == Credit("Dai Dunbang", "ill", "戴敦邦")


def test_what_is_cancelled_or_sold_is_gone() -> None:
    gone = {
        code: one(publishing=f"<PublishingStatus>{code}</PublishingStatus>").gone
        for code in ("01", "02", "04", "05", "07")
    }
    assert gone == {"01": True, "02": False, "04": False, "05": True, "07": False}


def _original(content: bytes) -> Original:
    original = read(content)[0].original
    assert original
    return original


def test_the_same_record_is_known_in_every_dialect() -> None:
    rights, detail = sales_rights("01", "CN"), "<Extent><ExtentType>00</ExtentType></Extent>"
    text = "<p>东汉<em>末年</em>，群雄并起。</p>"
    written = message([product(rights=rights, detail=detail, description="@@")]).replace(b"@@", text.encode())
    bare = message([product(rights=rights, detail=detail, description="@@")], namespace=False, release="3.1")
    first = _original(written)
    assert _original(written).digest == first.digest
    for alike in (shortened(written), bare.replace(b"@@", text.encode()), written.replace(b">\n", b">\n\n  ")):
        assert (_original(alike).digest != first.digest, same(first, _original(alike))) == (True, True)
    for changed in (
        written.replace("末年".encode(), "初年".encode()),
        written.replace(b"em>", b"i>"),
        written.replace(b"<ExtentType>00<", b"<ExtentType>02<"),
        message([product(title="三国")]),
    ):
        assert (_original(changed).digest != first.digest, same(first, _original(changed))) == (True, False)


def test_the_rest_of_the_world() -> None:
    rights = sales_rights("01", "CN") + sales_rights("06", "US CA")
    record = one(rights=f"{rights}<ROWSalesRightsType>02</ROWSalesRightsType>")
    assert {(scope.territories, scope.exclusive) for scope in record.mandates} == {
        (frozenset({"CN"}), True),
        (WORLD - {"CN", "US", "CA"}, False),
    }


@pytest.mark.parametrize(
    ("kind", "held"),
    [("01", [True]), ("02", [False]), ("03", []), ("04", [True]), ("05", [False]), ("06", []), ("00", [])],
)
def test_what_each_type_of_sales_rights_gives(kind: str, held: list[bool]) -> None:
    named = one(rights=sales_rights(kind, "CN"))
    assert [scope.exclusive for scope in named.mandates] == held
    rest = one(rights=sales_rights("06", "CN") + f"<ROWSalesRightsType>{kind}</ROWSalesRightsType>")
    assert [(scope.exclusive, scope.territories) for scope in rest.mandates] == [
        (each, WORLD - {"CN"}) for each in held
    ]


def test_world_less_some_and_regions_that_are_territories() -> None:
    record = one(rights=sales_rights("02", regions="WORLD", without="CN " + " ".join(sorted(GROUPS["EU"]))))
    assert [scope.territories for scope in record.mandates] == [WORLD - GROUPS["EU"] - {"CN"}]
    assert one(rights=sales_rights("01", "CN", regions="CN-TW CN-HK")).mandates[0].territories == {"CN", "TW", "HK"}


def test_a_territory_named_twice_counts_for_the_first() -> None:
    record = one(rights=sales_rights("01", "CN SG") + sales_rights("02", "SG MY"))
    assert {(scope.territories, scope.exclusive) for scope in record.mandates} == {
        (frozenset({"CN", "SG"}), True),
        (frozenset({"MY"}), False),
    }


@pytest.mark.parametrize(
    ("form", "detail", "right"),
    [
        ("BB", "", RightType.PRINT),
        ("BC", "<EditionType>LTE</EditionType>", RightType.LARGE_PRINT),
        ("EA", "", RightType.EBOOK),
        ("AJ", "", RightType.AUDIOBOOK),
        ("BC", "<Subject><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier><SubjectCode>XAK</SubjectCode></Subject>",
         RightType.COMIC_PRINT),
        ("ED", "<Subject><SubjectSchemeIdentifier>10</SubjectSchemeIdentifier><SubjectCode>CGN004000</SubjectCode></Subject>",
         RightType.COMIC_DIGITAL),
    ],
)  # fmt: skip
def test_the_form_says_which_right(form: str, detail: str, right: RightType) -> None:
    record = one(form=form, detail=detail, rights=sales_rights("01", "CN"))
    assert [scope.rights for scope in record.mandates] == [{right}]


def test_without_a_publication_day_rights_count_from_receipt() -> None:
    content = message([product(rights=sales_rights("01", "CN"))]).replace(
        b'<Date dateformat="00">20240315</Date>', b'<Date dateformat="05">2024</Date>'
    )
    (record,) = read(content)
    assert (record.publication_year, record.mandates[0].start) == (2024, TODAY)


@pytest.mark.parametrize(
    ("parts", "code", "field"),
    [
        ({"reference": ""}, "ONIX_REFERENCE_MISSING", "RecordReference"),
        ({"notification": "77"}, "ONIX_CODE", "NotificationType"),
        ({"isbn": "9787020002208"}, "ONIX_IDENTIFIER", "IDValue"),
        ({"language": "zzz"}, "ONIX_CODE", "LanguageCode"),
        ({"title": "  "}, "ONIX_TITLE_MISSING", "DescriptiveDetail/TitleDetail"),
        ({"detail": "<a001>x</a001>"}, "ONIX_MIXED_TAGS", "a001"),
    ],
)
def test_a_record_that_cannot_be_taken_says_why_and_where(parts: dict[str, str], code: str, field: str) -> None:
    record = one(**parts)
    assert not record.usable
    assert [(problem.code, problem.field) for problem in record.problems] == [(code, field)]
    assert all(problem.line and 4 <= problem.line <= 25 for problem in record.problems)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"detail": "<Contributor><ContributorRole>X99</ContributorRole><PersonName>A</PersonName></Contributor>"},
         "ONIX_CODE"),
        ({"publishing": "<PublishingDate><PublishingDateRole>11</PublishingDateRole><Date>soon</Date></PublishingDate>"},
         "ONIX_DATE"),
        ({"detail": "<Subject><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier><SubjectCode>?</SubjectCode></Subject>"},
         "ONIX_SUBJECT"),
        ({"rights": sales_rights("01", "UK")}, "ONIX_TERRITORY"),
        ({"rights": sales_rights("01", "WORLD")}, "ONIX_TERRITORY"),
        ({"rights": sales_rights("01", regions="GB-SCT")}, "ONIX_TERRITORY"),
        ({"rights": sales_rights("42", "CN")}, "ONIX_CODE"),
        ({"rights": sales_rights("07", "CN")}, "ONIX_RIGHTS_RESTRICTED"),
        ({"rights": sales_rights("01", "CN"), "form": "ZA"}, "ONIX_FORM"),
        ({"detail": "<Weight>9</Weight>"}, "ONIX_UNKNOWN_TAG"),
    ],
)  # fmt: skip
def test_a_part_that_is_wrong_is_left_out_and_told(parts: dict[str, str], code: str) -> None:
    record = one(**parts)
    assert record.usable
    assert codes(record) == [code]
    assert record.mandates == []


def test_a_territory_that_is_not_understood_leaves_the_rest_of_the_world_unknown() -> None:
    record = one(rights=sales_rights("01", "UK") + "<ROWSalesRightsType>01</ROWSalesRightsType>")
    assert record.mandates == []


def test_a_reference_that_comes_twice_is_taken_once() -> None:
    first, second, third = read(message([product(), product(title="别的"), product("other", isbn="9787020008735")]))
    assert first.usable
    assert third.usable
    assert [(problem.code, problem.line) for problem in second.problems] == [("ONIX_REFERENCE_TWICE", second.line)]


def test_the_header_s_language_counts_where_a_record_names_none() -> None:
    silent = product().replace(
        "<Language><LanguageRole>01</LanguageRole><LanguageCode>chi</LanguageCode></Language>", ""
    )
    assert codes(read(message([silent]))[0]) == ["ONIX_LANGUAGE_MISSING"]
    (record,) = read(message([silent], header="<DefaultLanguageOfText>tha</DefaultLanguageOfText>"))
    assert record.original_language == "th"


BOMB = """<?xml version="1.0"?><!DOCTYPE ONIXMessage [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><ONIXMessage release="3.0"><Product><RecordReference>&c;</RecordReference>
</Product></ONIXMessage>"""
XXE = """<!DOCTYPE ONIXMessage [<!ENTITY x SYSTEM "file:///etc/passwd">]><ONIXMessage release="3.0"><Product>
<RecordReference>&x;</RecordReference></Product></ONIXMessage>"""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "XML_MALFORMED"),
        (b"PK\x03\x04 a spreadsheet", "XML_MALFORMED"),
        (message([product(), product("b")])[:-200], "XML_MALFORMED"),
        (message([product()]).replace(b"</Product>", b"</Produkt>"), "XML_MALFORMED"),
        (BOMB.encode(), "XML_ENTITIES"),
        (XXE.encode(), "XML_ENTITIES"),
        (message([product(title="Caf@")]).replace(b"@", b"&eacute;"), "XML_ENTITIES"),
        (message([product(title="Caf@")]).replace(b"@", b"\xe9"), "XML_ENCODING"),
        (message([product()]).replace(b"UTF-8", b"KLINGON"), "XML_ENCODING"),
        (message([product(title="a" * 11_000_000)]), "XML_TOO_LARGE"),
        (message([product(detail="<Subject>" * 300 + "</Subject>" * 300)]), "XML_TOO_LARGE"),
        (message([product(detail="<NoEdition/>" * 800_000)]), "XML_TOO_LARGE"),
        (b"<html/>", "ONIX_NOT_ONIX"),
        (message([product()]).replace(b'release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference"', b""), "ONIX_VERSION"),
        (message([product()]).replace(b'release="3.0"', b'release="2.1"'), "ONIX_VERSION"),
        (message([product()]).replace(b"/reference", b"/short"), "ONIX_MIXED_TAGS"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert refused.value.problem.code == code


def test_an_external_document_type_is_not_opened() -> None:
    doctype = b'<!DOCTYPE ONIXMessage SYSTEM "http://127.0.0.1:9/onix-international.dtd">\n<ONIXMessage'
    (record,) = read(message([product()]).replace(b"<ONIXMessage", doctype))
    assert record.usable


class Endless(RawIOBase):
    """A message of `count` products that is never whole in memory."""

    def __init__(self, count: int) -> None:
        self.parts = self._parts(count)
        self.rest = b""

    def _parts(self, count: int) -> Iterator[bytes]:
        start, end = message(["@"]).split(b"@")
        yield start
        for number in range(count):
            yield product(f"r{number}").encode()
        yield end

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (part := next(self.parts, None)):
            self.rest += part
        data, self.rest = self.rest[:size], self.rest[size:]
        return data


def resident() -> int:
    """Bytes of memory that this process holds, libxml2's among them."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_memory_stays_flat() -> None:
    def growth(count: int) -> int:
        before = resident()
        highest = max(resident() for record in records(Endless(count), TODAY) if record.usable)
        return highest - before

    growth(200)
    assert growth(3_000) < 12_000_000, "three thousand products held in memory would be twenty megabytes"

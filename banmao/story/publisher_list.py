"""The Guilin publisher's list as ONIX for Books 3.0: four real novels and collections of old China.

The ISBNs lie in a registration group that no agency has (978-99999), so they are nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Title:
    reference: str
    isbn: str
    title: str
    author: str
    year: int
    blurb: str


def _isbn(number: int) -> str:
    digits = f"97899999{number:04d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


TITLES = (
    Title(
        "xiangshan-0001",
        _isbn(1),
        "岭南逸史",
        "黄岩",
        1794,
        "一部关于一位年轻的英雄的小说，故事发生在广西的群山。附24幅彩色插图。",
    ),
    Title("xiangshan-0002", _isbn(2), "儒林外史", "吴敬梓", 1750, "一部关于一位穷书生的小说，故事发生在古代中国。"),
    Title("xiangshan-0003", _isbn(3), "白蛇传", "佚名", 1806, "一部关于爱与忠诚的爱情故事，故事发生在古代中国。"),
    Title("xiangshan-0004", _isbn(4), "警世通言", "冯梦龙", 1624, "收录古老传说和爱情诗的集子。"),
)

_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<ONIXMessage xmlns="http://ns.editeur.org/onix/3.0/reference" release="3.0">
<Header><Sender><SenderName>桂林象山书局</SenderName></Sender><SentDateTime>20261123T0900Z</SentDateTime></Header>
"""
_PRODUCT = """<Product>
<RecordReference>{reference}</RecordReference><NotificationType>03</NotificationType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>
<DescriptiveDetail>
<ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText language="chi">{title}</TitleText></TitleElement></TitleDetail>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole><PersonName>{author}</PersonName></Contributor>
<Language><LanguageRole>01</LanguageRole><LanguageCode>chi</LanguageCode></Language>
<Subject><MainSubject/><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier><SubjectCode>FBC</SubjectCode></Subject>
</DescriptiveDetail>
<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
<Text language="chi">{blurb}</Text></TextContent></CollateralDetail>
<PublishingDetail>
<Publisher><PublishingRole>01</PublishingRole><PublisherName>桂林象山书局</PublisherName></Publisher>
<CountryOfPublication>CN</CountryOfPublication>
<PublishingDate><PublishingDateRole>19</PublishingDateRole><Date dateformat="05">{year}</Date></PublishingDate>
<SalesRights><SalesRightsType>01</SalesRightsType><Territory><RegionsIncluded>WORLD</RegionsIncluded>
<CountriesExcluded>CN</CountriesExcluded></Territory></SalesRights>
</PublishingDetail>
</Product>
"""


def onix() -> bytes:
    """The message, as the publisher's system writes it."""
    products = [
        _PRODUCT.format(
            reference=each.reference,
            isbn=each.isbn,
            title=escape(each.title),
            author=escape(each.author),
            blurb=escape(each.blurb),
            year=each.year,
        )
        for each in TITLES
    ]
    return (_HEADER + "".join(products) + "</ONIXMessage>\n").encode()

"""ONIX messages for tests, in reference or short tags."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from catalog.formats.onix.tags import reference_names

SANGUO = "cn.xiangshan.sanguo"


def product(
    reference: str = SANGUO,
    *,
    isbn: str = "9787020002207",
    title: str | None = None,
    language: str = "chi",
    author: str = "罗贯中",
    description: str = "东汉末年，群雄并起。",
    notification: str = "03",
    form: str = "BC",
    detail: str = "",
    publishing: str = "",
    rights: str = "",
) -> str:
    """One Product in reference tags; empty parts are left out. Titles of other references are other titles."""
    if title is None:
        title = "三国演义" if reference == SANGUO else f"{reference}传奇"
    return f"""
  <Product>
    <RecordReference>{escape(reference)}</RecordReference>
    <NotificationType>{notification}</NotificationType>
    <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>
    <DescriptiveDetail>
      <ProductComposition>00</ProductComposition>
      <ProductForm>{form}</ProductForm>
      <TitleDetail><TitleType>01</TitleType>
        <TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>{escape(title)}</TitleText></TitleElement>
      </TitleDetail>
      <Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
        <PersonName>{escape(author)}</PersonName></Contributor>
      <Language><LanguageRole>01</LanguageRole><LanguageCode>{language}</LanguageCode></Language>
      <Subject><MainSubject/><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier>
        <SubjectCode>FV</SubjectCode></Subject>
      {detail}
    </DescriptiveDetail>
    <CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
      <Text>{escape(description)}</Text></TextContent></CollateralDetail>
    <PublishingDetail>
      <CountryOfPublication>CN</CountryOfPublication>
      <PublishingDate><PublishingDateRole>01</PublishingDateRole><Date dateformat="00">20240315</Date></PublishingDate>
      {publishing}
      {rights}
    </PublishingDetail>
  </Product>"""


def sales_rights(kind: str, included: str = "", *, regions: str = "", without: str = "") -> str:
    """A SalesRights composite; territories are space-separated codes."""
    parts = [("CountriesIncluded", included), ("RegionsIncluded", regions), ("CountriesExcluded", without)]
    territory = "".join(f"<{tag}>{codes}</{tag}>" for tag, codes in parts if codes)
    return f"<SalesRights><SalesRightsType>{kind}</SalesRightsType><Territory>{territory}</Territory></SalesRights>"


def message(products: Sequence[str], *, release: str = "3.0", header: str = "", namespace: bool = True) -> bytes:
    """A whole message in reference tags."""
    xmlns = f' xmlns="http://ns.editeur.org/onix/{release}/reference"' if namespace else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ONIXMessage release="{release}"{xmlns}>\n'
        f"  <Header><Sender><SenderName>桂林象山书局</SenderName></Sender>"
        f"<SentDateTime>20260901T0900Z</SentDateTime>{header}</Header>{''.join(products)}\n</ONIXMessage>\n"
    ).encode()


def shortened(reference_message: bytes) -> bytes:
    """The same message in short tags."""
    short = {long: tag for tag, long in reference_names().items()}
    text = reference_message.decode().replace("/reference", "/short")
    return re.sub(r"(</?)([A-Za-z]+)", lambda tag: tag[1] + short.get(tag[2], tag[2]), text).encode()

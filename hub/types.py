"""GraphQL scalars and types that every domain's api uses, as the contract names them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from enum import Enum
from operator import attrgetter
from typing import Annotated, Generic, NewType, TypeVar
from uuid import UUID

import strawberry
from strawberry.file_uploads import Upload
from strawberry.types.scalar import ScalarDefinition

from hub.characters import is_text
from hub.context import ID, Info
from hub.errors import Invalid, NotFound
from hub.i18n import LANGUAGES, Message, _
from hub.money import LARGEST, Money
from hub.storage import Readable

BigInt = NewType("BigInt", int)
LanguageTag = NewType("LanguageTag", str)
Node = TypeVar("Node")
Row = TypeVar("Row")
Territory = NewType("Territory", str)


def _whole_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError("a whole number, as a decimal string")
    digits = str(value)
    if len(digits) > 40 or not digits.removeprefix("-").isascii() or not digits.removeprefix("-").isdigit():
        raise ValueError("a whole number, as a decimal string")
    number = int(digits)
    if not -(2**63) <= number < 2**63:
        raise ValueError("a whole number of at most 63 bits")
    return number


def _tag(value: object) -> str:
    tag = str(value)
    if not 2 <= len(tag) <= 35 or not tag.replace("-", "").isalnum() or not tag.isascii():
        raise ValueError("a BCP 47 language tag such as zh, fil or zh-Hant")
    return tag


def _file(value: object) -> Readable:
    if not isinstance(value, Readable):
        raise ValueError("a file, sent as multipart/form-data")
    return value


def _territory(value: object) -> str:
    code = str(value).upper()
    if not 2 <= len(code) <= 12 or not code.isalpha() or not code.isascii():
        raise ValueError("an ISO 3166-1 alpha-2 code such as VN, or a named group such as ASEAN")
    return code


SCALARS: dict[object, ScalarDefinition] = {
    BigInt: strawberry.scalar(
        name="BigInt", description="A decimal string, beyond 2^53 too", serialize=str, parse_value=_whole_number
    ),
    LanguageTag: strawberry.scalar(
        name="LanguageTag",
        description="BCP 47; the hub's own ten are zh en vi th ms id my lo fil km",
        serialize=str,
        parse_value=_tag,
    ),
    Upload: strawberry.scalar(name="Upload", description="Represents a file upload.", parse_value=_file),
    Territory: strawberry.scalar(
        name="Territory",
        description="ISO 3166-1 alpha-2; on input also a named group: WORLD ASEAN EU LATAM AFRICA …",
        serialize=str,
        parse_value=_territory,
    ),
}
"""For `StrawberryConfig.scalar_map`."""


@strawberry.type(name="Money", description="Minor units; formatted for the reader")
class MoneyType:
    minor: BigInt
    currency: str
    in_column: strawberry.Private[bool] = False

    @strawberry.field
    def formatted(self, info: Info) -> str:
        return Money(self.minor, self.currency).render(info.context.language, in_column=self.in_column)

    @classmethod
    def of(cls, minor: int | None, currency: str | None) -> MoneyType | None:
        return None if minor is None or currency is None else cls(minor=BigInt(minor), currency=currency)


@strawberry.input
class MoneyInput:
    minor: BigInt
    currency: str

    def money(self, field: str) -> Money:
        """INVALID when negative, absurdly large or in a currency that the hub does not settle."""
        if self.minor < 0:
            raise Invalid(_("An amount of money cannot be negative."), field=field)
        if self.minor >= LARGEST:
            raise Invalid(_("This amount is larger than the hub settles. Correct it."), field=field)
        return Money(self.minor, self.currency.upper())


@strawberry.enum
class TextOrigin(Enum):
    ORIGINAL = "ORIGINAL"
    SUPPLIED = "SUPPLIED"
    REVIEWED = "REVIEWED"
    MACHINE = "MACHINE"


@strawberry.type(
    description="original: null on the original itself. textId: for correcting it; null for names that are no text."
    " withheld: why a machine draft in the reader's language is not shown. seems: on an original, the language that it looks like"
    " when that is not the one it claims."
)
class LocalizedText:
    text: str
    language: LanguageTag
    origin: TextOrigin
    original: LocalizedText | None = None
    text_id: ID | None = None
    withheld: str | None = None
    seems: LanguageTag | None = None


@strawberry.type
class Problem:
    code: str
    field: str | None
    line: int | None
    message: str


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge(Generic[Node]):
    node: Node
    cursor: str


@strawberry.type
class Connection(Generic[Node]):
    edges: list[Edge[Node]]
    page_info: PageInfo
    total_count: int


First = Annotated[int | None, strawberry.argument(description="At most 100")]


def page_size(first: int | None, info: Info) -> int:
    """`first` as asked (20 when null), INVALID outside 1 … the hub's longest page."""
    first = 20 if first is None else first
    longest = info.context.runtime.settings.page_size
    if not 1 <= first <= longest:
        raise Invalid(_("Ask for between 1 and %(longest)s items.", longest=longest), field="first")
    return first


def cursor(value: object) -> str:
    """An opaque cursor for a place in a list."""
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


def place(after: str | None) -> str | None:
    """What a cursor stands for; INVALID when it is not one of ours."""
    if after is None:
        return None
    try:
        return base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Invalid(_("This list cannot be continued from here. Start it again."), field="after") from error


def after_row(after: str | None) -> UUID | None:
    """The row that a cursor stands for in a list that goes by ids."""
    known = place(after)
    return row_id(known, "after") if known else None


def page(
    rows: Sequence[Row], size: int, node: Callable[[Row], Node], *, at: Callable[[Row], object] = attrgetter("id")
) -> tuple[list[Edge[Node]], PageInfo]:
    """The first `size` of `rows`; one more among them says that the list goes on. `at`: what a cursor stands for."""
    edges = [Edge(node=node(row), cursor=cursor(at(row))) for row in rows[:size]]
    return edges, PageInfo(has_next_page=len(rows) > size, end_cursor=edges[-1].cursor if edges else None)


def connection(
    rows: Sequence[Row],
    total: int,
    size: int,
    node: Callable[[Row], Node],
    *,
    at: Callable[[Row], object] = attrgetter("id"),
) -> Connection[Node]:
    """A page of `total` rows, see `page`."""
    edges, page_info = page(rows, size, node, at=at)
    return Connection(edges=edges, page_info=page_info, total_count=total)


def row_id(value: str, field: str = "id") -> UUID:
    """The UUID of an ID argument; what is not one does not exist."""
    try:
        return UUID(value)
    except ValueError as error:
        raise NotFound(field=field) from error


def words(value: str | None, field: str, *, longest: int, required: bool = True) -> str | None:
    """Text that a person wrote, trimmed; INVALID when empty though required, too long, or not text."""
    trimmed = (value or "").strip()
    if not trimmed:
        if required:
            raise Invalid(_("This must be filled in."), field=field)
        return None
    if len(trimmed) > longest:
        raise Invalid(_("This is longer than %(longest)s characters. Shorten it.", longest=longest), field=field)
    if not is_text(trimmed):
        raise Invalid(_("This contains characters that are not text. Type it again."), field=field)
    return trimmed


def known_language(tag: str, field: str) -> str:
    """One of the hub's ten; INVALID otherwise."""
    if tag not in LANGUAGES:
        raise Invalid(_("Choose one of the ten languages of the hub."), field=field)
    return tag


def problem(
    code: str, message: Message, language: str, *, field: str | None = None, line: int | None = None
) -> Problem:
    return Problem(code=code, field=field, line=line, message=message.render(language))

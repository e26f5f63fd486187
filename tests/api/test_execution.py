"""The planned executor answers as graphql-core's own does, to the byte, whatever resolvers come up with."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NewType, cast

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionResult

from banmao.execution import PlannedExecutor
from hub.context import ID


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.enum
class Other(Enum):
    RED = "rot"


@strawberry.input
class Wish:
    colour: Colour = Colour.BLUE
    times: int | None = None
    tags: list[str] = strawberry.field(default_factory=list)


Cents = NewType("Cents", int)
"""A scalar whose values are neither JSON's nor to be waited for."""


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Cat(Named):
    lives: int | None = 9


@strawberry.type
class Dog(Named):
    tricks: list[str]

    @classmethod
    def is_type_of(cls, obj: object, _info: object) -> bool:
        return isinstance(obj, Dog) and obj.name != "wolf"


class Odd:
    """Answers with something else for each name that it is asked for."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise LookupError(f"no {name} here")


@strawberry.type
class Thing:
    id: ID
    text: str
    maybe: str | None
    number: int
    share: float
    flag: bool
    colour: Colour | None
    sure_colour: Colour
    when: datetime | None
    tags: list[str]
    numbers: list[int | None] | None
    price: Cents | None
    prices: list[Cents]
    table: list[list[int]] | None

    @strawberry.field
    def said(self, info: strawberry.Info, times: int = 1, colour: Colour | None = None) -> str:
        return f"{info.path.as_list()} {info.field_name} {self.text * times} {colour}"

    @strawberry.field
    def wished(self, wish: Wish) -> str:
        wish.tags.append("seen")
        return f"{wish.colour} {wish.times} {wish.tags}"

    @strawberry.field
    def wrong(self) -> str | None:
        raise ValueError("wrong as ever")

    @strawberry.field
    def returned(self) -> str | None:
        return cast(str, ValueError("an error as a value"))

    @strawberry.field
    def later(self) -> str | None:
        return cast(str, self._later(self.text))

    @strawberry.field
    def later_wrong(self) -> str:
        return cast(str, self._later(None))

    @strawberry.field
    async def awaited(self, wait: int = 0) -> str:
        for _turn in range(wait):
            await asyncio.sleep(0)
        return self.text

    @strawberry.field
    def child(self) -> Thing:
        return cast(Thing, thing(text=f"child of {self.text}", maybe=None))

    @strawberry.field
    def broken_child(self) -> Thing | None:
        return cast(Thing, thing(text=None))

    @strawberry.field
    def no_child(self) -> Thing:
        return cast(Thing, None)

    @strawberry.field
    def children(self) -> list[Thing]:
        return cast("list[Thing]", (thing(text="a"), thing(text="b", maybe="c")))

    @strawberry.field
    def few(self) -> list[Thing | None]:
        return cast("list[Thing | None]", [thing(text="a"), None, thing(text=None), ValueError("not a thing")])

    @strawberry.field
    def waiting(self) -> list[Thing | None]:
        return cast("list[Thing | None]", [self._later_thing(), thing(text=None), self._later_thing(), None])

    @strawberry.field
    def strict(self) -> list[Thing] | None:
        return cast("list[Thing]", [self._later_thing(), thing(text="x"), None, self._later_thing()])

    @strawberry.field
    def generated(self) -> list[str]:
        def words() -> Iterator[str]:
            yield "one"
            yield "two"

        return cast("list[str]", words())

    @strawberry.field
    async def streamed(self) -> list[str]:
        async def words() -> AsyncIterator[str]:
            yield "one"
            yield "two"

        return cast("list[str]", words())

    @strawberry.field
    def one(self) -> list[str] | None:
        return cast("list[str]", 5)

    @strawberry.field
    def pets(self) -> list[Named | None]:
        return [Cat(name="Tom"), Dog(name="Rex", tricks=["sit"]), None, Dog(name="wolf", tricks=[])]

    @strawberry.field
    def dogs(self) -> list[Dog | None]:
        return [Dog(name="Rex", tricks=["sit"]), Dog(name="wolf", tricks=[])]

    async def _later(self, value: Any) -> Any:
        await asyncio.sleep(0)
        return value

    async def _later_thing(self) -> Any:
        await asyncio.sleep(0)
        return thing(text="late")


def thing(**given: Any) -> Any:
    values: dict[str, Any] = {
        "id": ID("7"),
        "text": "words",
        "maybe": "perhaps",
        "number": 3,
        "share": 0.5,
        "flag": True,
        "colour": Colour.RED,
        "sure_colour": Colour.BLUE,
        "when": datetime(2026, 11, 23, tzinfo=UTC),
        "tags": ["a", "b"],
        "numbers": [1, None],
        "price": Cents(250),
        "prices": [Cents(1), Cents(2)],
        "table": [[1, 2], []],
    }
    return Thing(**{**values, **given})


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


ODDITIES: dict[str, Any] = {
    "numbers as text": {"text": 5, "id": 9},
    "truth as text": {"text": True, "maybe": b"bytes"},
    "a list as text": {"text": ["x"]},
    "text as a number": {"number": "12"},
    "not a number": {"number": "x"},
    "too large": {"number": 2**40},
    "truth as a number": {"number": True},
    "a half": {"number": 1.5},
    "infinity": {"share": float("inf")},
    "whole share": {"share": 2},
    "a number as truth": {"flag": 1},
    "no colour": {"colour": None},
    "no sure colour": {"sure_colour": None},
    "another's colour": {"colour": Other.RED, "sure_colour": Colour.RED},
    "a word as colour": {"colour": "red", "sure_colour": "BLUE"},
    "an hour that is none": {"when": "noon"},
    "a word as list": {"tags": "abc"},
    "a tuple, a set": {"tags": ("a", "b"), "numbers": {4}},
    "null within": {"tags": ["a", None]},
    "wrong within": {"numbers": [1, "x", None, 2**33], "table": [[1], None]},
    "wrong twice within": {"table": [[1, "y"], [2]]},
    "an error": {"maybe": ValueError("told"), "tags": [ValueError("in a list")]},
    "refused": {"maybe": GraphQLError("refused", extensions={"code": "NO"})},
    "null text": {"text": None},
    "awaitable": {"maybe": "LATER", "text": "LATER", "numbers": "LATER"},
}
PLAIN = "id text maybe number share flag colour sureColour when tags numbers price prices table"
QUESTIONS = {
    "plain": f"{{ thing {{ {PLAIN} __typename }} }}",
    "many": f"{{ things {{ {PLAIN} children {{ {PLAIN} child {{ maybe }} }} }} }}",
    "aliases": "{ a: thing { x: text y: text text } b: thing { text } thing { t: __typename } }",
    "merged": "{ thing { child { text } } thing { child { maybe ...F } } } fragment F on Thing { child { id } text }",
    "fragments": "{ thing { ... on Thing { text ...F } ...F } } fragment F on Thing { child { ...G } }"
    " fragment G on Thing { flag }",
    "directives": "query Q($no: Boolean!) { thing { text @skip(if: $no) maybe @include(if: $no) ...F @include(if: $no)"
    " child @skip(if: true) { id } } } fragment F on Thing { number }",
    "arguments": "query Q($times: Int, $colour: Colour) { things { said a: said(times: 2) b: said(times: $times, colour: $colour)"
    " c: said(colour: RED) } }",
    "inputs": "query Q($wish: Wish!) { things { wished(wish: $wish) a: wished(wish: {colour: RED, tags: [\"x\"]}) } }",
    "null argument": "{ thing { said(times: null) text } }",
    "errors": "{ thing { wrong returned text later laterWrong } things { wrong } }",
    "propagation": "{ thing { text noChild { text } } }",
    "propagation stops": "{ thing { text brokenChild { maybe text } b: brokenChild { child { id text } } } }",
    "lists": "{ thing { children { text } few { text maybe later } waiting { text } generated streamed one } }",
    "strict list": "{ thing { id strict { text } } }",
    "awaited": "{ things { awaited(wait: 3) later children { awaited child { awaited(wait: 1) wrong } } } }",
    "interfaces": "{ thing { pets { __typename name ... on Cat { lives } ... on Dog { tricks } } dogs { name tricks } } }",
    "unions of errors": "{ things { few { text wrong } waiting { wrong laterWrong } } }",
    "introspection": "{ __schema { queryType { name fields { name type { kind ofType { name } } } } }"
    " __type(name: \"Thing\") { name } }",
    **{f"odd: {name}": f"{{ odd(kind: \"{name}\") {{ {PLAIN} child {{ text }} }} }}" for name in ODDITIES},
    **{f"odd in a list: {name}": f"{{ odds(kind: \"{name}\") {{ {PLAIN} }} }}" for name in ODDITIES},
    "nothing there": "{ lacking { text maybe tags } }",
    "mutation": "mutation { a: change(text: \"x\") { text wrong } b: change(text: \"y\") { text children { text } } }",
    "mutation that fails": "mutation { a: change(text: \"x\") { text } b: change(text: \"\") { text }"
    " c: change(text: \"z\") { text } }",
}  # fmt: skip
VARIABLES: dict[str, Any] = {
    "directives": {"no": True},
    "arguments": {"times": 3, "colour": "BLUE"},
    "inputs": {"wish": {"times": 4, "tags": ["y"]}},
}


def _oddity(kind: str) -> Any:
    values = {name: later(5) if value == "LATER" else value for name, value in ODDITIES[kind].items()}
    return thing(**values)


@strawberry.type
class Query:
    @strawberry.field
    def thing(self) -> Thing | None:
        return cast(Thing, thing())

    @strawberry.field
    async def things(self) -> list[Thing]:
        return [thing(text=f"{number}") for number in range(3)]

    @strawberry.field
    def odd(self, kind: str) -> Thing | None:
        return cast(Thing, _oddity(kind))

    @strawberry.field
    def odds(self, kind: str) -> list[Thing | None]:
        return [thing(), _oddity(kind), _oddity(kind)]

    @strawberry.field
    def lacking(self) -> Thing | None:
        return cast(Thing, Odd(text="x"))


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def change(self, text: str) -> Thing:
        await asyncio.sleep(0)
        if not text:
            raise ValueError("say something")
        return cast(Thing, thing(text=text))


def _schema(executor: type[StrawberryGraphQLCoreExecutionContext]) -> strawberry.Schema:
    cents = strawberry.scalar(name="Cents", serialize=lambda value: Decimal(value) / 100)
    config = StrawberryConfig(scalar_map={Cents: cents})
    return strawberry.Schema(Query, Mutation, types=[Cat, Dog], execution_context_class=executor, config=config)


OURS, CORE = _schema(PlannedExecutor), _schema(StrawberryGraphQLCoreExecutionContext)


def _told(result: ExecutionResult) -> str:
    """Everything that an answer tells, in its order."""
    errors = [
        (error.formatted, str(error), type(error.original_error).__name__, [node.kind for node in error.nodes or ()])
        for error in result.errors or ()
    ]
    return re.sub("0x[0-9a-f]+", "0x", json.dumps([result.data, errors], default=str))


async def _asked(schema: strawberry.Schema, name: str) -> str:
    result = await cast(
        Awaitable[ExecutionResult], schema.execute(QUESTIONS[name], variable_values=VARIABLES.get(name))
    )
    return _told(result)


@pytest.mark.parametrize("name", QUESTIONS)
async def test_the_answer_is_the_executors_own(name: str) -> None:
    told = await _asked(OURS, name)
    assert told == await _asked(CORE, name)
    assert told != "[null, []]"


async def test_what_a_resolver_does_to_its_input_stays_there() -> None:
    """Arguments that can be changed are made for each call; others are made once."""
    result = await OURS.execute(QUESTIONS["inputs"], variable_values=VARIABLES["inputs"])
    assert result.data == {
        "things": [{"wished": "Colour.BLUE 4 ['y', 'seen']", "a": "Colour.RED None ['x', 'seen']"}] * 3
    }

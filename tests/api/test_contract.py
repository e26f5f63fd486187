"""The promise to outside clients: whatever `graphql/contract.graphql` names is in the schema, as it is written there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    Undefined,
    build_schema,
    is_required_argument,
    is_required_input_field,
)

from banmao.schema import sdl
from hub.settings import ROOT

PROMISED = build_schema((ROOT / "graphql" / "contract.graphql").read_text(encoding="utf8"))
OURS = build_schema(sdl())
NAMES = sorted(name for name in PROMISED.type_map if not name.startswith("__"))


def _arguments(where: str, promised: dict[str, GraphQLArgument], ours: dict[str, GraphQLArgument]) -> Iterator[str]:
    for name, argument in promised.items():
        if name not in ours:
            yield f"{where}({name}:) is missing"
        elif str(ours[name].type) != str(argument.type):
            yield f"{where}({name}:) is {ours[name].type}, promised is {argument.type}"
        elif argument.default_value is not Undefined and ours[name].default_value != argument.default_value:
            yield f"{where}({name}:) is {ours[name].default_value!r} when left out, promised {argument.default_value!r}"
    for name, argument in ours.items():
        if name not in promised and is_required_argument(argument):
            yield f"{where}({name}:) is asked for and was not promised"


def _object(promised: GraphQLObjectType, ours: GraphQLObjectType) -> Iterator[str]:
    for name, field in promised.fields.items():
        where = f"{promised.name}.{name}"
        if name not in ours.fields:
            yield f"{where} is missing"
            continue
        if str(ours.fields[name].type) != str(field.type):
            yield f"{where} is {ours.fields[name].type}, promised is {field.type}"
        yield from _arguments(where, field.args, ours.fields[name].args)


def _input(promised: GraphQLInputObjectType, ours: GraphQLInputObjectType) -> Iterator[str]:
    for name, field in promised.fields.items():
        if name not in ours.fields:
            yield f"{promised.name}.{name} is missing"
        elif str(ours.fields[name].type) != str(field.type):
            yield f"{promised.name}.{name} is {ours.fields[name].type}, promised is {field.type}"
    for name, field in ours.fields.items():
        if name not in promised.fields and is_required_input_field(field):
            yield f"{promised.name}.{name} is asked for and was not promised"


def broken(promised: GraphQLNamedType, ours: GraphQLNamedType | None) -> Iterator[str]:
    """In words, where `ours` is less than `promised`, or other."""
    if ours is None:
        yield f"{promised.name} is missing"
    elif type(ours) is not type(promised):
        yield f"{promised.name} is a {type(ours).__name__}, promised is a {type(promised).__name__}"
    elif isinstance(promised, GraphQLObjectType) and isinstance(ours, GraphQLObjectType):
        yield from _object(promised, ours)
    elif isinstance(promised, GraphQLInputObjectType) and isinstance(ours, GraphQLInputObjectType):
        yield from _input(promised, ours)
    elif isinstance(promised, GraphQLEnumType) and isinstance(ours, GraphQLEnumType):
        yield from (f"{promised.name}.{value} is missing" for value in promised.values.keys() - ours.values.keys())
    else:
        assert isinstance(promised, GraphQLScalarType), promised


@pytest.mark.parametrize("name", NAMES)
def test_what_was_promised_is_there(name: str) -> None:
    assert not list(broken(PROMISED.type_map[name], OURS.type_map.get(name)))


def test_a_broken_promise_is_noticed() -> None:
    ours = build_schema(
        """
        type Query { viewer(of: ID!): Viewer! work(id: ID): Int channels: [Int]! }
        type Viewer { id: ID! }
        enum TextOrigin { ORIGINAL }
        input MoneyInput { minor: Int! currency: String! rate: Float! }
        type Session { id: ID! }
        input Period { start: Int }
        """
    )
    assert list(broken(PROMISED.type_map["Query"], ours.type_map["Query"]))[:7] == [
        "Query.viewer is Viewer!, promised is Viewer",
        "Query.viewer(of:) is asked for and was not promised",
        "Query.work is Int, promised is Work",
        "Query.work(id:) is ID, promised is ID!",
        "Query.searchWorks is missing",
        "Query.availability is missing",
        "Query.negotiation is missing",
    ]
    assert set(broken(PROMISED.type_map["TextOrigin"], ours.type_map["TextOrigin"])) == {
        "TextOrigin.SUPPLIED is missing",
        "TextOrigin.REVIEWED is missing",
        "TextOrigin.MACHINE is missing",
    }
    assert list(broken(PROMISED.type_map["MoneyInput"], ours.type_map["MoneyInput"])) == [
        "MoneyInput.minor is Int!, promised is BigInt!",
        "MoneyInput.rate is asked for and was not promised",
    ]
    assert list(broken(PROMISED.type_map["Period"], ours.type_map["Period"])) == [
        "Period is a GraphQLInputObjectType, promised is a GraphQLObjectType"
    ]
    assert list(broken(PROMISED.type_map["Money"], None)) == ["Money is missing"]

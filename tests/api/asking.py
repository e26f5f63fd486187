"""Asks the schema everything that it can be asked, from its types alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationType,
    VariableNode,
    get_named_type,
    get_operation_ast,
    is_leaf_type,
    is_required_argument,
    parse,
    type_from_ast,
)

from tests.factories.distribution import picture, sound

DEEP = 4
FILES = {
    "cover": ("cover.jpg", picture(), "image/jpeg"),
    "audio": ("a.flac", sound(0.5), "audio/flac"),
    "file": ("file.jpg", picture(), "image/jpeg"),
}
SIMPLE = {"String": "x", "Int": 1, "Boolean": True, "LanguageTag": "th"}


@dataclass
class Asked:
    """One operation, ready to be sent."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes, str]] = field(default_factory=dict)


def selection(kind: GraphQLOutputType, depth: int) -> str:
    """Every field that needs no argument, `depth` levels down."""
    named = get_named_type(kind)
    if not isinstance(named, GraphQLObjectType):
        return ""
    parts = []
    for name, inside in named.fields.items():
        if any(is_required_argument(argument) for argument in inside.args.values()):
            continue
        if is_leaf_type(get_named_type(inside.type)):
            parts.append(name)
        elif depth > 1 and (below := selection(inside.type, depth - 1)):
            parts.append(f"{name} {below}")
    return "{ " + " ".join(parts) + " }" if parts else ""


def ask(operation: str, root: str, definition: GraphQLField, given: Mapping[str, Any]) -> Asked:
    """The operation with all its arguments filled in: from `given` by `root.name` or name, else by type."""
    asked = Asked("")
    for name, argument in definition.args.items():
        asked.variables[name] = _value(root, name, argument.type, given, name, asked)
    declared = ", ".join(f"${name}: {argument.type}" for name, argument in definition.args.items())
    passed = ", ".join(f"{name}: ${name}" for name in definition.args)
    head = f"({declared})" if declared else ""
    call = f"{root}({passed})" if passed else root
    deep = DEEP + get_named_type(definition.type).name.endswith("Connection")
    asked.query = f"{operation} {head} {{ {call} {selection(definition.type, deep)} }}"
    return asked


def fill(text: str, schema: GraphQLSchema, given: Mapping[str, Any]) -> Asked | None:
    """A published query with its variables filled in the same way; None for what is no query."""
    operation = get_operation_ast(parse(text))
    if operation is None or operation.operation is not OperationType.QUERY:
        return None
    asked = Asked(text)
    used = {
        argument.value.name.value: (root.name.value, argument.name.value)
        for root in operation.selection_set.selections
        if isinstance(root, FieldNode)
        for argument in root.arguments or ()
        if isinstance(argument.value, VariableNode)
    }
    for node in operation.variable_definitions or ():
        variable = node.variable.name.value
        root, name = used.get(variable, ("", variable))
        kind = cast(GraphQLInputType, type_from_ast(schema, node.type))
        asked.variables[variable] = _value(root, name, kind, given, variable, asked)
    return asked


def _value(root: str, name: str, kind: GraphQLInputType, given: Mapping[str, Any], path: str, asked: Asked) -> Any:
    for known in (f"{root}.{name}", name):
        if known in given:
            return given[known]
    if isinstance(kind, GraphQLNonNull):
        return _value(root, name, kind.of_type, given, path, asked)
    if isinstance(kind, GraphQLList):
        return [_value(root, name, kind.of_type, given, f"{path}.0", asked)]
    if isinstance(kind, GraphQLInputObjectType):
        return {
            inside: _value(root, inside, field.type, given, f"{path}.{inside}", asked)
            for inside, field in kind.fields.items()
        }
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    named = str(kind)
    if named == "Upload":
        asked.files[path] = FILES[name]
        return None
    assert named in SIMPLE, f"say in tests/api/world.py what to give for {root}({path}: {kind})"
    return SIMPLE[named]

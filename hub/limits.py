"""How much one GraphQL request may ask for: depth, aliases, cost, repeats, lists, one write at a time; and that text is text.

Cost is counted before anything runs: a field is 1, and everything below a list is counted once per item asked for (`first`, or
`LIST` where a list has no such argument). What is merely visited (fragments, `__typename`, introspection) is 1 each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    visit,
)

from hub.errors import Invalid, TooComplex
from hub.i18n import _
from hub.settings import Settings

LIST = 5
FIRST = 20
LONGEST_FIRST = 9
"""Digits; a longer `first` counts as this many nines."""
DEEPEST_VALUE = 20
REPEATS = 20
"""How often fields may be asked for again in one place; comparing repeats is what makes validation slow."""


@dataclass
class _Measure:
    """One operation. `visited` is shared with the other operations of the document: all of them are validated."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    numbers: Mapping[str, Any]
    settings: Settings
    visited: list[int]
    aliases: int = 0
    spent: int = 0
    repeats: int = 0
    roots: int = 0
    seen: dict[tuple[str, ...], set[str]] = field(default_factory=dict)

    def cost(
        self, selections: SelectionSetNode, parent: Any, place: tuple[str, ...], times: int, spread: frozenset[str]
    ) -> None:
        """`place`: the response keys that lead here."""
        if len(place) >= self.settings.graphql_depth and not place[0].startswith("__"):
            raise TooComplex(_("This request is nested more than %(depth)s deep.", depth=self.settings.graphql_depth))
        for node in selections.selections:
            self._count(0)
            if isinstance(node, FieldNode):
                self._field(node, parent, place, times, spread)
            elif isinstance(node, InlineFragmentNode):
                self.cost(node.selection_set, parent, place, times, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value in self.fragments.keys() - spread:
                fragment = self.fragments[node.name.value]
                inside = self.schema.get_type(fragment.type_condition.name.value)
                self.cost(fragment.selection_set, inside, place, times, spread | {node.name.value})

    def _count(self, times: int) -> None:
        self.visited[0] += 1
        self.spent += times
        most = self.settings.graphql_cost
        if max(self.spent, self.visited[0]) > most or self.repeats > REPEATS:
            raise TooComplex(cost=most, repeats=REPEATS)

    def _field(self, node: FieldNode, parent: Any, place: tuple[str, ...], times: int, spread: frozenset[str]) -> None:
        name = node.name.value
        key = node.alias.value if node.alias else name
        siblings = self.seen.setdefault(place, set())
        self.repeats += key in siblings
        siblings.add(key)
        self.roots += not place and not name.startswith("__")
        self.aliases += node.alias is not None
        if self.aliases > self.settings.graphql_aliases:
            raise TooComplex(aliases=self.settings.graphql_aliases)
        introspects = name.startswith("__") or bool(place and place[0].startswith("__"))
        self._count(0 if introspects else times)
        if node.selection_set is None:
            return
        if introspects:
            self.cost(node.selection_set, None, (*(place or ("__",)), key), 1, spread)
            return
        fields = getattr(parent, "fields", {})
        known = fields.get(name)
        kind = known.type if known else None
        inner = get_named_type(kind) if kind else None
        self.cost(node.selection_set, inner, (*place, key), times * self._items(node, known, kind), spread)

    def _items(self, node: FieldNode, known: Any, kind: Any) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                if isinstance(argument.value, IntValueNode):
                    return _at_least_one(argument.value.value)
                if isinstance(argument.value, VariableNode):
                    return _at_least_one(self.numbers.get(argument.value.name.value))
        if known is not None and "first" in known.args:
            return FIRST
        bare = kind.of_type if kind is not None and is_non_null_type(kind) else kind
        named = get_named_type(kind) if kind is not None else None
        inside_connection = is_object_type(named) and named.name.endswith("Edge")
        return LIST if bare is not None and is_list_type(bare) and not inside_connection else 1


def _at_least_one(given: object) -> int:
    """A `first` as sent, in JSON or in the document."""
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, int):
        return max(1, given)
    if not isinstance(given, str) or not given.removeprefix("-").isdecimal():
        return FIRST
    return max(1, int(given[:LONGEST_FIRST]) if len(given) <= LONGEST_FIRST else 10**LONGEST_FIRST)


def _numbers(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the operation's variables, with the defaults of those that were not sent."""
    found = {
        node.variable.name.value: node.default_value.value
        for node in operation.variable_definitions or ()
        if isinstance(node.default_value, IntValueNode)
    }
    return {**found, **variables}


def measure(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    schema: GraphQLSchema,
    settings: Settings,
) -> None:
    """TOO_COMPLEX when the operation asks for more than the settings allow, or for more than one write."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    kinds = {
        OperationType.QUERY: schema.query_type,
        OperationType.MUTATION: schema.mutation_type,
        OperationType.SUBSCRIPTION: schema.subscription_type,
    }
    visited = [0]
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            numbers = _numbers(node, variables)
            measured = _Measure(schema, fragments, numbers, settings, visited)
            measured.cost(node.selection_set, kinds[node.operation], (), 1, frozenset())
            if node is operation and node.operation is OperationType.MUTATION and measured.roots > 1:
                raise TooComplex(_("Send one change per request: each is a transaction of its own."))


def check_variables(variables: Mapping[str, Any], settings: Settings) -> None:
    """INVALID for what PostgreSQL and UTF-8 cannot hold as text, TOO_COMPLEX for lists too long and values too deep."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), variables)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            _check_text(value, path)
        elif isinstance(value, Mapping):
            for key, inside in value.items():
                _check_text(str(key), path)
                waiting.append(((*path, str(key)), inside))
        elif isinstance(value, list):
            _check_length(len(value), settings, ".".join(path))
            waiting.extend(((*path, str(place)), inside) for place, inside in enumerate(value))
        if len(path) > DEEPEST_VALUE:
            raise TooComplex(field=".".join(path[:3]))


def _check_text(text: str, path: tuple[str, ...]) -> None:
    if "\0" in text or (not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)):
        raise Invalid(_("This contains characters that are not text. Type it again."), field=".".join(path) or None)


def _check_length(length: int, settings: Settings, where: str | None) -> None:
    if length > settings.graphql_list:
        raise TooComplex(
            _("This list is longer than %(longest)s items. Send it in parts.", longest=settings.graphql_list),
            field=where,
        )


class _Literals(Visitor):
    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    def enter_string_value(self, node: StringValueNode, *_args: object) -> None:
        _check_text(node.value, ())

    def enter_list_value(self, node: ListValueNode, *_args: object) -> None:
        _check_length(len(node.values), self.settings, None)


def check_literals(document: DocumentNode, settings: Settings) -> None:
    """The same for values written into the document."""
    visit(document, _Literals(settings))

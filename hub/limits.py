"""How much one GraphQL request may ask for: depth, aliases, cost, one write at a time.

Cost is counted before anything runs: a field is 1, and everything below a list is counted once per item asked for (`first`, or
`LIST` where a list has no such argument).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from hub.errors import TooComplex
from hub.i18n import _
from hub.settings import Settings

LIST = 5
FIRST = 20


@dataclass
class _Measure:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    settings: Settings
    aliases: int = 0
    spent: int = 0

    def cost(self, selections: SelectionSetNode, parent: Any, depth: int, times: int, spread: frozenset[str]) -> None:
        if depth > self.settings.graphql_depth:
            raise TooComplex(_("This request is nested more than %(depth)s deep.", depth=self.settings.graphql_depth))
        for node in selections.selections:
            if isinstance(node, FieldNode):
                self._field(node, parent, depth, times, spread)
            elif isinstance(node, InlineFragmentNode):
                self.cost(node.selection_set, parent, depth, times, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value in self.fragments.keys() - spread:
                fragment = self.fragments[node.name.value]
                inside = self.schema.get_type(fragment.type_condition.name.value)
                self.cost(fragment.selection_set, inside, depth, times, spread | {node.name.value})

    def _field(self, node: FieldNode, parent: Any, depth: int, times: int, spread: frozenset[str]) -> None:
        if node.name.value.startswith("__"):
            return
        self.spent += times
        self.aliases += node.alias is not None
        if self.spent > self.settings.graphql_cost or self.aliases > self.settings.graphql_aliases:
            raise TooComplex(cost=self.settings.graphql_cost, aliases=self.settings.graphql_aliases)
        if node.selection_set is None:
            return
        field = parent.fields.get(node.name.value) if isinstance(parent, GraphQLObjectType) else None
        kind = field.type if field else None
        inner = get_named_type(kind) if kind else None
        self.cost(node.selection_set, inner, depth + 1, times * self._items(node, field, kind), spread)

    def _items(self, node: FieldNode, field: Any, kind: Any) -> int:
        for argument in node.arguments or ():
            if argument.name.value == "first":
                if isinstance(argument.value, IntValueNode):
                    return max(1, int(argument.value.value))
                if isinstance(argument.value, VariableNode):
                    given = self.variables.get(argument.value.name.value)
                    return max(1, given) if isinstance(given, int) else FIRST
        if field is not None and "first" in field.args:
            return FIRST
        bare = kind.of_type if kind is not None and is_non_null_type(kind) else kind
        named = get_named_type(kind) if kind is not None else None
        inside_connection = is_object_type(named) and named.name.endswith("Edge")
        return LIST if bare is not None and is_list_type(bare) and not inside_connection else 1


def measure(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    schema: GraphQLSchema,
    settings: Settings,
) -> None:
    """TOO_COMPLEX when the operation asks for more than the settings allow, or for more than one write."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    root = {
        OperationType.QUERY: schema.query_type,
        OperationType.MUTATION: schema.mutation_type,
        OperationType.SUBSCRIPTION: schema.subscription_type,
    }[operation.operation]
    if operation.operation is OperationType.MUTATION and len(operation.selection_set.selections) > 1:
        raise TooComplex(_("Send one change per request: each is a transaction of its own."))
    _Measure(schema, fragments, variables, settings).cost(operation.selection_set, root, 1, 1, frozenset())

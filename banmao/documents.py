"""GraphQL documents: parsed, measured and validated once, whoever sends them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    type_from_ast,
    validate,
)
from graphql.type import GraphQLInt, get_named_type
from strawberry.extensions import SchemaExtension

from hub.errors import Invalid, TooComplex
from hub.i18n import _
from hub.limits import check_literals, measure
from hub.settings import Settings

KEPT = 200
"""Documents kept parsed and validated. At `graphql_tokens` each they take up to 200 MB, whatever strangers send."""
LONGEST = 60_000
MOST_SIZES = 50
"""Sizes of lists for which one document is known to be small enough."""


@dataclass(eq=False)
class Document:
    """What somebody asked, as far as it need not be worked out again."""

    node: DocumentNode
    settings: Settings
    _numbers: Sequence[str] | None = None
    _small: set[tuple[object, ...]] = field(default_factory=set)
    _validated: tuple[GraphQLSchema, Sequence[GraphQLError]] | None = None

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """INVALID when it is not clear which of the operations is meant."""
        found = get_operation_ast(self.node, name)
        if found is None:
            raise Invalid(_("Say which operation of the document is meant."), field="operationName")
        return found

    def measure(self, operation: OperationDefinitionNode, variables: Mapping[str, Any], schema: GraphQLSchema) -> None:
        """TOO_COMPLEX when it asks for too much, see `hub.limits`. How much depends on the variables that are numbers."""
        sizes = [variables.get(name) for name in self._counted(schema)]
        key = (id(schema), id(operation), *sizes)
        plain = all(size is None or isinstance(size, int) for size in sizes)
        if plain and key in self._small:
            return
        measure(self.node, operation, variables, schema, self.settings)
        if plain and len(self._small) < MOST_SIZES:
            self._small.add(key)

    def _counted(self, schema: GraphQLSchema) -> Sequence[str]:
        """Names of the variables that are whole numbers, of whichever operation: all operations are measured."""
        if self._numbers is None:
            operations = (node for node in self.node.definitions if isinstance(node, OperationDefinitionNode))
            declared = (one for node in operations for one in node.variable_definitions or ())
            self._numbers = tuple(
                one.variable.name.value
                for one in declared
                if get_named_type(type_from_ast(schema, one.type)) is GraphQLInt
            )
        return self._numbers

    def validate(self, schema: GraphQLSchema, rules: Any) -> Sequence[GraphQLError]:
        if self._validated is None or self._validated[0] is not schema:
            self._validated = schema, validate(schema, self.node, rules)
        return self._validated[1]


@lru_cache(maxsize=KEPT)
def known(query: str, settings: Settings) -> Document:
    """INVALID when it is no GraphQL or holds what is no text, TOO_COMPLEX when it is too long."""
    if len(query) > LONGEST:
        raise TooComplex
    try:
        document = parse(query, max_tokens=settings.graphql_tokens)
        check_literals(document, settings)
    except GraphQLError as error:
        raise Invalid(_("This request is not understood: %(detail)s", detail=error.message), field="query") from error
    except RecursionError as error:
        raise TooComplex from error
    return Document(document, settings)


class KnownDocument(SchemaExtension):
    """Hands the executor the document that was measured, and whether it is valid, instead of finding out again."""

    def _known(self) -> Document:
        context = self.execution_context
        return known(context.query or "", context.context.runtime.settings)

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self._known().node
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        found = self._known().validate(context.schema._schema, context.validation_rules)
        context.pre_execution_errors = list(found)
        yield

"""Which value of a request does not fit the schema, said to the person who sent it.

graphql-core says so in English and names the place within a sentence. Here the arguments of an operation that was refused are
walked again, and the first misfit becomes an INVALID with its field, as the services name theirs: `terms.scope.period.start`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Undefined,
    VariableNode,
    Visitor,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
    value_from_ast_untyped,
    visit,
)

from hub.errors import Invalid
from hub.i18n import Message, _

NEEDED = _("This is needed. Fill it in and send it again.")
UNLIKE = _("This is not a value that the hub understands here.")
OF_KIND: Mapping[str, Message] = {
    "Date": _("This is not a date. Write it as year, month and day, such as 2026-11-30."),
    "DateTime": _("Give the time with its time zone, such as 2026-11-30T10:00:00Z."),
    "LanguageTag": _("This is not a language tag. Write one such as zh, fil or zh-Hant."),
    "Territory": _("This is not a territory. Write its two letters, such as VN, or a group such as ASEAN."),
    "BigInt": _("This is not a whole number."),
    "Int": _("This is not a whole number."),
    "Boolean": _("Answer true or false."),
    "String": _("This is not text."),
    "ID": _("This is not text."),
    "Upload": _("This is not a file. Send it as multipart/form-data."),
}
LONGEST_LIST = 40
"""Values of an enum that a sentence still names."""


def misfit(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any], schema: GraphQLSchema
) -> Invalid | None:
    """The first value of the operation that does not fit its argument; None when all fit, and something else is wrong."""
    info = TypeInfo(schema)
    walker = _Arguments(info, {**_defaults(operation), **variables})
    fragments = (node for node in document.definitions if isinstance(node, FragmentDefinitionNode))
    for node in (operation, *fragments):
        visit(node, TypeInfoVisitor(info, walker))
    return walker.found


class _Arguments(Visitor):
    def __init__(self, info: TypeInfo, values: Mapping[str, Any]) -> None:
        super().__init__()
        self.info = info
        self.values = values
        self.found: Invalid | None = None

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        field = self.info.get_field_def()
        if field is None or self.found:
            return
        given = {argument.name.value: argument for argument in node.arguments or ()}
        for name, argument in field.args.items():
            self.found = self.found or self._argument(name, argument, given.get(name))

    def _argument(self, name: str, argument: GraphQLArgument, node: ArgumentNode | None) -> Invalid | None:
        if node is None or (isinstance(node.value, VariableNode) and node.value.name.value not in self.values):
            return Invalid(NEEDED, field=name) if is_required_argument(argument) else None
        value = value_from_ast_untyped(node.value, dict(self.values))
        path = () if name == "input" else (name,)
        return next(_misfits(value, argument.type, path), None)


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        node.variable.name.value: value_from_ast_untyped(node.default_value)
        for node in operation.variable_definitions or ()
        if node.default_value is not None
    }


def _misfits(value: Any, kind: Any, path: tuple[str, ...]) -> Iterator[Invalid]:
    field = ".".join(path) or None
    if is_non_null_type(kind):
        if value is None or value is Undefined:
            yield Invalid(NEEDED, field=field)
            return
        kind = kind.of_type
    if value is None or value is Undefined:
        return
    if is_list_type(kind):
        for place, item in enumerate(value if isinstance(value, list) else [value]):
            yield from _misfits(item, kind.of_type, (*path, str(place)) if isinstance(value, list) else path)
    elif isinstance(kind, GraphQLInputObjectType):
        yield from _inside(value, kind, path)
    elif is_leaf_type(kind):
        try:
            kind.coerce_input_value(value)
        except (GraphQLError, ValueError, TypeError):
            yield Invalid(_sentence(kind), field=field)


def _inside(value: Any, kind: GraphQLInputObjectType, path: tuple[str, ...]) -> Iterator[Invalid]:
    if not isinstance(value, Mapping):
        yield Invalid(UNLIKE, field=".".join(path) or None)
        return
    for name in value.keys() - kind.fields.keys():
        yield Invalid(
            _("There is no such thing here: %(name)s.", name=str(name)[:60]), field=".".join((*path, str(name)[:60]))
        )
    for name, field in kind.fields.items():
        if name in value:
            yield from _misfits(value[name], field.type, (*path, name))
        elif is_required_input_field(field):
            yield Invalid(NEEDED, field=".".join((*path, name)))


def _sentence(kind: Any) -> Message:
    named = get_named_type(kind)
    if isinstance(named, GraphQLEnumType) and len(named.values) <= LONGEST_LIST:
        return _("Choose one of these: %(values)s.", values=", ".join(named.values))
    return OF_KIND.get(named.name, UNLIKE)

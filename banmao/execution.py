"""Running operations: graphql-core's executor, with what it works out for every value worked out once for every selection.

A page of twenty works has some 850 fields, most of them attributes of a row at hand. For each the executor looks up the field and
its type, makes a path, the resolver's `info` and its arguments, and asks of every value whether it can be awaited; Strawberry
converts the arguments anew. Here a selection set is planned once per request, and the values of each object run down the plan.
Whatever is not plain goes graphql-core's own way: things to wait for, abstract types, errors, null where there may be none,
`@defer` and `@stream`. The answer is the same to the byte; see tests/api/test_execution.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Any, cast

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLID,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLString,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path, gather_with_cancel
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

SETTLED = frozenset({str, int, float, bool, dict, list, tuple, type(None)})
"""Classes of which no value is an error or can be awaited. Classes of our schema's types are, too, and join `_known`."""
UNCHANGING = frozenset({str, int, float, bool, type(None)})
AS_THEY_ARE: Mapping[object, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
"""Leaf type → the class whose values are already what the answer says."""

Waiting = Awaitable[Any]


class _Shape:
    """How a value of an output type is fitted into the answer."""

    __slots__ = ("coerce", "item", "nullable", "object_type", "same", "type")

    def __init__(self, type_: GraphQLOutputType) -> None:
        self.type = type_
        self.nullable = not is_non_null_type(type_)
        bare: Any = type_ if self.nullable else cast(Any, type_).of_type
        self.item = _Shape(bare.of_type) if is_list_type(bare) else None
        self.coerce = _coercion(bare) if is_leaf_type(bare) else None
        self.same = _same(bare)
        self.object_type: GraphQLObjectType | None = None
        if is_object_type(bare) and bare.is_type_of is None:
            self.object_type = bare


def _same(type_: Any) -> type | None:
    known = AS_THEY_ARE.get(type_) if is_leaf_type(type_) else None
    return str if known is None and getattr(type_, "coerce_output_value", None) is str else known


def _coercion(type_: GraphQLLeafType) -> Callable[[Any], Any]:
    """An enumeration's members are looked up once: Strawberry goes through all of them for each value."""
    complete = StrawberryGraphQLCoreExecutionContext.complete_leaf_value
    if not isinstance(type_, GraphQLEnumType):
        return lambda value: complete(type_, value)
    names: dict[Enum, Any] = {}

    def named(value: Any) -> Any:
        if not isinstance(value, Enum):
            return complete(type_, value)
        name = names.get(value)
        if name is None:
            name = names[value] = complete(type_, value)
        return name

    return named


class _Known:
    """What stays the same about a field of the schema. `attribute`: it is just that; `straight`: a plain resolver's field.

    `own`: the resolver takes the object itself first; `told`: the name under which it takes its `Info`, if it does.
    """

    __slots__ = ("attribute", "call", "definition", "own", "shape", "straight", "told")

    def __init__(self, definition: GraphQLField) -> None:
        self.definition = definition
        self.shape = _Shape(definition.type)
        self.attribute: str | None = None
        self.straight: StrawberryField | None = None
        field = definition.extensions.get("strawberry-definition")
        if type(field) is not StrawberryField or field.extensions:
            return
        resolver = field.base_resolver
        if resolver is None:
            self.attribute = field.python_name if field.default_resolver is getattr else None
        elif not field.is_async and not resolver.parent_parameter and not resolver.root_parameter:
            self.straight = field
            self.call = cast(Callable[..., Any], resolver.wrapped_func)
            self.own = bool(resolver.self_parameter)
            self.told = resolver.info_parameter.name if resolver.info_parameter else None


_known: dict[int, _Known] = {}
"""By the identity of the field, which is kept with what is known."""
_settled_classes: set[type] = set(SETTLED)


def _settled(kind: type) -> bool:
    """Whether values of a class are neither errors nor awaitable: enumerations and objects of the schema are not."""
    if kind in _settled_classes:
        return True
    if hasattr(kind, "__await__") or issubclass(kind, Exception):
        return False
    if issubclass(kind, Enum) or "__strawberry_definition__" in vars(kind):
        _settled_classes.add(kind)
        return True
    return False


class _Planned:
    """A field as one request asks for it. `arguments`: as the resolver takes them, once they are known and cannot change.

    `inside`: what is asked for of its object, or of each in its list, when nothing of that is deferred.
    """

    __slots__ = (
        "arguments",
        "attribute",
        "details",
        "inside",
        "key",
        "known",
        "nodes",
        "nullable",
        "parent",
        "resolve",
        "same",
        "streamed",
    )

    def __init__(
        self, key: str, details: FieldDetailsList, known: _Known, parent: GraphQLObjectType, resolve: Any, plain: bool
    ) -> None:
        self.key = key
        self.details = details
        self.known = known
        self.parent = parent
        self.resolve = resolve if not plain or known.straight is None else None
        self.attribute = known.attribute if plain else None
        self.nodes: list[FieldNode] = [detail.node for detail in details]
        self.same = known.shape.same
        self.nullable = known.shape.nullable
        self.arguments: dict[str, Any] | None = None
        self.inside: list[_Planned] | None = None
        self.streamed = any(directive.name.value == "stream" for directive in self.nodes[0].directives or ())


class _Told(Info[Any, Any]):
    """What a resolver is told of its field: hardly any asks for more than the context, so the rest is made for whoever does."""

    def __init__(self, executor: PlannedExecutor, field: _Planned, path: Path) -> None:
        self._executor, self._planned, self._path = executor, field, path
        self._field = cast(StrawberryField, field.known.straight)

    @cached_property
    def _raw_info(self) -> Any:  # type: ignore[override]
        return self._executor._info(self._planned, self._path)

    @property
    def context(self) -> Any:
        return self._executor.context_value


class PlannedExecutor(StrawberryGraphQLCoreExecutionContext):
    """`Schema(execution_context_class=…)`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[int, tuple[object, list[_Planned]]] = {}

    def build_response(self, data: dict[str, Any] | None) -> Any:
        """When all is said, let go of what holds the executor: what a request knew goes at once, not with the collector."""
        response = super().build_response(data)
        if isinstance(response, ExecutionResult) and not response.errors:
            self._plans.clear()
            del self.async_helpers
        return response

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Mapping[str, FieldDetailsList],
        position_context: Any,
    ) -> Any:
        if position_context is not None or self.abort_signal is not None:
            return super().execute_fields(
                parent_type, source_value, path, cast(Any, grouped_field_set), position_context
            )
        return self._run(self._plan(parent_type, grouped_field_set), parent_type.name, source_value, path)

    def _run(self, plan: Sequence[_Planned], typename: str, source_value: Any, path: Path | None) -> Any:
        results: dict[str, Any] = {}
        waiting: list[str] = []
        try:
            for field in plan:
                key = field.key
                attribute = field.attribute
                if attribute is None:
                    completed = self._resolved(field, source_value, Path(path, key, typename))
                else:
                    try:
                        value = getattr(source_value, attribute)
                    except Exception as error:
                        completed = self._failed(error, field, Path(path, key, typename))
                    else:
                        if type(value) is field.same or (value is None and field.nullable):
                            results[key] = value
                            continue
                        completed = self._completed(field, value, Path(path, key, typename))
                results[key] = completed
                if type(completed) not in SETTLED and self.is_awaitable(completed):
                    waiting.append(key)
        except Exception:
            if waiting:
                self.settle_in_background([results[key] for key in waiting])
            raise
        return self._gathered(results, waiting) if waiting else results

    def _plan(self, parent: GraphQLObjectType, selected: Mapping[str, FieldDetailsList]) -> list[_Planned]:
        found = self._plans.get(id(selected))
        if found is not None:
            return found[1]
        plan = []
        for key, details in selected.items():
            definition = self.schema.get_field(parent, details[0].node.name.value)
            if definition is None:
                continue
            known = _known.get(id(definition))
            if known is None:
                known = _known[id(definition)] = _Known(definition)
            own = resolve = definition.resolve or self.field_resolver
            if self.middleware_manager:
                resolve = self.middleware_manager.get_field_resolver(resolve)
            plan.append(_Planned(key, details, known, parent, resolve, resolve is own))
        self._plans[id(selected)] = (selected, plan)
        return plan

    def _failed(self, error: Exception, field: _Planned, path: Path) -> Any:
        """None in the place of the field, the error told beside; or the error, for whatever holds it, where null may not be."""
        self.handle_field_error(error, field.known.definition.type, field.details, path)
        return None

    def _info(self, field: _Planned, path: Path) -> GraphQLResolveInfo[Any]:
        return self.build_resolve_info(field.known.definition, field.nodes, field.parent, path)

    def _resolved(self, field: _Planned, source: Any, path: Path) -> Any:
        try:
            if field.resolve is None:
                value = self._called(field, source, path)
            else:
                value = field.resolve(source, self._info(field, path), **self._arguments(field))
        except Exception as error:
            return self._failed(error, field, path)
        return self._completed(field, value, path)

    def _arguments(self, field: _Planned) -> dict[str, Any]:
        definition, first = field.known.definition, field.details[0]
        if not definition.args and not first.node.arguments:
            return {}
        return get_argument_values(
            definition, first.node, self.variable_values, first.fragment_variable_values, self.hide_suggestions
        )

    def _called(self, field: _Planned, source: Any, path: Path) -> Any:
        """A synchronous resolver of Strawberry's without extensions, called as Strawberry does after its detours."""
        known = field.known
        arguments = field.arguments
        if arguments is None:
            converter = cast(Any, self.schema)._strawberry_schema.schema_converter
            taken = cast(StrawberryField, known.straight).arguments
            told = _Told(self, field, path)
            arguments = convert_arguments(
                self._arguments(field), taken, converter.scalar_registry, converter.config, told
            )
            if all(type(value) in UNCHANGING for value in arguments.values()):
                field.arguments = arguments
        named = {**arguments, known.told: _Told(self, field, path)} if known.told else arguments
        return known.call(source, **named) if known.own else known.call(**named)

    def _completed(self, field: _Planned, value: Any, path: Path) -> Any:
        """What becomes of a resolver's answer: the completed value, or something to wait for that becomes it."""
        type_, details = field.known.definition.type, field.details
        try:
            if _settled(type(value)):
                completed = self._fitted(field.known.shape, field, value, path)
            elif self.is_awaitable(value):
                return self.complete_awaitable_value(type_, details, self._info(field, path), path, value, None)
            else:
                completed = self.complete_value(type_, details, self._info(field, path), path, value, None)
        except Exception as error:
            return self._failed(error, field, path)
        if type(completed) in SETTLED or not self.is_awaitable(completed):
            return completed
        return self._awaited(completed, type_, details, path)

    def _fitted(self, shape: _Shape, field: _Planned, value: Any, path: Path) -> Any:
        """A settled value as the answer has it, or something to wait for."""
        if type(value) is shape.same:
            return value
        if value is not None:
            if shape.coerce is not None:
                return shape.coerce(value)
            if shape.object_type is not None:
                return self._object(shape.object_type, field, value, path)
            if shape.item is not None and type(value) in (list, tuple) and not field.streamed:
                return self._listed(shape.item, field, value, path)
        elif shape.nullable:
            return None
        return self.complete_value(shape.type, field.details, self._info(field, path), path, value, None)

    def _object(self, type_: GraphQLObjectType, field: _Planned, value: Any, path: Path) -> Any:
        if field.inside is None:
            selected, deferred, _forbidden = self.collect_subfields(type_, field.details)
            if deferred or self.abort_signal is not None:
                return self.execute_collected_subfields(type_, value, path, selected, deferred, None)
            field.inside = self._plan(type_, selected)
        return self._run(field.inside, type_.name, value, path)

    def _listed(self, shape: _Shape, field: _Planned, items: Sequence[Any], path: Path) -> Any:
        completed: list[Any] = []
        waiting: list[int] = []
        try:
            for place, item in enumerate(items):
                if type(item) is shape.same:
                    completed.append(item)
                    continue
                done = self._item(shape, field, item, Path(path, place, None))
                completed.append(done)
                if type(done) not in SETTLED and self.is_awaitable(done):
                    waiting.append(place)
        except Exception:
            left = [completed[place] for place in waiting]
            left += [item for item in items[len(completed) + 1 :] if self.is_awaitable(item)]
            if left:
                self.settle_in_background(left)
            raise
        return self._gathered(completed, waiting) if waiting else completed

    def _item(self, shape: _Shape, field: _Planned, item: Any, path: Path) -> Any:
        type_, details = shape.type, field.details
        try:
            if _settled(type(item)):
                completed = self._fitted(shape, field, item, path)
            elif self.is_awaitable(item):
                info = self._info(field, path)
                return self.complete_awaitable_list_item_value(item, type_, details, info, path, None)
            else:
                completed = self.complete_value(type_, details, self._info(field, path), path, item, None)
        except Exception as error:
            self.handle_field_error(error, type_, details, path)
            return None
        if type(completed) in SETTLED or not self.is_awaitable(completed):
            return completed
        return self._awaited(completed, type_, details, path)

    async def _awaited(
        self, completed: Waiting, type_: GraphQLOutputType, details: FieldDetailsList, path: Path
    ) -> Any:
        try:
            return await completed
        except Exception as error:
            self.handle_field_error(error, type_, details, path)
            return None

    @staticmethod
    async def _gathered(results: Any, waiting: Sequence[Any]) -> Any:
        if len(waiting) == 1:
            results[waiting[0]] = await results[waiting[0]]
            return results
        for key, value in zip(waiting, await gather_with_cancel(*(results[key] for key in waiting)), strict=True):
            results[key] = value
        return results

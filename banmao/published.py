"""The operations that our own pages run: `graphql/operations/*.graphql`, grouped by area, fragments shared between files."""

from __future__ import annotations

from functools import cache

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from hub.settings import ROOT

OPERATIONS = ROOT / "graphql" / "operations"


class _Spreads(Visitor):
    """Collects the names of the fragments that a definition spreads."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_args: object) -> None:
        self.names.append(node.name.value)


def _spreads(node: OperationDefinitionNode | FragmentDefinitionNode) -> list[str]:
    visitor = _Spreads()
    visit(node, visitor)
    return visitor.names


@cache
def operations() -> dict[str, str]:
    """Every published operation by its name, as a document of its own: itself and the fragments it needs."""
    found: dict[str, OperationDefinitionNode] = {}
    fragments: dict[str, FragmentDefinitionNode] = {}
    for file in sorted(OPERATIONS.glob("*.graphql")):
        for node in parse(file.read_text(encoding="utf8"), no_location=True).definitions:
            if isinstance(node, OperationDefinitionNode) and node.name:
                assert node.name.value not in found, f"{node.name.value} is published twice"
                found[node.name.value] = node
            elif isinstance(node, FragmentDefinitionNode):
                assert node.name.value not in fragments, f"fragment {node.name.value} is defined twice"
                fragments[node.name.value] = node
    documents = {}
    for name, node in found.items():
        needed: dict[str, FragmentDefinitionNode] = {}
        waiting = _spreads(node)
        while waiting:
            fragment = fragments[waiting.pop()]
            if fragment.name.value not in needed:
                needed[fragment.name.value] = fragment
                waiting += _spreads(fragment)
        documents[name] = "\n\n".join(print_ast(item) for item in (node, *needed.values()))
    return documents

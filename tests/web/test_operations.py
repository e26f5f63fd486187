"""What the pages run fits what is published."""

from __future__ import annotations

import ast

import pytest
from graphql import build_schema, parse, validate

from banmao.published import operations
from hub.settings import ROOT

SCHEMA = build_schema((ROOT / "graphql" / "schema.graphql").read_text(encoding="utf8"))


@pytest.mark.parametrize("name", operations())
def test_every_operation_is_valid(name: str) -> None:
    assert not validate(SCHEMA, parse(operations()[name]))


def test_pages_run_only_published_operations_and_every_one_is_run() -> None:
    """The first argument of `page.ask`, `page.do` and `page.answer` is the name of an operation."""
    run: set[str] = set()
    for file in (ROOT / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in operations():
                run.add(node.value)
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr
            if called in ("ask", "do", "answer") and isinstance(node.args[0], ast.Constant):  # type: ignore[union-attr]
                assert node.args[0].value in operations()  # type: ignore[union-attr]
    assert run == set(operations())

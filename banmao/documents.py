"""GraphQL documents: parsed once, whoever sends them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, parse
from strawberry.extensions import SchemaExtension

from hub.errors import Invalid, TooComplex
from hub.i18n import _
from hub.limits import check_literals
from hub.settings import Settings

KEPT = 200
"""Documents kept parsed and validated. At `graphql_tokens` each they take up to 200 MB, whatever strangers send."""
LONGEST = 60_000


@lru_cache(maxsize=KEPT)
def parsed(query: str, settings: Settings) -> DocumentNode:
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
    return document


class ParsedDocument(SchemaExtension):
    """Hands the executor the document that was measured, instead of parsing it again."""

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        context.graphql_document = parsed(context.query or "", context.context.runtime.settings)
        yield

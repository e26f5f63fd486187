"""The desk in GraphQL: its lists, one text side by side, approving."""

from __future__ import annotations

import strawberry

from hub.context import ID, Info
from hub.errors import HubError, Invalid
from hub.i18n import _
from hub.types import LanguageTag, Problem, known_language, row_id
from translation import queries as texts
from translation import service
from translation.choice import State, best
from translation.choice import state as state_of
from translation.desk.api.listing import ListQueries, Purpose
from translation.desk.api.reviewing import ReviewQueries

MOST_AT_ONCE = 100

__all__ = ["Mutations", "Purpose", "Queries"]


@strawberry.input
class ApprovalInput:
    text_id: ID
    language: LanguageTag
    version: int


@strawberry.type(description="What became of each text, in the order asked; null: approved")
class Approvals:
    approved: int
    problems: list[Problem | None]


@strawberry.type
class Queries(ListQueries, ReviewQueries):
    """What the desk shows."""


@strawberry.type
class Mutations:
    @strawberry.mutation(
        description="Approve what is shown of up to 100 texts as it is. Those that cannot be are named"
    )
    async def approve_texts(self, info: Info, approvals: list[ApprovalInput]) -> Approvals:
        caller = info.context.person
        if not 1 <= len(approvals) <= MOST_AT_ONCE:
            raise Invalid(_("Choose between one and %(most)s texts.", most=MOST_AT_ONCE), field="approvals")
        wanted = [
            (row_id(one.text_id, "approvals"), known_language(one.language, "approvals"), one.version)
            for one in approvals
        ]
        async with info.context.tx.use() as session:
            done = await service.approve_shown(session, caller, wanted)
        problems = [_problem(error, info.context.language) for error in done]
        return Approvals(approved=problems.count(None), problems=problems)

    @strawberry.mutation(description="Have a person look at what is shown of a text in a language, or no longer")
    async def want_review(self, info: Info, text_id: ID, language: LanguageTag, wanted: bool = True) -> State:
        caller = info.context.person
        tag = known_language(language, "language")
        async with info.context.tx.use() as session:
            row = await service.want_review(session, caller, row_id(text_id, "textId"), tag, wanted)
            rows = (await texts.renderings(session, [row.id], [tag])).get(row.id, [])
        return state_of(best(row, rows, tag), tag)


def _problem(error: HubError | None, language: str) -> Problem | None:
    if error is None:
        return None
    return Problem(code=error.code, field=error.field, line=None, message=error.sentence(language))

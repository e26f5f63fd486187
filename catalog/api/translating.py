"""Whole lists of works translated: what there is to do, and the batch that does it."""

from __future__ import annotations

from typing import Any

import strawberry

from catalog import policies, queries
from catalog.api.types import Work
from catalog.models import WorkKind, WorkStatus
from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import LANGUAGES, _
from hub.types import LanguageTag, known_language, row_id, words
from translation.batches import queries as batch_queries
from translation.batches import service as batches
from translation.batches.api import TranslationBatch, shown
from translation.desk.api import Purpose
from translation.engines import engines_of

LONGEST_QUERY = 200
MOST_WORKS = 1_000
OF_WORKS = (Purpose.TITLE, Purpose.DESCRIPTION)


@strawberry.input(description="As in myWorks; of one import; or works by id. Without any of them, every work")
class TranslateWorksFilter:
    status: WorkStatus | None = None
    kind: WorkKind | None = None
    query: str | None = None
    import_id: ID | None = None
    work_ids: list[ID] | None = None


@strawberry.type(
    description="What is left to translate into one language. seconds: at the pace of earlier batches; null when unknown"
)
class TranslationEstimate:
    language: LanguageTag
    texts: int
    characters: int
    reached: int = strawberry.field(description="Texts that an engine of this hub can draft")
    seconds: int | None


@strawberry.type(description="The work that a text tells of")
class TextWork:
    text_id: ID
    work: Work


def _chosen(chosen: TranslateWorksFilter | None) -> dict[str, Any]:
    """The filter as it is kept with the batch."""
    if chosen is None:
        return {}
    if chosen.work_ids is not None and not 1 <= len(chosen.work_ids) <= MOST_WORKS:
        raise Invalid(_("Choose between one and %(most)s works.", most=MOST_WORKS), field="filter.workIds")
    given = {
        "ids": [str(row_id(work_id, "filter.workIds")) for work_id in chosen.work_ids] if chosen.work_ids else None,
        "import": str(row_id(chosen.import_id, "filter.importId")) if chosen.import_id else None,
        "status": chosen.status.value if chosen.status else None,
        "kind": chosen.kind.value if chosen.kind else None,
        "query": words(chosen.query, "filter.query", longest=LONGEST_QUERY, required=False),
    }
    return {name: value for name, value in given.items() if value is not None}


def _purposes(given: list[Purpose] | None) -> list[Purpose]:
    purposes = [purpose for purpose in OF_WORKS if given is None or purpose in given]
    if not purposes:
        raise Invalid(_("Choose titles, descriptions, or both."), field="purposes")
    return purposes


def _languages(given: list[LanguageTag]) -> list[str]:
    wanted = [known_language(language, "languages") for language in given[: len(LANGUAGES) + 1]]
    if not 1 <= len(wanted) <= len(LANGUAGES):
        raise Invalid(_("Choose between one and ten languages."), field="languages")
    return wanted


@strawberry.type
class Queries:
    @strawberry.field(
        description="The works of which texts are title or description, as far as the caller may see them"
    )
    async def text_works(self, info: Info, text_ids: list[ID]) -> list[TextWork]:
        if len(text_ids) > MOST_WORKS:
            raise Invalid(_("Ask for at most %(most)s texts at once.", most=MOST_WORKS), field="textIds")
        ids = {row_id(text_id, "textIds") for text_id in text_ids}
        async with info.context.tx.use() as session:
            rows = await queries.works(session, await queries.told_by(session, ids))
        return [
            TextWork(text_id=ID(str(text_id)), work=Work.of(row))
            for row in rows
            if policies.may_see(info.context.caller, row)
            for text_id in (row.title_id, row.description_id)
            if text_id in ids
        ]

    @strawberry.field(description="What translating my organization's works into some languages would come to")
    async def works_to_translate(
        self,
        info: Info,
        languages: list[LanguageTag],
        filter: TranslateWorksFilter | None = None,
        purposes: list[Purpose] | None = None,
    ) -> list[TranslationEstimate]:
        caller = info.context.person
        wanted = _languages(languages)
        texts = queries.told(caller.organization_id, _chosen(filter), [one.value for one in _purposes(purposes)])
        engines = engines_of(info.context.runtime)
        await engines.ready()
        async with info.context.tx.use() as session:
            left = await batch_queries.left(session, texts, wanted)
            pace = await batch_queries.pace(session, caller.organization_id)
        found = []
        for language in (tag for tag in LANGUAGES if tag in wanted):
            rows = [one for one in left if one.language == language]
            reached = [one for one in rows if engines.reach(one.source, language) is not None]
            characters = sum(one.characters for one in reached)
            found.append(
                TranslationEstimate(
                    language=LanguageTag(language),
                    texts=sum(one.texts for one in rows),
                    characters=sum(one.characters for one in rows),
                    reached=sum(one.texts for one in reached),
                    seconds=round(characters / pace[language]) if language in pace else None,
                )
            )
        return found


@strawberry.type
class Mutations:
    @strawberry.mutation(description="Translate titles and descriptions of my organization's works in the background")
    async def translate_works(
        self,
        info: Info,
        languages: list[LanguageTag],
        filter: TranslateWorksFilter | None = None,
        purposes: list[Purpose] | None = None,
    ) -> TranslationBatch:
        caller = info.context.person
        chosen, wanted = _chosen(filter), [one.value for one in _purposes(purposes)]
        async with info.context.tx.use() as session:
            row = await batches.start(
                session,
                caller,
                chosen=queries.told(caller.organization_id, chosen, wanted),
                described=chosen,
                purposes=wanted,
                languages=_languages(languages),
            )
        return await shown(info, row)

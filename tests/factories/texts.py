"""Texts and their renderings."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hub.runtime import Runtime
from tests.factories.accounts import Actor
from translation import service
from translation.models import Purpose, Text


async def text(
    runtime: Runtime,
    writer: Actor,
    words: str = "我们接受您的报价。谢谢！",
    *,
    language: str = "zh",
    purpose: Purpose = Purpose.DESCRIPTION,
    readers: Collection[Actor] | None = None,
    supplied: Mapping[str, str] | None = None,
    drafts: Collection[str] = (),
) -> Text:
    """A text of the writer's organization, open to everybody unless `readers` are named."""
    async with runtime.database.transaction(writer.caller) as tx:
        return await service.create_text(
            tx.session,
            organization_id=writer.organization_id,
            purpose=purpose,
            language=language,
            words=words,
            audience=None if readers is None else [reader.organization_id for reader in readers],
            supplied=supplied,
            person_id=writer.person_id,
            drafts=drafts,
        )

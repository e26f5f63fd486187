"""Files of samples: `/samples/{id}/{ticket}/…`, for the person whom the ticket was made for, marked with who that is.

Every fetch asks the tables again, so a sharing that is taken back ends at once, whatever address somebody still has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from accounts import queries as accounts
from banmao.http import bearer
from banmao.ranges import stored
from catalog.assets import examining, links, marking, service
from catalog.assets.errors import SampleUnknown
from catalog.assets.models import Opening, Sample, SampleCopy
from hub.database import act_for
from hub.errors import HubError
from hub.i18n import negotiate
from hub.runtime import Runtime
from hub.security import Caller
from web.page import LANGUAGE, SESSION

PICTURE = "image/jpeg"
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox"}
"""A sample is somebody's file: whatever a browser takes it for, it runs nothing in the hub's name. Not sent with PDF: browsers
show none in a sandbox, and run none of it either, since what was taken has no script."""
A_WHILE = {"Cache-Control": "private, max-age=600"}
"""Shorter than the slot in which an opening is written down once."""
NEVER = {"Cache-Control": "private, no-store"}
_PICTURE = re.compile(r"([0-9]{1,4})\.jpg")


@dataclass(frozen=True, slots=True)
class _Door:
    runtime: Runtime
    sample: Sample
    viewer: marking.Viewer | None


async def file(request: Request) -> Response:
    """The whole sample, to be shown by the browser."""
    return await _whole(request, Opening.VIEW)


async def download(request: Request) -> Response:
    """The whole sample, to be kept."""
    return await _whole(request, Opening.DOWNLOAD)


async def page(request: Request) -> Response:
    """One page or picture as a JPEG."""
    try:
        number = _number(request)
        door = await _enter(request, Opening.VIEW)
        if door.viewer is None:
            content = await marking.plain_page(door.runtime, door.sample, number)
        else:
            content = await marking.page(door.runtime, door.sample, door.viewer, number)
    except HubError as error:
        return _refused(request, error)
    return Response(content, media_type=PICTURE, headers=HEADERS | SANDBOX | A_WHILE)


async def thumbnail(request: Request) -> Response:
    """A small picture of it. Seeing that is no opening."""
    try:
        width = _number(request)
        door = await _enter(request, None)
        if width not in examining.THUMBNAILS or not door.sample.has_thumbnail:
            raise SampleUnknown
        content = await door.runtime.storage.get(examining.thumbnail_key(door.sample.id, width))
    except HubError as error:
        return _refused(request, error)
    return Response(content, media_type=PICTURE, headers=HEADERS | SANDBOX | A_WHILE)


async def _whole(request: Request, how: Opening) -> Response:
    try:
        door = await _enter(request, how)
        sample = door.sample
        if door.viewer is None:
            assert sample.storage_key is not None
            assert sample.media_type is not None
            found = marking.File(sample.storage_key, sample.media_type, sample.name)
        else:
            found = await marking.whole(door.runtime, sample, door.viewer)
        kind = "attachment" if how is Opening.DOWNLOAD else "inline"
        named = {"Content-Disposition": f"{kind}; filename*=UTF-8''{quote(found.name, safe='')}"}
        headers = HEADERS | NEVER | named | ({} if sample.format == "PDF" else SANDBOX)
        return await stored(request, door.runtime, found.key, found.media_type, headers)
    except HubError as error:
        return _refused(request, error)


async def _enter(request: Request, how: Opening | None) -> _Door:
    """Who asks, whether the sample is shown to them, and that they open it. SampleUnknown."""
    runtime: Runtime = request.app.state.runtime
    token = bearer(request.headers.get("authorization")) or request.cookies.get(SESSION)
    try:
        sample_id = UUID(request.path_params["id"])
    except ValueError:
        raise SampleUnknown from None
    async with runtime.database.transaction() as tx:
        session = tx.session
        caller = await accounts.caller_of(session, token) if token else None
        ticket = request.path_params["ticket"]
        if caller is None or not links.holds(runtime.settings.key, caller, sample_id, ticket):
            raise SampleUnknown
        await act_for(session, caller.organization_id, caller.person_id)
        if how is None:
            return _Door(runtime, await service.visible(session, sample_id), None)
        opened = await service.open_sample(session, caller, sample_id, how)
        viewer = await _viewer(session, caller, opened.copy) if opened.copy else None
    return _Door(runtime, opened.sample, viewer)


async def _viewer(session: AsyncSession, caller: Caller, copy: SampleCopy) -> marking.Viewer:
    [person] = await accounts.people(session, [caller.person_id])
    [organization] = await accounts.organizations(session, [caller.organization_id])
    return marking.Viewer(
        copy_id=copy.id,
        person=person.name,
        organization=next(name.name for name in organization.names if name.original),
        language=caller.language,
        since=copy.created_at,
        code=copy.code,
    )


def _number(request: Request) -> int:
    match = _PICTURE.fullmatch(request.path_params["name"])
    if match is None:
        raise SampleUnknown
    return int(match[1])


def _refused(request: Request, error: HubError) -> Response:
    language = negotiate(request.headers.get("accept-language"), request.cookies.get(LANGUAGE))
    return PlainTextResponse(error.sentence(language), status_code=error.status, headers=NEVER)

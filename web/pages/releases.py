"""Releases: build one, press *publish abroad* once, and read what each platform answered."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import Response

from hub.errors import NotFound
from hub.i18n import _
from web.facts import MAP
from web.forms import Form, percentage
from web.page import Page, Refused
from web.routing import Area

area = Area()
MOVING = frozenset({"QUEUED", "PREPARING", "SENDING", "SENT", "TAKING_DOWN"})
"""States that change by themselves: the page asks again while one of them is there."""
TRACK_NUMBER = re.compile("[0-9]{1,4}")
TRACK_NAMES = {
    "audio": "audio",
    "splits": "share",
    "payee": "share",
    "role": "share",
    "share": "share",
    "displayArtist": "artist",
}


@area.get("/releases")
async def releases(page: Page) -> Response:
    data = await page.ask("Releases", first=25, after=page.query.get("after"))
    found = data["releases"]
    return page.render("pages/releases.html", found=found, next=page.here(after=found["pageInfo"]["endCursor"]))


@area.get("/releases/new")
async def new_form(page: Page) -> Response:
    return page.render("pages/release_new.html", form=None, territories=MAP)


@area.post("/releases/new")
async def new(page: Page) -> Response:
    form = await page.form()
    day = form.day("release_date")
    status = 422
    if day is not None:
        try:
            data = await page.do(
                "CreateRelease",
                form,
                input={
                    "title": form.value("title"),
                    "language": form.value("language"),
                    "displayArtist": form.value("artist"),
                    "label": form.value("label") or None,
                    "releaseDate": day.isoformat(),
                    "genre": form.value("genre") or None,
                    "cover": form.file("cover"),
                },
            )
            return page.go(f"/releases/{data['createRelease']['id']}", "saved")
        except Refused as refused:
            form.refuse(refused.refusal, {"displayArtist": "artist", "releaseDate": "release_date"})
            status = refused.refusal.status
    return page.render(
        "pages/release_new.html", status, form=Form(form.sent, form.errors, form.general), territories=MAP
    )


@area.get("/releases/{id:uuid}")
async def release(page: Page) -> Response:
    return await _show(page, None)


async def _show(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("Release", id=page.part("id"))
    found = page.found(data["release"])
    deliveries = {item["channel"]["id"]: item for item in found["deliveries"]}
    return page.render(
        "pages/release.html",
        status,
        release=found,
        deliveries=deliveries,
        moving=any(item["status"] in MOVING for item in found["deliveries"]),
        to_send=[item for item in found["readiness"] if item["ready"] and item["channel"]["id"] not in deliveries],
        form=form,
    )


@area.get("/releases/{id:uuid}/tracks/new")
async def track_form(page: Page) -> Response:
    return await _track(page, None)


async def _track(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("Release", id=page.part("id"))
    found = page.found(data["release"])
    return page.render("pages/track_new.html", status, release=found, form=form)


def track_input(form: Form) -> dict[str, Any] | None:
    """`AddTrackInput` of the contract; shares are entered in percent and sent as parts of 1."""
    splits = []
    for payee, role, share in form.lines("share", "payee", "role", "share"):
        if not payee.strip() and not share.strip():
            continue
        percent = percentage(share)
        if percent is None:
            form.wrong("share", _("Enter each share as a percentage such as 50 or 12.5."))
            continue
        splits.append({"payee": payee.strip(), "role": role, "share": f"{(percent / 100).normalize():f}"})
    audio = form.file("audio")
    if audio is None:
        form.wrong("audio", _("Choose the sound file of this track."))
    track = {
        "title": form.value("title"),
        "audio": audio,
        "isrc": form.value("isrc").replace("-", "").upper() or None,
        "displayArtist": form.value("artist") or None,
        "splits": splits or None,
        "explicit": form.flag("explicit"),
    }
    return None if form.errors else track


@area.post("/releases/{id:uuid}/tracks/new")
async def add_track(page: Page) -> Response:
    form = await page.form()
    track = track_input(form)
    status = 422
    if track is not None:
        try:
            await page.do("AddTrack", form, releaseId=page.part("id"), input=track)
            return page.go(f"/releases/{page.part('id')}", "track")
        except Refused as refused:
            form.refuse(refused.refusal, TRACK_NAMES)
            status = refused.refusal.status
    return await _track(page, Form(form.sent, form.errors, form.general), status)


@area.get("/releases/{id:uuid}/tracks/{number}/audio")
async def audio_form(page: Page) -> Response:
    return await _audio(page, None)


async def _audio(page: Page, form: Form | None, status: int = 200) -> Response:
    number = _number(page)
    data = await page.ask("Release", id=page.part("id"))
    release = page.found(data["release"])
    track = page.found(next((one for one in release["awaited"] if one["number"] == number), None))
    return page.render("pages/track_audio.html", status, release=release, track=track, form=form)


@area.post("/releases/{id:uuid}/tracks/{number}/audio")
async def supply_audio(page: Page) -> Response:
    form = await page.form()
    audio = form.file("audio")
    status = 422
    if audio is None:
        form.wrong("audio", _("Choose the sound file of this track."))
    else:
        try:
            await page.do("SupplyAudio", form, releaseId=page.part("id"), number=_number(page), audio=audio)
            return page.go(f"/releases/{page.part('id')}", "track")
        except Refused as refused:
            form.refuse(refused.refusal, {"audio": "audio", "isrc": "audio"})
            status = refused.refusal.status
    return await _audio(page, Form(form.sent, form.errors, form.general), status)


def _number(page: Page) -> int:
    number = page.part("number")
    if not TRACK_NUMBER.fullmatch(number):
        raise page.refusing(NotFound())
    return int(number)


@area.post("/releases/{id:uuid}/tracks/{number}/remove")
async def remove_track(page: Page) -> Response:
    form = await page.form()
    await page.do("RemoveTrack", form, releaseId=page.part("id"), number=_number(page))
    return page.go(f"/releases/{page.part('id')}", "saved")


@area.post("/releases/{id:uuid}/publish")
async def publish_abroad(page: Page) -> Response:
    form = await page.form()
    chosen = form.many("channel")
    try:
        await page.do("PublishAbroad", form, releaseId=page.part("id"), channelIds=chosen or None)
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _show(
            page, Form(form.sent, form.errors, form.general or refused.refusal.message), refused.refusal.status
        )
    return page.go(f"/releases/{page.part('id')}", "sending")


@area.post("/releases/{id:uuid}/take-down")
async def take_down(page: Page) -> Response:
    form = await page.form()
    await page.do("TakeDown", form, releaseId=page.part("id"), channelIds=form.many("channel") or None)
    return page.go(f"/releases/{page.part('id')}", "takedown")

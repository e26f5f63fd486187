"""The steps of distribution: an album goes out to every platform, and the money comes back."""

from __future__ import annotations

import asyncio
from typing import Any

from banmao.story import music, platform
from banmao.story.client import Person, insist, until
from banmao.story.stage import MUSICIAN, OPERATOR, Stage, person

PERIOD = "2026-10"


async def publish_abroad(stage: Stage) -> None:
    """A musician uploads an album and presses once; ISRCs, messages, audio, and every platform's answer."""
    musician = await person(stage, MUSICIAN)
    release = (
        await musician.ask(
            "mutation ($input: CreateReleaseInput!) { createRelease(input: $input) { id } }",
            uploads={"input.cover": ("cover.jpg", await asyncio.to_thread(music.cover), "image/jpeg")},
            input={
                "title": music.ALBUM,
                "language": "zh",
                "displayArtist": musician.name,
                "label": musician.organization,
                "releaseDate": "2026-10-01",
                "genre": "Folk",
                "cover": None,
            },
        )
    )["createRelease"]["id"]
    add = """mutation ($release: ID!, $input: AddTrackInput!) {
      addTrack(releaseId: $release, input: $input) { number title isrc durationMs } }"""
    isrcs = []
    for song in music.SONGS:
        stage.doing(f"uploading {song.title}")
        track = (
            await musician.ask(
                add,
                uploads={"input.audio": (f"{song.slug}.flac", await asyncio.to_thread(song.audio), "audio/flac")},
                release=release,
                input={"title": song.title, "audio": None, "splits": song.splits},
            )
        )["addTrack"]
        isrcs.append(track["isrc"])
        stage.tell(f"ISRC {track['isrc']}", f"{track['title']}, {track['durationMs'] / 1000:.1f} s")
    insist(len(set(isrcs)) == len(music.SONGS), f"ISRCs: {isrcs}")
    problems = (await musician.ask("query ($id: ID!) { release(id: $id) { problems { code message } } }", id=release))[
        "release"
    ]
    insist(not problems["problems"], f"problems: {problems}")
    publish = "mutation ($id: ID!) { publishAbroad(releaseId: $id) { id channel { name } status } }"
    pressed = (await musician.ask(publish, id=release))["publishAbroad"]
    again = (await musician.ask(publish, id=release))["publishAbroad"]
    insist({each["id"] for each in pressed} == {each["id"] for each in again}, "pressing twice made other deliveries")

    async def answers() -> Any:
        query = """query ($id: ID!) { release(id: $id) { gtin deliveries {
                     id status messageId territories channel { name protocol } problems { code field message } } } }"""
        seen = (await musician.ask(query, id=release))["release"]
        stage.doing(", ".join(f"{each['channel']['name']} {each['status'].lower()}" for each in seen["deliveries"]))
        return seen

    def live(seen: Any) -> bool:
        return all(each["status"] == "LIVE" for each in seen["deliveries"])

    def refused(seen: Any) -> bool:
        return any(each["status"] in ("REJECTED", "FAILED") for each in seen["deliveries"])

    seen = await until("the deliveries", answers, live, seconds=180, bad=refused)
    for delivery in seen["deliveries"]:
        answer = await platform.acknowledgement(stage.sandbox, delivery["channel"]["name"], delivery["messageId"])
        insist(answer.accepted, f"{delivery['channel']['name']}: {answer}")
        where = " ".join(delivery["territories"][:6]) + (" …" if len(delivery["territories"]) > 6 else "")
        stage.tell(delivery["channel"]["name"], f"{delivery['channel']['protocol']}, {where}: {answer.status}")
        held = await platform.live(stage.sandbox, delivery["channel"]["name"])
        insist(set(isrcs) <= held, f"{delivery['channel']['name']} has {held}")
    stage.known |= {"release": release, "isrcs": isrcs}


async def money_back(stage: Stage) -> None:
    """Platforms report sales; every line lands once, and the statements add up to the last cent."""
    operator, musician = await person(stage, OPERATOR), await person(stage, MUSICIAN)
    channels = {each["name"]: each["id"] for each in (await operator.ask("{ channels { id name } }"))["channels"]}
    upload = (
        "mutation ($channel: ID!, $file: Upload!) { importSalesReport(channelId: $channel, file: $file) { id status } }"
    )
    reported: dict[str, int] = {}
    for reporter in platform.platforms(stage.sandbox):
        stage.doing(f"{reporter['name']} reports {PERIOD}")
        name, content = await platform.sales_report(stage.sandbox, reporter, PERIOD)
        given = {"file": (name, content, "text/tab-separated-values")}
        report = (await operator.ask(upload, uploads=given, channel=channels[reporter["name"]], file=None))[
            "importSalesReport"
        ]
        await _booked_once(operator, upload, channels[reporter["name"]], given, report["id"])
        booked = await _report(operator, report["id"])
        insist(booked["unmatched"] == 0, f"{reporter['name']}: {booked['unmatched']} lines name no recording")
        paid = booked["total"]
        reported[paid["currency"]] = reported.get(paid["currency"], 0) + int(paid["minor"])
        stage.tell(reporter["name"], f"{booked['lines']} lines, {paid['formatted']}; sent twice, booked once")
    await operator.ask("mutation ($p: String!) { closePeriod(period: $p) { id } }", p=PERIOD)
    query = """query ($p: String!) { statements(period: $p, first: 50) { edges { node {
      id payee opening { ...M } earned { ...M } recouped { ...M } held { ...M } payable { ...M } lines(first: 1) { totalCount }
    } } } } fragment M on Money { minor currency formatted }"""
    statements = [edge["node"] for edge in (await musician.ask(query, p=PERIOD))["statements"]["edges"]]
    insist(bool(statements), "there is no statement")
    for statement in statements:
        amounts = {key: int(statement[key]["minor"]) for key in ("opening", "earned", "recouped", "held", "payable")}
        total = amounts["opening"] + amounts["earned"] - amounts["recouped"] - amounts["held"]
        insist(total == amounts["payable"], f"{statement['payee']}: {amounts} does not add up")
        count = statement["lines"]["totalCount"]
        stage.tell(statement["payee"], f"{count} lines, earned {statement['earned']['formatted']}")
    for statement in statements:
        stage.doing(f"adding up the lines of {statement['payee']}")
        total = sum(int(line["amount"]["minor"]) for line in await _all_lines(musician, statement))
        insist(
            total == int(statement["earned"]["minor"]), f"{statement['payee']}: {total} is not {statement['earned']}"
        )
    stage.tell("added up", f"every line of {len(statements)} statements is what the statement says")
    for currency, paid in reported.items():
        earned = [one["earned"] for one in statements if one["earned"]["currency"] == currency]
        stated = sum(int(amount["minor"]) for amount in earned)
        insist(stated == paid, f"the platforms paid {paid} in {currency}, the statements say {stated}")
        stage.tell(
            "paid and stated", f"{currency}: {' + '.join(amount['formatted'] for amount in earned)}, nothing left over"
        )


async def _booked_once(
    operator: Person, upload: str, channel: str, given: dict[str, tuple[str, bytes, str]], report_id: str
) -> None:
    """Wait until the report is booked, hand it in again, and see that it is the same report still, booked once."""

    async def first() -> Any:
        return await _report(operator, report_id)

    await until(
        "the report", first, lambda seen: seen["status"] == "BOOKED", bad=lambda seen: seen["status"] == "REJECTED"
    )
    before = await first()
    again = (await operator.ask(upload, uploads=given, channel=channel, file=None))["importSalesReport"]
    insist(again["id"] == report_id, f"the same file became another report: {again}")
    insist(await first() == before, "the same file changed its report")


async def _report(operator: Person, report_id: str) -> Any:
    query = """query ($id: ID!) { salesReport(id: $id) {
                 status lines unmatched total { minor currency formatted } problems { code line field message } } }"""
    return (await operator.ask(query, id=report_id))["salesReport"]


async def _all_lines(reader: Person, statement: dict[str, Any]) -> list[dict[str, Any]]:
    """Every line of a statement, page by page."""
    query = """query ($id: ID!, $after: String) { statement(id: $id) { lines(first: 100, after: $after) {
                 totalCount pageInfo { hasNextPage endCursor } edges { node { amount { minor } } } } } }"""
    lines: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await reader.ask(query, id=statement["id"], after=after))["statement"]["lines"]
        lines += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            insist(len(lines) == page["totalCount"], f"{len(lines)} lines of {page['totalCount']}")
            return lines

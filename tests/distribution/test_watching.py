"""`deliveryChanged`: whoever may see a release is told what becomes of it, nobody else."""

from __future__ import annotations

from tests.api.test_subscriptions import Server
from tests.factories import release as make

CHANGED = "subscription($id: ID!) { deliveryChanged(releaseId: $id) { id status channel { name } territories } }"


async def test_the_label_is_told_and_nobody_else(server: Server) -> None:
    runtime = server.api.runtime
    desk, who, other = (
        await make.operator(runtime),
        await make.label(runtime),
        await make.label(runtime, "another-label"),
    )
    await make.channel(runtime, desk.organization_id)
    await make.allocate(runtime, who.organization_id)
    release = await make.release(server.api, who)
    await make.track(server.api, who, release)
    async with server.line() as labels, server.line() as others, server.line() as nobodys:
        await labels.hello(who.token)
        await others.hello(other.token)
        await nobodys.hello()
        for line, code in ((others, "NOT_FOUND"), (nobodys, "UNAUTHENTICATED")):
            await line.subscribe(CHANGED, {"id": release})
            assert (await line.refused())["code"] == code
        await labels.subscribe(CHANGED, {"id": release})
        assert await labels.silent(0.5)
        await server.api.data(make.PUBLISH, {"id": release}, token=who.token)
        told = (await labels.hear())["payload"]["data"]["deliveryChanged"]
        assert (told["status"], told["channel"]["name"], told["territories"]) == (
            "QUEUED",
            "Nusantara",
            ["ID", "TH", "VN"],
        )
        await server.api.data(make.TAKE_DOWN, {"id": release}, token=who.token)
        assert (await labels.hear())["payload"]["data"]["deliveryChanged"]["status"] == "TAKEN_DOWN"
        assert await others.silent(0.3)

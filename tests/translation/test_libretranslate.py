"""The LibreTranslate-compatible engine against a real server in a process of its own: well behaved, slow, broken, dead."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from hub.settings import ROOT, Settings
from tests.translation.libretranslate import CHARACTER_LIMIT, Server, serving
from translation.engines import Engines, open_engines
from translation.engines import libretranslate as module
from translation.engines.argos import ArgosEngine
from translation.engines.breaker import FAILURES, FIRST_REST, Breaker
from translation.engines.libretranslate import LibreTranslateEngine
from translation.errors import (
    EngineAnswersWrongly,
    EngineKeyRefused,
    EngineResting,
    EngineUnknown,
    EngineUnreachable,
)

KEY = "a-key-that-nobody-guesses-7391"
MODELS = ROOT / "tests" / "data" / "models"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(free_port(), KEY) as running:
        yield running


@pytest.fixture
def well(server: Server) -> Server:
    server.behave()
    return server


def engine_for(
    server: Server, *, key: str | None = KEY, timeout: float = 5, confidential: bool = False
) -> LibreTranslateEngine:
    secret = SecretStr(key) if key is not None else None
    return LibreTranslateEngine(server.address + "/", key=secret, timeout=timeout, confidential=confidential)


async def test_texts_are_drafted_in_the_languages_that_the_server_names(well: Server) -> None:
    engine = engine_for(well)
    assert not engine.reaches("zh", "en")
    await engine.ready()
    assert engine.reaches("zh", "en")
    assert engine.reaches("zh", "th")
    assert not engine.reaches("zh", "km")
    assert not engine.reaches("zh", "zh")
    texts = ["我们接受您的报价。谢谢！", "", "你好。\n\n谢谢。", "我们接受您的报价。"]
    drafts = await engine.draft(texts, "zh", "en")
    assert [draft.text for draft in drafts] == [
        "We accept your offer. Thank you.",
        "",
        "Hello.\n\nThank you.",
        "We accept your offer.",
    ]
    assert {(draft.engine, draft.version, draft.sure) for draft in drafts} == {("libretranslate", "127.0.0.1", True)}
    [asked] = well.behave()
    assert asked["q"] == ["我们接受您的报价。", "谢谢！", "你好。", "谢谢。"]
    assert (asked["source"], asked["target"], asked["format"]) == ("zh-Hans", "en", "text")


async def test_many_texts_go_in_requests_that_the_server_takes(well: Server) -> None:
    engine = engine_for(well)
    await engine.ready()
    texts = [f"我们要求预付{number},000美元。" for number in range(1, 121)]
    drafts = await engine.draft(texts, "zh", "en")
    here = await ArgosEngine(MODELS, beam_size=1, threads=1).draft(texts, "zh", "en")
    assert [draft.text for draft in drafts] == [draft.text for draft in here]
    assert len({draft.text for draft in drafts}) > 100
    asked = well.behave()
    assert max(len(one["q"]) for one in asked) <= module.MOST_TEXTS
    assert len(asked) >= 3


async def test_what_the_server_will_not_take_stops_nothing_else(well: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translation.segments.LONGEST", 5000)
    engine = engine_for(well)
    await engine.ready()
    long = "好" * (CHARACTER_LIMIT + 1)
    accepted, refused = await engine.draft(["我们接受您的报价。", long], "zh", "en")
    assert (accepted.text, accepted.sure) == ("We accept your offer.", True)
    assert (refused.sure, refused.unknown) == (False, 1.0)


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("junk", EngineAnswersWrongly),
        ("short", EngineAnswersWrongly),
        ("numbers", EngineAnswersWrongly),
        ("down", EngineUnreachable),
        ("busy", EngineResting),
    ],
)
async def test_a_server_that_misbehaves_is_an_error_and_no_draft(
    well: Server, mode: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.01)
    engine = engine_for(well)
    await engine.ready()
    well.behave(mode)
    with pytest.raises(error):
        await engine.draft(["谢谢。", "你好。"], "zh", "en")
    asked = well.behave()
    assert len(asked) == (module.ATTEMPTS if mode == "down" else 1)
    if mode == "busy":
        with pytest.raises(EngineResting) as resting:
            await engine.draft(["谢谢。"], "zh", "en")
        assert 0 < resting.value.params["seconds"] <= 7
        assert well.behave() == []


async def test_a_slow_server_is_given_up_and_the_next_engine_asked(
    well: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.01)
    slow = engine_for(well, timeout=0.3)
    await slow.ready()
    well.behave("slow")
    chain = Engines([slow, ArgosEngine(MODELS, beam_size=1, threads=1)])
    began = time.monotonic()
    [draft] = await chain.draft(["谢谢。"], "zh", "en")
    assert (draft.text, draft.engine) == ("Thank you.", "argos")
    assert time.monotonic() - began < 5


async def test_a_wrong_key_is_said_and_never_shown(well: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    engine = engine_for(well, key="wrong-key-5512")
    await engine.ready()
    with pytest.raises(EngineKeyRefused) as refused:
        await Engines([engine]).draft(["谢谢。"], "zh", "en")
    right = engine_for(well)
    await right.ready()
    await right.draft(["谢谢。"], "zh", "en")
    everything = caplog.text + repr(refused.value) + str(refused.value) + str(refused.value.params) + repr(vars(right))
    assert "wrong-key-5512" not in everything
    assert KEY not in everything


async def test_confidences_are_not_sent_unless_the_operator_says_so(well: Server) -> None:
    engine = engine_for(well)
    await engine.ready()
    well.behave()
    assert Engines([engine]).reach("zh", "en", confidential=True) is None
    with pytest.raises(ValueError, match="no route"):
        await Engines([engine]).draft(["我们的底价是3,000美元。"], "zh", "en", confidential=True)
    assert well.behave() == []
    allowed = engine_for(well, confidential=True)
    await allowed.ready()
    assert Engines([allowed]).reach("zh", "en", confidential=True) is allowed


async def test_a_dead_server_is_left_alone_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.01)
    port = free_port()
    with serving(port) as server:
        engine = engine_for(server, key=None)
        now = [1000.0]
        engine._breaker = Breaker(lambda: now[0])
        await engine.ready()
        assert (await engine.draft(["谢谢。"], "zh", "en"))[0].text == "Thank you."
        server.kill()
        for _time in range(FAILURES):
            with pytest.raises(EngineUnreachable):
                await engine.draft(["谢谢。"], "zh", "en")
        began = time.monotonic()
        for _time in range(50):
            with pytest.raises(EngineResting):
                await engine.draft(["谢谢。"], "zh", "en")
        assert time.monotonic() - began < 1
    with serving(port):
        now[0] += FIRST_REST + 1
        assert (await engine.draft(["谢谢。"], "zh", "en"))[0].text == "Thank you."
        assert not engine._breaker.open


async def test_a_hub_whose_server_is_dead_from_the_start_reaches_nothing_through_it() -> None:
    settings = Settings(libretranslate_url=f"http://127.0.0.1:{free_port()}", translation_engines="libretranslate")
    engines = open_engines(settings)
    await engines.ready()
    assert engines.reach("zh", "en") is None


def test_the_chain_is_what_the_settings_say() -> None:
    settings = Settings(translation_engines="multilingual argos", libretranslate_url="http://127.0.0.1:9")
    assert [engine.name for engine in open_engines(settings).chain] == ["multilingual", "argos"]
    everything = Settings(libretranslate_url="http://127.0.0.1:9")
    assert [engine.name for engine in open_engines(everything).chain] == ["argos", "multilingual", "libretranslate"]
    assert [engine.name for engine in open_engines(Settings()).chain] == ["argos", "multilingual"]
    with pytest.raises(EngineUnknown):
        open_engines(Settings(translation_engines="argos, deepl"))


def test_rests_grow_and_end() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _time in range(FAILURES - 1):
        breaker.failed()
        assert not breaker.open
    breaker.failed()
    assert breaker.rest == FIRST_REST
    now[0] += FIRST_REST
    assert not breaker.open
    breaker.failed()
    assert breaker.rest == 2 * FIRST_REST
    breaker.succeeded()
    assert not breaker.open

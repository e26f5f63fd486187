"""Real inference with the project's own small packages."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from hub.settings import Settings
from tests.translation.packages import MODELS, folder
from translation.engines import open_engines
from translation.engines.argos import ArgosEngine
from translation.engines.packages import find


@pytest.fixture(scope="module")
def engine() -> ArgosEngine:
    return ArgosEngine(MODELS, beam_size=1, threads=1)


EXACT = [
    ("zh", "en", "我们接受您的报价。谢谢！", "We accept your offer. Thank you."),
    ("zh", "en", "一部关于古代神话和奇异生物的集子。", "A collection of ancient myths and strange creatures."),
    ("en", "th", "We ask for an advance of USD 3,000.", "เราขอเงินล่วงหน้า 3,000 ดอลลาร์สหรัฐ"),
    ("en", "zh", "Please send us a sample chapter in Chinese.", "请把中文样章发给我们。"),
    ("th", "en", "สวัสดีครับ เราสนใจสิทธิ์อีบุ๊กภาษาไทย", "Hello. We are interested in the Thai e-book rights."),
    ("th", "en", "เราเสนอเงินล่วงหน้า 3,000 ดอลลาร์สหรัฐ", "We offer an advance of USD 3,000."),
    (
        "zh",
        "th",
        "《山海经》的泰语纸质书版权还可以授权吗？",
        "สิทธิ์ตีพิมพ์เป็นเล่มภาษาไทยของ“คัมภีร์ขุนเขาและท้องทะเล”ยังว่างอยู่หรือไม่",
    ),
    ("zh", "th", "您好！泰国的纸质书版权还可以授权。", "สวัสดี สิทธิ์ตีพิมพ์เป็นเล่มในไทยยังว่างอยู่"),
    ("zh", "th", "老挝的电子书版权已经售出。", "สิทธิ์อีบุ๊กในลาวขายไปแล้ว"),
    ("zh", "th", "我们要求预付3,000美元。", "เราขอเงินล่วงหน้า 3,000 ดอลลาร์สหรัฐ"),
    ("zh", "th", "我们可以预付50,000泰铢，版税8%。", "เราเสนอเงินล่วงหน้า 50,000 บาท และค่าลิขสิทธิ์ 8%"),
    ("zh", "th", "我们只能授权5年。", "เราให้สิทธิ์ได้เพียง 5 ปี"),
    ("zh", "th", "请在14天内答复。", "กรุณาตอบภายใน 14 วัน"),
    ("zh", "th", "谢谢您的报价。包括插图。", "ขอบคุณสำหรับข้อเสนอ รวมภาพประกอบด้วย"),
    ("zh", "th", "合同可以签了。", "สัญญาพร้อมลงนามแล้ว"),
    ("zh", "th", "一首来自中国的民歌。", "เพลงพื้นบ้านจากจีน"),
    ("th", "zh", "สวัสดีครับ เราสนใจ“คัมภีร์ขุนเขาและท้องทะเล”", "你好。我们对《山海经》感兴趣。"),
    ("th", "zh", "สิทธิ์การพิมพ์ภาษาไทยยังว่างอยู่ไหม", "泰语纸质书版权还可以授权吗？"),
    ("th", "zh", "เราเสนอเงินล่วงหน้า 3,000 ดอลลาร์สหรัฐ", "我们可以预付3,000美元。"),
    ("th", "zh", "เราต้องการระยะเวลา 5 ปี", "我们希望期限为5年。"),
    ("th", "zh", "พิมพ์ครั้งแรก 3,000 เล่ม", "首印3,000册。"),
    ("th", "zh", "กรุณาส่งตัวอย่างบทภาษาจีนให้เรา", "请把中文样章发给我们。"),
    ("th", "zh", "ฉบับภาษาไทยจะออกในอีก 12 เดือน", "泰语版将在12个月后出版。"),
    ("th", "zh", "รวมภาพประกอบด้วยไหม", "包括插图吗？"),
    ("th", "zh", "เรายอมรับข้อเสนอของคุณ", "我们接受您的报价。"),
    ("th", "zh", "กรุณาส่งสัญญา", "请把合同发过来。"),
]


@pytest.mark.parametrize(("source", "target", "text", "expected"), EXACT)
async def test_sentences_are_translated(
    engine: ArgosEngine, source: str, target: str, text: str, expected: str
) -> None:
    [draft] = await engine.draft([text], source, target)
    assert draft.text == expected
    assert draft.sure
    assert draft.unknown == 0


async def test_a_guess_is_known_as_one(engine: ArgosEngine) -> None:
    [draft] = await engine.draft(["这本小说的作者是谁？"], "zh", "en")
    assert not draft.sure
    [draft] = await engine.draft(["我们接受您的报价。"], "zh", "en")
    assert draft.sure


async def test_a_batch_keeps_its_order(engine: ArgosEngine) -> None:
    texts = ["谢谢。", "我们接受。", "", "你好。\n\n谢谢。", "谢谢。"] * 10
    drafts = await engine.draft(texts, "zh", "en")
    assert [draft.text for draft in drafts] == [
        "Thank you.",
        "We accept.",
        "",
        "Hello.\n\nThank you.",
        "Thank you.",
    ] * 10


async def test_a_source_outside_of_the_vocabulary_is_noticed(engine: ArgosEngine) -> None:
    [draft] = await engine.draft(["我明天坐火车去北京。"], "zh", "en")
    assert draft.unknown > 0.3


async def test_decomposed_letters_are_read_as_composed(engine: ArgosEngine) -> None:
    composed, decomposed = "Hello from “The Peony Pavilion”, caf\u00e9", "Hello from “The Peony Pavilion”, cafe\u0301"
    first, second = await engine.draft([composed, decomposed], "en", "th")
    assert first == second


async def test_a_wider_beam_is_a_setting(engine: ArgosEngine) -> None:
    wider = ArgosEngine(MODELS, beam_size=4, threads=1)
    [draft] = await wider.draft(["谢谢。"], "zh", "en")
    assert draft.text == "Thank you."


async def test_a_pair_out_of_reach_is_a_state(tmp_path: Path) -> None:
    engine = ArgosEngine(folder(tmp_path, "zh_en"), beam_size=1, threads=1)
    assert engine.reaches("zh", "en")
    assert not engine.reaches("zh", "km")
    assert not engine.reaches("en", "zh")
    assert not engine.reaches("zh", "zh")
    with pytest.raises(ValueError, match="no route from zh to km"):
        await engine.draft(["谢谢。"], "zh", "km")


def test_a_folder_that_is_not_there_reaches_nothing(tmp_path: Path) -> None:
    engines = open_engines(Settings(data=tmp_path / "nowhere"))
    assert engines.reach("zh", "en") is None


async def test_a_package_installed_meanwhile_is_used(tmp_path: Path) -> None:
    engine = ArgosEngine(tmp_path, beam_size=1, threads=1)
    assert not engine.reaches("zh", "en")
    folder(tmp_path, "zh_en")
    [draft] = await engine.draft(["谢谢。"], "zh", "en")
    assert draft.text == "Thank you."


async def test_the_event_loop_goes_on_while_a_model_runs() -> None:
    engine = ArgosEngine(MODELS, beam_size=4, threads=1)
    texts = [f"我们希望期限为{years}年。" for years in range(2, 26)] * 6
    longest = 0.0
    running = asyncio.ensure_future(engine.draft(texts, "zh", "en"))
    while not running.done():
        before = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - before)
    assert len(await running) == len(texts)
    assert longest < 0.5


async def test_many_jobs_share_one_model(engine: ArgosEngine) -> None:
    answers = await asyncio.gather(*(engine.draft(["谢谢。", "我们接受。"], "zh", "en") for _ in range(12)))
    assert all([draft.text for draft in drafts] == ["Thank you.", "We accept."] for drafts in answers)


def test_the_models_are_small_and_documented() -> None:
    text = (MODELS / "README.md").read_text(encoding="utf-8")
    for package in find(MODELS):
        assert package.file.name in text

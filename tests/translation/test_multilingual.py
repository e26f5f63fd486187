"""The multilingual engine on a real, tiny CTranslate2 folder of the project's own, in the layouts of M2M-100 and MADLAD-400."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hub.settings import ROOT
from translation.engines.folder import DESCRIPTION, describe, introduce, seal
from translation.engines.multilingual import MultilingualEngine
from translation.engines.packages import SUMS
from translation.errors import NotAPackage, PackageDamaged

FOLDER = ROOT / "tests" / "data" / "multilingual" / "tiny"
SENTENCES = [
    ("en", "th", "The author comes from Vietnam.", "ผู้เขียนมาจากเวียดนาม"),
    ("en", "km", "It is a story about friendship.", "នេះជារឿងអំពីមិត្តភាព។"),
    ("en", "lo", "A novel about the sea.", "ນະວະນິຍາຍກ່ຽວກັບທະເລ"),
    ("zh", "vi", "作者来自中国。", "Tác giả đến từ Trung Quốc."),
    ("zh", "th", "这是一个关于战争的故事。", "เป็นเรื่องเกี่ยวกับสงคราม"),
]


@pytest.fixture(scope="module")
def engine() -> MultilingualEngine:
    return MultilingualEngine(FOLDER, beam_size=1, threads=1)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "model"))


@pytest.mark.parametrize("kind", ["m2m100", "madlad400"])
@pytest.mark.parametrize(("source", "target", "words", "expected"), SENTENCES)
async def test_every_pair_goes_straight(
    copy: Path, kind: str, source: str, target: str, words: str, expected: str
) -> None:
    """Without English in between, and without the token that names the language."""
    description = json.loads((copy / DESCRIPTION).read_text(encoding="utf-8"))
    (copy / DESCRIPTION).write_text(json.dumps(description | {"kind": kind}), encoding="utf-8")
    seal(copy)
    engine = MultilingualEngine(copy, beam_size=1, threads=1)
    [draft] = await engine.draft([words], source, target)
    assert (draft.text, draft.engine, draft.version, draft.sure) == (expected, "multilingual", "tiny 0.1", True)


async def test_texts_of_several_sentences_keep_their_order(engine: MultilingualEngine) -> None:
    texts = ["Thank you very much. The author comes from Vietnam.", "", "Thank you very much."]
    drafts = await engine.draft(texts, "en", "km")
    assert [draft.text.startswith("សូមអរគុណ") for draft in drafts] == [True, False, True]
    assert drafts[1].text == ""


def test_it_reaches_what_it_says(engine: MultilingualEngine) -> None:
    assert engine.reaches("zh", "km")
    assert not engine.reaches("km", "en")
    assert not engine.reaches("en", "ms")
    assert not engine.reaches("en", "en")


async def test_changed_bytes_are_not_run(copy: Path) -> None:
    raw = bytearray((copy / "model.bin").read_bytes())
    raw[-1] ^= 1
    (copy / "model.bin").write_bytes(raw)
    with pytest.raises(PackageDamaged):
        await MultilingualEngine(copy, beam_size=1, threads=1).draft(["Thank you very much."], "en", "km")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "guess"},
        {"tokenizer": "../sentencepiece.model"},
        {"languages": {"en": "en"}, "target_prefix": "{nobody}"},
        {"name": "a name\nwith lines"},
        {"languages": None},
    ],
)
def test_a_description_that_is_wrong_is_refused_and_reaches_nothing(copy: Path, change: dict[str, object]) -> None:
    description = json.loads((copy / DESCRIPTION).read_text(encoding="utf-8"))
    (copy / DESCRIPTION).write_text(json.dumps(description | change), encoding="utf-8")
    with pytest.raises(NotAPackage):
        describe(copy)
    assert not MultilingualEngine(copy, beam_size=1, threads=1).reaches("en", "km")


def test_a_folder_without_a_model_reaches_nothing(tmp_path: Path) -> None:
    assert not MultilingualEngine(tmp_path / "nowhere", beam_size=1, threads=1).reaches("en", "km")


def test_a_converted_model_is_introduced(copy: Path) -> None:
    (copy / DESCRIPTION).unlink()
    (copy / SUMS).unlink()
    made = introduce(copy, "m2m100", "m2m100-418m", "1.0")
    assert made.languages["fil"] == "tl"
    assert made.tokens("zh", "fil").prefix == ("__tl__",)
    with pytest.raises(NotAPackage):
        introduce(copy, "nllb", "nllb", "1.0")

"""Which words a reader is shown."""

from __future__ import annotations

from uuid import uuid4

import pytest

from hub.types import TextOrigin
from translation.api import localized_text
from translation.choice import State, best, state
from translation.models import Rendering, Text

TEXT = Text(id=uuid4(), words="山海经", language="zh", version=2)


def rendering(
    origin: str, words: str, *, version: int = 2, language: str = "th", failed: str | None = None
) -> Rendering:
    problems = [{"check": failed}] if failed else []
    return Rendering(language=language, words=words, origin=origin, text_version=version, problems=problems)


SUPPLIED = rendering("SUPPLIED", "ข")
REVIEWED = rendering("REVIEWED", "ค")
MACHINE = rendering("MACHINE", "ง")
OLD = rendering("REVIEWED", "เก่า", version=1)
OLD_DRAFT = rendering("MACHINE", "เก่า", version=1)
BAD = rendering("MACHINE", "ผิด", failed="numbers")


@pytest.mark.parametrize(
    ("rows", "shown", "expected", "failed"),
    [
        ([MACHINE, SUPPLIED, REVIEWED], REVIEWED, State.REVIEWED, ()),
        ([MACHINE, SUPPLIED], SUPPLIED, State.SUPPLIED, ()),
        ([MACHINE, OLD], MACHINE, State.MACHINE, ()),
        ([BAD, OLD], OLD, State.OUTDATED, ("numbers",)),
        ([OLD], OLD, State.OUTDATED, ()),
        ([BAD], None, State.CHECK_FAILED, ("numbers",)),
        ([OLD_DRAFT], None, State.NOT_TRANSLATED, ()),
        ([rendering("REVIEWED", "km", language="km")], None, State.NOT_TRANSLATED, ()),
        ([], None, State.NOT_TRANSLATED, ()),
    ],
)
def test_the_best_words_of_a_language(
    rows: list[Rendering], shown: Rendering | None, expected: State, failed: tuple[str, ...]
) -> None:
    found = best(TEXT, rows, "th")
    assert found.rendering is shown
    assert found.words == (shown.words if shown else "山海经")
    assert found.language == ("th" if shown else "zh")
    assert found.failed == failed
    assert state(found, "th") is expected


@pytest.mark.parametrize("language", ["zh", "zh-Hans", "zh-CN"])
def test_the_original_is_for_readers_of_its_language(language: str) -> None:
    found = best(TEXT, [rendering("MACHINE", "别的", language="zh")], language)
    assert found.rendering is None
    assert state(found, language) is State.ORIGINAL


def test_a_reader_is_told_why_a_draft_is_withheld() -> None:
    answer = localized_text(best(TEXT, [BAD], "th"), "en")
    assert (answer.text, answer.language, answer.original) == ("山海经", "zh", None)
    assert answer.withheld == "The draft does not say the same numbers as the original."
    assert localized_text(best(TEXT, [], "th"), "en").withheld is None


def test_words_in_another_language_carry_their_original() -> None:
    answer = localized_text(best(TEXT, [MACHINE], "th"), "th")
    assert (answer.text, answer.origin, answer.withheld) == ("ง", TextOrigin.MACHINE, None)
    assert answer.original is not None
    assert (answer.original.text, answer.original.origin, answer.original.original) == (
        "山海经",
        TextOrigin.ORIGINAL,
        None,
    )

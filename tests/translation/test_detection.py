"""What language words are in, by script and by two models that must agree; figures on the hub's own titles and blurbs."""

from __future__ import annotations

import pytest

from banmao.demo import works
from hub.i18n import LANGUAGES
from translation.detection import seems


@pytest.mark.parametrize(
    ("words", "claimed", "expected"),
    [
        ("红楼梦", "en", "zh"),
        ("The Story of the Stone", "zh", "en"),
        ("The author lives in a small village by the sea.", "vi", "en"),
        ("Đây là câu chuyện về tình bạn và biển cả.", "en", "vi"),
        ("สวัสดีครับ", "lo", "th"),
        ("ສະບາຍດີ", "th", "lo"),
        ("これは本です。とても面白い", "zh", "ja"),
        ("한국의 소설", "zh", "ko"),
        ("Kami akan menghubungi pelanggan kerana wang belum dibayar", "id", "ms"),
        ("Kami belum dibayar karena uang itu ada di kantor", "ms", "id"),
        ("Un roman français", "fr", None),
        ("", "zh", None),
        ("12345", "th", None),
        ("CD", "vi", None),
        ("https://example.org/a/b/c <b>%(name)s</b>", "zh", None),
    ],
)
def test_words_are_doubted_when_they_look_like_another_language(words: str, claimed: str, expected: str | None) -> None:
    assert seems(words, claimed) == expected


def test_the_demos_own_words_are_hardly_ever_doubted_and_wrong_claims_mostly_are() -> None:
    """Titles are short and full of names, so fewer than one of fifty may be doubted; of blurbs, next to none."""
    right = {"titles": [0, 0], "descriptions": [0, 0]}
    caught = [0, 0]
    for place, given in enumerate(works()):
        for kind in right:
            for language, words in given[kind].items():
                right[kind] = [right[kind][0] + (seems(words, language) is not None), right[kind][1] + 1]
        for language, words in given["descriptions"].items():
            claimed = LANGUAGES[(LANGUAGES.index(language) + 1 + place % 9) % 10]
            if claimed != language and {claimed, language} != {"ms", "id"}:
                caught = [caught[0] + (seems(words, claimed) is not None), caught[1] + 1]
    assert right["titles"][0] / right["titles"][1] < 0.02
    assert right["descriptions"][0] / right["descriptions"][1] < 0.005
    assert caught[0] / caught[1] > 0.95

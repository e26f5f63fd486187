from __future__ import annotations

import io
from typing import Any

import pytest
from lxml import etree
from PIL import Image, ImageChops, ImageStat

from banmao.demo import covers
from banmao.demo.motifs import MOTIFS
from banmao.demo.pigments import PALETTES

TEXT = f"{covers.SVG}text"


def work(
    title: str = "山海经", language: str = "zh", kind: str = "BOOK", motif: str = "mountains", palette: str = "indigo"
) -> dict[str, Any]:
    return {
        "kind": kind,
        "original_language": language,
        "titles": {language: title},
        "cover": {"motif": motif, "palette": palette},
    }


def texts(svg: str) -> list[Any]:
    return etree.fromstring(svg.encode()).findall(TEXT)


@pytest.mark.parametrize("motif", MOTIFS)
def test_every_motif_is_well_formed_and_the_same_on_every_run(motif: str) -> None:
    for kind, height in (("BOOK", "280"), ("MUSIC", "200")):
        svg = covers.draw(work(kind=kind, motif=motif))
        root = etree.fromstring(svg.encode())
        assert root.get("viewBox") == f"0 0 200 {height}"
        assert len(root.findall(".//*")) > 10
        assert svg == covers.draw(work(kind=kind, motif=motif))


def test_motifs_do_not_look_alike() -> None:
    assert len({covers.draw(work(motif=motif)) for motif in MOTIFS}) == len(MOTIFS)


def test_a_cover_stands_alone_and_many_stand_in_one_page() -> None:
    for motif in MOTIFS:
        root = etree.fromstring(covers.draw(work(motif=motif)).encode())
        for element in root.iter():
            assert not {"id", "href", "{http://www.w3.org/1999/xlink}href", "style"} & set(element.attrib)
        assert not root.findall(f".//{covers.SVG}image")


def test_a_chinese_title_stands_upright() -> None:
    letters = texts(covers.draw(work("聊斋志异")))
    assert [letter.text for letter in letters] == list("聊斋志异")
    assert len({letter.get("x") for letter in letters}) == 1
    assert sorted(float(letter.get("y")) for letter in letters) == [float(letter.get("y")) for letter in letters]


@pytest.mark.parametrize(
    ("title", "language", "lines"),
    [
        ("Hikayat Hang Tuah", "ms", ["Hikayat", "Hang Tuah"]),
        ("Leron-Leron Sinta", "fil", ["Leron-Leron", "Sinta"]),
        ("ទុំទាវ", "km", ["ទុំទាវ"]),
        ("မှန်နန်းမဟာရာဇဝင်တော်ကြီး", "my", ["မှန်နန်းမဟာ", "ရာဇဝင်တော်ကြီး"]),
        ("Ibong Adarna", "fil", ["Ibong Adarna"]),
    ],
)
def test_other_titles_lie_across_the_head_in_one_or_two_lines(title: str, language: str, lines: list[str]) -> None:
    found = texts(covers.draw(work(title, language)))
    assert [line.text for line in found] == lines
    assert {line.get("{http://www.w3.org/XML/1998/namespace}lang") for line in found} == {language}


def test_the_title_on_the_slip_is_escaped() -> None:
    assert texts(covers.draw(work("A & <B>", "en")))[0].text == "A & <B>"


def test_a_title_outside_the_ten_languages_comes_from_the_work() -> None:
    kawi = work(language="kaw") | {"titles": {}, "original": {"title": "Arjunawiwāha"}}
    assert texts(covers.draw(kawi))[0].text == "Arjunawiwāha"


@pytest.mark.parametrize(("cover", "word"), [({"motif": "unicorn"}, "unicorn"), ({"palette": "pink"}, "pink")])
def test_an_unknown_motif_or_palette_is_named(cover: dict[str, str], word: str) -> None:
    with pytest.raises(covers.CoverError, match=word):
        covers.draw(work(**cover))


@pytest.mark.parametrize("kind", ["BOOK", "MUSIC"])
def test_the_raster_is_a_jpeg_of_exactly_the_size_asked(kind: str) -> None:
    data = covers.raster(covers.draw(work(kind=kind)), 3000 if kind == "MUSIC" else 700)
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        assert image.mode == "RGB"
        assert image.size == ((3000, 3000) if kind == "MUSIC" else (500, 700))


@pytest.mark.parametrize("size", [0, 15, 6001])
def test_the_raster_refuses_sizes_that_nobody_prints(size: int) -> None:
    with pytest.raises(covers.CoverError, match=str(size)):
        covers.raster(covers.draw(work()), size)


@pytest.mark.parametrize(
    ("language", "title", "other"),
    [
        ("km", "ស្ត្រី", "សតរី"),
        ("my", "ကြွေ", "ကရွေ"),
        ("lo", "ທີ່", "ທ"),
        ("th", "ที่", "ท"),
        ("vi", "Ễ", "E"),
        ("zh", "山", "川"),
    ],
)
def test_the_raster_shows_the_words_of_every_script(language: str, title: str, other: str) -> None:
    """The slip's words leave ink on it, and other words leave other ink: no empty boxes, no lost marks."""

    def slip(words: str) -> Image.Image:
        image = Image.open(io.BytesIO(covers.raster(covers.draw(work(words, language)), 560)))
        box = (66, 44, 126, 110) if language == "zh" else (70, 42, 362, 92)
        return image.convert("L").crop(box)

    blank, shown, changed = slip("\u00a0"), slip(title), slip(other)
    assert ImageStat.Stat(ImageChops.difference(blank.resize(shown.size), shown)).sum[0] > 10_000
    assert ImageStat.Stat(ImageChops.difference(shown, changed)).sum[0] > 4_000


def test_every_palette_keeps_figure_and_ground_apart() -> None:
    def light(colour: str) -> float:
        channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    for name, palette in PALETTES.items():
        low, high = sorted((light(palette.ground), light(palette.main)))
        assert (high + 0.05) / (low + 0.05) > 2.2, name

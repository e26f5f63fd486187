"""What a file is, judged by its bytes: every kind that a sample may be, and everything that only pretends to be one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import mutagen
import pypdf
import pytest
from PIL import Image

from catalog.assets import problems
from catalog.assets.files import comics, epub, media, papers, sniffing
from catalog.assets.files.findings import Refused
from hub import confined
from hub.i18n import LANGUAGES
from tests.factories import files

KINDS: dict[str, tuple[bytes, str]] = {
    "JPEG": (files.picture(), "image/jpeg"),
    "PNG": (files.picture(form="PNG"), "image/png"),
    "WEBP": (files.picture(form="WEBP"), "image/webp"),
    "TIFF": (files.picture(form="TIFF"), "image/tiff"),
    "AVIF": (files.picture(form="AVIF"), "image/avif"),
    "PDF": (files.paper(3), "application/pdf"),
    "EPUB": (files.epub(), "application/epub+zip"),
    "CBZ": (files.comic(3), "application/vnd.comicbook+zip"),
    "MP3": (files.mp3(), "audio/mpeg"),
    "FLAC": (files.sound("FLAC"), "audio/flac"),
    "WAV": (files.sound("WAV"), "audio/wav"),
    "OGG": (files.sound("OGG"), "audio/ogg"),
    "M4A": (files.mp4(handler=b"soun", brand=b"M4A "), "audio/mp4"),
    "MP4": (files.mp4(), "video/mp4"),
    "WEBM": (files.webm(), "video/webm"),
}


def kept(folder: Path, content: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("form", KINDS)
@pytest.mark.parametrize("named", ["sample", "sample.exe"])
def test_a_file_is_what_it_holds_whatever_it_is_called(tmp_path: Path, form: str, named: str) -> None:
    content, media_type = KINDS[form]
    facts, front = sniffing.examine(kept(tmp_path, content), named)
    assert (facts.format, facts.media_type) == (form, media_type)
    assert sniffing.misnamed(facts, named) is (named == "sample.exe")
    assert not sniffing.misnamed(facts, f"x{sniffing.SUFFIXES[form][0]}")
    if form in media.MEDIA_TYPES:
        assert facts.duration_ms is not None
        assert facts.duration_ms == pytest.approx(2000 if form in ("M4A", "MP4", "WEBM") else 1000, abs=40)
        assert front is None
    else:
        assert front is not None
        assert facts.pages == {"PDF": 3, "CBZ": 3}.get(form, 1)


def test_facts_that_pages_show(tmp_path: Path) -> None:
    book = sniffing.examine(kept(tmp_path, files.epub()), "x")[0]
    assert (book.title, book.pages) == ("山海经", 1)
    film = sniffing.examine(kept(tmp_path, files.mp4()), "x")[0]
    assert (film.width, film.height) == (320, 180)
    film = sniffing.examine(kept(tmp_path, files.webm()), "x")[0]
    assert (film.width, film.height) == (320, 180)
    assert comics.in_order(["p10.jpg", "p9.jpg", "P1.jpg"]) == ["P1.jpg", "p9.jpg", "p10.jpg"]
    paper = sniffing.examine(kept(tmp_path, files.paper(1, rotated=90)), "x")[0]
    assert paper.sizes == [[420, 300]]


EXTERNAL = b"\0\0\0\0"
HOSTILE: dict[str, tuple[str, bytes | Callable[[], bytes], str]] = {
    "a text": ("NO_SAMPLE", b"just words", "note.txt"),
    "a program": ("NO_SAMPLE", b"\x7fELF" + bytes(200), "sample.pdf"),
    "a page with script": ("NO_SAMPLE", b"<html><script>alert(1)</script></html>", "sample.epub"),
    "an SVG": ("NO_SAMPLE", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "cover.svg"),
    "a PDF behind something else": ("NO_SAMPLE", b"GIF89a" + files.paper(1), "sample.pdf"),
    "a zip posing as EPUB": ("POSES_AS_EPUB", files.archive([("a.txt", b"x")]), "novel.epub"),
    "an EPUB whose mimetype is packed": ("POSES_AS_EPUB", files.epub(stored=False), "novel.epub"),
    "an EPUB without container": ("POSES_AS_EPUB", files.epub({"META-INF/container.xml": None}), "novel.epub"),
    "an EPUB without package": ("POSES_AS_EPUB", files.epub({"OPS/book.opf": None}), "novel.epub"),
    "an EPUB whose package is no XML": ("POSES_AS_EPUB", files.epub({"OPS/book.opf": b"<package"}), "novel.epub"),
    "an EPUB whose chapters are missing": ("POSES_AS_EPUB", files.epub({"OPS/text.xhtml": None}), "novel.epub"),
    "an EPUB with another mimetype": ("POSES_AS_EPUB", files.epub({"mimetype": b"application/zip+epub"}), "n.epub"),
    "an EPUB of entities": (
        "POSES_AS_EPUB",
        files.epub(
            {
                "META-INF/container.xml": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
                + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
                + b"]><container>&m;</container>"
            }
        ),
        "novel.epub",
    ),
    "an EPUB that is locked": (
        "LOCKED",
        files.epub(
            {
                "META-INF/encryption.xml": b'<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
                b'<e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></encryption>'
            }
        ),
        "novel.epub",
    ),
    "a zip bomb": ("BOMB", files.zip_bomb, "comic.cbz"),
    "entries that share their bytes": ("BOMB", files.overlapping, "comic.cbz"),
    "a comic with a program": ("NOT_ONLY_PICTURES", files.comic(2, ("run.exe", b"MZ")), "comic.cbz"),
    "a comic with a false picture": ("NOT_ONLY_PICTURES", files.comic(2, ("x.jpg", b"MZ not a picture")), "comic.cbz"),
    "a comic with a vast picture": (
        "PICTURE_TOO_LARGE",
        files.comic(2, ("x.png", files.wide_png(30_000, 30_000))),
        "c.cbz",
    ),
    "a comic inside a comic": ("NESTED", files.comic(2, ("inner.zip", files.comic(1))), "comic.cbz"),
    "a comic that leads outside": ("LEADS_OUTSIDE", files.comic(2, ("../../etc/x.jpg", files.picture())), "c.cbz"),
    "a comic at the root": ("LEADS_OUTSIDE", files.comic(2, ("/etc/x.jpg", files.picture())), "c.cbz"),
    "a comic of too many pages": ("TOO_MANY_PAGES", lambda: files.comic(201), "comic.cbz"),
    "a comic that is locked": ("LOCKED", files.locked_archive, "comic.cbz"),
    "a comic cut off": ("BROKEN", files.comic(3)[:-200], "comic.cbz"),
    "a PDF cut off": ("BROKEN", files.paper(2)[:200], "sample.pdf"),
    "a PDF of nothing": ("BROKEN", b"%PDF-1.7\n%%EOF", "sample.pdf"),
    "a PDF with a password": ("LOCKED", files.locked_paper, "sample.pdf"),
    "a PDF with script": ("ACTIVE", files.scripted_paper, "sample.pdf"),
    "a PDF that starts a program": ("ACTIVE", files.launching_paper, "sample.pdf"),
    "a PDF with a file inside": ("ACTIVE", files.attaching_paper, "sample.pdf"),
    "a PDF of one huge picture": ("BOMB", files.paper_of_one_huge_picture, "sample.pdf"),
    "a PDF of too many pages": ("TOO_MANY_PAGES", lambda: files.paper(401), "sample.pdf"),
    "a PDF that is its own page": ("BROKEN", files.deep_paper, "sample.pdf"),
    "a 30,000-pixel picture": ("PICTURE_TOO_LARGE", files.wide_png(30_000, 100), "cover.png"),
    "a picture beyond all measure": ("PICTURE_TOO_LARGE", files.wide_png(60_000, 60_000), "cover.png"),
    "a picture cut off": ("BROKEN", files.picture(300, 300, "PNG")[:90], "cover.png"),
    "sound cut off": ("BROKEN", files.sound("WAV")[:-900], "sound.wav"),
    "sound of two frames": ("NO_SAMPLE", b"\xff\xf1" + bytes(800), "sound.mp3"),
    "noise named MP3": ("BROKEN", b"ID3\x04\0\0\0\0\0\0" + bytes(range(256)) * 8, "sound.mp3"),
    "sound of two hours": ("TOO_LONG", files.mp4(7200, b"soun"), "sound.m4a"),
    "a film of two hours": ("TOO_LONG", files.webm(7200), "film.webm"),
    "a film whose frames are elsewhere": ("LEADS_OUTSIDE", files.mp4(reference=EXTERNAL), "film.mp4"),
    "a film cut off": ("BROKEN", files.mp4()[:-20], "film.mp4"),
    "a film without movie": ("BROKEN", files.box(b"ftyp", b"isom", bytes(4)) + files.box(b"mdat", b"x"), "film.mp4"),
    "a film of unknown codec": ("BROKEN", files.webm(codec=b"V_MS/VFW"), "film.webm"),
    "Matroska": ("BROKEN", files.webm(doc_type=b"matroska"), "film.webm"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_not_what_it_says_is_refused_with_its_reason(tmp_path: Path, case: str) -> None:
    code, content, named = HOSTILE[case]
    with pytest.raises(Refused) as refused:
        sniffing.examine(kept(tmp_path, content if isinstance(content, bytes) else content()), named)
    assert refused.value.code == code
    assert set(refused.value.params) == placeholders(code)


def placeholders(code: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", problems.SENTENCES[code].msgid))


@pytest.mark.parametrize("code", problems.SENTENCES)
def test_every_reason_is_said_in_every_language(code: str) -> None:
    params = dict.fromkeys(placeholders(code), "x")
    said = {problems.sentence({"code": code, "params": params}).render(tag) for tag in LANGUAGES}
    assert len(said) == len(LANGUAGES)


async def test_a_file_that_takes_all_memory_ends_its_own_process_only(tmp_path: Path) -> None:
    """An object stream of 120 MB in a process that may have 300 MB: refused or given up, and the hub is as it was."""
    path = kept(tmp_path, files.paper_in_a_bomb())
    task = {"do": "examine", "source": str(path), "named": "x.pdf", "folder": str(tmp_path), "widths": []}
    try:
        answer = await confined.run("catalog.assets.files", task, memory=300 * 1024 * 1024)
    except confined.GaveOut:
        return
    assert answer["refused"]["code"] in ("BOMB", "BROKEN")


async def test_a_process_that_does_not_end_is_ended(tmp_path: Path) -> None:
    (tmp_path / "fifo").touch()
    spinning = "tests.factories.spinning"
    with pytest.raises(confined.GaveOut):
        await confined.run(spinning, {}, seconds=1)


async def test_the_confined_process_knows_nothing_of_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANMAO_SECRET", "the hub's own")
    answer = await confined.run("tests.factories.spinning", {"tell": True})
    assert "BANMAO_SECRET" not in answer["environment"]
    assert not [name for name in answer["modules"] if name.split(".")[0] in ("sqlalchemy", "strawberry", "asyncpg")]


@pytest.mark.parametrize("form", ["MP3", "FLAC", "WAV", "OGG"])
def test_sound_carries_the_trace_among_its_tags(tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    media.tag(kept(tmp_path, KINDS[form][0]), out, form, "7K3Q-9XTD")
    assert sniffing.examine(out, "x")[0].format == form
    found = mutagen.File(out)
    assert found is not None
    assert "7K3Q-9XTD" in str(dict(found.tags))


def test_an_epub_carries_the_trace_and_is_an_epub_still(tmp_path: Path) -> None:
    out = tmp_path / "out"
    epub.tag(kept(tmp_path, files.epub()), out, "7K3Q-9XTD")
    assert sniffing.examine(out, "x")[0].format == "EPUB"
    with zipfile.ZipFile(out) as archive:
        assert b'content="7K3Q-9XTD"' in archive.read("OPS/book.opf")
        assert archive.read("OPS/text.xhtml") == files.XHTML


@pytest.mark.parametrize("rotated", [0, 90, 270])
def test_a_mark_lies_upright_on_turned_pages(tmp_path: Path, rotated: int) -> None:
    """The overlay covers the page as it is read, wherever its box begins and however it is turned."""
    source = kept(tmp_path, files.paper(1, size=(300, 420), rotated=rotated))
    size = (420, 300) if rotated else (300, 420)
    sheet = kept(tmp_path, files.paper(1, size=size, text="MARKED"), "sheet")
    out = tmp_path / "out"
    papers.mark(source, out, [{"width": size[0], "height": size[1], "path": str(sheet)}], "7K3Q-9XTD")
    read = pypdf.PdfReader(out)
    assert "MARKED 1" in read.pages[0].extract_text()
    assert "Sample page 1" in read.pages[0].extract_text()
    assert papers.shown(read.pages[0]) == size
    assert read.metadata is not None
    assert read.metadata["/BanmaoTrace"] == "7K3Q-9XTD"
    picture = next(iter(papers.drawn(out, [1], 300)))[1]
    assert (picture.width > picture.height) == bool(rotated)


def test_a_picture_is_turned_upright_before_it_is_marked(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(out, "JPEG", exif=exif)
    facts, _front = sniffing.examine(kept(tmp_path, out.getvalue()), "x.jpg")
    assert (facts.width, facts.height) == (60, 80)

"""What a shop window needs: titles, artists, durations, the P and C lines, and languages that exist."""

from collections.abc import Iterator

from sandbox import media
from sandbox.message import Line, Message
from sandbox.refusals import Refusal
from sandbox.territories import is_language

LANGUAGE_ELEMENTS = ("LanguageOfPerformance", "LanguageOfLyrics", "LanguageOfDubbing", "SubTitleLanguage")
FIRST_YEAR = 1860


def judge(message: Message, last_year: int) -> Iterator[Refusal]:
    for path in message.other_resources:
        yield Refusal("RESOURCE_KIND", path, "This platform takes sound recordings and images only.")
    if len(message.releases) != 1:
        path = message.releases[1].path if message.releases else message.header.path
        yield Refusal(
            "METADATA_MISSING",
            path,
            f"A message is about exactly one main release; this one has {len(message.releases)}.",
        )
        return
    release = message.releases[0]
    required = [("a title", release.title), ("a display artist", release.artist), ("a release type", release.type)]
    if not message.primary():
        yield Refusal("METADATA_MISSING", release.path, "The main release has no sound recording.")
    for recording in message.recordings:
        required += [("a title", recording.title), ("a display artist", recording.artist)]
        if media.seconds(recording.duration.text) is None:
            yield Refusal(
                "DURATION_SYNTAX",
                recording.duration.path,
                f'"{recording.duration.text}" is not a duration such as PT3M20S.',
            )
        if not recording.p_lines:
            yield Refusal("PLINE_MISSING", recording.path, "Every sound recording needs a PLine.")
        yield from _judge_lines(recording.p_lines, "PLINE_MISSING", last_year)
    for what, value in required:
        if not value.text:
            yield Refusal("METADATA_MISSING", value.path, f"There must be {what}.")
    if not release.p_lines:
        yield Refusal("PLINE_MISSING", release.path, "The main release needs a PLine.")
    if not release.c_lines:
        yield Refusal("CLINE_MISSING", release.path, "The main release needs a CLine.")
    yield from _judge_lines(release.p_lines, "PLINE_MISSING", last_year)
    yield from _judge_lines(release.c_lines, "CLINE_MISSING", last_year)


def judge_languages(message: Message) -> Iterator[Refusal]:
    """Every LanguageAndScriptCode, wherever it stands, names a language that exists."""
    tree = message.tree
    for node in tree.iter():
        tag = node.get("LanguageAndScriptCode")
        if tag is not None and not is_language(tag):
            sentence = f'"{tag}" is not a language code such as en, vi or zh-Hans.'
            yield Refusal("LANGUAGE_CODE", f"{tree.getpath(node)}/@LanguageAndScriptCode", sentence)
    for node in tree.iter(*LANGUAGE_ELEMENTS):
        if not is_language((node.text or "").strip()):
            yield Refusal(
                "LANGUAGE_CODE", tree.getpath(node), f'"{node.text}" is not a language code such as en, vi or zh-Hans.'
            )


def _judge_lines(lines: tuple[Line, ...], code: str, last_year: int) -> Iterator[Refusal]:
    for line in lines:
        if not line.text.text:
            yield Refusal(code, line.text.path, "The line must say whose right it is.")
        year = line.year.text
        if not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= last_year):
            sentence = f'"{year}" is not a year between {FIRST_YEAR} and {last_year}, for releases to come.'
            yield Refusal("LINE_YEAR", line.year.path, sentence)

"""Each rule finds the one thing that was broken, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from distribution.messages import ern, rules
from distribution.messages.model import Deal, NewReleaseMessage, ReleaseDeal, RightsLine
from distribution.messages.validate import validate
from tests.factories import distribution as make

Break = Callable[[NewReleaseMessage], NewReleaseMessage]


def recordings(**changes: object) -> Break:
    return lambda message: replace(
        message, recordings=(replace(message.recordings[0], **changes), *message.recordings[1:])
    )


def release(**changes: object) -> Break:
    return lambda message: replace(message, release=replace(message.release, **changes))


def deals(**changes: object) -> Break:
    deal = Deal(("TH",), date(2026, 12, 1), None, ("SubscriptionModel",), ("OnDemandStream",))
    return lambda message: replace(message, release_deals=(ReleaseDeal(("R0",), (replace(deal, **changes),)),))


def audio_file(**changes: object) -> Break:
    def broken(message: NewReleaseMessage) -> NewReleaseMessage:
        audio = message.recordings[0].audio
        return recordings(audio=replace(audio, file=replace(audio.file, **changes)))(message)

    return broken


def same_isrc(message: NewReleaseMessage) -> NewReleaseMessage:
    return recordings(isrc=message.recordings[1].isrc)(message)


BROKEN: list[tuple[str, str, Break]] = [
    ("MESSAGE_ID", "message_id", lambda m: replace(m, message_id="../up")),
    ("MESSAGE_ID", "message_id", lambda m: replace(m, message_id="")),
    ("PARTY_ID", "sender", lambda m: replace(m, sender=replace(m.sender, party_id="12"))),
    ("PARTY_ID", "on_behalf_of", lambda m: replace(m, on_behalf_of=replace(m.sender, party_id=""))),
    ("TEXT", "recordings[A1].title", recordings(title="song\x0b")),
    (
        "TEXT",
        "parties[PLabel].name",
        lambda m: replace(m, parties=(replace(m.parties[0], name="a\ud800"), *m.parties[1:])),
    ),
    ("LANGUAGE", "release.language", release(language="中文")),
    (
        "DUPLICATE_REFERENCE",
        "R1",
        lambda m: replace(
            m, track_releases=(m.track_releases[0], replace(m.track_releases[1], reference="R1")), release_deals=()
        ),
    ),
    ("REFERENCE", "label", lambda m: replace(m, parties=(*m.parties, replace(m.parties[0], reference="label")))),
    ("DANGLING_REFERENCE", "recordings[A1].artists", recordings(artists=("PNobody",))),
    (
        "DANGLING_REFERENCE",
        "release_deals[1]",
        lambda m: replace(m, release_deals=(replace(m.release_deals[0], releases=("R77",)),)),
    ),
    ("DANGLING_REFERENCE", "release.cover", release(cover="A77")),
    ("ISRC", "recordings[A1].isrc", recordings(isrc="HELLO")),
    ("ISRC", "recordings[A1].isrc", recordings(isrc="AA-6Q7-26-00001")),
    ("ISRC_REPEATED", "recordings[A1].isrc", same_isrc),
    ("ICPN", "release.icpn", release(icpn="1")),
    ("ICPN", "release.icpn", release(icpn="9501101530004")),
    ("P_LINE", "release.p_line", release(p_line=None)),
    ("P_LINE", "recordings[A1].p_line", recordings(p_line=RightsLine(2026, " "))),
    ("P_LINE", "recordings[A1].p_line", recordings(p_line=RightsLine(2199, "A"))),
    ("C_LINE", "release.c_line", release(c_line=None)),
    ("TITLE", "recordings[A1].title", recordings(title=" ")),
    ("DISPLAY_ARTIST", "release.display_artist", release(display_artist="")),
    ("GENRE", "release.genre", release(genre="")),
    ("DURATION", "recordings[A1].duration_ms", recordings(duration_ms=0)),
    ("NO_TRACKS", "release.resources", release(resources=())),
    ("TRACK_RELEASE", "recordings[A2]", lambda m: replace(m, track_releases=m.track_releases[:1], release_deals=())),
    ("COVER", "release.cover", release(cover=None)),
    ("RELEASE_DATE", "release.release_date", release(release_date=None)),
    ("FILE", "recordings[A1].audio", audio_file(uri="../etc/passwd")),
    ("FILE", "recordings[A1].audio", audio_file(sha256="0")),
    ("FILE", "recordings[A1].audio", audio_file(size=0)),
    ("TERRITORY", "release_deals[1].deals[1]", deals(territories=())),
    ("TERRITORY", "release_deals[1].deals[1]", deals(territories=("XX",))),
    ("TERRITORY", "release_deals[1].deals[1]", deals(territories=("TH", "TH"))),
    ("TERRITORY", "release_deals[1].deals[1]", deals(territories=("Worldwide", "TH"))),
    ("DEAL_PERIOD", "release_deals[1].deals[1]", deals(end=date(2026, 12, 1))),
    ("DEAL_PERIOD", "release_deals[1].deals[1]", deals(start=date(2026, 11, 30))),
    ("DEAL_USE", "release_deals[1].deals[1]", deals(use_types=())),
    ("DEAL_USE", "release_deals[1].deals[1]", deals(commercial_models=("PayAsYouGoModel",))),
]


@pytest.mark.parametrize(("code", "field", "broken"), BROKEN)
def test_a_rule_finds_what_was_broken(code: str, field: str, broken: Break) -> None:
    found = rules.check(broken(make.message()))
    assert {problem.code for problem in found} == {code}
    assert field in {problem.field for problem in found}
    assert all(str(problem.message).endswith((".", "!")) for problem in found)


def test_every_rule_is_tried_here() -> None:
    assert {code for code, _field, _broken in BROKEN} == set(rules.RULES)


@pytest.mark.standards
def test_the_schema_would_have_let_these_through(standards: Path) -> None:
    for broken in (recordings(isrc="HELLO"), release(icpn="1"), release(p_line=None, c_line=None)):
        message = broken(make.message())
        assert validate(ern.build(message), standards) == []
        assert rules.check(message) != []

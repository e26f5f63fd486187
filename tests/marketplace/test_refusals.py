"""What a refusal says: why, until when, and what may be asked of whom instead."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from catalog.rights import RightType, Scope
from hub.i18n import LANGUAGES
from marketplace.availability import BlockReason, Pending, RightStatus, Standing, blocks, tile
from marketplace.errors import NotAvailable, RightsTaken
from marketplace.refusals import refusal

SIGNING = datetime(2026, 12, 7, 9, tzinfo=UTC)


class Seller:
    def render(self, language: str) -> str:
        return "Guilin"


def scope(
    *,
    rights: tuple[RightType, ...] = (RightType.PRINT,),
    territories: str = "TH",
    languages: str | None = "th",
    end: date | None = date(2032, 1, 1),
    exclusive: bool = True,
) -> Scope:
    tags = frozenset(languages.split()) if languages else None
    return Scope(frozenset(rights), frozenset(territories.split()), tags, date(2027, 1, 1), end, exclusive)


def mandate(territories: str = "TH LA KH", end: date | None = None) -> Scope:
    return scope(rights=(RightType.PRINT, RightType.EBOOK), territories=territories, languages=None, end=end)


def said(asked: Scope, standing: Standing, *, to_seller: bool = False) -> RightsTaken | NotAvailable:
    found = blocks(asked, standing)
    assert found
    return refusal(asked, found, standing, Seller(), to_seller=to_seller)


def test_what_is_sold_until_a_day_is_free_again_from_that_day_even_if_less_was_asked() -> None:
    standing = Standing([mandate()], [], [scope(end=date(2033, 6, 1))])
    error = said(scope(), standing)
    assert isinstance(error, RightsTaken)
    sentence = error.message.render("en")
    assert "sold exclusively" in sentence
    assert sentence.endswith("It is free again from 1 June 2033: ask Guilin for the time from then.")


def test_a_part_that_is_left_is_named_first() -> None:
    standing = Standing([mandate()], [], [scope()])
    assert "You may still ask Guilin for" in said(scope(territories="TH LA"), standing).message.render("en")


def test_what_is_sold_for_ever_may_be_had_in_other_languages() -> None:
    standing = Standing([scope(languages="th lo my", end=None)], [], [scope(end=None)])
    sentence = said(scope(), standing).message.render("en")
    assert "You may ask Guilin for other languages" in sentence
    assert "Lao" in sentence
    assert "Burmese" in sentence
    assert "Thai;" not in sentence.split("other languages")[1]


def test_where_nothing_is_left_another_right_is_suggested() -> None:
    standing = Standing([mandate(end=date(2032, 1, 1))], [], [scope(languages=None)])
    assert said(scope(), standing).message.render("en").endswith("Ask Guilin for another right, territory or time.")


def test_a_licence_without_exclusivity_leaves_the_same_without() -> None:
    standing = Standing([mandate()], [], [scope(exclusive=False)])
    assert said(scope(), standing).message.render("en").endswith("You may ask Guilin for the same without exclusivity.")


@pytest.mark.parametrize(
    ("asked", "sold", "instead"),
    [
        (scope(territories="TH LA"), scope(), "You may still grant print in Thai, Laos,"),
        (scope(), scope(end=date(2033, 6, 1)), "It is free again from 1 June 2033."),
        (scope(), scope(exclusive=False), "You may grant the same without exclusivity."),
        (scope(), scope(end=None), "Nothing of it is left in this period."),
    ],
)
def test_a_seller_is_not_sent_to_itself(asked: Scope, sold: Scope, instead: str) -> None:
    sentence = said(asked, Standing([mandate()], [], [sold]), to_seller=True).message.render("en")
    assert instead.lower() in sentence.lower()
    for language in LANGUAGES:
        assert "Guilin" not in said(asked, Standing([mandate()], [], [sold]), to_seller=True).message.render(language)


def test_rights_that_wait_for_signatures_are_held_and_not_called_sold() -> None:
    standing = Standing([mandate()], [], [], [Pending(scope(), SIGNING)])
    (block,) = blocks(scope(), standing)
    assert (block.reason, block.signing_until) == (BlockReason.LICENSED_EXCLUSIVELY, SIGNING)
    sentence = said(scope(), standing).message.render("en")
    assert "agreed with another buyer, and held until 7 December 2026 for both signatures" in sentence
    assert "sold" not in sentence
    everything = Standing([scope()], [], [], [Pending(scope(), SIGNING)])
    assert tile(RightType.PRINT, "TH", date(2026, 11, 23), everything).status is RightStatus.HELD
    sold = Standing([scope()], [], [scope()])
    assert tile(RightType.PRINT, "TH", date(2026, 11, 23), sold).status is RightStatus.SOLD

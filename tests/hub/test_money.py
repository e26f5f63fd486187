"""Money is whole, and sharing loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.money import EXPONENTS, Money, split

shares = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@given(st.integers(-(10**15), 10**15), shares)
def test_the_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        exact = abs(total) * weight / sum(weights)
        assert abs(abs(part) - exact) < 1 + 1e-6 * exact
        assert weight or not part


@given(st.integers(0, 10**12), shares)
def test_a_refund_is_divided_like_its_sale(total: int, weights: list[int]) -> None:
    assert split(-total, weights) == [-part for part in split(total, weights)]


def test_shares_must_be_sound() -> None:
    for weights in ([], [0, 0], [1, -1]):
        with pytest.raises(ValueError, match="shares"):
            split(10, weights)


def test_settlement_places_are_not_clders() -> None:
    assert (EXPONENTS["MMK"], EXPONENTS["LAK"], EXPONENTS["VND"], EXPONENTS["IDR"]) == (2, 2, 0, 2)


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(550000, "USD"), "vi", "5.500\xa0US$"),
        (Money(978227300, "IDR"), "id", "Rp\xa09.782.273"),
        (Money(144650000, "VND"), "vi", "144.650.000\xa0₫"),
        (Money(-1250, "CNY"), "zh", "−¥12.50"),
        (Money(1250, "MMK"), "en", "MMK\xa012.50"),
    ],
)
def test_amounts_read_well(money: Money, language: str, text: str) -> None:
    assert money.render(language) == text


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(12300, "SGD"), "en", "SGD\xa0123.00"),
        (Money(4559, "SGD"), "en", "SGD\xa045.59"),
        (Money(0, "USD"), "vi", "0,00\xa0US$"),
        (Money(978227300, "IDR"), "id", "Rp\xa09.782.273,00"),
        (Money(144650000, "VND"), "vi", "144.650.000\xa0₫"),
        (Money(-70000, "THB"), "th", "−฿700.00"),
    ],
)
def test_amounts_below_each_other_have_the_same_places(money: Money, language: str, text: str) -> None:
    assert money.render(language, in_column=True) == text


def test_unknown_currencies_are_refused() -> None:
    with pytest.raises(Invalid):
        Money(1, "XXX")

"""Whole numbers that strangers write."""

import pytest

from app.base.numbers import whole, wholes


@pytest.mark.parametrize(("written", "read"), [("7", 7), (" 007 ", 7), ("9" * 18, 10**18 - 1)])
def test_plain_digits_are_a_number(written: str, read: int) -> None:
    assert whole(written) == read


@pytest.mark.parametrize("written", ["", "-1", "1.0", "²", "٣", "9" * 19, "9" * 5000, "1_000", "x"])
def test_whatever_fits_no_id_is_none(written: str) -> None:
    assert whole(written) is None


def test_of_several_those_that_are_numbers_stay_in_their_order() -> None:
    assert wholes(["7", "x", "", "3", "٣"]) == [7, 3]

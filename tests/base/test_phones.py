import pytest

from app.base import phones


@pytest.mark.parametrize(
    "typed",
    [
        "+998901234567",
        "998901234567",
        "90 123 45 67",
        "(90) 123-45-67",
        "+998 (90) 123-45-67",
        "00998901234567",
        "901234567",
    ],
)
def test_every_way_to_write_a_phone_is_one_number(typed: str) -> None:
    assert phones.normal(typed) == "+998901234567"


@pytest.mark.parametrize(
    "typed", ["", "salom", "123", "1234567", "8600 1234 5678 9012", "+998 90 123 45 67 89", "\x00"]
)
def test_what_cannot_be_a_phone_is_none(typed: str) -> None:
    assert phones.normal(typed) is None


def test_a_foreign_phone_keeps_its_country() -> None:
    assert phones.normal("+7 912 345-67-89") == "+79123456789"
    assert phones.normal("8 912 345-67-89", region="RU") == "+79123456789"


def test_a_new_operators_prefix_is_a_phone() -> None:
    assert phones.normal("+998 20 123 45 67") == "+998201234567"


def test_phones_are_shown_as_uzbeks_write_them() -> None:
    assert phones.shown("+998901234567") == "+998 90 123-45-67"
    assert phones.shown("+79123456789") == "+7 912 345-67-89"


def test_a_masked_phone_shows_only_operator_and_end() -> None:
    assert phones.masked("+998901234567") == "+998 90 •••-••-67"
    assert phones.masked("+79123456789") == "+7 ••••••••89"


def test_a_phone_is_found_by_its_last_digits_but_not_by_those_of_another_length() -> None:
    hashes = phones.hashes("+998901234567")
    assert hashes.last7 == phones.hashes("+998331234567").last7
    assert hashes.last4 == phones.hashes("+79000004567").last4
    assert hashes.whole != phones.hashes("+998331234567").whole
    assert len({*hashes}) == 3


def test_phones_in_a_text_are_found_once_and_in_order() -> None:
    text = "Mening raqamim 93 111-22-33 yoki +998901234567, yana 998901234567. Karta 8600 1234 5678 9012, № 104233."
    assert phones.find_phones(text) == ["+998931112233", "+998901234567"]

"""One-time passwords by time (RFC 6238)."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from app.base import totp

# RFC 6238, appendix B, for SHA-1: the secret "12345678901234567890"; the last six of its eight digits.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECRET = totp.new_secret()


@pytest.mark.parametrize(("seconds", "expected"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(seconds: int, expected: str) -> None:
    assert totp.code(RFC_SECRET, totp.step_of(datetime.fromtimestamp(seconds, UTC))) == expected


@pytest.mark.parametrize(("late", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phones_clock_may_be_one_step_off(late: int, fits: bool) -> None:
    given = totp.code(SECRET, totp.step_of(NOW + timedelta(seconds=late)))
    assert (totp.fitting_step(SECRET, given, NOW, after=0) is not None) == fits


def test_a_spent_step_and_those_before_it_do_not_fit_again() -> None:
    spent = totp.step_of(NOW)
    assert totp.fitting_step(SECRET, totp.code(SECRET, spent), NOW, after=spent) is None
    assert totp.fitting_step(SECRET, totp.code(SECRET, spent - 1), NOW, after=spent) is None
    assert totp.fitting_step(SECRET, totp.code(SECRET, spent + 1), NOW, after=spent) == spent + 1


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "000 000"])
def test_what_is_no_code_does_not_fit(given: str) -> None:
    assert totp.fitting_step(RFC_SECRET, given, NOW, after=0) is None


def test_each_secret_has_160_bits_and_is_its_own() -> None:
    made = {totp.new_secret() for _ in range(20)}
    assert len(made) == 20
    assert {len(base64.b32decode(one)) for one in made} == {20}


def test_the_address_for_the_phone_names_the_bank_and_the_login() -> None:
    found = totp.address("ABC", "k.rahimova", "Банк: №1")
    assert found.startswith("otpauth://totp/%D0%91")
    assert "secret=ABC" in found and "issuer=" in found and " " not in found

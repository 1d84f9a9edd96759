import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.masks import findings, masked, without_codes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Karta 8600123512344471 ochildi", "Karta •••• 4471 ochildi"),
        ("8600 1235 1234 4471", "•••• 4471"),
        ("8600-1235-1234-4471.", "•••• 4471."),
        ("8600\u00a01235\u00a01234\u00a04471", "•••• 4471"),
        ("karta:9860120100000013", "karta:•••• 0013"),
        ("visa 4111 1111 1111 1111 03/27", "visa •••• 1111 03/27"),
        ("5555555555554444 5105105105105100", "•••• 4444 •••• 5100"),
        ("8600 1234 5678 9012 8600 1234 5678 9012", "•••• 9012 •••• 9012"),
        ("48290020 8600 1234 5678 9012", "48290020 •••• 9012"),  # the first sixteen digits pass for a card, too
        ("tel 998901234567 8600123512344471", "tel 998901234567 •••• 4471"),
        ("PINFL 31205901234567", "PINFL ••••••••••••67"),
        ("passport AB1234567", "passport AB •••••67"),
        ("паспорт АВ 1234567", "паспорт АВ •••••67"),
        ("aa1234567,ka7654321", "aa •••••67,ka •••••21"),
    ],
)
def test_what_must_be_hidden_is_hidden(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Заказ 8600123512344472",  # one digit off: no card
        "Murojaat № 104233",
        "+998 90 123-45-67, 998901234567, 90 123 45 67",
        "INN 301234567, MFO 00014",
        "hisob 20208000900123456001",
        "31305901234567890123",
        "99999999999999",
        "39912901234567",  # the 99th of December is nobody's birthday
        "XY1234567, AB123456, AB12345678, ZAB1234567",
        "2026-11-22 10:20:56.123456",
        "",
    ],
)
def test_order_numbers_phones_and_accounts_stay(text: str) -> None:
    assert masked(text) == text


def _with_luhn(digits: str) -> str:
    total = sum(map(int, digits[-2::-2])) + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[::-2])
    return digits + str(-total % 10)


@given(
    st.from_regex(r"(8600|9860|5614)[0-9]{11}", fullmatch=True),
    st.sampled_from(["", " ", "-"]),
    st.text(" .,abяҳ", max_size=5),
)
def test_every_card_is_hidden_however_it_is_grouped(start: str, between: str, around: str) -> None:
    card = _with_luhn(start)
    written = between.join(card[place : place + 4] for place in range(0, 16, 4))
    assert masked(f"{around}{written}{around}") == f"{around}•••• {card[-4:]}{around}"


@given(st.text("0123456789 -ABКА.,", max_size=60))
def test_findings_stand_in_order_and_never_overlap(text: str) -> None:
    found = findings(text)
    ends = [0, *(finding.end for finding in found)]
    assert all(end <= finding.start < finding.end for end, finding in zip(ends, found, strict=False))


def test_a_finding_tells_what_and_where() -> None:
    assert [tuple(finding) for finding in findings("a 4111111111111111")] == [("card", 2, 18)]


@pytest.mark.parametrize(
    "said",
    [
        "CVV 737", "cvc2: 737", "цвв 737", "PIN-kod 1234", "ПИН 1234", "OTP 482913", "SMS kodi 482913",
        "смс-код 482913", "482913 код из смс", "одноразовый пароль 482913",
        "код подтверждения: 482913", "bir martalik kod 482913",
        "тасдиқлаш коди 482913", "security code 737", "one-time password 482913", "parolim 5512", "ПАРОЛЬ 5512",
        "4111 1111 1111 1111 03/27 737",
    ],
)  # fmt: skip
def test_a_code_is_taken_out_in_every_language(said: str) -> None:
    kept = without_codes(said)
    assert len(kept) == len(said) and "•••" in kept
    assert not any(code in kept for code in ("737", "482913", "5512", "PIN-kod 1234", "ПИН 1234"))

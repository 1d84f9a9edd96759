"""Phone numbers: one stored form (E.164), one shown form, and hashes to find them by."""

from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, ValidationResult

from app.base import crypt


class PhoneHashes(NamedTuple):
    """What a stored phone can be found by: the whole number, its last four and its last seven digits."""

    whole: bytes
    last4: bytes
    last7: bytes


def normal(text: str, region: str = "UZ") -> str | None:
    """E.164 of what somebody typed, or None when it cannot be a phone."""
    number = _parse(text, region)
    if number is None:
        return None
    # "Possible" and not "valid": a new operator's prefix must not wait for the next release of the library.
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown(e164: str) -> str:
    """`+998 90 123-45-67`; numbers of other countries in their international form."""
    if _is_uzbek(e164):
        return f"+998 {e164[4:6]} {e164[6:9]}-{e164[9:11]}-{e164[11:]}"
    number = _parse(e164, None)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else e164


def masked(e164: str) -> str:
    """`+998 90 •••-••-67`; elsewhere the country code and the last two digits stay."""
    if _is_uzbek(e164):
        return f"+998 {e164[4:6]} •••-••-{e164[11:]}"
    number = _parse(e164, None)
    code = f"+{number.country_code}" if number else ""
    return f"{code} {'•' * max(len(e164) - len(code) - 2, 0)}{e164[-2:]}".strip()


def hashes(e164: str) -> PhoneHashes:
    """What a phone is found by: the whole of it, or what people remember of it."""
    return PhoneHashes(
        crypt.keyed_hash("phone", e164),
        crypt.keyed_hash("phone.last4", e164[-4:]),
        crypt.keyed_hash("phone.last7", e164[-7:]),
    )


def find_phones(text: str) -> list[str]:
    """E.164 of every phone named in a text, each once, in order."""
    numbers = [match.number for match in PhoneNumberMatcher(text, "UZ")]
    return list(dict.fromkeys(phonenumbers.format_number(number, PhoneNumberFormat.E164) for number in numbers))


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _is_uzbek(e164: str) -> bool:
    return e164.startswith("+998") and len(e164) == 13

"""Whole numbers that strangers write."""


def whole(text: str) -> int | None:
    """The number of at most eighteen plain digits, which fits every id; None for anything else.

    `isdigit` and `isdecimal` are true of ² and ٣ as well, and int() raises above 4300 digits.
    """
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None

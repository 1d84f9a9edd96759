"""Whole numbers that strangers write."""

from collections.abc import Iterable


def whole(text: str) -> int | None:
    """The number of at most eighteen plain digits, which fits every id; None for anything else.

    `isdigit` and `isdecimal` are true of ² and ٣ as well, and int() raises above 4300 digits.
    """
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def wholes(texts: Iterable[str]) -> list[int]:
    """Those of several that are numbers, in their order."""
    return [number for number in map(whole, texts) if number is not None]

"""Reading a provider's JSON without trusting it: a wrong type is the same as a missing field."""

from typing import Any

from app.base.text import clean

Fields = dict[str, Any]


def part(body: Fields, key: str) -> Fields:
    """The object under `key`, or an empty one."""
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def items(body: Fields, key: str) -> list[Fields]:
    """The objects of the array under `key`; at most 200, the provider sends fewer."""
    value = body.get(key)
    return [item for item in value[:200] if isinstance(item, dict)] if isinstance(value, list) else []


def string(body: Fields, key: str, limit: int) -> str:
    """The cleaned text under `key`, at most `limit` characters."""
    value = body.get(key)
    return clean(value, limit) if isinstance(value, str) else ""


def number(body: Fields, key: str) -> int | None:
    """The whole number under `key` if it fits 64 bits: chat ids use 52 of them."""
    value = body.get(key)
    return value if type(value) is int and abs(value) < 1 << 63 else None


def amount(body: Fields, key: str, bits: int = 63) -> int | None:
    """A size, or with 31 `bits` a length in pixels or seconds: a whole number, not negative."""
    value = number(body, key)
    return value if value is not None and 0 <= value < 1 << bits else None


def degrees(body: Fields, key: str, limit: float) -> float | None:
    """A latitude or longitude within ±limit."""
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -limit <= value <= limit:
        return None
    return float(value)

"""What a stranger might send: every kind of value that has broken somebody's program before."""

import logging
import os
import random
import string
from collections.abc import Iterable
from typing import Any

# How often what is asked of an ordinary run is asked: `bin/test --long` takes a hundred times as many.
TIMES = 100 if os.environ.get("LONG") else 1

_NASTY = (
    "", " ", "\t\n\r", "0", "-1", "1", "2147483648", "9223372036854775808", "-9223372036854775809", "1e309", "NaN",
    "9" * 5000, "²", "٣",
    "null", "None", "true", "undefined", "[]", "{}", "''; DROP TABLE chat; --", '"><script>alert(1)</script>',
    "{{ 7 * 7 }}", "%s%n%(x)s", "../../../../etc/passwd", "..\\..\\", "\x00", "a\x00b", "\x1b[31m", "\x7f", "\ufeff",
    "\u202e" + "txt.exe", "\u200d" * 30, "Z\u0310\u0311\u0312" * 20, "👩‍👩‍👧‍👦" * 9, "ʻʼ’‘`", "ўқғҳ ŞÇÖĞ", "\U0010ffff",
    "A" * 5000, "Ж" * 3000, "\n" * 2000, "2026-02-30", "2026-11-22", "0001-01-01", "9999-12-31T23:59:59", "24:00",
    "25:61", "12:30", "2026-W01", "+998901234567", "8600 1234 5678 9012", "::1", "10.0.0.0/8", "999.1.1.1/64",
    "http://127.0.0.1:1/", "javascript:alert(1)", "file:///etc/passwd", "ru", "uz_Latn", "xx", "on", "off", "yes",
    "00000000-0000-0000-0000-000000000001", "not-a-uuid", "#", "?a=b&c", "%00", "%ff%fe", "a" * 64 + "@b.uz",
)  # fmt: skip
_LETTERS = string.printable + "абвўқғҳёъʻ’\u0301\u200b😀"


def text(dice: random.Random) -> str:
    """One value of a field."""
    if dice.random() < 0.7:
        return dice.choice(_NASTY)
    return "".join(dice.choices(_LETTERS, k=dice.randrange(40)))


def value(dice: random.Random, depth: int = 3) -> Any:
    """Anything JSON can hold."""
    match dice.randrange(9 if depth else 6):
        case 0:
            return None
        case 1:
            return dice.random() < 0.5
        case 2:
            return dice.choice((0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**30))
        case 3:
            return dice.choice((0.5, -1e308, float("inf")))
        case 4 | 5:
            return text(dice)
        case 6 | 7:
            return [value(dice, depth - 1) for _ in range(dice.randrange(4))]
        case _:
            return {text(dice)[:40]: value(dice, depth - 1) for _ in range(dice.randrange(4))}


def content(dice: random.Random) -> tuple[str, bytes]:
    """A file: its name, and content that may be what the name says, or not."""
    beginnings = (
        b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"%PDF-1.7\n", b"PK\x03\x04", b"OggS", b"GIF89a", b"MZ", b"<html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>", b"login;name\n", b"\xef\xbb\xbf", b"",
    )  # fmt: skip
    names = (
        "a.png",
        "a.svg",
        "a.exe",
        "a.pdf.exe",
        "a.xlsx",
        "a.csv",
        "",
        ".",
        "a\x00.png",
        "../a",
        "ж" * 300,
        "\u202egpj.exe",
    )
    return dice.choice(names), dice.choice(beginnings) + dice.randbytes(dice.randrange(200))


def errors(records: Iterable[logging.LogRecord]) -> list[str]:
    """What the desk has logged as an error; the tests' own sockets complain when they are cut off."""
    return [
        one.getMessage()
        for one in records
        if one.levelno >= logging.ERROR and not one.name.startswith(("engineio.client", "socketio.client"))
    ]

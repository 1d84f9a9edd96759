"""What must not be seen or stored in the open: card numbers, PINFL, passport numbers. Phones and order numbers stay."""

import re
from datetime import date
from typing import NamedTuple

# Digits in groups divided by one space or dash, as people copy them from a card.
_DIGITS = re.compile(r"\d+(?:[ \u00a0\u2009\u202f-]\d+)*")
_GROUP = re.compile(r"\d+")

# Series of passports, exit passports and ID cards; people type them with Cyrillic lookalikes as well.
_PASSPORT = re.compile(r"(?<!\w)[AFKАК][A-KАВСЕК][ \u00a0-]?(?:№ ?)?\d{7}(?!\w)", re.IGNORECASE)

# First digits and lengths of the schemes seen here: Uzcard, Humo, Mir, Visa, Mastercard, UnionPay, Amex.
_SCHEMES = (
    (re.compile(r"8600|5614|9860|220[0-4]|5[1-5]|2[2-7]|6"), {16}),
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"62|50|5[6-9]|63|67"), set(range(13, 20))),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"3[0568]"), {14}),
)


class Finding(NamedTuple):
    kind: str  # card, pinfl or passport
    start: int
    end: int


def masked(text: str) -> str:
    """The text with every finding hidden: `•••• 4471` for a card, the last two digits for the others."""
    parts, end = [], 0
    for finding in findings(text):
        parts += [text[end : finding.start], _hidden(finding.kind, text[finding.start : finding.end])]
        end = finding.end
    return "".join([*parts, text[end:]])


def findings(text: str) -> list[Finding]:
    """Where the text names a card, a PINFL or a passport, in order, not overlapping."""
    found = [Finding("passport", *match.span()) for match in _PASSPORT.finditer(text)]
    rest = _PASSPORT.sub(lambda match: "_" * len(match[0]), text)
    for run in _DIGITS.finditer(rest):
        found += _in_run(text, run)
    return sorted(found, key=lambda finding: finding.start)


def _in_run(text: str, run: re.Match[str]) -> list[Finding]:
    """Read a run of digit groups from the left: a card may stand beside its date or a phone."""
    groups = [match.span() for match in _GROUP.finditer(text, run.start(), run.end())]
    found, first = [], 0
    while first < len(groups):
        kind, last = _starting_at(text, groups[first:])
        if kind:
            found.append(Finding(kind, groups[first][0], groups[first + last][1]))
        first += last + 1
    return found


def _starting_at(text: str, groups: list[tuple[int, int]]) -> tuple[str, int]:
    digits = ""
    best = ("", 0)
    for number, (start, end) in enumerate(groups):
        digits += text[start:end]
        if len(digits) > 19:
            break
        if len(digits) < 13:
            continue
        if _is_pinfl(digits):
            best = ("pinfl", number)
        elif _is_card(digits):
            best = ("card", number)
    return best


def _is_card(digits: str) -> bool:
    if not any(len(digits) in lengths and prefix.match(digits) for prefix, lengths in _SCHEMES):
        return False
    return _luhn(digits)


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0


def _is_pinfl(digits: str) -> bool:
    """Fourteen digits: sex and century (1–6), birthday as DDMMYY, district, number, check digit.

    The check digit is not asked for: one that was mistyped still names a person.
    """
    if len(digits) != 14 or digits[0] not in "123456":
        return False
    day, month, year = int(digits[1:3]), int(digits[3:5]), int(digits[5:7])
    try:
        date(1800 + 100 * ((int(digits[0]) - 1) // 2) + year, month, day)
    except ValueError:
        return False
    return True


def _hidden(kind: str, text: str) -> str:
    if kind == "card":
        return "•••• " + re.sub(r"\D", "", text)[-4:]
    if kind == "passport":
        return f"{text[:2]} •••••{text[-2:]}"
    return f"••••••••••••{text[-2:]}"

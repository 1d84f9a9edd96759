"""What must not be seen or stored in the open: card numbers, PINFL, passport numbers, and codes that open a card.

A CVV, a PIN or a one-time code is known by the word beside it. It is not only hidden: `without_codes` takes it out
before anything is stored (PCI DSS 4.0, 3.3.1). Phones, amounts and order numbers stay.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from app.base import phones

# Digits in groups divided by one space or dash, as people copy them from a card.
_DIGITS = re.compile(r"\d+(?:[ \u00a0\u2009\u202f-]\d+)*")
_GROUP = re.compile(r"\d+")

# Series of passports, exit passports and ID cards; people type them with Cyrillic lookalikes as well.
_PASSPORT = re.compile(r"(?<!\w)[AFKАК][A-KАВСЕК][ \u00a0-]?(?:№ ?)?\d{7}(?!\w)", re.IGNORECASE)

# A phone that a client shared as a contact, as it stands in the text of the message: see `shared`.
_SHARED = re.compile(r"☎ ?(\+?\d{5,15})(?!\d)")

# First digits and lengths of the schemes seen here: Uzcard, Humo, Mir, Visa, Mastercard, UnionPay, Amex.
_SCHEMES = (
    (re.compile(r"8600|5614|9860|220[0-4]|5[1-5]|2[2-7]|6"), {16}),
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"62|50|5[6-9]|63|67"), set(range(13, 20))),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"3[0568]"), {14}),
)

# The word that makes digits a secret, in the languages and alphabets clients write in.
_TELLING = r"""
    cvv2? | cvc2? | cvn2? | цвв | pin(?:[ -]?(?:kod|code)\w*)? | пин(?:[ -]?код\w*)? | otp
  | (?:sms|смс)[ -]?(?:kod|код|parol|парол)\w*
  | (?:kod|код)\w*\ (?:из\ |в\ )?(?:sms|смс)\w*
  | (?:одноразов|разов)\w*\ (?:код|пароль)\w* | (?:код|пароль)\w*\ (?:подтверждения|безопасности|доступа)
  | (?:bir\ martalik|tasdiqlash)\ (?:kod|parol)\w* | (?:бир\ марталик|тасдиқлаш)\ (?:код|парол)\w*
  | (?:verification|security|one-time|confirmation)\ (?:code|password)
  | (?<!mfo\ )(?<!мфо\ )(?:code | kod(?:i|im|ni|ingiz)? | код(?:а|и|им|ни|ингиз)?) | (?:parol|парол)\w{0,4}
"""
_JOINED = (
    r"""[\s:=«"'()–—-]* (?: (?:это|был|пришел|пришёл|такой|мой|вот|bu|бу|keldi|келди|is|was) [\s:=«"'–—-]* ){0,3}"""
)
_CODE_DIGITS = r"(?P<{}>(?<![\d.,])\d{{3,4}}(?:[ -]\d{{3,4}})?(?!\d|[.,]\d|[ ]\d)|(?<![\d.,])\d{{5,8}}(?!\d|[.,]\d))"
_CODE = re.compile(
    rf"(?<!\w)(?:{_TELLING})(?!\w){_JOINED}{_CODE_DIGITS.format('after')}"
    rf"|{_CODE_DIGITS.format('before')}[\s–—(-]*(?:это\s|bu\s|бу\s)?"
    r"(?:cvv2?|cvc2?|(?:sms|смс)[ -]?(?:kod|код)\w*|код\ из\ смс)",
    re.IGNORECASE | re.VERBOSE,
)
# Without one of these in it no text is looked through for codes: that would be most of what masking costs.
_HINTS = ("cv", "цвв", "pin", "пин", "otp", "sms", "смс", "kod", "код", "code", "parol", "парол", "password")
# What is printed beside a card: its date, and the three digits of its back.
_BESIDE_CARD = re.compile(r"[\s,;|]*\d{2}\s?[/.-]\s?\d{2,4}[\s,;/|]+(\d{3})(?!\d)")


class Finding(NamedTuple):
    kind: str  # card, pinfl, passport, phone (one that was shared) or code
    start: int
    end: int


def masked(text: str) -> str:
    """The text with every finding hidden: `•••• 4471` for a card, the last two digits for documents, all of a code."""
    parts, end = [], 0
    for finding in findings(text):
        parts += [text[end : finding.start], _hidden(finding.kind, text[finding.start : finding.end])]
        end = finding.end
    return "".join([*parts, text[end:]])


def shared(name: str, phone: str) -> str:
    """How a shared contact is written, so that its phone is known for one and masked."""
    return f"{name} ☎ {phones.normal(phone) or phone}".strip() if phone else name


def findings(text: str) -> list[Finding]:
    """Where the text names a card, a PINFL, a passport or a code, in order, not overlapping."""
    if not any(char.isdigit() for char in text):
        return []
    found = [Finding("passport", *match.span()) for match in _PASSPORT.finditer(text)]
    found += [Finding("phone", *match.span(1)) for match in _SHARED.finditer(text)]
    rest = _PASSPORT.sub(lambda match: "_" * len(match[0]), _SHARED.sub(lambda match: "_" * len(match[0]), text))
    for run in _DIGITS.finditer(rest):
        found += _in_run(text, run)
    found += [code for code in _codes(text, found) if not any(_overlap(code, one) for one in found)]
    return sorted(found, key=lambda finding: finding.start)


def without_codes(text: str, *, whole: bool = False) -> str:
    """The text with each digit of a CVV, PIN or one-time code replaced by a dot: as long as before, so marks stay.

    `whole`: nothing but a code is said, whose word stands in an earlier message.
    """
    if whole:
        return _dots(text)
    for start, end in ((one.start, one.end) for one in findings(text) if one.kind == "code"):
        text = text[:start] + _dots(text[start:end]) + text[end:]
    return text


def in_texts(change: Callable[[str], str], value: Any) -> Any:
    """The same value, as JSON has them, with every text in it changed; names of keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: in_texts(change, inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [in_texts(change, inner) for inner in value]
    return value


def without_secrets(text: str) -> str:
    """The text without whatever `findings` names: what may be searched by."""
    for one in (one for one in reversed(findings(text)) if one.kind != "phone"):
        text = f"{text[: one.start]} {text[one.end :]}"
    return text


def _codes(text: str, found: list[Finding]) -> list[Finding]:
    beside = [_BESIDE_CARD.match(text, one.end) for one in found if one.kind == "card"]
    spans = [match.span(1) for match in beside if match]
    if any(hint in text.casefold() for hint in _HINTS):
        spans += [match.span("after" if match["after"] else "before") for match in _CODE.finditer(text)]
    return [Finding("code", start, end) for start, end in dict.fromkeys(spans)]


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _in_run(text: str, run: re.Match[str]) -> list[Finding]:
    """Read a run of digit groups from the left: a card may stand beside its date or a phone."""
    groups = [match.span() for match in _GROUP.finditer(text, run.start(), run.end())]
    found, first = [], 0
    while first < len(groups):
        kind, last = _starting_at(text, groups[first:])
        if kind and _by_chance(text, groups[first : first + last + 4]):
            kind, last = "", 0
        if kind:
            found.append(Finding(kind, groups[first][0], groups[first + last][1]))
        first += last + 1
    return found


def _by_chance(text: str, groups: list[tuple[int, int]]) -> bool:
    """Whether what was found begins with another number, and a card in its usual groups stands behind that."""
    return not _as_cards_are(groups) and any(
        _as_cards_are(groups[place:]) and _starting_at(text, groups[place:])[0] for place in range(1, len(groups))
    )


def _as_cards_are(groups: list[tuple[int, int]]) -> bool:
    return [end - start for start, end in groups[:4]] == [4, 4, 4, 4]


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
    if kind == "code":
        return _dots(text)
    if kind == "phone":
        return phones.masked(text)
    if kind == "passport":
        return f"{text[:2]} •••••{text[-2:]}"
    return f"••••••••••••{text[-2:]}"


def _dots(text: str) -> str:
    return re.sub(r"\d", "•", text)

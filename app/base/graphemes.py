"""Where a text may be cut: never inside what a reader sees as one character (a small part of UAX #29).

Combining marks, variation selectors, skin tones, ZWJ families, flags of two letters, tags and CR LF hold together.
"""

import re
import unicodedata

_ZWJ = "\u200d"
_ATTACHED = re.compile("[\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # ZWJ, skin tones, tags


def safe_cut(text: str, at: int) -> int:
    """The last place not after `at` where the text may be cut; `at` itself when one character fills all before it."""
    if at >= len(text):
        return len(text)
    place = at
    while place > 0 and not may_cut(text, place):
        place -= 1
    return place or at


def may_cut(text: str, at: int) -> bool:
    """True when a character ends before `at` and another begins there."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return (before, after) != ("\r", "\n")
    if is_mark(after) or _ATTACHED.match(after):
        return False
    if before == _ZWJ:
        return unicodedata.category(after) != "So"
    if _is_flag_letter(before) and _is_flag_letter(after):
        return _flag_letters_before(text, at) % 2 == 0
    return True


def is_mark(char: str) -> bool:
    return char > "\u02ff" and unicodedata.category(char) in ("Mn", "Me", "Mc")


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int) -> int:
    count = 0
    while count < at and _is_flag_letter(text[at - 1 - count]):
        count += 1
    return count

"""Keyed tokens of words: what the database searches in place of the sealed text."""

import re

from app.base import phones
from app.base.crypt import keyed_hash
from app.base.fold import words
from app.base.masks import without_secrets
from app.base.stems import stem

_MOST = 60
_DIGIT = re.compile(r"\d")
_SHORT, _LONG = 3, 5

# Words too common to find anything by (folded).
_COMMON_WORDS = """
i v na ne s a k po za iz ot do mne ia eto cto kak no je bi the to is of and in
va bo ham men siz biz o ocon bilan kerak edi emas nima kanda bor ok
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def search_tokens(text: str) -> list[int]:
    """Signed 32-bit tokens of a text: its stems and their first five and three letters, at most 60.

    In a very long text the stems come first, then the longer beginnings, then the shorter.
    """
    stems = _stems(text)
    keys = [*stems, *(found[:_LONG] for found in stems), *(found[:_SHORT] for found in stems)]
    return [_token(key) for key in list(dict.fromkeys(keys))[:_MOST]]


def message_tokens(text: str) -> list[int]:
    """Tokens of what somebody said: its words and its phones. Cards, documents and codes never become tokens."""
    said = without_secrets(text)
    found = phones.find_phones(said) if len(_DIGIT.findall(said)) >= 7 else []
    whole = dict.fromkeys([*search_tokens(said), *(token for phone in found for token in _of_phone(phone))])
    return list(whole)


def phone_token(digits: str) -> int:
    """The token of a phone by its last four or seven digits, or by the whole of it (E.164)."""
    return _token(f"phone:{digits}")


def _of_phone(e164: str) -> tuple[int, int, int]:
    return phone_token(e164), phone_token(e164[-7:]), phone_token(e164[-4:])


def query_tokens(query: str) -> list[int]:
    """Tokens a text must have, all of them, to be a candidate for the query; none when it holds no words to search by.

    The last word may be unfinished: from five letters on its first five are looked up. Check candidates by `matches`.
    """
    stems = _stems(query)
    if stems:
        last = stem(words(query)[-1])
        stems = [found[:_LONG] if found == last else found for found in stems]
    return [_token(found) for found in stems]


def matches(query: str, text: str) -> bool:
    """True when every word of the query begins a word of the text or is another form of one."""
    held = [*_stems(text), *words(text)]
    return all(any(_meet(asked, found) for found in held) for asked in _stems(query))


def asked_stems(query: str) -> list[str]:
    """What is looked for, folded to stems."""
    return _stems(query)


def meets(asked: list[str], word: str) -> bool:
    """Whether one folded word of a text is what any of these stems looks for."""
    return any(_meet(one, stem(word)) or _meet(one, word) for one in asked)


def _meet(asked: str, found: str) -> bool:
    if found.startswith(asked):
        return True
    # The light stems leave a few letters of verb endings: blokirovk, blokiroval
    common = max(_LONG, len(asked) - 2)
    return not asked.isdigit() and len(asked) > _LONG and found[:common] == asked[:common]


def _stems(text: str) -> list[str]:
    """Distinct stems in order; all words when there are only common ones."""
    folded = words(text)
    telling = [word for word in folded if word not in _COMMON] or folded
    return list(dict.fromkeys(stem(word) for word in telling))


def _token(key: str) -> int:
    return int.from_bytes(keyed_hash("words", key)[:4], "big", signed=True)

"""Keyed tokens of words: what the database searches in place of the sealed text."""

import re
from collections.abc import Sequence
from functools import lru_cache

from app.base import phones
from app.base.crypt import keyed_hash
from app.base.fold import words
from app.base.masks import without_secrets
from app.base.stems import stem

_MOST = 100
_DIGIT = re.compile(r"\d")
# Letters by which an unfinished word is found; so many that a rare word meets few others that only begin like it.
_SHORT, _BEGINNINGS = 3, (5, 6, 7, 8)
_LONG = _BEGINNINGS[0]

# Words too common to find anything by (folded).
_COMMON_WORDS = """
i v na ne s a k po za iz ot do mne ia eto cto kak no je bi the to is of and in
va bo ham men siz biz o ocon bilan kerak edi emas nima kanda bor ok
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def search_tokens(text: str) -> list[int]:
    """Signed 32-bit tokens of a text, at most 100: its stems, their first three letters, and how longer words begin.

    In a very long text the stems come first, then the beginnings of five letters and more, then the three.
    """
    stems = {word: stem(word) for word in _telling(words(text))}
    long = [word for word, found in stems.items() if len(found) >= _LONG]
    begun = [word[:length] for length in _BEGINNINGS for word in long if len(word) >= length]
    keys = [*stems.values(), *begun, *(found[:_SHORT] for found in stems.values())]
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

    The last word may be unfinished: it is looked up by its beginning. Check candidates by `matches`.
    """
    folded = words(query)
    stems = _stems(folded)
    if stems:
        last = stem(folded[-1])
        stems = [_beginning(found) if found == last else found for found in stems]
    return [_token(found) for found in stems]


def matches(query: str, text: str) -> bool:
    """True when every word of the query begins a word of the text or is another form of one."""
    folded = words(text)
    held = [*_stems(folded), *folded]
    return all(any(_meet(asked, found) for found in held) for asked in asked_stems(query))


@lru_cache(maxsize=64)
def asked_stems(query: str) -> tuple[str, ...]:
    """What is looked for, folded to stems."""
    return tuple(_stems(words(query)))


def meets(asked: Sequence[str], word: str) -> bool:
    """Whether one folded word of a text is what any of these stems looks for."""
    return any(_meet(one, stem(word)) or _meet(one, word) for one in asked)


def _meet(asked: str, found: str) -> bool:
    # The light stems leave a few letters of verb endings: blokirovk, blokiroval
    return found.startswith(asked) or (len(asked) > _LONG and found[: _sure(asked)] == asked[: _sure(asked)])


def _beginning(asked: str) -> str:
    """The longest beginning of an unfinished word by which whatever it may become is found."""
    return asked[: max((length for length in _BEGINNINGS if length <= _sure(asked)), default=_LONG)]


def _sure(asked: str) -> int:
    """How many letters another form shares with it; a number has no forms."""
    return len(asked) if asked.isdigit() else max(_LONG, len(asked) - 2)


def _stems(folded: Sequence[str]) -> list[str]:
    """Distinct stems in order."""
    return list(dict.fromkeys(stem(word) for word in _telling(folded)))


def _telling(folded: Sequence[str]) -> Sequence[str]:
    """The words that say something; all of them when there are only common ones."""
    return [word for word in folded if word not in _COMMON] or folded


def _token(key: str) -> int:
    return int.from_bytes(keyed_hash("words", key)[:4], "big", signed=True)

"""Uzbek Cyrillic drafted from Uzbek Latin interface text. A person reads every draft; see `catalogue.py`."""

import re

from UzTransliterator import UzTransliterator

from translations.terms import ENDINGS, LOANS, MASK, NAMES, UNTOUCHED

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9ʻʼ‘’]*")
_DATE = re.compile(rf"(\d)-(?=yil|{'|'.join(name for name in list(LOANS)[:9])}|mart|may|avgust)")
_ENDING = re.compile(rf"(?:{'|'.join(sorted(ENDINGS, key=len, reverse=True))})*")
_STEMS = sorted({**LOANS, **{word: word for word in NAMES}}.items(), key=lambda stem: -len(stem[0]))
_library = UzTransliterator()


def to_cyrillic(text: str) -> str:
    """The text in Uzbek Cyrillic. Placeholders, tags, addresses, brands and acronyms stay as they are."""
    parts = MASK.split(text)
    return "".join(part if place % 2 else _prose(part) for place, part in enumerate(parts))


def _prose(text: str) -> str:
    # 22-noyabr is written 22 ноябрь
    return _WORD.sub(lambda found: _word(found.group()), _DATE.sub(r"\1 ", text))


def _word(word: str) -> str:
    if word in UNTOUCHED:
        return word
    for stem, written in _STEMS:
        head, tail = word[: len(stem)], word[len(stem) :]
        if not _ENDING.fullmatch(tail.lower()):
            continue
        if stem in NAMES:
            if head == stem:
                return head + _ending(tail)
        elif head.lower() == stem:
            return _cased(head, written.removesuffix("ь") if tail else written) + _ending(tail)
    return _letters(word)


def _ending(tail: str) -> str:
    # behind a consonant, so that the library does not take the ending for a word of its own
    return _letters("d" + tail)[1:]


def _letters(word: str) -> str:
    if len(word) == 1:  # the library drops one-letter words
        return _letters(word * 2)[0]
    if len(word) > 1 and word.isupper():
        return _letters(word.lower()).upper()
    text: str = _library.transliterate(word, from_="lat", to="cyr")
    for spelled, right in (("тсия", "ция"), ("тсион", "цион"), ("ксия", "кция"), ("ксион", "кцион")):
        text = text.replace(spelled, right)
    return text


def _cased(like: str, word: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[0].upper() + word[1:] if like[0].isupper() else word

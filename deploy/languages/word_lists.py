"""Words and how common they are, from two packages: wordfreq (ru, en) and uzbek-text-tools (Uzbek, Latin)."""

import json
import random
from collections.abc import Iterator
from importlib.resources import files
from math import log1p

from app.base.scripts import to_cyrillic
from deploy.languages import spoilt

MOST = 30_000

Weighed = Iterator[tuple[str, float]]


def of(language: str) -> Weighed:
    """(word, weight) of a class of app/base/language.py."""
    match language:
        case "ru" | "en":
            yield from _common(language)
        case "ru_Latn":
            dice = random.Random(2026)  # noqa: S311 - the same table on every machine
            for word, weight in _common("ru"):
                yield from ((spelt, weight / 3) for spelt in spoilt.russian_in_latin(word, dice))
        case "uz_Latn":
            for word, weight in _uzbek():
                yield from _shared(weight, list(spoilt.uzbek_latin(word)))
        case "uz_Cyrl":
            for word, weight in _uzbek():
                yield from _shared(weight, list(spoilt.uzbek_cyrillic(to_cyrillic(word))))


def _shared(weight: float, spellings: list[str]) -> Weighed:
    """Half of the weight is the right spelling's."""
    right, *others = spellings
    yield right, weight / 2 if others else weight
    yield from ((one, weight / 2 / len(others)) for one in others)


def _common(language: str) -> Weighed:
    import wordfreq

    for place, word in enumerate(wordfreq.top_n_list(language, MOST)):
        if word.replace("'", "").isalpha() and _is_of(language, word):
            yield word, _weight(place)


def _uzbek() -> Weighed:
    content = json.loads((files("uzbek_text_tools") / "data" / "word_freq.json").read_text())
    common = sorted(content, key=content.__getitem__, reverse=True)
    latin = (word.replace("ʻ", "'").replace("ʼ", "'").replace("’", "'").replace("‘", "'").lower() for word in common)
    for place, word in enumerate(one for one in latin if one.isascii() and one.replace("'", "").isalpha()):
        if place >= MOST:
            return
        yield word, _weight(place)


def _is_of(language: str, word: str) -> bool:
    return word.isascii() if language == "en" else all("а" <= letter <= "я" or letter == "ё" for letter in word)


def _weight(place: int) -> float:
    """Common words count more, as in speech, but not as much more: a table of "и" and "the" would know nothing else."""
    return 1 + 20 / (1 + log1p(place) ** 2)

"""In which language somebody writes: ru, Russian in Latin letters, Uzbek in both scripts, en (clauses 5.1, 9.1).

Naive Bayes over runs of letters. Its table is made at set-up by `python -m deploy.languages` from word lists of the
package registry, never from clients' words, and is read when the first message asks; without it nothing is recognised.
"""

import logging
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from app.base.ngrams import BUCKETS, grams, words

log = logging.getLogger(__name__)

CLASSES = ("ru", "ru_Latn", "uz_Latn", "uz_Cyrl", "en")
TABLE = Path(__file__).with_name("language.table")
# Points of the table are sixteenths of a natural logarithm.
UNIT = 16

_CYRILLIC = ("ru", "uz_Cyrl")
# Letters that only one of the languages of a script has.
_TELLING = {"uz_Cyrl": frozenset("ўқғҳ"), "ru": frozenset("щы"), "uz_Latn": frozenset("öğşç")}
_TOLD = 6 * UNIT
# Kazakh, Karakalpak and other neighbours: none of ours.
_FOREIGN = frozenset("әіңүұөһáǵńúı")
_MOST_WORDS = 60
# Every message of a client whose language was recognised is looked at: its beginning tells enough to turn it.
_FIRST_WORDS = 10

# How far ahead of the next one a language must be: to be taken for the first time, and to replace another.
_ENOUGH = 2 * UNIT
_SURE = 5 * UNIT
_FEW_WORDS = 3


@dataclass(frozen=True)
class Guess:
    """`language` of CLASSES; `margin`: sixteenths of a logarithm ahead of the next; `words` that were looked at."""

    language: str
    margin: int
    words: int


def guess(text: str) -> Guess | None:
    """The likeliest language of a message; None when it has no words, or those of a language we do not know."""
    return _guess(words(text)[:_MOST_WORDS])


def learnt(text: str, known: str | None, recognised: bool) -> str | None:
    """The language a message teaches, None when nothing new; `recognised`: `known` was read from earlier messages.

    A word or two never turn a language that was recognised; a hint of the channel gives way, or is confirmed, at once.
    """
    said, settled = words(text), known is not None and recognised
    if settled and len(said) < _FEW_WORDS:
        return None
    found = _guess(said[: _FIRST_WORDS if settled else _MOST_WORDS])
    if found is None or settled and found.language == known:
        return None
    return found.language if found.margin >= (_SURE if settled else _ENOUGH) else None


def _guess(said: list[str]) -> Guess | None:
    letters = "".join(said)
    table = _table()
    if not letters or table is None or not _FOREIGN.isdisjoint(letters):
        return None
    possible = _of_script(letters)
    points = dict(zip(possible, map(sum, zip(*(_points(word, possible) for word in said), strict=True)), strict=True))
    for one, letters_of_it in _TELLING.items():
        if one in points and not letters_of_it.isdisjoint(letters):
            points[one] += _TOLD
    best, second = sorted(possible, key=points.__getitem__, reverse=True)[:2]
    return Guess(best, points[best] - points[second], len(said))


@lru_cache(8192)
def _points(word: str, possible: tuple[str, ...]) -> tuple[int, ...]:
    """What a word says for each language. A few thousand words are most of what anybody writes."""
    table, runs = _table() or {}, list(grams(word))
    return tuple(sum(map(table[one].__getitem__, runs)) for one in possible)


def _of_script(letters: str) -> tuple[str, ...]:
    cyrillic = sum("а" <= one <= "ӿ" or one == "ё" for one in letters)
    return _CYRILLIC if 2 * cyrillic >= len(letters) else tuple(one for one in CLASSES if one not in _CYRILLIC)


@cache
def _table() -> dict[str, memoryview] | None:
    """A signed byte for each run of letters and language."""
    try:
        content = memoryview(TABLE.read_bytes()).cast("b")
    except FileNotFoundError:
        log.warning("languages are not recognised: %s is missing (run bin/setup)", TABLE.name)
        return None
    return {one: content[number * BUCKETS : (number + 1) * BUCKETS] for number, one in enumerate(CLASSES)}

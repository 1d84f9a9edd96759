"""What a message is made of, for recognising its language: letters in runs of one to four, each as a number."""

import re
from collections.abc import Iterator
from zlib import crc32

# Numbers of runs: so many that those of a language seldom meet those of another.
BUCKETS = 2**17
LONGEST = 4

_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#/]\w+|\b\w*\d\w*\b")
_APOSTROPHES = str.maketrans(dict.fromkeys("`´ʹʻʼʽ‘’‛′＇", "'"))
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")


def words(text: str) -> list[str]:
    """The words of a message, in small letters; addresses, names with @ and whatever holds digits are left out."""
    return _WORD.findall(_NOT_WORDS.sub(" ", text.translate(_APOSTROPHES)).lower())


def grams(word: str) -> Iterator[int]:
    """The runs of a word, its borders included, and the word itself; as numbers below BUCKETS."""
    bordered = f"_{word}_"
    for length in range(1, LONGEST + 1):
        for start in range(len(bordered) - length + 1):
            yield crc32(bordered[start : start + length].encode()) % BUCKETS
    if len(bordered) > LONGEST:
        yield crc32(bordered.encode()) % BUCKETS

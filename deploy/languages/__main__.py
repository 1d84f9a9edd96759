"""python -m deploy.languages: write app/base/language.table, unless it is there and newer than what makes it."""

import sys
from array import array
from math import log
from pathlib import Path

from app.base import language
from app.base.ngrams import BUCKETS, grams
from deploy.languages import word_lists

# A run of letters that a language does not have is thought of as seen this often.
UNSEEN = 0.5


def main() -> int:
    if "--force" not in sys.argv and _is_fresh():
        return 0
    table = weighed({one: counted(one) for one in language.CLASSES})
    unfinished = language.TABLE.with_suffix(".part")
    unfinished.write_bytes(table)
    unfinished.replace(language.TABLE)
    return 0


def counted(name: str) -> "array[float]":
    """How often each run of letters comes in a language's words."""
    counts = array("d", bytes(8 * BUCKETS))
    for word, weight in word_lists.of(name):
        for gram in grams(word):
            counts[gram] += weight
    return counts


def weighed(counts: "dict[str, array[float]]") -> bytes:
    """A signed byte for each language and run: how much likelier than in the languages on the whole."""
    totals = {name: sum(row) + UNSEEN * BUCKETS for name, row in counts.items()}
    rows = {name: bytearray(BUCKETS) for name in counts}
    for gram in range(BUCKETS):
        if not any(row[gram] for row in counts.values()):
            continue
        likely = {name: log((row[gram] + UNSEEN) / totals[name]) for name, row in counts.items()}
        usual = sum(likely.values()) / len(likely)
        for name, value in likely.items():
            rows[name][gram] = max(-127, min(127, round(language.UNIT * (value - usual)))) % 256
    return b"".join(rows[name] for name in language.CLASSES)


def _is_fresh() -> bool:
    makers = [
        *Path(__file__).parent.glob("*.py"),
        Path(language.__file__),
        Path(language.__file__).with_name("ngrams.py"),
    ]
    newest = max(maker.stat().st_mtime for maker in makers)
    return language.TABLE.exists() and language.TABLE.stat().st_mtime >= newest


if __name__ == "__main__":
    sys.exit(main())

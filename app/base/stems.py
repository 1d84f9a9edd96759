"""Light stems of folded words, so that Russian and Uzbek word forms meet: kartamdan, картой, карталар → kart.

Not a grammar: endings are taken off, longest first, until none fits. What matters is that all forms of a word end at
the same place; a stem may be no word at all. Fleeting vowels and changing consonants (деньги, денег) stay apart.
The alphabet is that of `fold`: o for u, w for sh, c for ch, x for h.
"""

from functools import lru_cache
from itertools import product

_NOUN_IN_I = ("ia", "ie", "io", "i", "iam", "iami", "iax", "iei", "iem")

# Endings that leave at least three letters, four, five.
_AFTER_THREE = """
a e i o am ami ax om em oi ei ov ev ogo omo ego emo oe ee im ix aia
ning ni ga da dan gaca dagi niki lar lari im ing imiz ingiz si ngiz miz ng m mi
"""
_AFTER_FOUR = """
di dim ding dik dingiz dilar gan ganman gansiz aman asan asiz adi amiz apti aptilar apman apsiz
moka mokda mokci iw iwi ib man siz sin inglar ingizlar la lan law
"""
_AFTER_FIVE = """
ovat oval ovala ovali ovan ovana ovano ovani oet oesa oetsa ovasa ivat ival ivala ivali
il ila ilo ili it itsa isa ilas ilos ilis als alas alos alis
"""
_ENDINGS = {
    **dict.fromkeys(_AFTER_FIVE.split(), 5),
    **dict.fromkeys(_AFTER_FOUR.split(), 4),
    **dict.fromkeys(_AFTER_THREE.split(), 3),
    **dict.fromkeys(_NOUN_IN_I, 3),
    # операции, позиция, списания, оформление
    **{middle + end: 3 for middle, end in product(("as", "is", "an", "en"), _NOUN_IN_I)},
}
_LONGEST = max(map(len, _ENDINGS))

# Russian words often have o (у, о) before these where Uzbek ones hardly ever do: доро-га, пого-да, перево-ды.
_NOT_AFTER_O = frozenset({"ga", "da", "ni", "di", "dim"})
_ONLY_AFTER_VOWEL = frozenset({"si"})
_ONLY_AFTER_CONSONANT = frozenset({"la", "lan", "law"})

# What clients write about most and what looks as if it had an ending. Never cut shorter.
_ROOT_WORDS = "oslog nalog zalog dorog knig komand komis rakam tolov xodim bankomat kredit limit perevod vklad nalicn"
_ROOTS = tuple(_ROOT_WORDS.split())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one folded word; words with digits and of three letters are their own."""
    if any(char.isdigit() for char in word):
        return word
    shortest = max((len(root) for root in _ROOTS if word.startswith(root)), default=3)
    while ending := _ending(word, shortest):
        word = word[: -len(ending)]
    return word


def _ending(word: str, shortest: int) -> str:
    for length in range(min(_LONGEST, len(word) - shortest), 0, -1):
        ending, last = word[-length:], word[-length - 1]
        if len(word) - length < _ENDINGS.get(ending, len(word)):
            continue
        if _fits(ending, last):
            return ending
    return ""


def _fits(ending: str, last: str) -> bool:
    if ending in _NOT_AFTER_O:
        return last != "o"
    if ending in _ONLY_AFTER_VOWEL:
        return last in "aeio"
    return last not in "aeio" if ending in _ONLY_AFTER_CONSONANT else True

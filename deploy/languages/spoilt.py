"""Words as people type them in a chat: Russian in Latin letters, Uzbek without its own letters."""

import random
from collections.abc import Iterator

_PLAIN = dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True))
# Ways to write the letters that Latin has no one letter for; the usual way stands more than once.
_WAYS = {
    "ё": ("e", "e", "yo", "jo"), "ж": ("zh", "zh", "j"), "й": ("y", "y", "i", "j"), "х": ("h", "h", "x", "kh"),
    "ц": ("ts", "c"), "ч": ("ch", "ch", "4"), "ш": ("sh", "sh", "w"), "щ": ("sh", "sch", "shch"), "ъ": ("",),
    "ы": ("y", "i"), "ь": ("", "", "'"), "э": ("e",), "ю": ("yu", "yu", "u", "ju"), "я": ("ya", "ya", "ja", "ia"),
    "е": ("e", "e", "e", "ye"), "в": ("v", "v", "v", "w"), "к": ("k", "k", "k", "c"),
}  # fmt: skip

_UZBEK_LATIN = (
    {"o'": "o", "g'": "g"},
    {"o'": "ö", "g'": "ğ", "sh": "ş", "ch": "ç"},
    {"q": "k"},
    {"x": "h"},
    {"sh": "w"},
)
_UZBEK_CYRILLIC = ({"ў": "у", "қ": "к", "ғ": "г", "ҳ": "х"}, {"қ": "к", "ҳ": "х"}, {"ў": "у", "ғ": "г"})


def russian_in_latin(word: str, dice: random.Random) -> Iterator[str]:
    """The word in three hands; each writes a letter the same way throughout."""
    for _hand in range(3):
        ways = {letter: dice.choice(options) for letter, options in _WAYS.items()}
        spelt = "".join(ways.get(letter, _PLAIN.get(letter, letter)) for letter in word)
        if spelt.replace("'", "").isalpha():
            yield spelt


def uzbek_latin(word: str) -> Iterator[str]:
    yield word
    yield from _replaced(word, _UZBEK_LATIN)


def uzbek_cyrillic(word: str) -> Iterator[str]:
    yield word
    yield from _replaced(word, _UZBEK_CYRILLIC)


def _replaced(word: str, manners: tuple[dict[str, str], ...]) -> Iterator[str]:
    for manner in manners:
        spelt = word
        for letter, instead in manner.items():
            spelt = spelt.replace(letter, instead)
        if spelt != word:
            yield spelt

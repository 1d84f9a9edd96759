"""One skeleton for what is the same word to a client: the key that search and recognition compare.

Latin and Cyrillic, old and new Uzbek letters, every apostrophe, ў/у қ/к ғ/г ҳ/х and Russian typed in Latin meet:
`oʻzbek = oʼzbek = özbek = ўзбек = узбек`, `obyekt = объект`, `karta zablokirovana = карта заблокирована`.
The skeleton is lower-case ASCII words with single spaces. One letter stands for one sound: w for sh/ш, c for ch/ч,
x for h/ҳ/х/kh, o for every o and u. Other scripts and emoji have no skeleton.
"""

import re
import unicodedata

# Cyrillic and the letters NFKD would not reduce, in a rough Latin that _SOUNDS then reads.
_LATIN = str.maketrans({
    **dict(zip("абвгдезийклмнопрстуфхцыэ", "abvgdeziyklmnoprstufxsie", strict=True)),
    **dict(zip("ўқғҳәіїңөүұһґєҷӣӯ", "okgxaiinooohgejio", strict=True)),
    "ё": "yo", "ю": "yu", "я": "ya", "ж": "j", "ч": "ch", "ш": "sh", "щ": "sh", "ь": "", "ъ": "",
    "ö": "o", "ğ": "g", "ş": "sh", "ç": "ch", "ı": "i", "ß": "ss", "ø": "o", "æ": "e",
})  # fmt: skip

_APOSTROPHES = re.compile("['`´ʹʻʼʽˈ‘’‛′＇]")

# Russian writes ё as е, Uzbek never does. After a consonant, and in these Russian words, ё is the Russian one.
_RUSSIAN_YO = re.compile(
    r"(?<=[бвгджзклмнпрстфхцчшщъь])ё|(?<=при)ё(?=м)|(?<=за)ё(?=м)|(?<=на)ё(?=м)"
    r"|(?<=а)ё(?=тс?я?\b|шь|м\b|те\b)|(?<=\bе)ё\b|(?<=\bмо)ё\b|(?<=во)ё\b"
)

_VOWEL = "aeiou"
_SOUNDS = re.compile(
    rf"""
      (?P<w> shch | sch | sh | w | (?<=[a-z])6(?!\d) | (?<!\d)6(?=[a-z]) )
    | (?P<c> ch | (?<=[a-z])4(?!\d) | (?<!\d)4(?=[a-z]) )
    | (?P<j> dzh | dj | zh | j )
    | (?P<e> (?<=[bcdfghjklmnpqrstvwxz])yo(?!\') )
    | (?P<x> kh | h )
    | (?P<g> gh )
    | (?P<k> q | ck | c(?![eiy]) )
    | (?P<s> ts | c )
    | (?P<none> y(?=[{_VOWEL}]) | \' )
    | (?P<i> y )
    | (?P<o> u )
    """,
    re.VERBOSE,
)
_DOUBLED = re.compile(r"([a-z])\1+")
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """The search skeleton of a text."""
    text = unicodedata.normalize("NFC", text).lower()
    text = _RUSSIAN_YO.sub("е", _APOSTROPHES.sub("'", text))
    # сч sounds and is typed as щ: счет, schet, щет
    text = text.replace("сч", "щ").translate(_LATIN)
    if not text.isascii():
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).lower()
    text = _SOUNDS.sub(_sound, text)
    return " ".join(_WORD.findall(_DOUBLED.sub(r"\1", text)))


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return fold(text).split()


def _sound(match: re.Match[str]) -> str:
    return "" if match.lastgroup == "none" else match.lastgroup or ""

"""Uzbek in its other script, at run time: the composer's "Lotin ⇄ Кирилл" button.

Rules of the two alphabets with a small table of loans (`loans.py`). Addresses, e-mails, @names, #tags, /commands,
placeholders, codes such as MB5 and 4G, Roman numerals, brands and words with foreign letters stay as they are.
"""

import re
from collections.abc import Callable
from typing import Literal

from app.base.loans import loan_in_cyrillic, month_in_latin, with_ts

Script = Literal["latin", "cyrillic", "mixed", "none"]

_APOSTROPHE = "['`´ʹʻʼʽ‘’‛′＇]"
_LETTER = "A-Za-zÖĞŞÇöğşç"
# oʻ and gʻ may end in an apostrophe; any other apostrophe belongs to a word only inside it.
_LATIN_WORD = re.compile(rf"(?:[{_LETTER}]|(?<=[{_LETTER}]){_APOSTROPHE}(?=[{_LETTER}])|(?<=[OoGg]){_APOSTROPHE})+")
_CYRILLIC_WORD = re.compile(r"[А-яЁёЎўҚқҒғҲҳ]+")

# Every repetition is bounded or begins only where a word does: a client's 64 KB must not cost a second.
_KEPT = re.compile(
    r"""
      (?: https?:// | www\. | t\.me/ ) \S+
    | (?<! [\w.+-] ) [\w.+-]{1,64} @ [\w-]{1,63} (?: \. [\w-]{1,63} ){1,4}
    | (?<! [\w.-] ) (?: [\w-]{1,63} \. ){1,4} (?: uz | com | ru | org | net | io | me ) \b (?: / \S* )?
    | (?<!\w) [@\#/] \w+
    | \$? \{ [^{}]{0,80} \} | % \( \w+ \) [sd] | %[sd]
    | </? [a-z] [^<>]{0,200} > | & \#? \w{1,10} ;
    | \b [A-Za-zА-я]+ \d \w* | \b \d+ [A-Z]+ \b | \b [KMGT]B \b | \b Wi-?Fi \b
    | \b [IVXLC]{2,} \b
    """,
    re.VERBOSE,
)
_BRAND_NAMES = """
uzcard humo visa mastercard unionpay payme click paynet uzum apelsin alif anorbank telegram whatsapp instagram facebook
google apple android iphone sms pin cvv cvc pinfl iban swift usd uzs eur rub qr id pdf nfc atm otp url ussd
"""
_BRANDS = frozenset(_BRAND_NAMES.split())

_TO_CYRILLIC = {
    "oʻ": "ў", "gʻ": "ғ", "sh": "ш", "ch": "ч", "yoʻ": "йў", "yo": "ё", "yu": "ю", "ya": "я", "ye": "е",
    "ʼ": "ъ", "sʼh": "сҳ", **dict(zip("abdefghijklmnopqrstuvxyz", "абдефгҳижклмнопқрстувхйз", strict=True)),
}  # fmt: skip
_TO_LATIN = {
    "ў": "oʻ", "ғ": "gʻ", "ш": "sh", "щ": "sh", "ч": "ch", "ё": "yo", "ю": "yu", "я": "ya", "ц": "ts", "э": "e",
    "ы": "i", "ъ": "ʼ", "ь": "", "сҳ": "sʼh",
    **dict(zip("абвгдежзийклмнопрстуфхқҳ", "abvgdejziyklmnoprstufxqh", strict=True)),
}  # fmt: skip
_NEW_LETTERS = {"ö": "oʻ", "ğ": "gʻ", "ş": "sh", "ç": "ch", "Ö": "Oʻ", "Ğ": "Gʻ", "Ş": "Sh", "Ç": "Ch"}

_LATIN_UNITS = re.compile("sʼh|yoʻ|oʻ|gʻ|sh|ch|y[oaue]|.", re.IGNORECASE)
_CYRILLIC_UNITS = re.compile("сҳ|.", re.IGNORECASE)
_FOREIGN = re.compile("w|c(?!h)", re.IGNORECASE)


def detect_script(text: str) -> Script:
    """The script of a text's words; "mixed" when a quarter of the letters or more are in the other one."""
    text = _KEPT.sub(" ", text)
    latin = len(re.findall("[A-Za-zÀ-ɏ]", text))
    cyrillic = len(re.findall("[\u0400-\u052f]", text))
    if not latin and not cyrillic:
        return "none"
    if min(latin, cyrillic) * 4 >= latin + cyrillic:
        return "mixed"
    return "latin" if latin > cyrillic else "cyrillic"


def to_cyrillic(text: str) -> str:
    """An Uzbek text in Latin, old or new letters, in Cyrillic."""
    return _outside_kept(text, _LATIN_WORD, _word_to_cyrillic)


def to_latin(text: str) -> str:
    """An Uzbek text in Cyrillic in the Latin letters in force (oʻ, gʻ, sh, ch)."""
    return _outside_kept(text, _CYRILLIC_WORD, _word_to_latin)


def as_written_in(language: str, name: str) -> str:
    """A name as an Uzbek text in this script writes it; in other languages as it stands."""
    written = {"uz_Latn": to_latin, "uz_Cyrl": to_cyrillic}.get(language)
    return written(name) if written else name


def _outside_kept(text: str, word: re.Pattern[str], convert: Callable[[re.Match[str]], str]) -> str:
    parts, end = [], 0
    for kept in _KEPT.finditer(text):
        parts += [word.sub(convert, text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*parts, word.sub(convert, text[end:])])


def _word_to_cyrillic(match: re.Match[str]) -> str:
    word = match[0]
    if _FOREIGN.search(word) or word[0].isupper() and word.lower() in _BRANDS:
        return word
    for new, old in _NEW_LETTERS.items():
        word = word.replace(new, old)
    word = re.sub(f"(?<=[OoGg]){_APOSTROPHE}", "ʻ", word)
    word = re.sub(f"(?<![OoGg]){_APOSTROPHE}", "ʼ", word)
    loan, covered = loan_in_cyrillic(word)
    return _cased(word[:covered], loan) + _spell_cyrillic(with_ts(word[covered:]), after=loan)


def _spell_cyrillic(word: str, after: str) -> str:
    letters: list[str] = []
    for unit in _LATIN_UNITS.findall(word):
        before = letters[-1][-1].lower() if letters else after[-1:]
        spelled = _TO_CYRILLIC.get(unit.lower(), unit)
        # е at the beginning and after a vowel is written э; "ye" stands for е there.
        if unit in "eE" and (not before or before in "аоуиэўеёюя"):
            spelled = "э"
        letters.append(_cased(unit, spelled))
    return "".join(letters)


def _word_to_latin(match: re.Match[str]) -> str:
    word = match[0]
    month, covered = month_in_latin(word)
    return _cased(word[:covered], month) + _spell_latin(word[covered:], before=month, shouted=word.isupper())


def _spell_latin(word: str, before: str, shouted: bool) -> str:
    letters = []
    shouted = shouted and len(word) > 1
    units = _CYRILLIC_UNITS.findall(word)
    for place, unit in enumerate(units):
        after = units[place + 1][0].lower() if place + 1 < len(units) else ""
        spelled = _in_latin(unit.lower(), before, after)
        letters.append(spelled.upper() if shouted else spelled.capitalize() if unit[0].isupper() else spelled)
        before = unit[-1].lower()
    return "".join(letters)


def _in_latin(unit: str, before: str, after: str) -> str:
    if unit == "е" and (not before or before in "аоуиэўеёюяыъь"):
        return "ye"
    if unit == "ц" and (not before or before not in "аоуиэўеёюяы"):
        return "s"
    if unit == "ъ" and after in tuple("еёюя"):
        return ""
    return _TO_LATIN.get(unit, unit)


def _cased(pattern: str, text: str) -> str:
    """The text in the case of a word: all capitals, a first capital, or none."""
    if pattern.isupper() and sum(map(str.isalpha, pattern)) > 1:
        return text.upper()
    return text[:1].upper() + text[1:] if pattern[:1].isupper() else text

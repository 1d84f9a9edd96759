"""Does an answer ask the client for what nobody may ask: a CVV, a PIN, a code from an SMS, a password?

Read by sentences: what names a secret and asks for it; a warning never to tell it is welcome. Folded, so that all
alphabets are one (see fold).
"""

import re

from app.base.fold import fold

_SENTENCE = re.compile(r"[.!?…\n]+")
_SECRET = re.compile(
    r"\b(kv|kvv|kvk|kvk2|kv2|svv|pin( ?kod\w*)?|otp|parol\w*|pas?word\w*|maxfi (kod|soz)\w*|kod\w* (iz |v )?sms\w*"
    r"|sms ?(kod|parol)\w*|kod\w* (podtver|dostup|bezopas)\w*|tasdiklaw (kod|parol)\w*|bir martalik (kod|parol)\w*"
    r"|odnorazov\w* (kod|parol)\w*|(verifikation|sekoriti|one time|konfirmation) kode)\b"
)
_ASKING = re.compile(
    r"\b(priwlite|sobwite|napiwite|nazovite|skajite|otpravte|okajite|prodiktoite|daite|vedite"
    r"|iobor\w*|obor(ing|sangiz)\w*|ait(ing|sangiz)\w*|i?oz(ing|sangiz|ib)\w*|kirit(ing|sangiz)\w*"
    r"|ber(ing|sangiz)\w*|jonating\w*|send|tel|give|write|provide|enter|ware)\b"
)
_NEVER = re.compile(r"\b(ne|nikomo|nikogda|xec|never|not|dont|\w+mang(iz)?|sami)\b")


def asks_for_secret(text: str) -> bool:
    """True when a sentence asks for a code that only its owner may know."""
    return any(_asks(fold(sentence)) for sentence in _SENTENCE.split(text))


def _asks(sentence: str) -> bool:
    return bool(_SECRET.search(sentence) and _ASKING.search(sentence) and not _NEVER.search(sentence))

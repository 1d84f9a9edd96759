"""What people put into passwords, and what guessers try first: in Russian, Uzbek and English, in any spelling.

Compared by the search skeleton (`fold`), so `Пароль`, `parol` and `PAROL` are one word; `p@r0l` is read as it looks.
"""

from collections.abc import Iterable
from functools import cache

from app.base.fold import fold

_SHORTEST = 4
_LOOKS = str.maketrans("@401!35$7", "aaoiiesst")

# The first line is typed on the keys of another layout: пароль, привет, любовь, наталья, админ.
_WORDS = """
gfhjkm ghbdtn k.,jdm yfnfkmz flvby йцукен фывапр ячсмит йфяцыч
qwerty qwert asdf zxcv qazwsx 1qaz 2wsx 1q2w q1w2 wasd azerty qwaszx
12345 23456 34567 45678 56789 67890 54321 09876 98765 87654 11111 22222 33333 44444 55555 66666 77777 88888 99999
00000 121212 123123 112233 123321 131313 696969 159753 147258 abcd abc123
password passwd passw pass1 secret letmein welcome login admin access master hello dragon monkey football baseball
sunshine princess iloveyou shadow superman batman michael jordan trustno changeme default guest temp1 test1 user1
computer internet google telegram windows server samsung iphone android money dollar angel freedom whatever
пароль секрет админ привет здравствуй любовь солнце солнышко зайка котенок малышка красавица наташа сергей андрей
александр дмитрий марина россия москва спартак машина деньги компьютер работа оператор начальник директор
parol maxfiy salom assalom sevgi sevgilim yulduz oyijon dadajon onajon bolajon jonim hayot omad baxt
ozbekiston uzbekistan toshkent tashkent samarqand buxoro xorazm andijon fargona namangan navoiy navruz navroz
mustaqillik vatan paxtakor dilnoza gulnora jasur sardor aziza nodira malika
bank банк kredit кредит karta карта hisob клиент mijoz operator muloqot support contact center markaz
humo uzcard visa master valyuta ipoteka omonat depozit vklad вклад payme click
"""


def weak_part(password: str, own: Iterable[str] = ()) -> str | None:
    """The common word, or the word of one's own (login, name, bank), that the password holds; None when none."""
    skeletons = [_skeleton(password), _skeleton(password.translate(_LOOKS))]
    known = [*((word, _skeleton(word)) for word in own), *_common()]
    found = [word for word, bare in known if len(bare) >= _SHORTEST and any(bare in one for one in skeletons)]
    # Rather the spelling that was used than another of the same word.
    return next((word for word in found if word.lower() in password.lower()), found[0] if found else None)


@cache
def _common() -> list[tuple[str, str]]:
    return [(word, _skeleton(word)) for word in _WORDS.split()]


def _skeleton(text: str) -> str:
    return fold(text).replace(" ", "")

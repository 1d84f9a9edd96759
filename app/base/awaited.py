"""Is a message that is nothing but a number the code that was asked for, or announced, just before?

A CVV, a PIN or a one-time code is known by the word beside it (see masks). People also write the word in one message
and the digits in the next; then what was said before tells what the digits are. Read from the nearest message back:
one that names a code makes them a code, one that asks for another number (an amount, a year, the last digits of a
phone or card) makes them that, one that does neither is passed over. A code that has come already leaves dots: after
it only a number of the same length is taken for another try. Folded, so that all alphabets are one (see fold).
"""

import re
from collections.abc import Iterable

from app.base.fold import fold

CODE, CVV, OTHER = range(4, 9), range(3, 9), range(0)

_LEADING = r"(?:(?:это|вот|мой|код|такой|пришел|пришёл|bu|mana|kod|keldi|бу|мана|келди|it|is|here)[\s:—–-]+){0,3}"
_NUMBER = r"(\d{3,8}|\d{3}[ -]\d{3}|\d{4}[ -]\d{4}|\d{2}[ -]\d{2}[ -]\d{2})"
_ALONE = re.compile(rf"[\s\"'«(:—–]*{_LEADING}[\"'«(]?{_NUMBER}[\s.!)\"'»]*", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…\n]*")
_GIVEN = re.compile(r"•(?:[ -]?•){2,}")
# So few words are a question or an announcement by themselves: "сумма перевода", "год рождения".
_FEW = 4


def _any(words: str) -> str:
    """A pattern of folded beginnings of words; those that end in $ are whole."""
    return "|".join(fold(word) + ("" if word.endswith("$") else r"\w*") for word in words.split())


# Codes that are no secret: of a city, a branch, an error, a bank.
_OPEN = re.compile(rf"""
    \b kod\w*[ ](?:{_any("города страны региона филиала отделения банка ошибки товара услуги продукта валюты МФО")})
  | \b (?:{_any("почтовый промо штрих МФО SWIFT QR bar$")})[ ]?kod\w*
  | \b (?:{_any("shahar davlat hudud filial bank xato mahsulot xizmat pochta valyuta")})[ ]kod\w*
  | \b (?:{_any("error country area city zip postal post branch promo sort")})[ ]?kode\w*
""", re.VERBOSE)  # fmt: skip
_CVV = re.compile(rf"\b(?:{_any('cvv$ cvv2$ cvc$ cvc2$ cvn$ цвв$')})\b")
_SECRET = re.compile(rf"""
    \b (?: kod(?:i|im|ni|ing|ini|imni|ingiz|ingizni|a|o|om|e|es)? | parol\w{{0,6}} | pas?word\w* | otp
      | pin(?:kode?)? )\b
  | \b (?:{_any("цифр номер digits number")})[ ](?:\w+[ ])?(?:iz|v|from|in)[ ](?:\w+[ ])?sms
  | \b sms\w*dagi[ ](?:{_any("raqam son")})
""", re.VERBOSE)  # fmt: skip
_SMS = re.compile(r"\bsms")
_QUANTITY = re.compile(rf"""\b(?:{_any('''
    сумм сколько год$ года$ году$ дата$ дату$ даты$ номер последние последних цифр возраст срок$
    summa qancha necha nechta yil$ yili$ yilni$ yilingiz sana$ sanasi sanani raqam oxirgi yosh$ yoshi$ yoshingiz muddat
    amount how year date$ number digits last age$
''')})\b""")  # fmt: skip
_THING = re.compile(rf"""\b(?:{_any('''
    карт телефон договор заказ заявк паспорт пинфл индекс счет квартир адрес курс банкомат лимит остат баланс зарплат
    karta shartnoma buyurtma ariza hisob xonadon manzil kurs bankomat qoldiq maosh
    phone card contract order application passport account address rate$ balance salary
''')})\b""")  # fmt: skip
_ASKING = re.compile(rf"""\b(?:{_any('''
    пришлите сообщите напишите назовите скажите отправьте укажите продиктуйте введите уточните подскажите как
    yuboring ayting yozing kiriting bering qaysi jo'nating ko'rsating
    send tell give write provide enter what which
''')})\b""")  # fmt: skip
# A warning never to tell a code does not wait for one.
_WARNING = re.compile(rf"""
    \b (?: nikom\w* | nikogda | xec | never | dont | do[ ]not | not[ ](?:tel|ware|send)\w* | ne[ ]kod
      | \w+mang(?:iz)? )\b
  | \b ne[ ](?:{_any("сообщайте говорите называйте передавайте отправляйте вводите пишите давайте нужен нужно")})
""", re.VERBOSE)  # fmt: skip


def lone_number(text: str) -> str:
    """The digits of a message that says nothing else, three to eight of them; "" for any other."""
    match = _ALONE.fullmatch(text)
    return re.sub(r"\D", "", match[1]) if match else ""


def is_code(number: str, before: Iterable[str]) -> bool:
    """Whether a lone number is a code, going by what was said before it, the nearest first."""
    given: set[int] = set()
    for said in before:
        given |= {run.count("•") for run in _GIVEN.findall(said)}
        lengths = awaits(said)
        if lengths is None:
            continue
        if not given or lengths == OTHER or _secrets(said) > 1:
            return len(number) in lengths
        if len(number) in given and not number.endswith("000"):  # sums are said in thousands
            return True
        given = set()  # this question was answered; perhaps an earlier one was not
    return False


def awaits(text: str) -> range | None:
    """How many digits are a secret after this: CVV, CODE; OTHER when it asks for another number; None for neither."""
    for sentence in reversed(_SENTENCE.findall(text)):
        if (found := _of(sentence)) is not None:
            return found
    return None


def _secrets(text: str) -> int:
    """How many codes it names: of several, one that has come leaves others to come."""
    secret = _OPEN.sub(" ", fold(text))
    return len(_CVV.findall(secret)) + len(_SECRET.findall(secret))


def _of(sentence: str) -> range | None:
    folded = fold(sentence)
    secret, warns = _OPEN.sub(" ", folded), _WARNING.search(folded)
    if not warns and _CVV.search(secret):
        return CVV
    if not warns and _SECRET.search(secret):
        return CODE
    asks = "?" in sentence or _ASKING.search(folded)
    if (_QUANTITY.search(folded) and (asks or len(folded.split()) <= _FEW)) or (_THING.search(folded) and asks):
        return OTHER
    if _OPEN.search(folded):
        return OTHER
    return CODE if _SMS.search(folded) and not warns else None

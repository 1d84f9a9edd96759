"""Loans whose Cyrillic has letters that Uzbek Latin does not write: ц, ь, ъ, and я or ю after a consonant."""

import re

# Beginnings of words; what follows is an ending and goes by the rules of the alphabet.
_BEGINNINGS = """
sentabr сентябрь  oktabr октябрь  noyabr ноябрь  dekabr декабрь  yanvar январь  fevral февраль  aprel апрель  iyun июнь
iyul июль  parol пароль  kabel кабель  model модель  modul модуль  profil профиль  rol роль  kontrol контроль
panel панель  detal деталь  avtomobil автомобиль  portfel портфель  tabel табель  medal медаль  mebel мебель
rubl рубль  nol ноль  veksel вексель  filtr фильтр
kalkulyator калькулятор  kalkulator калькулятор  albom альбом  film фильм  asfalt асфальт  palto пальто
konsult консульт  rezultat результат  fakultet факультет  kultur культур  ultra ультра  multi мульти
kompyuter компьютер  intervyu интервью  premyera премьера  karyera карьера  baryer барьер  atelye ателье  dosye досье
obyekt объект  subyekt субъект  syezd съезд  inyeksiya инъекция  adyutant адъютант
protsent процент  konsert концерт  sentr центр  sirk цирк  sement цемент  sitat цитат  sikl цикл  sifr цифр
senzura цензура  aksiz акциз  dotsent доцент  retsept рецепт  fransuz француз  mototsikl мотоцикл  abzats абзац
litsenz лиценз  konsepsiya концепция  konsessiya концессия  konsern концерн  ofitser офицер  spetsial специал
pensi пенси  rezidensi резиденци
"""
_LOANS = dict(zip(_BEGINNINGS.split()[::2], _BEGINNINGS.split()[1::2], strict=True))
_LOAN = re.compile("|".join(sorted(_LOANS, key=len, reverse=True)), re.IGNORECASE)

# aksiya, opsiya, stansiya, operatsiya, investitsion
_TS = re.compile(r"(?<=[kpn])s(?=iya|ion)|(?<=[aeiou])ts(?=iya|io)", re.IGNORECASE)

# The two whose Latin cannot be told from their Cyrillic by the rules.
_LATIN_MONTHS = {"сентябр": "sentabr", "октябр": "oktabr"}


def loan_in_cyrillic(word: str) -> tuple[str, int]:
    """The Cyrillic of the loan a Latin word begins with, in lower case, and how many of its letters that covers."""
    found = _LOAN.match(word)
    if not found:
        return "", 0
    cyrillic = _LOANS[found[0].lower()]
    # A final ь stands only at the end of the word: сентябрь, but сентябрда.
    return (cyrillic if found.end() == len(word) else cyrillic.rstrip("ь")), found.end()


def with_ts(word: str) -> str:
    """The Latin word with ц already in its place."""
    return _TS.sub(lambda match: "Ц" if match[0].isupper() else "ц", word)


def month_in_latin(word: str) -> tuple[str, int]:
    """The Latin of сентябрь or октябрь at a Cyrillic word's beginning, and how many letters that covers."""
    for cyrillic, latin in _LATIN_MONTHS.items():
        if word.lower().startswith(cyrillic):
            return latin, len(cyrillic)
    return "", 0

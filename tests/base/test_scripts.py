import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.scripts import detect_script, to_cyrillic, to_latin

PAIRS = """
oʻzbek ўзбек  Oʻzbekiston Ўзбекистон  OʻZBEK ЎЗБЕК  qoʻngʻiroq қўнғироқ  gʻazna ғазна  bogʻ боғ  yoʻq йўқ  yoʻl йўл
ekran экран  elektron электрон  Yelena Елена  yer ер  poyezd поезд  aeroport аэропорт  duet дуэт  kecha кеча
sanʼat санъат  maʼno маъно  isʼhoq исҳоқ  shahar шаҳар  SHAHAR ШАҲАР  chek чек  CHEK ЧЕК  Shahar Шаҳар
yaxshi яхши  Yangi Янги  YANGI ЯНГИ  yil йил  yordam ёрдам  yulduz юлдуз  dunyo дунё  ketsa кетса  aytsin айтсин
sentabr сентябрь  oktabr октябрь  noyabr ноябрь  dekabr декабрь  yanvar январь  Sentabrda Сентябрда  aprel апрель
aksiya акция  litsenziya лицензия  obyekt объект  Obyektlar Объектлар  subyekt субъект  kompyuter компьютер
operatsiya операция  tranzaksiya транзакция  stansiya станция  pensiya пенсия  komissiya комиссия  konversiya конверсия
investitsion инвестицион  protsent процент  kredit кредит  byudjet бюджет  parol пароль  parolni паролни  soʻm сўм
murojaat мурожаат  navbat навбат  mavzu мавзу
tanaffus танаффус  yakunlash якунлаш  baho баҳо  verifikatsiya верификация
qora қора  roʻyxat рўйхат  AKSIYA АКЦИЯ  Litsenziya Лицензия
"""


@pytest.mark.clause("9.1")
@pytest.mark.parametrize(("latin", "cyrillic"), list(zip(PAIRS.split()[::2], PAIRS.split()[1::2], strict=True)))
def test_a_word_is_written_by_the_rules_of_either_alphabet(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic
    assert to_latin(cyrillic) == latin


@pytest.mark.parametrize("apostrophe", list("'`´ʻʼ‘’′"))
def test_every_apostrophe_makes_the_same_letter(apostrophe: str) -> None:
    assert to_cyrillic("Oʻzbek gʻalabasi, maʼno, isʼhoq".translate({0x2BB: apostrophe, 0x2BC: apostrophe})) == (
        "Ўзбек ғалабаси, маъно, исҳоқ"
    )


def test_the_new_latin_letters_are_read() -> None:
    assert to_cyrillic("Özbek şahri, ğalaba, çek, ÇEK") == "Ўзбек шаҳри, ғалаба, чек, ЧЕК"


def test_quotes_around_a_word_stay_quotes() -> None:
    assert to_cyrillic("'salom' dedi") == "'салом' деди"


KEPT = [
    "https://bank.uz/kredit?x=salom", "www.bank.uz", "bank.uz", "t.me/bank", "info@bank.uz", "@dilshod_99", "#aksiya",
    "/start", "{client.name}", "${x}", "%(name)s", "%s", "<b>", "</b>", "&nbsp;", "8600 1234 5678 9012",
    "+998 90 123-45-67", "MB5", "AB1234567", "4G", "10GB", "XXI", "Telegram", "Humo", "UZCARD", "SMS", "PIN",
    "Cashback", "Wi-Fi", "WhatsApp", "👍🏽",
]  # fmt: skip


@pytest.mark.parametrize("kept", KEPT)
def test_what_is_no_word_stays_as_it_is(kept: str) -> None:
    assert to_cyrillic(f"Marhamat, {kept} shu yerda") == f"Марҳамат, {kept} шу ерда"


@pytest.mark.parametrize("kept", ["https://bank.uz/кредит", "{исм}", "@дилшод", "%(исм)s"])
def test_nor_does_it_change_on_the_way_to_latin(kept: str) -> None:
    assert to_latin(f"Марҳамат, {kept} шу ерда") == f"Marhamat, {kept} shu yerda"


def test_a_number_with_an_ending_changes_its_ending() -> None:
    assert to_cyrillic("5ta karta, 1-son") == "5та карта, 1-сон"


syllables = st.sampled_from("ba bo mi ku la shi cha yo ya oʻl gʻo qa xu ham tor nur zi".split())
sentences = st.lists(st.lists(syllables, min_size=2, max_size=4).map("".join), min_size=1).map(" ".join)


@given(sentences)
def test_there_and_back_is_the_same_text(sentence: str) -> None:
    assert to_latin(to_cyrillic(sentence)) == sentence
    assert to_latin(to_cyrillic(sentence.upper())) == sentence.upper()


@given(st.text())
def test_any_text_survives_both_ways(text: str) -> None:
    to_latin(to_cyrillic(text))
    assert len(to_cyrillic(text)) <= 2 * len(text)


@pytest.mark.parametrize("unit", ["a-", "a.", "a@a.", "{", "<a", "a", "a'", "o'", "@", "&a", "1a", "www.", "/", "%("])
def test_a_hostile_text_costs_no_more_than_its_length_deserves(unit: str) -> None:
    """Careless expressions needed ten to thirty seconds for these, careful ones a tenth of a second."""
    started = time.process_time()
    to_cyrillic(unit * 16_000)
    detect_script(unit * 16_000)
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Kartam bloklandi", "latin"),
        ("Özbek şahri", "latin"),
        ("Картам блокланди", "cyrillic"),
        ("Менга SMS келмади", "cyrillic"),
        ("Kartam блокланди", "mixed"),
        ("8600 1234, 👍", "none"),
        ("https://bank.uz @aziza", "none"),
        ("Салом, https://bank.uz/kredit/onlayn", "cyrillic"),
    ],
)
def test_the_script_of_a_text(text: str, script: str) -> None:
    assert detect_script(text) == script

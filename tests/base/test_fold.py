import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.fold import fold, words
from app.base.stems import stem
from app.base.tokens import matches, query_tokens, search_tokens

SAME_WORD = """
oʻzbek o'zbek o`zbek o‘zbek oʼzbek özbek ўзбек узбек Uzbek
shahar şahar шаҳар шахар shaxar ШАҲАР
qarz қарз карз karz
koʻchirma кўчирма kuchirma кучирма
gʻisht ғишт gisht ğisht
bogʻ боғ bog boğ
chek чек çek
sentabr сентябрь sentyabr
oktabr октябрь
obyekt объект obʼyekt ob'ekt
aksiya акция akciya aktsiya aksia
litsenziya лицензия licenziya
yoʻq йўқ yoq йук
yordam ёрдам
dunyo дунё
isʼhoq исҳоқ
qoʻngʻiroq қўнғироқ qongiroq кунгирок
summa сумма suma
жалоба zhaloba jaloba
хорошо horosho xorosho khorosho xorowo xoro6o
что chto 4to
счёт счет schet schyot
приём прием priem
моё мое moe
ещё еще eshe eshyo
новый noviy novyi novyy
подъезд podyezd pod'ezd
центр sentr tsentr centr
"""


@pytest.mark.parametrize("line", SAME_WORD.strip().splitlines(), ids=lambda line: line.split()[0])
def test_spellings_of_one_word_fold_alike(line: str) -> None:
    assert len({fold(spelling) for spelling in line.split()}) == 1


@pytest.mark.clause("9.1")
@pytest.mark.parametrize(
    "spellings",
    [
        (
            "Kartamni qanday blokdan chiqaraman?",
            "Картамни қандай блокдан чиқараман?",
            "картамни кандай блокдан чикараман",
        ),
        ("Oʻtkazma qachon yetib keladi?", "Ўтказма қачон етиб келади?", "otkazma qachon etib keladi"),
        ("Почему заблокирована моя карта?", "pochemu zablokirovana moya karta", "Po4emu zablokirovana moya karta???"),
        ("Где ближайший банкомат?", "gde blizhayshiy bankomat", "gde blijayshiy bankomat"),
    ],
)
def test_one_question_in_every_script_folds_alike(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@given(st.text())
def test_a_skeleton_is_lower_case_ascii_words(text: str) -> None:
    skeleton = fold(text)
    assert skeleton.isascii()
    assert skeleton == " ".join(words(text))
    assert all(word.isalnum() and word == word.lower() for word in words(text))


def test_numbers_stay_as_they_are() -> None:
    assert words("Заявка 104233, 15:40, 8 600") == ["zavka", "104233", "15", "40", "8", "600"]


WORD_FORMS = """
карта карты карте карту картой картам картами картах карт karta kartam kartamni kartaga kartalar kartangiz kartasi
кредит кредита кредиту кредитом кредиты кредитов kreditni kreditga kreditim kreditning kreditlar
услуга услуги услугу услугой услугам
книга книги книгу
карточка карточки карточку
заблокирована заблокировали заблокировал заблокировать заблокирован
перевод перевода переводы переводов переводом
банкомат банкоматы банкомате bankomatdan
банк банка банком bankda bankdan bankka
пароль пароля паролем parolni parolim parolimni
оплатить оплатил оплатила оплатили оплата оплату
новая новое новые новый нового новому новым новых новую
операция операции операцию операцией operatsiya operatsiyani
заявление заявления заявлению заявлением
пенсия пенсии пенсию pensiya pensiyam
списание списания списании
комиссия комиссии комиссию комиссией komissiyani
налог налога налогу налогов налоги
информация информации информацию
вклад вклада вкладу вклады вкладов
наличные наличных наличными
приложение приложения приложении приложением
raqam raqamni raqamim raqami raqamlar
hisob hisobim hisobdan hisobni hisobimda ҳисобингиз
pul pulni pulim pulimni puldan пулимни
to'lov to'lovni to'lovlar to'lovim тўловлар
bloklandi bloklangan bloklash bloklandimi
omonat omonatim omonatni omonatga
foiz foizi foizlar foizini
ilova ilovada ilovani ilovadan
"""


@pytest.mark.parametrize("line", WORD_FORMS.strip().splitlines(), ids=lambda line: line.split()[0])
def test_forms_of_one_word_have_one_stem(line: str) -> None:
    assert len({stem(fold(form)) for form in line.split()}) == 1


@pytest.mark.parametrize(
    "pair",
    ["карта карман", "банк банкомат", "кредит кредо", "налог наличные", "пароль парк", "счет сумма", "kun kuni1"],
)
def test_different_words_keep_different_stems(pair: str) -> None:
    one, other = pair.split()
    assert stem(fold(one)) != stem(fold(other))


@given(st.text("abcdeiklmnorstx0123456789", min_size=1))
def test_a_stem_is_the_beginning_of_its_word_and_its_own_stem(word: str) -> None:
    assert word.startswith(stem(word))
    assert stem(stem(word)) == stem(word)
    assert len(stem(word)) >= min(3, len(word))


def test_tokens_are_signed_32_bit_distinct_and_few() -> None:
    tokens = search_tokens("Assalomu alaykum, kartam bloklanib qoldi, iltimos yordam bering")
    assert all(-(2**31) <= token < 2**31 for token in tokens)
    assert len(tokens) == len(set(tokens)) <= 25
    assert len(search_tokens(" ".join(f"soz{number}" for number in range(500)))) == 100


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("карта", "Kartamni bloklab qo'ydim"),
        ("заблокировали карту", "mening kartam zablokirovana, karta"),
        ("ўтказма", "otkazma qilgandim"),
        ("otkazm", "Ўтказмалар тарихи"),
        ("104233", "Обращение № 104233"),
        ("1042", "Обращение № 1042"),
        ("sentabr", "10 сентября сделал перевод"),
        ("объект", "obyekt manzili"),
        ("pul", "пулимни қайтаринг"),
        ("ва", "ва"),
        ("блокировка", "вы меня блокировали"),
        ("переводч", "я переводчик"),
        ("to'lovlarimizn", "тўловларимизни қайтаринг"),
    ],
)
def test_a_query_finds_the_message_in_another_form_or_script(query: str, message: str) -> None:
    asked = query_tokens(query)
    assert asked
    assert set(asked) <= set(search_tokens(message))
    assert matches(query, message)


@pytest.mark.parametrize(("query", "message"), [("ипотека", "Kartam bloklandi"), ("карта виза", "карта humo")])
def test_a_query_does_not_find_what_lacks_a_word(query: str, message: str) -> None:
    assert not set(query_tokens(query)) <= set(search_tokens(message))
    assert not matches(query, message)


def test_matches_sorts_out_candidates_that_only_begin_alike() -> None:
    assert set(query_tokens("перераспределение")) <= set(search_tokens("перераспродажа"))
    assert not matches("перераспределение", "перераспродажа")


@pytest.mark.parametrize(("rare", "common"), [("переводчик", "перевозка"), ("кредитоспособность", "кредитная")])
def test_a_rare_word_is_not_looked_up_among_common_ones_that_begin_alike(rare: str, common: str) -> None:
    assert not set(query_tokens(rare)) & set(search_tokens(common))


@given(st.text(max_size=80))
def test_every_short_message_is_found_by_its_own_words(text: str) -> None:
    assert set(query_tokens(text)) <= set(search_tokens(text))
    assert matches(text, text)


@pytest.mark.parametrize("nothing", ["", "!!!", "👍"])
def test_a_query_without_words_asks_for_nothing(nothing: str) -> None:
    assert query_tokens(nothing) == []

"""A number by itself: is it the code that was asked for just before?"""

import pytest

from app.base.awaited import is_code, lone_number

pytestmark = pytest.mark.clause("15.5")


@pytest.mark.parametrize(
    "said", ["482913", " 482913. ", "482 913", "4829-1300", "48 29 13", "«4829»", "это 482913", "mana: 482913", "737"]
)
def test_a_message_that_is_a_number_is_known(said: str) -> None:
    assert lone_number(said).isdigit()


@pytest.mark.parametrize(
    "said",
    [
        "", "12", "482913001", "+482913", "482913 сум", "50 000 so'm", "12.05.1990", "1,500", "-5000", "№ 4829",
        "$5000", "4829 1300 4471", "дом 4829", "99%",
    ],
)  # fmt: skip
def test_what_is_more_than_a_number_is_not(said: str) -> None:
    assert lone_number(said) == ""


@pytest.mark.parametrize(
    "before",
    [
        # The client announces it.
        "код", "пришёл код:", "Код из смс", "смс пришла", "пин", "вот мой пароль", "одноразовый пароль такой",
        "kod keldi", "SMS kodi", "tasdiqlash kodi:", "PIN kod", "parolim", "код келди", "СМС коди", "тасдиқлаш коди",
        "паролим", "here is the code", "my one-time password is", "the SMS came", "OTP",
        # The operator asks for it.
        "Назовите, пожалуйста, код из СМС", "Какой код вам пришёл?", "Введите 6 цифр из SMS", "Какие цифры в смс?",
        "Код отправлен на ваш номер телефона.",
        "Введите код. Он отправлен на ваш номер, который заканчивается на 4471.",
        "Для подтверждения суммы назовите код", "Не могли бы вы назвать код?",
        "SMS kodni yuboring", "Sizga kelgan kodni ayting", "SMSdagi raqamni yozing", "Tasdiqlash kodi nechi?",
        "СМС кодни юборинг", "Сизга келган кодни айтинг", "SMS'даги рақамни ёзинг",
        "Please send me the code", "What is the verification code?", "Enter the digits from the SMS",
        "код ••••••",
    ],
)  # fmt: skip
def test_a_number_after_a_code_was_named_is_the_code(before: str) -> None:
    assert is_code("482913", [before])


@pytest.mark.parametrize(
    "before",
    [
        "", "Здравствуйте!", "Сколько вы хотите перевести?", "сумма перевода", "год рождения", "Укажите год рождения",
        "Назовите последние 4 цифры номера телефона", "Последние четыре цифры карты?", "Номер договора?",
        "Код подтверждён. Теперь назовите сумму перевода.", "Не код, а последние 4 цифры карты", "код города",
        "Код ошибки?", "Почтовый индекс", "Никому не сообщайте код из СМС", "Не называйте никому пароль.",
        "QR-код не читается",
        "Qancha o'tkazmoqchisiz?", "Tug'ilgan yilingiz?", "Telefon raqamingizning oxirgi 4 raqamini ayting",
        "Kodni hech kimga aytmang", "shahar kodi", "MFO kodi", "summa",
        "Қанча ўтказмоқчисиз?", "Туғилган йилингиз?", "Телефон рақамингизнинг охирги 4 рақамини айтинг",
        "Кодни ҳеч кимга айтманг", "филиал коди", "сумма",
        "How much?", "Your year of birth?", "The last four digits of your phone number, please. Which are they?",
        "Never share the code with anyone", "error code", "amount",
    ],
)  # fmt: skip
def test_another_number_stays(before: str) -> None:
    assert not is_code("1990", [before])


def test_the_nearest_message_that_says_what_it_waits_for_decides() -> None:
    assert is_code("482913", ["минуту", "хорошо", "Назовите код из СМС"])
    assert is_code("482913", ["карта заблокирована", "Назовите код из СМС"])
    assert not is_code("4471", ["Последние 4 цифры карты?", "Назовите код из СМС"])
    assert is_code("4471", ["SMS kodni ayting", "Qancha o'tkazmoqchisiz?"])
    assert not is_code("4471", [])


def test_a_code_that_has_come_leaves_other_numbers_alone() -> None:
    asked = "Назовите код из СМС"
    assert not is_code("50000", ["••••••", asked]), "an amount"
    assert not is_code("150000", ["хорошо", "••• •••", asked]), "an amount as long as the code"
    assert not is_code("4471", ["код •••••• пришёл"])
    assert is_code("482914", ["ошибся", "••••••", asked]), "another try"
    assert is_code("4829", ["Не подошёл. Пришлите новый код", "••••••", asked])


def test_a_code_that_has_come_is_not_taken_for_another_that_was_asked_for() -> None:
    assert is_code("482913", ["•••", "Назовите CVV и код из СМС"])
    assert is_code("482913", ["•••", "CVV?", "Назовите код из СМС"])
    assert not is_code("4471", ["Последние 4 цифры карты?", "••••••", "Назовите код из СМС"])


def test_three_digits_are_secret_only_where_a_cvv_was_named() -> None:
    assert is_code("737", ["CVV?"]) and is_code("737", ["три цифры, cvc2"]) and is_code("737", ["ЦВВ код"])
    assert not is_code("737", ["Назовите код из СМС"])

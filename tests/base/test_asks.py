"""The operator is warned before asking a client for what nobody may ask (clause 15.5)."""

import pytest

from app.base.asks import asks_for_secret

pytestmark = pytest.mark.clause("15.5")


@pytest.mark.parametrize(
    "said",
    [
        "Пришлите код из СМС",
        "Здравствуйте! Сообщите CVV вашей карты.",
        "Напишите, пожалуйста, CVC2",
        "Назовите пин-код",
        "Укажите код подтверждения",
        "Отправьте одноразовый пароль",
        "SMS kodni yuboring",
        "PIN kodingizni ayting",
        "Tasdiqlash kodini yozing",
        "СМС кодни юборинг",
        "Тасдиқлаш кодини айтинг",
        "Maxfiy kodni yozib yuboring",
        "Please send me the SMS code",
        "Tell me your PIN",
        "Please provide the security code",
    ],
)
def test_asking_for_a_secret_is_noticed(said: str) -> None:
    assert asks_for_secret(said)


@pytest.mark.parametrize(
    "said",
    [
        "Никому не сообщайте код из СМС",
        "SMS kodni hech kimga aytmang",
        "Parolingizni hech kimga bermang",
        "Never share your PIN",
        "Напишите номер заказа",
        "Сообщите, пожалуйста, последние четыре цифры карты",
        "Введите код в приложении сами",
        "Код придёт в СМС",
        "Skidka kodi: YOZ2026",
    ],
)
def test_a_warning_and_a_plain_question_are_not(said: str) -> None:
    assert not asks_for_secret(said)

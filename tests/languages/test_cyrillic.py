"""The draft of Uzbek Cyrillic from Uzbek Latin (clause 8.3)."""

import pytest

from translations.cyrillic import to_cyrillic

pytestmark = pytest.mark.clause("8.3")


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("sentabr", "сентябрь"),
        ("oktabr", "октябрь"),
        ("aksiya", "акция"),
        ("litsenziya", "лицензия"),
        ("obyekt", "объект"),
        ("verifikatsiya", "верификация"),
        ("tranzaksiya", "транзакция"),
        ("muvaffaqiyatsiz, harakatsizlik", "муваффақиятсиз, ҳаракатсизлик"),
        ("murojaat", "мурожаат"),
        ("qora roʻyxat", "қора рўйхат"),
        ("qoʻngʻiroq", "қўнғироқ"),
        ("maʼlumot, eʼlon", "маълумот, эълон"),
        ("yoʻq, ekran", "йўқ, экран"),
        ("U keldi", "У келди"),
        ("Endi, altida", "Энди, алтида"),
    ],
)
def test_words_are_spelt_as_the_orthography_has_them(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("rol, roli, rollar, rolik", "роль, роли, роллар, ролик"),
        ("parolingizni kiriting", "паролингизни киритинг"),
        ("1-apreldan", "1 апрелдан"),
        ("pulsiz", "пулсиз"),
    ],
)
def test_a_soft_sign_falls_off_before_an_ending(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"), [("CHEK", "ЧЕК"), ("SHAHAR", "ШАҲАР"), ("Chek", "Чек"), ("YOʻQ", "ЙЎҚ"), ("ROLI", "РОЛИ")]
)
def test_capitals_stay_capitals(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


def test_dates_lose_their_dash() -> None:
    assert to_cyrillic("2026-yil 22-noyabr, 3-qism") == "2026 йил 22 ноябрь, 3-қисм"


@pytest.mark.parametrize(
    "kept",
    [
        "%(name)s",
        "%(num)d",
        "100%%",
        "{client.name}",
        "${sum}",
        '<a href="/yordam">',
        "&nbsp;",
        "https://bank.uz/yangi?til=uz",
        "yordam@bank.uz",
        "bin/muloqot",
        "k.rahimova",
        "#0b6b57",
        "MULOQOT_URL",
        "XXI",
        "II",
        "Telegram",
        "Muloqot",
        "SMS",
        "Ctrl+Enter",
    ],
)
def test_what_is_no_uzbek_word_is_left_alone(kept: str) -> None:
    assert to_cyrillic(f"yangi {kept} chat") == f"янги {kept} чат"


def test_endings_of_brands_are_cyrillic() -> None:
    assert to_cyrillic("Telegramga, SMSlar, PIN-kod") == "Telegramга, SMSлар, PIN-код"


def test_spaces_and_line_breaks_stay() -> None:
    assert to_cyrillic("  ochiq\n\nyopiq — «kirish»  ") == "  очиқ\n\nёпиқ — «кириш»  "

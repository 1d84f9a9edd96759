"""Passwords that are guessed first (clauses 12.8–12.12; ASVS 6.2.4, 6.2.11)."""

import pytest

from app.base.weak_words import weak_part

pytestmark = pytest.mark.clause("12.8")
OWN = ("k", "rahimova", "Камола", "Рахимова")


@pytest.mark.parametrize(
    "password",
    [
        "Parol-2026-zoʻr", "P@r0l-2026-zz", "Пароль!1234zz", "ПАРОЛЬ-каролин7", "Gfhjkm-2026-ok", "QWERTY-zx-19-zz",
        "Йцукен-2026-да", "Toshkent-2026!", "Тошкент-2026!", "Ташкент-2026!", "Oʻzbekiston-26!", "Ўзбекистон-26!",
        "Muloqot-2026!!", "Hello-World-77", "Zz-123456-abTy", "K.Rahimova-77!", "камола-2026-ZZ", "Kamola-2026-ZZ",
        "S3cret-Garden-7",
    ],
)  # fmt: skip
def test_a_common_or_personal_word_is_found_in_any_spelling(password: str) -> None:
    assert weak_part(password, OWN)


@pytest.mark.parametrize(
    "password",
    ["Bahor-2026-kuni", "Zarafshon*7tun", "Vodiy-tongi-84", "Yashil-choy-88!", "xK7#fTq2!mVp9w", "Зелёный-чай-88"],
)
def test_a_good_password_passes(password: str) -> None:
    assert weak_part(password, OWN) is None

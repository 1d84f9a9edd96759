"""Which language a browser gets, and how times, numbers and names look in it (clause 8.3)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.base import locale

NOW = datetime(2026, 11, 22, 5, 31, tzinfo=UTC)  # 10:31 in Tashkent, a Sunday

pytestmark = pytest.mark.clause("8.3")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "ru"),
        ("", "ru"),
        ("*", "ru"),
        ("uz", "uz_Latn"),
        ("uz-UZ,uz;q=0.9,en;q=0.8", "uz_Latn"),
        ("oz", "uz_Latn"),
        ("uz-Cyrl-UZ", "uz_Cyrl"),
        ("uz_Cyrl", "uz_Cyrl"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("kk-KZ,uz;q=0.8,ru;q=0.9", "ru"),
        ("en;q=0,uz", "uz_Latn"),
        ("de,fr", "ru"),
        (";;q=x,,\x00", "ru"),
    ],
)
def test_a_browser_gets_the_language_it_asks_for(header: str | None, code: str) -> None:
    assert locale.negotiate(header) == code


def test_every_language_has_a_tag_for_the_page() -> None:
    assert [locale.html_lang(code) for code in locale.LOCALES] == ["ru", "uz-Latn", "uz-Cyrl", "en"]


def test_times_are_shown_in_tashkent() -> None:
    assert locale.clock(NOW, "ru") == "10:31"
    assert locale.moment(NOW, "uz_Cyrl") == "22.11.2026 10:31"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        locale.clock(NOW.replace(tzinfo=None), "ru")


@pytest.mark.parametrize(
    ("back", "code", "text"),
    [
        (timedelta(), "ru", "Сегодня, 22 ноября"),
        (timedelta(), "uz_Latn", "Bugun, 22-noyabr"),
        (timedelta(), "uz_Cyrl", "Бугун, 22 ноябрь"),
        (timedelta(), "en", "Today, 22 November"),
        (timedelta(days=1), "uz_Latn", "Kecha, 21-noyabr"),
        (timedelta(days=-1), "ru", "Завтра, 23 ноября"),
        (timedelta(days=2), "ru", "Пятница, 20 ноября"),
        (timedelta(days=2), "uz_Latn", "Juma, 20-noyabr"),
        (timedelta(days=2), "uz_Cyrl", "Жума, 20 ноябрь"),
        (timedelta(days=7), "ru", "15 ноября"),
        (timedelta(days=81), "uz_Cyrl", "2 сентябрь"),
        (timedelta(days=365), "ru", "22 ноября 2025"),
        (timedelta(days=365), "uz_Latn", "2025-yil 22-noyabr"),
        (timedelta(days=365), "uz_Cyrl", "2025 йил 22 ноябрь"),
    ],
)
def test_a_day_reads_as_people_say_it(back: timedelta, code: str, text: str) -> None:
    assert locale.day(NOW - back, NOW, code) == text


def test_a_day_begins_at_midnight_in_tashkent() -> None:
    assert locale.day(datetime(2026, 11, 21, 19, 0, tzinfo=UTC), NOW, "ru").startswith("Сегодня")
    assert locale.day(datetime(2026, 11, 21, 18, 59, tzinfo=UTC), NOW, "ru").startswith("Вчера")


def test_uzbek_cyrillic_months_keep_their_soft_sign() -> None:
    assert " ".join(locale.month_names("uz_Cyrl")) == (
        "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
    )


@pytest.mark.parametrize(
    ("back", "texts"),
    [
        (timedelta(seconds=59), ["только что", "hozirgina", "ҳозиргина", "just now"]),
        (timedelta(minutes=1), ["1 минуту назад", "1 daqiqa oldin", "1 дақиқа олдин", "1 minute ago"]),
        (timedelta(minutes=3), ["3 минуты назад", "3 daqiqa oldin", "3 дақиқа олдин", "3 minutes ago"]),
        (timedelta(minutes=119), ["1 час назад", "1 soat oldin", "1 соат олдин", "1 hour ago"]),
        (timedelta(days=65), ["2 месяца назад", "2 oy oldin", "2 ой олдин", "2 months ago"]),
        (timedelta(hours=-5), ["через 5 часов", "5 soatdan keyin", "5 соатдан кейин", "in 5 hours"]),
    ],
)
def test_how_long_ago_is_said_in_each_language(back: timedelta, texts: list[str]) -> None:
    assert [locale.ago(NOW - back, NOW, code) for code in locale.LOCALES] == texts


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (108, "1:48"), (3730, "1:02:10"), (59.9, "0:59"), (-5, "0:00")]
)
def test_a_wait_reads_like_a_clock(seconds: float, text: str) -> None:
    assert locale.span(seconds) == text


def test_numbers_are_grouped_as_the_language_does() -> None:
    shown = [locale.num(1234567.89, code) for code in locale.LOCALES]
    assert shown == ["1\xa0234\xa0567,89"] * 3 + ["1,234,567.89"]


def test_money_is_in_soums() -> None:
    shown = [locale.money(1_500_000, code) for code in locale.LOCALES]
    assert shown == ["1\xa0500\xa0000\xa0сум", "1\xa0500\xa0000\xa0soʻm", "1\xa0500\xa0000\xa0сўм", "1,500,000\xa0UZS"]
    assert locale.money(12.5, "ru") == "12,50\xa0сум"


@pytest.mark.parametrize(
    ("count", "code", "text"),
    [
        (512, "ru", "512\xa0Б"),
        (1_468_006, "ru", "1,4\xa0МБ"),
        (25 * 2**20, "uz_Cyrl", "25\xa0МБ"),
        (1536, "uz_Latn", "1,5\xa0KB"),
        (3 * 2**30, "en", "3\xa0GB"),
        (2**60, "en", "1,048,576\xa0TB"),
    ],
)
def test_a_file_size_has_a_unit_people_know(count: int, code: str, text: str) -> None:
    assert locale.size(count, code) == text


@pytest.mark.parametrize(("code", "text"), [("ru", "a, b и c"), ("uz_Latn", "a, b va c"), ("uz_Cyrl", "a, b ва c")])
def test_a_list_ends_with_and(code: str, text: str) -> None:
    assert locale.listed(["a", "b", "c"], code) == text
    assert locale.listed(["a"], code) == "a"
    assert locale.listed([], code) == ""

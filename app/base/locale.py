"""Languages of the interface: which there are, which one a browser asks for, how times, numbers and names look in each.

Times come in aware and are shown in Asia/Tashkent. Plurals of whole sentences are gettext's business, not this file's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import Locale
from babel.dates import TIMEDELTA_UNITS, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.base.clock import TASHKENT, business_day

# Each language as its speakers name it.
LOCALES = {"ru": "Русский", "uz_Latn": "Oʻzbekcha", "uz_Cyrl": "Ўзбекча", "en": "English"}
DEFAULT = "ru"
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class _Words:
    """What CLDR lacks, or writes otherwise than banks here do."""

    date: str
    dated: str
    today: str
    yesterday: str
    tomorrow: str
    just_now: str
    money: str
    bytes: tuple[str, ...]


_LATIN_BYTES = ("B", "KB", "MB", "GB", "TB")
_CYRILLIC_BYTES = ("Б", "КБ", "МБ", "ГБ", "ТБ")
_WORDS = {
    "ru": _Words("{d} {m}", "{d} {m} {y}", "Сегодня", "Вчера", "Завтра", "только что", "{} сум", _CYRILLIC_BYTES),
    "uz_Latn": _Words("{d}-{m}", "{y}-yil {d}-{m}", "Bugun", "Kecha", "Ertaga", "hozirgina", "{} soʻm", _LATIN_BYTES),
    "uz_Cyrl": _Words("{d} {m}", "{y} йил {d} {m}", "Бугун", "Кеча", "Эртага", "ҳозиргина", "{} сўм", _CYRILLIC_BYTES),
    "en": _Words("{d} {m}", "{d} {m} {y}", "Today", "Yesterday", "Tomorrow", "just now", "{} UZS", _LATIN_BYTES),
}

# CLDR 48 writes "ноябр, сентябр" for Uzbek Cyrillic; the orthography keeps the soft sign of Russian month names.
_SOFT_MONTHS = (1, 2, 4, 6, 7, 9, 10, 11, 12)


def negotiate(accept_language: str | None) -> str:
    """The interface language for an Accept-Language header; `ru` when nothing fits."""
    for tag, quality in parse_accept_header(accept_language, LanguageAccept):
        code = read_tag(tag)
        if code and quality > 0:
            return code
    return DEFAULT


def read_tag(tag: str) -> str | None:
    """The interface language of one BCP 47 tag, or None. `uz` and Telegram's `oz` mean the Latin script.

    Babel's own negotiation answers None for uz-UZ, which is what most browsers here send.
    """
    language, *rest = tag.lower().replace("_", "-").split("-")
    if language in ("uz", "oz"):
        return "uz_Cyrl" if "cyrl" in rest else "uz_Latn"
    return language if language in ("ru", "en") else None


def html_lang(locale: str) -> str:
    """The BCP 47 tag of a locale, for `<html lang>`."""
    return locale.replace("_", "-")


def clock(at: datetime, locale: str) -> str:
    """10:31, in every language here."""
    return f"{_local(at):%H:%M}"


def moment(at: datetime, locale: str) -> str:
    """22.11.2026 10:31, in every language here."""
    return f"{_local(at):%d.%m.%Y %H:%M}"


def span(seconds: float) -> str:
    """A length of time as a running clock shows it: 1:48, 1:02:10. Negative lengths show as 0:00."""
    minutes, second = divmod(max(0, int(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def day(at: datetime, now: datetime, locale: str) -> str:
    """A day as a heading: Сегодня, 22 ноября · Juma, 20-noyabr · 3 ноябрь · 31 декабря 2025."""
    there, here = business_day(_local(at)), business_day(_local(now))
    words = _WORDS[locale]
    written = (words.date if there.year == here.year else words.dated).format(
        d=there.day, m=month_names(locale)[there.month - 1], y=there.year
    )
    named = _near(there, here, locale)
    return f"{named}, {written}" if named else written


def ago(at: datetime, now: datetime, locale: str) -> str:
    """How long ago, or in how long, rounded down to one unit: 5 минут назад, 3 soatdan keyin."""
    seconds = int((_local(at) - _local(now)).total_seconds())
    if abs(seconds) < 60:
        return _WORDS[locale].just_now
    unit = next(size for _, size in TIMEDELTA_UNITS if abs(seconds) >= size)
    whole = abs(seconds) // unit * unit
    text = format_timedelta(
        timedelta(seconds=whole if seconds > 0 else -whole), add_direction=True, threshold=1, locale=locale
    )
    # CLDR words the two Uzbek scripts differently; here they are one text in two alphabets.
    return text.replace("сўнг", "кейин").replace("аввал", "олдин") if locale == "uz_Cyrl" else text


def num(value: float | Decimal, locale: str) -> str:
    """1 234 567,89"""
    return format_decimal(value, locale=locale)


def money(amount: float | Decimal, locale: str) -> str:
    """An amount in soums: 1 500 000 soʻm. Tiyins are shown only when there are any."""
    pattern = "#,##0" if amount == int(amount) else "#,##0.00"
    return _WORDS[locale].money.format(format_decimal(amount, pattern, locale)).replace(" ", NBSP)


def size(count: int, locale: str) -> str:
    """Bytes in units of 1024: 512 Б, 1,4 МБ."""
    units, value, step = _WORDS[locale].bytes, float(count), 0
    while value >= 1024 and step < len(units) - 1:
        value, step = value / 1024, step + 1
    pattern = "0.#" if value < 10 else "#,##0"
    return f"{format_decimal(value, pattern, locale)}{NBSP}{units[step]}"


def listed(items: Sequence[str], locale: str) -> str:
    """a, b и c · a, b va c · a, b ва c"""
    if locale == "uz_Cyrl" and len(items) > 1:  # CLDR has no conjunction for it
        return f"{', '.join(items[:-1])} ва {items[-1]}"
    return format_list(items, locale=locale)


def month_names(locale: str) -> list[str]:
    """Twelve names as they stand in a date, from January on."""
    names = Locale.parse(locale).months["format"]["wide"]
    soft = _SOFT_MONTHS if locale == "uz_Cyrl" else ()
    return [names[number].removesuffix("ь") + "ь" * (number in soft) for number in range(1, 13)]


def _near(there: date, here: date, locale: str) -> str | None:
    """Today, yesterday, tomorrow, or the weekday within the past week."""
    words, distance = _WORDS[locale], (there - here).days
    close = {-1: words.yesterday, 0: words.today, 1: words.tomorrow}
    if distance in close:
        return close[distance]
    if -7 < distance < 0:
        return str(Locale.parse(locale).days["format"]["wide"][there.weekday()]).capitalize()
    return None


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return at.astimezone(TASHKENT)

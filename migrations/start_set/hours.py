"""Working hours, and the public holidays that fall on the same day each year.

Ramazon hayiti and Qurbon hayiti move with the moon: the bank adds their dates each year.
"""

from migrations.start_set.named import named

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOLIDAYS = ["01-01", "03-08", "03-21", "05-09", "09-01", "10-01", "12-08"]

HOURS = [
    {
        "names": named("Рабочее время", "Ish vaqti", "Иш вақти", "Working hours"),
        "week": {**{day: [["09:00", "18:00"]] for day in _DAYS[:5]}, "sat": [["10:00", "16:00"]], "sun": []},
        "holidays": _HOLIDAYS,
    },
    {
        "names": named("Круглосуточно", "Kecha-yu kunduz", "Кеча-ю кундуз", "Around the clock"),
        "week": {day: [["00:00", "24:00"]] for day in _DAYS},
        "holidays": [],
    },
]

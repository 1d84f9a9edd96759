"""Work statuses: what an operator is doing. Times are what is recommended, in minutes."""

from typing import Any

from migrations.start_set.named import named


def _status(
    names: dict[str, str],
    colour: str,
    *,
    work: bool = True,
    new: bool = False,
    keeps: bool = True,
    seat: bool = True,
    minutes: int | None = None,
    code: str | None = None,
) -> dict[str, Any]:
    return {
        "names": names,
        "colour": colour,
        "counts_as_work": work,
        "takes_new_chats": new,
        "keeps_chats": keeps,
        "takes_seat": seat,
        "recommended_minutes": minutes,
        "code": code,
    }


STATUSES = [
    _status(named("Активен", "Faol", "Фаол", "Active"), "green", new=True),
    _status(
        named("Только текущие чаты", "Faqat joriy chatlar", "Фақат жорий чатлар", "Current chats only"),
        "blue",
        minutes=30,
    ),
    _status(named("Перерыв", "Tanaffus", "Танаффус", "Break"), "amber", minutes=15),
    _status(named("Обед", "Tushlik", "Тушлик", "Lunch"), "amber", work=False, keeps=False, seat=False, minutes=60),
    _status(named("Обучение", "Oʻqish", "Ўқиш", "Training"), "violet", keeps=False, seat=False, minutes=60),
    _status(named("Совещание", "Yigʻilish", "Йиғилиш", "Meeting"), "violet", keeps=False, seat=False, minutes=30),
    _status(
        named("Техническая проблема", "Texnik nosozlik", "Техник носозлик", "Technical problem"), "red", minutes=15
    ),
    _status(
        named("Нет связи", "Aloqa yoʻq", "Алоқа йўқ", "Connection lost"),
        "grey",
        work=False,
        keeps=False,
        seat=False,
        code="lost",
    ),
]

"""Import schedules and absences from a table: read, judged row by row, shown, then kept (clauses 7.5, 6.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.actions import hrm_plans, imported, journal
from app.base.refusal import Refusal
from app.models.db import transaction
from app.models.hrm import ABSENCES, Absence, Row, Shift, Source
from app.models.hrm_rows import read as read_rows
from app.models.journal import declare as declare_kind
from app.models.viewer import Viewer
from app.queries import hrm as known

IMPORTED = declare_kind("hrm.imported", _l("Schedules imported"))

MOST = 20_000
COLUMNS = ("login", "day", "from", "till", "last_day", "absence")
# The first row names the columns, in any language a bank would write it in.
_CALLED = {
    "login": "login", "логин": "login", "day": "day", "date": "day", "день": "day", "дата": "day", "kun": "day",
    "sana": "day", "кун": "day", "сана": "day", "from": "from", "с": "from", "начало": "from", "boshlanishi": "from",
    "бошланиши": "from", "dan": "from", "till": "till", "to": "till", "по": "till", "до": "till", "конец": "till",
    "tugashi": "till", "тугаши": "till", "gacha": "till", "last_day": "last_day", "last day": "last_day",
    "последний день": "last_day", "oxirgi kun": "last_day", "охирги кун": "last_day", "absence": "absence",
    "отсутствие": "absence", "yoʻqlik": "absence", "yo'qlik": "absence", "йўқлик": "absence",
}  # fmt: skip
_KINDS = {
    "отпуск": "vacation", "taʼtil": "vacation", "ta'til": "vacation", "таътил": "vacation", "больничный": "sick",
    "kasallik": "sick", "касаллик": "sick", "обучение": "training", "oʻqish": "training", "o'qish": "training",
    "ўқиш": "training", "командировка": "trip", "safar": "trip", "сафар": "trip", "выходной": "day_off",
    "dam olish": "day_off", "дам олиш": "day_off", "другое": "other", "boshqa": "other", "бошқа": "other",
}  # fmt: skip


class NoColumns(Refusal):
    notice = _l("The first row must name the columns; at least “login” and “day” are needed.")
    status = 422


@dataclass(frozen=True)
class Preview:
    """`sealed`: the good rows, sealed for who looks at them: what is imported is what was shown."""

    rows: list[Row]
    good: int
    sealed: str


def preview(content: bytes, viewer: Viewer) -> Preview:
    """Judge a file; nothing is saved. Raises NoTable, NoColumns."""
    lines = imported.rows(content, MOST, _CALLED, {"login", "day"}, NoColumns)
    rows = read_rows(_in_our_words(lines), known.logins())
    plans = [row.plan for row in rows if row.plan is not None]
    return Preview(rows, len(plans), imported.sealed([_told(one) for one in plans], "hrm.import", viewer))


def bring(sealed: str, by: Viewer, origin: journal.Origin, now: datetime) -> int:
    """Keep what the preview showed; how many rows. Raises Stale."""
    with journal.attempt(IMPORTED, by, now, origin, of=("hrm", 1)), transaction() as tx:
        plans = [_plan(*told) for told in imported.opened(sealed, "hrm.import", by)]
        hrm_plans.keep(tx, plans, Source.FILE, by, origin, now)
        people = len({one.person_id for one in plans})
        journal.note(IMPORTED, by, now, origin, of=("hrm", 1), rows=len(plans), people=people)
    return len(plans)


def _in_our_words(
    lines: Iterator[tuple[int, dict[str, str]]],
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Kinds of absence may be written in words; the interface's own names are known too."""
    shown = {str(label).casefold(): code for code, label in ABSENCES.items()}
    for number, cells in lines:
        kind = cells.get("absence", "").casefold().strip()
        yield number, {**cells, "absence": _KINDS.get(kind) or shown.get(kind) or kind}


def _told(plan: Shift | Absence) -> list[Any]:
    what = plan.day.isoformat() if isinstance(plan, Shift) else plan.kind
    return [isinstance(plan, Shift), plan.person_id, plan.from_at.isoformat(), plan.till_at.isoformat(), what]


def _plan(is_shift: bool, person_id: int, since: str, until: str, what: str) -> Shift | Absence:
    from_at, till_at = datetime.fromisoformat(since), datetime.fromisoformat(until)
    if is_shift:
        return Shift(person_id, date.fromisoformat(what), from_at, till_at)
    return Absence(person_id, from_at, till_at, what)

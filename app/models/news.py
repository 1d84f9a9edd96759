"""News for the employees: who writes it, how it presses, what its settings are (clauses 7.1, 8.5)."""

from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.models import setting
from app.models.permission import declare

# Said over a piece of news `n` and a person `p`: where no groups or roles are named, all of them are meant.
ADDRESSED = """(
  (n.group_ids = '{}' OR EXISTS (SELECT FROM group_member g WHERE g.person_id = p.id AND g.group_id = ANY(n.group_ids)))
  AND (n.role_ids = '{}' OR EXISTS (SELECT FROM person_role r WHERE r.person_id = p.id AND r.role_id = ANY(n.role_ids)))
)"""
BEGUN = "n.published_at IS NOT NULL AND n.withdrawn_at IS NULL AND coalesce(n.from_at, n.published_at) <= :now"
WRITE_NEWS = declare(
    "news.write", _l("Write news"), _l("Publish news for employees, and see who has read it and who has not")
)

setting.section("news", _l("News"))
REMIND_HOURS = setting.declare(
    "news.remind_hours",
    "int",
    4,
    _l("Remind of unread news after"),
    _l("Only of news that must be read before work. 0: never by itself."),
    low=0,
    high=720,
    unit=_l("hours"),
)
MOST_REMINDERS = setting.declare(
    "news.most_reminders", "int", 3, _l("Reminders of one piece of news, at most"), low=1, high=50
)


class Importance(StrEnum):
    USUAL = "usual"
    IMPORTANT = "important"
    URGENT = "urgent"  # stands over the desk at once


IMPORTANCE = {
    Importance.USUAL: _l("usual"),
    Importance.IMPORTANT: _l("important"),
    Importance.URGENT: _l("urgent"),
}

STATES = {
    "draft": _l("draft"),
    "planned": _l("planned"),
    "shown": _l("shown now"),
    "past": _l("over"),
    "withdrawn": _l("withdrawn"),
}


def state(
    published_at: datetime | None,
    withdrawn_at: datetime | None,
    begins_at: datetime | None,
    till_at: datetime | None,
    now: datetime,
) -> str:
    """One of STATES. The last moment is not part of the time it is shown."""
    if withdrawn_at is not None:
        return "withdrawn"
    if published_at is None or begins_at is None:
        return "draft"
    if begins_at > now:
        return "planned"
    return "past" if till_at is not None and till_at <= now else "shown"

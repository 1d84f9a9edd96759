"""How long a client may wait before he is marked, and what a chat that was set aside waits for (clause 8.7)."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.models import setting
from app.models.db import db

setting.section("desk", _l("Desk"))
WARN = setting.declare(
    "desk.warn_seconds",
    "int",
    60,
    _l("Yellow after"),
    _l("A client who waits for an answer longer than this is marked yellow."),
    unit=_l("seconds"),
    low=1,
    high=86_400,
)
LATE = setting.declare(
    "desk.late_seconds",
    "int",
    180,
    _l("Red after"),
    _l("A client who waits for an answer longer than this is marked red."),
    unit=_l("seconds"),
    low=2,
    high=86_400,
    above="desk.warn_seconds",
)

_ASIDE = text("SELECT snooze, snoozed_until FROM standing WHERE chat_id = :chat_id AND snooze IS NOT NULL")


@dataclass(frozen=True)
class Aside:
    """A chat that was set aside: what it waits for, and until when at most."""

    what: str
    until: datetime | None


def aside(chat_id: int) -> Aside | None:
    """How the chat was set aside; None when it was not."""
    row = db.session.execute(_ASIDE, {"chat_id": chat_id}).one_or_none()
    return None if row is None else Aside(*row)

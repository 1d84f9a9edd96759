"""Whoever may install a licence is told that it ends: a month, a week and a day before, and when it has (14.4)."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import notices
from app.base.clock import business_day
from app.models.db import db, transaction
from app.models.licence import INSTALL
from app.models.notice import declare
from app.queries import licence, people_of

ENDS = declare(
    "licence.ends",
    _l("The licence holds until %(day)s. After that nobody can start work; open chats go on. Install a new one."),
    _l("The licence ends"),
)
OVER = declare(
    "licence.over",
    _l("The licence ended on %(day)s: nobody can start work. Install a new one."),
    _l("The licence has ended"),
)

# Whoever tells is alone with it; two at once would tell twice.
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('licence_end'))")
_TOLD = text("SELECT DISTINCT person_id FROM notice WHERE kind = :kind AND at >= :since AND at <= :now")


def tell(now: datetime) -> int:
    """Tell whoever has not been told since the last of these days began. Returns how many people."""
    ending = licence.ending(business_day(now))
    if ending is None:
        return 0
    kind = OVER if ending.is_over else ENDS
    with transaction() as tx:
        db.session.execute(_ALONE)
        told = set(db.session.scalars(_TOLD, {"kind": kind.code, "since": ending.since, "now": now}))
        people = [one for one in people_of.permission(INSTALL) if one not in told]
        notices.tell(
            tx, people, kind, now, link="/office/seats", important=ending.is_over, day=f"{ending.day:%d.%m.%Y}"
        )
    return len(people)

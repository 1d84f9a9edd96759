"""Longer in a status than recommended, or than a day allows: told once, to the person and to supervisors (8.2)."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import notices
from app.base.locale import span
from app.models.db import db, transaction
from app.models.names import pick
from app.models.notice import declare
from app.queries import duty

LONGER = declare("status.longer", _l("You are in “%(status)s” for %(time)s; recommended are %(norm)s."))
LONGER_OF = declare("status.longer_of", _l("%(name)s is in “%(status)s” for %(time)s; recommended are %(norm)s."))

_OPEN = text("""
    SELECT s.id, s.person_id, p.name, p.locale, w.names, s.began_at FROM status_span s
      JOIN work_status w ON w.id = s.status_id JOIN person p ON p.id = s.person_id
     WHERE s.ended_at IS NULL AND s.noticed_at IS NULL
       AND (w.daily_minutes IS NOT NULL OR s.began_at < :now - w.recommended_minutes * interval '1 minute')
     ORDER BY s.id LIMIT 500
""")
_TOLD = text("UPDATE status_span SET noticed_at = :now WHERE id = :id AND noticed_at IS NULL AND ended_at IS NULL")


def tell(now: datetime) -> int:
    """Tell whoever is longer than it should be. How many people were."""
    return sum(_tell(row, now) for row in db.session.execute(_OPEN, {"now": now}).all())


def _tell(row: Any, now: datetime) -> bool:
    late = duty.late_after(row.person_id, now)
    if late is None or now - row.began_at < timedelta(seconds=late):
        return False
    with transaction() as tx:
        if not db.session.execute(_TOLD, {"id": row.id, "now": now}).rowcount:  # type: ignore[attr-defined]
            return False
        time, norm = span((now - row.began_at).total_seconds()), span(late)
        own = pick(row.names, row.locale)
        notices.tell(tx, [row.person_id], LONGER, now, status=own, time=time, norm=norm)
        for locale, people in duty.supervisors_of(row.person_id).items():
            words = {"name": row.name, "status": pick(row.names, locale)}
            notices.tell(tx, people, LONGER_OF, now, link="/watch/shifts", time=time, norm=norm, **words)
    return True

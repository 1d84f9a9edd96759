"""Updates of the system that are planned: everybody who works here is told beforehand, and when it is called off."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal, notices
from app.base.locale import LOCALES, moment
from app.base.refusal import Refusal
from app.base.text import clean
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.notice import declare as declare_notice
from app.models.viewer import AnyViewer
from app.queries import people_of

ANNOUNCED = declare_kind("update.announced", _l("Planned update announced"))
CALLED_OFF = declare_kind("update.called_off", _l("Planned update called off"))
PLANNED = declare_notice(
    "update.planned", _l("Planned update of the system: %(since)s – %(until)s. %(text)s"), _l("Planned updates")
)
NOT_PLANNED = declare_notice("update.called_off", _l("The update planned for %(since)s – %(until)s is called off."))
LONGEST = 500
_LONGEST_TIME = timedelta(days=7)


class NotAhead(Refusal):
    notice = _l("The update must end after it begins, within a week, and not in the past.")
    status = 422


_KEEP = text("""
    INSERT INTO planned_update (from_at, till_at, texts, by_id, at)
    VALUES (:from_at, :till_at, CAST(:texts AS jsonb), :by_id, :now) RETURNING id
""")
_CALL_OFF = text("""
    UPDATE planned_update SET called_off_at = :now WHERE id = :id AND called_off_at IS NULL AND till_at > :now
    RETURNING from_at, till_at
""")


def announce(
    from_at: datetime,
    till_at: datetime,
    texts: Mapping[str, str],
    by: AnyViewer,
    origin: journal.Origin,
    now: datetime,
) -> int:
    """Tell everybody; `texts` by language may say what does not work meanwhile. Gives its id. Raises NotAhead."""
    if not from_at < till_at <= from_at + _LONGEST_TIME or till_at <= now:
        raise NotAhead
    said = {code: words for code in LOCALES if (words := clean(texts.get(code, ""), LONGEST).strip())}
    span = _span(from_at, till_at)
    with transaction() as tx:
        values = {"from_at": from_at, "till_at": till_at, "texts": json.dumps(said), "by_id": by.person_id, "now": now}
        update_id = int(db.session.execute(_KEEP, values).scalar_one())
        people = people_of.everybody()
        notices.tell(tx, people, PLANNED, now, important=True, update_id=update_id, by=by, text=said, **span)
        journal.note(ANNOUNCED, by, now, origin, of=("update", update_id), **span)
    return update_id


def call_off(update_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> bool:
    """Tell everybody that it does not come; False when it was over or called off before."""
    with transaction() as tx:
        found = db.session.execute(_CALL_OFF, {"id": update_id, "now": now}).one_or_none()
        if found is None:
            return False
        span = _span(found.from_at, found.till_at)
        notices.tell(tx, people_of.everybody(), NOT_PLANNED, now, by=by, **span)
        journal.note(CALLED_OFF, by, now, origin, of=("update", update_id), **span)
    return True


def _span(from_at: datetime, till_at: datetime) -> dict[str, Any]:
    return {"since": moment(from_at, "ru"), "until": moment(till_at, "ru")}

"""Change the audit policy: what is written down is itself written down (clause 12.20)."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.actions import journal
from app.actions.settings import acceptable
from app.models.db import db, transaction
from app.models.journal import declare
from app.models.journal_policy import POLICY
from app.models.setting import SettingRow, SettingVersion, Unacceptable
from app.models.viewer import AnyViewer
from app.queries import settings as stored

POLICY_CHANGED = declare("journal.policy_changed", _l("Audit policy changed"))


def change(values: dict[str, str], by: AnyViewer, origin: journal.Origin, now: datetime) -> dict[str, str]:
    """Save the given raw values. Returns errors by key; when there are any, nothing is saved."""
    read, errors = {}, {}
    for one in POLICY:
        try:
            read[one] = acceptable(one, values.get(one.key, ""))
        except Unacceptable as error:
            errors[one.key] = str(error)
    if errors:
        return errors
    with transaction() as tx:
        before = {one.key: stored.value(one) for one in POLICY if stored.value(one) != read[one]}
        if not before:
            return {}
        after = {one.key: read[one] for one in POLICY if one.key in before}
        for key, value in after.items():
            row = {"key": key, "value": value, "changed_at": now, "changed_by": by.person_id}
            db.session.execute(insert(SettingRow).values(row).on_conflict_do_update(index_elements=["key"], set_=row))
        db.session.execute(update(SettingVersion).values(number=SettingVersion.number + 1))
        journal.note(POLICY_CHANGED, by, now, origin, of=("journal", "policy"), before=before, after=after)
        tx.after(stored.forget)
    return {}

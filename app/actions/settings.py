"""Change a declared setting: validated, journalled with before and after, in effect without restart (clause 7.1)."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from app.actions import journal, pictures
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.setting import SETTINGS, Setting, SettingRow, SettingVersion, Unacceptable
from app.models.viewer import AnyViewer
from app.queries import settings as stored

CHANGED = declare_kind("setting.changed", _l("Setting changed"))


def change(values: Mapping[str, str | bytes], by: AnyViewer, origin: journal.Origin, now: datetime) -> dict[str, str]:
    """Save the given raw values, pictures as bytes. Returns errors by key; when there are any, nothing is saved."""
    read, errors = dict[str, Any](), dict[str, str]()
    for key, raw in values.items():
        try:
            read[key] = acceptable(SETTINGS[key], raw)
        except Unacceptable as error:
            errors[key] = str(error)
    for key in read.keys() - errors.keys():
        if problem := _against_sister(SETTINGS[key], read):
            errors[key] = problem
    if errors:
        return errors
    with transaction() as tx:
        for key, new in read.items():
            _store(SETTINGS[key], new, by, origin, now)
        tx.after(stored.forget)
    return {}


def reset(setting: Setting, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Back to the declared default."""
    with transaction() as tx:
        _store(setting, setting.default, by, origin, now)
        tx.after(stored.forget)


def acceptable(setting: Setting, raw: str | bytes) -> Any:
    """The typed value of what was entered. Raises Unacceptable with a sentence that says what would fit."""
    if isinstance(raw, bytes):
        return pictures.drawn(raw)
    raw = raw.strip()
    match setting.kind:
        case "bool":
            return raw in ("1", "true", "on", "y")
        case "int":
            return _whole(setting, raw)
        case "choice":
            if raw not in dict(setting.choices):
                raise Unacceptable(_("Choose one of the list"))
        case "picture":
            if raw:  # the name of one: pictures come as bytes
                raise Unacceptable(_("Choose a file"))
        case "colour":
            if not re.fullmatch(r"#[0-9a-fA-F]{6}", raw):
                raise Unacceptable(_("Write the colour like #0b6b57"))
        case _:
            if setting.high is not None and len(raw) > setting.high:
                raise Unacceptable(_("At most %(n)s characters", n=setting.high))
    return raw


def _whole(setting: Setting, raw: str) -> int:
    if not re.fullmatch(r"-?\d{1,9}", raw):
        raise Unacceptable(_("Write a whole number"))
    number = int(raw)
    if setting.low is not None and number < setting.low or setting.high is not None and number > setting.high:
        raise Unacceptable(_("From %(low)s to %(high)s", low=setting.low, high=setting.high))
    return number


def _against_sister(setting: Setting, read: dict[str, Any]) -> str | None:
    if setting.above is None:
        return None
    sister = SETTINGS[setting.above]
    least = read.get(sister.key, stored.value(sister))
    if read[setting.key] > least:
        return None
    return _("Must be more than “%(label)s” (%(value)s)", label=sister.label, value=least)


def _store(setting: Setting, new: Any, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    before = stored.value(setting)
    if isinstance(new, bytes):
        new = pictures.keep(new, now)
    if before == new:
        return
    if setting.kind == "picture":
        pictures.drop(before)
    if new == setting.default:
        db.session.execute(delete(SettingRow).where(SettingRow.key == setting.key))
    else:
        row = {"key": setting.key, "value": new, "changed_at": now, "changed_by": by.person_id}
        db.session.execute(insert(SettingRow).values(row).on_conflict_do_update(index_elements=["key"], set_=row))
    db.session.execute(update(SettingVersion).values(number=SettingVersion.number + 1))
    journal.note(CHANGED, by, now, origin, of=("setting", setting.key), before=before, after=new)

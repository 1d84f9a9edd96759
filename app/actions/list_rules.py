"""Rules of a list that a row alone cannot tell: they look at the rows beside it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.base.refusal import Refusal
from app.models.auto_reply import AutoReply, unknown
from app.models.db import db
from app.models.group import GROUPS, Group
from app.models.listing import Listed
from app.models.template import Template
from app.models.topic import DEPTH, TOPICS, Topic
from app.models.work_status import WorkStatus
from app.queries import lists
from app.queries import settings as current


class StillNeeded(Refusal):
    notice = _l("The system itself sets this status when a connection is lost, so it stays.")


class LastServing(Refusal):
    notice = _l("This is the last status that takes new chats. Let another one take them first.")


def against_others(row: Listed, values: dict[str, Any]) -> dict[str, str]:
    """Errors by input; empty when the values go well with the other rows."""
    return _of_this_list(row, values) or _names_free(row, values)


def check_off(row: Listed) -> None:
    """Raises StillNeeded or LastServing when the desk could not work without this row."""
    if not isinstance(row, WorkStatus):
        return
    if row.code is not None:
        raise StillNeeded
    if row.takes_new_chats and not _another_serves(row):
        raise LastServing


def _of_this_list(row: Listed, values: dict[str, Any]) -> dict[str, str]:
    match row:
        case Topic():
            return _topic_fits(row, values["parent_id"])
        case WorkStatus():
            return _status_fits(row, values)
        case AutoReply():
            return _variables_known(row, values["texts"])
        case Template():
            return _group_known(values["group_id"]) or _variables_known(row, values["texts"])
        case Group():
            known = {person.id for person in lists.people()}
            return {} if known.issuperset(values["members"]) else {"members": _("Choose people of the list")}
    return {}


def _names_free(row: Listed, values: dict[str, Any]) -> dict[str, str]:
    """Two entries of one name side by side could not be told apart."""
    model = type(row)
    beside = select(model.names).where(model.archived_at.is_(None), model.id != (row.id or 0))
    if isinstance(row, Topic):
        beside = beside.where(Topic.parent_id.is_not_distinct_from(values["parent_id"]))
    taken = {(code, name.casefold()) for names in db.session.scalars(beside) for code, name in names.items()}
    return {
        f"names.{code}": _("There is already an entry with this name")
        for code, name in values["names"].items()
        if (code, name.casefold()) in taken
    }


def _topic_fits(topic: Topic, parent_id: int | None) -> dict[str, str]:
    if parent_id is None or topic.id and parent_id == topic.parent_id:
        return {}
    levels = {one.id: level for one, level in lists.branches(lists.rows(TOPICS))}
    branch = _below(topic.id) if topic.id else {}
    if parent_id == topic.id or parent_id in branch:
        return {"parent_id": _("A topic cannot stand under itself or in its own branch")}
    if parent_id not in levels:
        return {"parent_id": _("Choose one of the list")}
    deepest, limit = levels[parent_id] + 1 + max(branch.values(), default=0), current.value(DEPTH)
    if deepest > limit:
        return {"parent_id": _("The tree may have %(limit)s levels; here it would get %(n)s", limit=limit, n=deepest)}
    return {}


def _below(topic_id: int, level: int = 1) -> dict[int, int]:
    """Topics below one, each with how far below it stands."""
    found: dict[int, int] = {}
    for child in db.session.scalars(select(Topic.id).where(Topic.parent_id == topic_id, Topic.archived_at.is_(None))):
        found |= {child: level, **_below(child, level + 1)}
    return found


def _status_fits(status: WorkStatus, values: dict[str, Any]) -> dict[str, str]:
    stops = status.id and status.takes_new_chats and not values.get("takes_new_chats", True)
    return {"takes_new_chats": str(LastServing.notice)} if stops and not _another_serves(status) else {}


def _another_serves(status: WorkStatus) -> bool:
    others = select(WorkStatus.id).where(
        WorkStatus.takes_new_chats, WorkStatus.archived_at.is_(None), WorkStatus.id != status.id
    )
    return db.session.scalar(others.limit(1)) is not None


def _group_known(group_id: int | None) -> dict[str, str]:
    known = group_id is None or group_id in {group.id for group in lists.rows(GROUPS)}
    return {} if known else {"group_id": _("Choose one of the list")}


def _variables_known(reply: AutoReply | Template, texts: Mapping[str, str]) -> dict[str, str]:
    known = ", ".join(f"{{{name}}}" for name in reply.variables)
    return {
        f"texts.{code}": _("Nothing fills in {%(name)s} here. Known are: %(known)s", name=strange[0], known=known)
        for code, text in texts.items()
        if (strange := unknown(text, reply.variables))
    }

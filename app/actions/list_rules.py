"""Rules of a list that a row alone cannot tell: they look at the rows beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.base.refusal import Refusal
from app.models.auto_reply import AutoReply, unknown
from app.models.db import db
from app.models.ending import EndingRule
from app.models.group import GROUPS, Group
from app.models.hours import HOURS
from app.models.listing import Listed
from app.models.reply_exception import ReplyException
from app.models.template import Template
from app.models.topic import DEPTH, TOPICS, Topic
from app.models.work_status import WorkStatus
from app.queries import channels, lists
from app.queries import settings as current


class StillNeeded(Refusal):
    notice = _l("The system itself sets this status when a connection is lost, so it stays.")


class TooDeep(Refusal):
    notice = _l("The tree may have %(limit)s levels; here it would get more. Move it higher first.")


class NameTaken(Refusal):
    notice = _l("There is already an entry with this name beside it. Rename one of the two first.")


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


def check_on(row: Listed, branch: Sequence[Listed]) -> None:
    """Raises TooDeep or NameTaken when the tree has no place any more for what comes back."""
    if not isinstance(row, Topic):
        return
    levels = {one.id: level for one, level in lists.branches(branch)}
    above = {one.id: level for one, level in lists.branches(lists.rows(TOPICS))}
    limit = current.value(DEPTH)
    if above.get(row.parent_id or 0, 0) + max(levels.values()) > limit:
        raise TooDeep(limit=limit)
    if _names_free(row, {"names": row.names, "parent_id": row.parent_id}):
        raise NameTaken


def _of_this_list(row: Listed, values: dict[str, Any]) -> dict[str, str]:
    match row:
        case Topic():
            return _topic_fits(row, values["parent_id"])
        case WorkStatus():
            return _status_fits(row, values)
        case AutoReply():
            return _variables_known(row, values["texts"])
        case ReplyException():
            return _exception_fits(values)
        case EndingRule():
            return _somewhere(values)
        case Template():
            return _group_known(values["group_id"]) or _variables_known(row, values["texts"])
        case Group():
            return _group_fits(row, values)
    return {}


def _group_fits(group: Group, values: dict[str, Any]) -> dict[str, str]:
    people = {person.id for person in lists.people()}
    hours, others = ({row.id for row in lists.rows(listing)} for listing in (HOURS, GROUPS))
    return {
        name: said
        for name, fits, said in (
            ("members", people.issuperset(values["members"]), _("Choose people of the list")),
            ("hours_id", values["hours_id"] in {None, *hours}, _("Choose one of the list")),
            ("wider_ids", others.issuperset({*values["wider_ids"]} - {group.id}), _("Choose groups of the list")),
        )
        if not fits
    }


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


def _exception_fits(values: dict[str, Any]) -> dict[str, str]:
    if not (values["texts"] or values["silent"]):
        return {"texts.ru": _("Fill in Russian at least: the other languages fall back on it")}
    return _somewhere(values) or _variables_known(AutoReply(kind=values["kind"]), values["texts"])


def _somewhere(values: dict[str, Any]) -> dict[str, str]:
    """An exception without a place would be the rule."""
    if not (values["channel_id"] or values["group_id"]):
        return {"channel_id": _("Choose a channel or a group: for everywhere there are the general ones")}
    known = values["channel_id"] is None or channels.one(values["channel_id"]) is not None
    return _group_known(values["group_id"]) if known else {"channel_id": _("Choose one of the list")}


def _variables_known(reply: AutoReply | Template, texts: Mapping[str, str]) -> dict[str, str]:
    known = ", ".join(f"{{{name}}}" for name in reply.variables)
    return {
        f"texts.{code}": _("Nothing fills in {%(name)s} here. Known are: %(known)s", name=strange[0], known=known)
        for code, text in texts.items()
        if (strange := unknown(text, reply.variables))
    }

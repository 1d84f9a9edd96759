"""Chats change hands together: an operator is stopped, a group's chats go elsewhere, a selection is handed out.

One transaction moves everything or nothing, and a minute long it can be undone (clauses 7.5, 7.7).
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import dispatch, journal, notices, routing, seats, shifts
from app.actions.record import record
from app.actions.tracing import choice as kept
from app.actions.tracing import trace
from app.base.masks import masked
from app.base.refusal import Refusal
from app.base.text import clean
from app.live import push
from app.models.chat import Verb
from app.models.db import Transaction, db, retried, transaction
from app.models.dispatch import Choice, Told
from app.models.journal import declare as declare_kind
from app.models.notice import declare
from app.models.viewer import Viewer
from app.queries import duty as known
from app.queries import moving, staff, visible
from app.queries.standing import Standing, locked

STOPPED = declare_kind("operator.stopped", _l("Operator stopped"))
UNDONE = declare_kind("operator.stop_undone", _l("Stop or move of chats undone"))
MOVED = declare_kind("chats.moved", _l("Chats moved by a supervisor"))
TOLD_STOPPED = declare("operator.stopped", _l("%(name)s has ended your work. Reason: %(reason)s"))
TOLD_MOVED = declare("operator.chats_came", _l("%(name)s has given you chats: %(count)s. Reason: %(reason)s"))


class NoReason(Refusal):
    notice = _l("Say why: the reason is written down.")
    status = 422


class NotYourself(Refusal):
    notice = _l("You cannot stop yourself. Finish your shift instead.")
    status = 422


class NobodyChosen(Refusal):
    notice = _l("Choose who is to get the chats. Only colleagues at work can.")
    status = 422


class TooLate(Refusal):
    notice = _l("This can no longer be undone: a minute has passed, or it was undone already.")


class SignedOut(Refusal):
    notice = _l("This cannot be undone: the operator has signed out meanwhile.")


@dataclass(frozen=True)
class Target:
    """Where chats go: `rules` finds somebody for each, `queue` is the waiting list, `person` and `group` are named."""

    how: str
    to_id: int | None = None


_STOP = text("""
    INSERT INTO stop (person_id, shift_id, status_id, at, by_id, how, to_id, reason, moved)
    VALUES (:person_id, :shift_id, :status_id, :now, :by_id, :how, :to_id, :reason, CAST(:moved AS jsonb)) RETURNING id
""")
_UNDO = text("""
    UPDATE stop SET undone_at = :now WHERE id = :id AND by_id = :by_id AND undone_at IS NULL AND at > :since
    RETURNING person_id, shift_id, status_id, at, moved
""")
_ANSWERED = text("SELECT awaits_since FROM standing WHERE chat_id = :chat_id")
_GROUP = text("SELECT 1 FROM staff_group WHERE id = :id AND archived_at IS NULL")
_REOPEN = text("UPDATE shift SET ended_at = NULL, ended_how = NULL WHERE id = :shift_id")
_SESSION = text("""
    SELECT id FROM session WHERE person_id = :person_id AND ended_at IS NULL ORDER BY seen_at DESC LIMIT 1
""")
_LEASE = text("""
    INSERT INTO lease (person_id, session_id, renewed_at, active_at) VALUES (:person_id, :session_id, :now, :now)
    ON CONFLICT (person_id) DO NOTHING
""")


@retried
def stop(person_id: int, target: Target, reason: str, by: Viewer, origin: journal.Origin, now: datetime) -> int:
    """End somebody's work at once; his chats go to `target`, his page is locked, his clients notice nothing.

    Gives the stop's id, to undo it. Raises NoReason, NotYourself, NotYourPeople, NobodyChosen.
    """
    with journal.attempt(STOPPED, by, now, origin, of=("person", person_id)):
        reason = _reason(reason)
        if person_id == by.person_id:
            raise NotYourself
        staff.must_supervise(by, person_id)
        with transaction() as tx:
            moved = _move(tx, moving.held(person_id), target, person_id, by, now)
            routing.withdraw_from(tx, person_id)
            duty = shifts.locked(person_id)
            if duty is not None:
                shifts.end(tx, duty, "stopped", now)
            values = {"person_id": person_id, "shift_id": duty and duty.shift_id, "status_id": duty and duty.status_id}
            stop_id = _keep(values, target, reason, moved, by, now)
            notices.tell(tx, [person_id], TOLD_STOPPED, now, important=True, by=by, name=by.name, reason=reason)
            tx.after(push.screen_locked, person_id)
            told: dict[str, Any] = {"how": target.how, "to": target.to_id, "reason": reason, "chats": len(moved)}
            journal.note(STOPPED, by, now, origin, of=("person", person_id), **told)
        # Whatever came to him while we moved the rest.
        routing.hand_on(person_id, "stopped", by, now)
    return stop_id


@retried
def move(
    chat_ids: Collection[int], target: Target, reason: str, by: Viewer, origin: journal.Origin, now: datetime
) -> int:
    """Hand these open chats out together. Gives the id to undo it by.

    Raises NoReason, NobodyChosen, NotVisible: one of them is not for this person to manage.
    """
    with journal.attempt(MOVED, by, now, origin):
        reason = _reason(reason)
        with transaction() as tx:
            moved = _move(tx, sorted(chat_ids), target, None, by, now)
            stop_id = _keep({"person_id": None, "shift_id": None, "status_id": None}, target, reason, moved, by, now)
            told: dict[str, Any] = {"how": target.how, "to": target.to_id, "reason": reason}
            told["chats"] = [one["chat"] for one in moved]
            journal.note(MOVED, by, now, origin, of=("stop", stop_id), **told)
            if target.how == "person" and target.to_id and moved:
                count = len(moved)
                notices.tell(tx, [target.to_id], TOLD_MOVED, now, by=by, name=by.name, count=count, reason=reason)
    return stop_id


@retried
def undo(stop_id: int, by: Viewer, origin: journal.Origin, now: datetime) -> int:
    """Put everything back as it was, but for chats that somebody has answered since; how many came back.

    Raises TooLate, NotYourPeople, SignedOut, and what taking a seat raises.
    """
    with journal.attempt(UNDONE, by, now, origin, of=("stop", stop_id)), transaction() as tx:
        values = {"id": stop_id, "by_id": by.person_id, "now": now, "since": now - moving.UNDO}
        row = db.session.execute(_UNDO, values).one_or_none()
        if row is None:
            raise TooLate
        if row.person_id is not None:  # his rights may have changed within the minute
            staff.must_supervise(by, row.person_id)
        back = sum(_put_back(tx, one, row.at, by, now) for one in sorted(row.moved, key=lambda one: one["chat"]))
        if row.shift_id is not None:
            _back_to_work(row, by, now)
            tx.after(push.screen_locked, row.person_id)
        journal.note(UNDONE, by, now, origin, of=("stop", stop_id), chats=back)
    return back


def _reason(reason: str) -> str:
    reason = masked(clean(reason, 500).strip())
    if not reason:
        raise NoReason
    return reason


def _keep(values: dict[str, Any], target: Target, reason: str, moved: list[Any], by: Viewer, now: datetime) -> int:
    told = {"how": target.how, "to_id": target.to_id, "reason": reason, "moved": json.dumps(moved)}
    return int(db.session.execute(_STOP, {**values, **told, "by_id": by.person_id, "now": now}).scalar_one())


def _move(
    tx: Transaction, chat_ids: Collection[int], target: Target, but: int | None, by: Viewer, now: datetime
) -> list[dict[str, int | None]]:
    """Where each chat was and where it is; locked in the order of their ids."""
    _check(target, but)
    standings = [standing for chat_id in chat_ids if (standing := locked(chat_id)) is not None]
    if but is not None:
        standings = [standing for standing in standings if standing.owner_id == but]
    elif not all(visible.manages(by, one.owner_id, one.group_id) for one in standings):
        raise visible.NotVisible
    chosen = _chosen(standings, target, but, now)
    moved = []
    for standing in standings:
        choice = chosen.get(standing.chat_id)
        to = choice.person_id if choice else None
        if to is not None and to == standing.owner_id:
            continue
        group_id = target.to_id if target.how == "group" else None
        _hand(tx, standing, to, group_id, by, now)
        if choice is not None and choice.how is not None:
            trace(standing.chat_id, standing.episode_id, Told.GIVEN, to, now, **kept(choice), by=by.person_id)
        was = {"chat": standing.chat_id, "from": standing.owner_id, "from_group": standing.group_id}
        moved.append({**was, "to": to, "group": group_id or standing.group_id})
    return moved


def _check(target: Target, but: int | None) -> None:
    if target.how == "person":
        if target.to_id in (None, but) or known.duty_of(target.to_id or 0) is None:
            raise NobodyChosen
        if not routing.may_answer(target.to_id or 0):
            raise NobodyChosen
    if target.how == "group" and not db.session.scalar(_GROUP, {"id": target.to_id}):
        raise NobodyChosen


def _chosen(standings: list[Standing], target: Target, but: int | None, now: datetime) -> dict[int, Choice]:
    """Who gets each; a choice by the rules says how it was made."""
    chat_ids = [standing.chat_id for standing in standings]
    if target.how == "person" and target.to_id is not None:
        return dict.fromkeys(chat_ids, Choice(target.to_id))
    if target.how != "rules":
        return {}
    return {
        chat.chat_id: choice
        for chat, choice in moving.plan(chat_ids, but, now)
        if choice.person_id is not None and dispatch.has_hand(choice.person_id, chat.weight, now)
    }


def _hand(tx: Transaction, standing: Standing, to: int | None, group_id: int | None, by: Viewer, now: datetime) -> None:
    if to is not None:
        routing.give(tx, standing, to, by, now, "transferred" if standing.owner_id else "assigned")
        return
    left = [standing.owner_id] if standing.owner_id else []
    routing.to_queue(tx, standing, group_id, now, refused=left)
    verb = Verb.TRANSFERRED if group_id else Verb.RETURNED
    told = {"group": group_id} if group_id else {"why": "stopped"}
    record(tx, standing.chat_id, standing.episode_id, verb, by.person_id, now, **told)
    if group_id:
        db.session.execute(routing.TRANSFERRED, {"episode_id": standing.episode_id})


def _put_back(tx: Transaction, one: dict[str, int | None], at: datetime, by: Viewer, now: datetime) -> bool:
    standing = locked(int(one["chat"] or 0))
    if standing is None or standing.owner_id != one["to"] or standing.group_id != one["group"]:
        return False
    answered = db.session.scalar(_ANSWERED, {"chat_id": standing.chat_id})
    if answered is not None and answered > at:
        return False
    if one["from"] is not None:
        routing.give(tx, standing, one["from"], by, now, "transferred")
    else:
        routing.to_queue(tx, standing, one["from_group"], now)
        record(tx, standing.chat_id, standing.episode_id, Verb.RETURNED, by.person_id, now)
    return True


def _back_to_work(row: Any, by: Viewer, now: datetime) -> None:
    """The same shift goes on in the same status, as if it had never ended, on whatever seat is free."""
    session_id = db.session.scalar(_SESSION, {"person_id": row.person_id})
    if session_id is None:
        raise SignedOut
    if shifts.locked(row.person_id) is not None:  # has begun anew by himself
        return
    seats.take(row.person_id, now)
    db.session.execute(_REOPEN, {"shift_id": row.shift_id})
    shifts.enter(row.person_id, row.shift_id, row.status_id, "set", by.person_id, row.at)
    db.session.execute(_LEASE, {"person_id": row.person_id, "session_id": session_id, "now": now})

"""Who answers next: a chat is placed into the queue, and given to whoever can serve it best (clauses 1.4, 5.1, 7.5)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.actions import offers, routing, widening
from app.actions.tracing import choice as kept
from app.actions.tracing import trace
from app.base import wakeups
from app.base.later import later
from app.live import push
from app.models.chat import Stage
from app.models.db import Transaction, db, retried, transaction
from app.models.dispatch import Choice, Passed, Told, Waiting, Way
from app.models.rule import Facts
from app.models.viewer import SYSTEM
from app.queries import candidates, dispatching, facts, load, passed, rules, settings, waiting
from app.queries.dispatching import Mode
from app.queries.standing import Standing, beside, locked

# So many chats find somebody in one call; a longer backlog is rung for again.
MOST = 200
_PAGES = 20

_PLACE = text("""
    UPDATE standing SET queued_at = coalesce(queued_at, :now), language = :language, group_id = :group_id,
           wished_id = :person_id, skill_ids = :skill_ids, rule_id = :rule_id, points = :points, score = :points,
           points_version = :version, level = 0, refused_ids = '{}', alarmed_at = NULL
     WHERE chat_id = :chat_id AND stage = 'queue' RETURNING episode_id
""")
# Where nobody has had it and nobody has sent it.
_STILL_BY_RULES = text("SELECT assigned_at IS NULL AND type = 'new' FROM episode WHERE id = :episode_id")
_LOCKED = """
    SELECT coalesce(p.capacity, :usual)
      FROM status_span s JOIN work_status w ON w.id = s.status_id JOIN seat ON seat.person_id = s.person_id
      JOIN person p ON p.id = s.person_id AND p.blocked_at IS NULL {chat}
     WHERE s.person_id = :person_id AND s.ended_at IS NULL AND w.takes_new_chats FOR UPDATE OF {locks}
"""
# The person's span is locked, so that nobody gets more than he can hold, and nothing the moment he leaves.
_AT_WORK = text(_LOCKED.format(chat="", locks="s"))
# First the chat, as everywhere, then the person.
_BOTH = text(_LOCKED.format(chat="JOIN chat c ON c.id = :chat_id", locks="c, s"))


def place(tx: Transaction, chat_id: int, incoming_text: str, now: datetime) -> None:
    """Put a chat whose episode has just begun into the queue, by the rules; its row is locked by the caller."""
    found = facts.of_chat(chat_id)
    if found is not None:
        _place(tx, chat_id, replace(found, text=incoming_text), now)


def ask_again(tx: Transaction, chat_id: int, now: datetime) -> None:
    """The client's language is another one now: the rules decide anew, unless somebody of the bank has decided."""
    standing = locked(chat_id)
    if standing is None or standing.stage is not Stage.QUEUE:
        return
    found = facts.of_chat(chat_id)
    if found is not None and db.session.scalar(_STILL_BY_RULES, {"episode_id": standing.episode_id}):
        _place(tx, chat_id, found, now)
        tx.after(push.chat_moved, chat_id, standing.place)
    else:
        widening.alarm_if_unserved(tx, chat_id, now)
        tx.after(later, wakeups.ASSIGN)


def _place(tx: Transaction, chat_id: int, found: Facts, now: datetime) -> None:
    decision, points = rules.decide(found, now), rules.total(rules.points(found, now))
    asked: dict[str, Any] = {"group_id": decision.group_id, "person_id": decision.person_id}
    asked |= {"skill_ids": list(decision.skill_ids), "language": found.spoken}
    values = {**asked, "chat_id": chat_id, "now": now, "rule_id": decision.rule_id}
    values |= {"points": points, "version": rules.current().version}
    episode_id = db.session.scalar(_PLACE, values)
    if episode_id is None:
        return
    placed = {"rule": decision.rule_id, "group": decision.group_id, "wished": decision.person_id}
    trace(chat_id, episode_id, Told.PLACED, None, now, **placed, language=found.spoken, points=points)
    widening.alarm_if_unserved(tx, chat_id, now)
    tx.after(later, wakeups.ASSIGN)


def assign(now: datetime) -> int:
    """Give or offer what waits to whoever is free; how many chats found somebody.

    Offers that were not accepted go back first, and chats that waited long are asked of more people.
    """
    due, mode = waiting.due(now), dispatching.mode()
    if due.expired:
        offers.expire(now)
    if due.wider:
        widening.widen(now)
    return _match(mode, now) if due.waits and mode is not Mode.QUEUE else 0


def has_hand(person_id: int, weight: float, now: datetime) -> bool:
    """Whether the person is at work, is given new chats and has room for this one; locked till the end."""
    usual = settings.value(dispatching.CAPACITY)
    capacity = db.session.scalar(_AT_WORK, {"person_id": person_id, "usual": usual})
    return capacity is not None and _fits(load.of(person_id, now), weight, capacity)


def _fits(held: float, weight: float, capacity: int) -> bool:
    return held == 0 or held + weight <= capacity


def _match(mode: Mode, now: datetime) -> int:
    """A page of the queue at a time, while somebody has a hand free."""
    people, ways = candidates.free_now(now), candidates.ways()
    seen: set[int] = set()
    found = 0
    for _ in range(_PAGES):
        free = [one for one in people if one.free]
        chats = waiting.page(free, seen, now) if free and found < MOST else []
        if not chats:
            break
        people += candidates.these(_wished(chats) - {one.person_id for one in people}, now)
        for chat in chats:
            seen.add(chat.chat_id)
            if not candidates.anybody(chat, free, ways, now):
                continue
            choice = candidates.reserve(chat, people, ways, now, asks=mode is Mode.OFFER)
            if choice.person_id is not None and _settle(chat, choice, ways, mode, now):
                found += 1
    return found


def _wished(chats: Iterable[Waiting]) -> set[int]:
    """Who is wished for may be busy, and is waited for a moment: the choice must know him."""
    return {chat.wished_id for chat in chats if chat.wished_id is not None}


@retried
def _settle(chat: Waiting, choice: Choice, ways: Mapping[int, Way], mode: Mode, now: datetime) -> bool:
    """Give or offer, if the chat still waits and the person still has a hand free."""
    assert choice.person_id is not None  # noqa: S101 - the caller has somebody
    usual = settings.value(dispatching.CAPACITY)
    values = {"chat_id": chat.chat_id, "person_id": choice.person_id, "usual": usual}
    with transaction() as tx:
        capacity = db.session.scalar(_BOTH, values)
        if capacity is None:
            return False
        standing, held = beside(chat.chat_id, choice.person_id, now)
        if standing is None or standing.stage is not Stage.QUEUE or standing.is_offered(now):
            return False
        if not _fits(held, chat.weight, capacity):
            return False
        others = passed.others(chat, ways, [choice.person_id, *choice.passed], now)
        _give(tx, standing, choice, others, mode, now)
    return True


def _give(
    tx: Transaction, standing: Standing, choice: Choice, others: Iterable[Passed], mode: Mode, now: datetime
) -> None:
    assert choice.person_id is not None  # noqa: S101 - as above
    if mode is Mode.OFFER:
        offers.offer(tx, standing, choice.person_id, now)
    else:
        routing.give(tx, standing, choice.person_id, SYSTEM, now, "assigned")
    told = Told.OFFERED if mode is Mode.OFFER else Told.GIVEN
    trace(standing.chat_id, standing.episode_id, told, choice.person_id, now, **kept(choice, others))

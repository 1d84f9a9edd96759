"""At most one open request for one person: a merge makes one of two, and its end leaves to each client his own."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.actions import routing
from app.actions.record import record
from app.base import wakeups
from app.base.later import later
from app.live import push
from app.models.chat import Place, Verb
from app.models.db import Transaction, db
from app.models.viewer import AnyViewer
from app.queries.standing import locked

_OPEN = text("""
    SELECT s.*, e.identity_id AS began_by FROM standing s JOIN episode e ON e.id = s.episode_id WHERE s.chat_id = :id
""")
_NEXT_NUMBER = "(SELECT coalesce(max(number), 0) FROM episode WHERE chat_id = :to)"
_MOVE_OPEN = text(f"UPDATE episode SET chat_id = :to, number = {_NEXT_NUMBER} + 1 WHERE id = :episode_id")  # noqa: S608
_MOVE_STANDING = text("UPDATE standing SET chat_id = :to WHERE chat_id = :from")
# How often it was closed, and how that was rated, stands where the request stands.
_MOVE_ENDS = [
    text(f"""
        UPDATE {table} SET chat_id = :to
         WHERE chat_id = :from AND episode_id IN (SELECT id FROM episode WHERE chat_id = :to)
    """)  # noqa: S608 - tables of ours
    for table in ("closure", "rating")
]
# A chat that people may open needs a request: one that had none takes over all of the other's.
_MOVE_ALL = text("""
    UPDATE episode SET chat_id = :to
     WHERE chat_id = :from AND NOT EXISTS (SELECT 1 FROM episode WHERE chat_id = :to)
""")
_CLOSE = text("UPDATE episode SET closed_at = :now, closed_by = :by_id, group_id = :group_id WHERE id = :episode_id")
_END = text("UPDATE assignment SET ended_at = :now WHERE episode_id = :episode_id AND ended_at IS NULL")
_LEAVE = text("DELETE FROM standing WHERE chat_id = :from")
# The client waits since his first unanswered word on either side; the answer goes where he wrote last.
_ONE = text("""
    UPDATE standing SET waits_since = least(waits_since, CAST(:waits_since AS timestamptz)),
           awaits_since = CASE WHEN least(waits_since, CAST(:waits_since AS timestamptz)) IS NULL
                               THEN greatest(awaits_since, CAST(:awaits_since AS timestamptz)) END,
           unread = unread + :unread, trouble = trouble OR :trouble,
           identity_id = CASE WHEN last_at < CAST(:last_at AS timestamptz) THEN :identity_id ELSE identity_id END,
           last_id = CASE WHEN last_at < CAST(:last_at AS timestamptz) THEN :last_id ELSE last_id END,
           last_at = greatest(last_at, CAST(:last_at AS timestamptz))
     WHERE chat_id = :to
""")
_RETURN = text(f"""
    UPDATE episode SET chat_id = :to, number = n.number
      FROM (SELECT id, {_NEXT_NUMBER} + row_number() OVER (ORDER BY number) AS number FROM episode
             WHERE chat_id = :from AND identity_id = ANY(:identities)) n
     WHERE episode.id = n.id
""")  # noqa: S608 - our own words
_WRITES_TO = text("UPDATE standing SET identity_id = :identity_id WHERE chat_id = :chat_id")
_EPISODE = text("""
    INSERT INTO episode (chat_id, number, direction, type, channel_id, identity_id, arrived_at, queued_at, assigned_at,
                         owner_id, group_id, language, segment_id)
    SELECT :to, coalesce((SELECT max(number) FROM episode WHERE chat_id = :to), 0) + 1, 'in', 'transferred',
           i.channel_id, i.id, :waits_since, :now, CASE WHEN CAST(:owner_id AS bigint) IS NOT NULL THEN
           CAST(:now AS timestamptz) END, :owner_id, :group_id, k.language, k.segment_id
      FROM identity i JOIN customer k ON k.id = i.customer_id WHERE i.id = :identity_id RETURNING id
""")
_STANDING = text("""
    INSERT INTO standing (chat_id, episode_id, stage, owner_id, group_id, identity_id, waits_since, unread, last_at,
                          queued_at, language, skill_ids, score)
    VALUES (:to, :episode_id, :stage, :owner_id, :group_id, :identity_id, :waits_since, :unread, :last_at, :now,
            :language, CAST(:skill_ids AS bigint[]), :score)
""")
_BEGIN = text("""
    INSERT INTO assignment (episode_id, person_id, began_at, how, by_id)
    VALUES (:episode_id, :owner_id, :now, 'unmerged', :by_id)
""")
_LAST_SAID = text("""
    UPDATE standing SET last_id = m.id, last_at = coalesce(m.at, standing.last_at)
      FROM (SELECT 1) o LEFT JOIN LATERAL (
        SELECT id, at FROM message WHERE chat_id = :chat_id ORDER BY at DESC, id DESC LIMIT 1) m ON true
     WHERE standing.chat_id = :chat_id
""")
_ALREADY_OVER = text("""
    INSERT INTO episode (chat_id, number, direction, type, channel_id, identity_id, arrived_at, closed_at)
    SELECT m.chat_id, 1, 'in', 'transferred', i.channel_id, i.id, m.at, :now
      FROM message m JOIN identity i ON i.id = m.identity_id
     WHERE m.chat_id = :chat_id AND NOT EXISTS (SELECT 1 FROM episode WHERE chat_id = :chat_id)
     ORDER BY m.at DESC, m.id DESC LIMIT 1
""")


def bring(tx: Transaction, from_chat: int, to_chat: int, by: AnyViewer, now: datetime) -> None:
    """The open request of one chat goes on in the other; where both are open, it is closed into the other's."""
    way = {"from": from_chat, "to": to_chat}
    comes, stays = _open(from_chat), _open(to_chat)
    if comes is not None and stays is not None:
        _close_into(tx, comes, way, by, now)
        if stays.owner_id is None and comes.owner_id is not None and (standing := locked(to_chat)):
            routing.give(tx, standing, comes.owner_id, by, now, "merged")
    elif comes is not None:
        db.session.execute(_MOVE_OPEN, {**way, "episode_id": comes.episode_id})
        db.session.execute(_MOVE_STANDING, way)
        tx.after(push.chat_moved, from_chat, _place(comes))
        tx.after(push.chat_moved, to_chat, None)
    db.session.execute(_MOVE_ALL, way)
    _move_ends(way)


def part(tx: Transaction, shared: int, own: int, identities: Collection[int], by: AnyViewer, now: datetime) -> None:
    """What these identities began returns to their own chat; whoever of the two waits for an answer keeps waiting."""
    way = {"from": shared, "to": own}
    stands = _open(shared)
    db.session.execute(_RETURN, {**way, "identities": list(identities)})
    _move_ends(way)
    if stands is None:
        return
    returns = stands.began_by in identities
    home, other = (own, shared) if returns else (shared, own)
    if returns:
        db.session.execute(_MOVE_STANDING, way)
        tx.after(push.chat_moved, shared, _place(stands))
        tx.after(push.chat_moved, own, None)
    if (stands.identity_id in identities) != returns:
        db.session.execute(_WRITES_TO, {"chat_id": home, "identity_id": stands.began_by})
        if stands.waits_since is not None:
            _open_beside(tx, stands, other, by, now)


def never_without(shared: int, own: int, now: datetime) -> None:
    """What was said belongs to a request, if only to one that is over; and each list shows the last word of its own."""
    for chat_id in (shared, own):
        db.session.execute(_ALREADY_OVER, {"chat_id": chat_id, "now": now})
        db.session.execute(_LAST_SAID, {"chat_id": chat_id})


def _move_ends(way: dict[str, int]) -> None:
    for statement in _MOVE_ENDS:
        db.session.execute(statement, way)


def _open(chat_id: int) -> Any:
    return db.session.execute(_OPEN, {"id": chat_id}).one_or_none()


def _place(standing: Any) -> Place:
    return Place(standing.owner_id, standing.group_id)


def _close_into(tx: Transaction, comes: Any, way: dict[str, int], by: AnyViewer, now: datetime) -> None:
    values = {**comes._mapping, **way, "by_id": by.person_id, "now": now}
    db.session.execute(_CLOSE, values)
    db.session.execute(_END, values)
    db.session.execute(_LEAVE, way)
    db.session.execute(_ONE, values)
    record(tx, way["to"], comes.episode_id, Verb.FINISHED, by.person_id, now, by="merge", of_chat=way["from"])
    tx.after(push.chat_moved, way["from"], _place(comes))
    tx.after(push.row_changed, way["to"])
    tx.after(later, wakeups.ASSIGN)


def _open_beside(tx: Transaction, stands: Any, chat_id: int, by: AnyViewer, now: datetime) -> None:
    """A request of its own for whoever wrote last in the other's."""
    values = {**stands._mapping, "to": chat_id, "by_id": by.person_id, "now": now}
    episode_id = db.session.scalar(_EPISODE, values)
    db.session.execute(_STANDING, {**values, "episode_id": episode_id})
    if stands.owner_id is not None:
        db.session.execute(_BEGIN, {**values, "episode_id": episode_id})
    record(tx, chat_id, episode_id, Verb.OPENED, None, now)
    tx.after(push.chat_moved, chat_id, None)
    tx.after(later, wakeups.ASSIGN)

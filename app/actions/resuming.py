"""The client goes on with a chat closed a short while ago: the same episode, the same operator (clause 9.5)."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from app.actions import closures, demands, opening, routing
from app.actions.record import record
from app.live import push
from app.models.chat import Verb
from app.models.db import Transaction, db
from app.models.viewer import SYSTEM
from app.queries import endings
from app.queries.standing import locked

_LAST = text("""
    SELECT e.id, e.closed_at, e.outcome, e.owner_id, e.group_id, e.closed_by IS NULL AND coalesce(
             (SELECT v.data->>'by' FROM event v WHERE v.chat_id = e.chat_id AND v.verb = 'finished'
               ORDER BY v.at DESC, v.id DESC LIMIT 1), '') = 'client' AS by_client
      FROM episode e WHERE e.chat_id = :chat_id ORDER BY e.number DESC LIMIT 1
""")
# What was said of the closing moves into its record; the topics stay: they are what the chat was about.
_REOPEN = text("""
    UPDATE episode SET closed_at = NULL, closed_by = NULL, outcome = NULL, identity_id = :identity_id,
           type = CASE WHEN type = 'outgoing' THEN type ELSE 'resumed' END
     WHERE id = :episode_id AND closed_at IS NOT NULL
""")
_STANDING = text("""
    INSERT INTO standing (chat_id, episode_id, stage, group_id, identity_id, waits_since, last_at)
    VALUES (:chat_id, :episode_id, 'queue', :group_id, :identity_id, :at, :at)
""")
# At work, in a status in which he has chats to answer; a break that keeps chats will be over soon.
_SERVES = text("""
    SELECT EXISTS (SELECT 1 FROM status_span s JOIN work_status w ON w.id = s.status_id
                    WHERE s.person_id = p.id AND s.ended_at IS NULL AND w.takes_seat
                      AND (w.takes_new_chats OR w.keeps_chats))
      FROM person p WHERE p.id = :person_id AND p.blocked_at IS NULL AND p.deleted_at IS NULL
""")


def resumed(
    home: opening.Home, row: opening.Received, tx: Transaction, at: datetime, now: datetime, *, asked: bool = False
) -> opening.Home | None:
    """The home with its last episode open again; None when the client's word begins a new one.

    Within the window of the channel and group. Not what was spam, and not what the client has ended himself, except
    when he presses the button for it (`asked`). `taken`: the operator who had it has it again.
    """
    if home.episode_id is not None:
        return None
    last = db.session.execute(_LAST, {"chat_id": home.chat_id}).one_or_none()
    if last is None or last.closed_at is None or last.outcome == "spam" or (last.by_client and not asked):
        return None
    window = endings.times(row.channel_id, last.group_id).resume
    if window is None or row.received_at > last.closed_at + window:
        return None
    closures.resume(last.id, now)
    values = {"chat_id": home.chat_id, "episode_id": last.id, "identity_id": home.identity_id, "at": row.received_at}
    db.session.execute(_REOPEN, values)
    db.session.execute(_STANDING, {**values, "group_id": last.group_id})
    # A provider's clock is cut to seconds: what follows the closing stands below it.
    before = max(at - timedelta(microseconds=2), last.closed_at + timedelta(microseconds=1))
    record(tx, home.chat_id, last.id, Verb.RESUMED, None, before, asked=asked)
    taken = _to_its_owner(tx, home.chat_id, last.owner_id, before)
    tx.after(push.chat_moved, home.chat_id, None)
    return replace(home, episode_id=last.id, taken=taken)


def _to_its_owner(tx: Transaction, chat_id: int, owner_id: int | None, now: datetime) -> bool:
    standing = locked(chat_id)
    if standing is None or owner_id is None or not db.session.scalar(_SERVES, {"person_id": owner_id}):
        return False
    demands.know(chat_id, now)
    # It comes into his list at once: for a moment nobody has seen it in the queue, so nothing leaves that.
    shown = replace(standing, owner_id=owner_id)
    routing.give(tx, shown, owner_id, SYSTEM, now + timedelta(microseconds=1), "resumed")
    return True

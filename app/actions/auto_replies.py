"""What the desk itself says to clients: once for an occasion, never in answer to itself (clause 7.1)."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from app.actions import outgoing
from app.base import crypt, ids, wakeups
from app.base.clock import business_day
from app.base.later import later
from app.base.scripts import as_written_in
from app.channels.contract import Buttons
from app.live import push
from app.models.auto_reply import LONG_WAIT_MINUTES, fill
from app.models.db import Transaction, db, retried, transaction
from app.models.webchat import SHOW_NAMES
from app.queries import auto_replies as replies
from app.queries import hours, settings
from app.queries.auto_replies import Addressee
from app.queries.standing import locked

# Said whatever came before: the client is to know that the chat ends.
_UNCOUNTED = ("auto_close_warning", "closing", "rating", "rating_thanks")

_ONCE = text("""
    INSERT INTO auto_said (episode_id, kind, occasion, at) VALUES (:episode_id, :kind, :occasion, :now)
    ON CONFLICT DO NOTHING RETURNING 1
""")
# The client still waits, and is not answered by it: of the standing only the last word moves.
_SAY = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev),
    stood AS (UPDATE standing SET last_id = :id, last_at = :at WHERE chat_id = :chat_id)
    INSERT INTO message (id, chat_id, episode_id, identity_id, kind, at, received_at, text, shape, state, rev)
    SELECT :id, :chat_id, :episode_id, :identity_id, 'bot', :at, :now, :text, CAST(:shape AS jsonb), 'queued', rev
      FROM bumped
""")
_WAITS = text("SELECT waits_since FROM standing WHERE chat_id = :chat_id AND stage = 'queue'")


def say(tx: Transaction, chat_id: int, kind: str, now: datetime, *, occasion: str = "", **values: str) -> bool:
    """Send the reply of this kind in the client's language; whether it was sent. The caller has locked the chat.

    Never twice for one `occasion` of an episode, and no more in a row than the setting allows. `values` are the
    variables beside the names of client and bank, with `__` for the dot: `hours__next="…"`.
    """
    to = replies.addressee(chat_id)
    if to is None or not to.reachable:
        return False
    said = filled(to, kind, {name.replace("__", "."): value for name, value in values.items()})
    if not said:
        return False
    if kind not in _UNCOUNTED and replies.too_many(to):
        return False
    once = {"episode_id": to.episode_id, "kind": kind, "occasion": occasion, "now": now}
    if db.session.execute(_ONCE, once).one_or_none() is None:
        return False
    put(tx, to, said, now)
    return True


def filled(to: Addressee, kind: str, values: dict[str, str]) -> str:
    """The words of an occasion for this client; "" when nothing is to be said."""
    if "operator.name" in values:
        values = {**values, "operator.name": as_written_in(to.language, values["operator.name"])}
    return fill(replies.text_of(kind, to), {**replies.always(to), **values})


def put(tx: Transaction, to: Addressee, said: str, now: datetime, *, buttons: Buttons = (), shape: str = "{}") -> UUID:
    """An automatic word on its way: stored with its parts, shown with its buttons to whoever has the chat open."""
    if buttons:
        shape = json.dumps(json.loads(shape) | {"buttons": [[one.label for one in row] for row in buttons]})
    message_id = ids.uuid7(now)
    values = {
        "id": message_id,
        "chat_id": to.chat_id,
        "episode_id": to.episode_id,
        "identity_id": to.identity_id,
        "at": max(now, to.last_at + timedelta(microseconds=1)),
        "now": now,
        "text": crypt.seal(said, at=("message.text", message_id)),
        "shape": shape,
    }
    db.session.execute(_SAY, values)
    outgoing.queue(to, message_id, said, now, buttons=buttons)
    tx.after(push.message_changed, to.chat_id, message_id)
    if to.is_open:
        tx.after(push.row_changed, to.chat_id)
    tx.after(later, wakeups.DRAIN_OUTBOX)
    return message_id


def welcome(tx: Transaction, chat_id: int, now: datetime) -> None:
    """The client has begun, or goes on: a greeting and the place in the queue, or when the bank opens."""
    to = replies.addressee(chat_id)
    if to is None or not to.is_open:
        return
    found = hours.open_now(to.group_id, to.channel_id, now)
    if not found.is_open:
        kind = "holiday" if found.holiday else "out_of_hours"
        day = business_day(now).isoformat()
        say(tx, chat_id, kind, now, occasion=day, hours__next=replies.opens(found.next_at, now, to.language))
        return
    say(tx, chat_id, "greeting", now)
    place = replies.place(chat_id, now)
    if place is not None and place.most is not None and place.number > place.most:
        say(tx, chat_id, "queue_full", now)
    elif place is not None and replies.worth_telling(place):
        _tell_place(tx, chat_id, place, now)


def joined(tx: Transaction, chat_id: int, person_id: int, name: str, now: datetime) -> None:
    """An operator has the chat: once for each, by his public name, and only where clients see who answers."""
    if name and settings.value(SHOW_NAMES):
        say(tx, chat_id, "operator_joined", now, occasion=str(person_id), operator__name=name)


def tell_waiting(now: datetime) -> int:
    """Tell those in the queue that it takes long, or where they stand now. Returns how many were told."""
    with transaction():
        due = replies.waiting(now)
    return sum(_tell_one(chat_id, now) for chat_id in due)


@retried
def _tell_one(chat_id: int, now: datetime) -> bool:
    with transaction() as tx:
        standing = locked(chat_id)
        place = replies.place(chat_id, now) if standing else None
        if standing is None or place is None:
            return False
        # While the bank is closed the client knows when it opens; a count of minutes would be untrue.
        if not hours.open_now(standing.group_id, standing.channel_id, now).is_open:
            return False
        since = db.session.scalar(_WAITS, {"chat_id": chat_id})
        long = timedelta(minutes=settings.value(LONG_WAIT_MINUTES))
        if since is not None and since <= now - long and say(tx, chat_id, "long_wait", now, **_place_words(place)):
            return True
        return replies.worth_telling(place) and _tell_place(tx, chat_id, place, now)


def _tell_place(tx: Transaction, chat_id: int, place: replies.Place, now: datetime) -> bool:
    """A place is told once: whoever stands where he stood hears nothing new."""
    return say(tx, chat_id, "queue_position", now, occasion=str(place.number), **_place_words(place))


def _place_words(place: replies.Place) -> dict[str, str]:
    return {"queue__position": str(place.number), "queue__minutes": str(place.minutes)}

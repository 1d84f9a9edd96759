"""Write first to a client whose chat is finished: a new episode of his chat, outgoing and one's own (clause 9.4)."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import demands
from app.actions.record import record
from app.base.refusal import Refusal
from app.live import push
from app.models.chat import Verb
from app.models.db import db, retried, transaction
from app.models.viewer import Viewer
from app.queries import duty, reaching
from app.queries.standing import locked


class StillOpen(Refusal):
    notice = _l("This chat is open already.")


class ClientBlocked(Refusal):
    notice = _l("The client has blocked the bot: nothing can reach him until he lets it in again.")


class ChannelOff(Refusal):
    notice = _l("The channel this client wrote to is switched off. Ask the administrator.")


class BrowserGone(Refusal):
    notice = _l("The client’s browser is not known any more: he must write first.")


class ChannelForbids(Refusal):
    notice = _l("This channel does not let the bank write first.")


WHY = {"blocked": ClientBlocked, "off": ChannelOff, "gone": BrowserGone, "rules": ChannelForbids}

_EPISODE = text("""
    INSERT INTO episode (chat_id, number, direction, type, channel_id, identity_id, arrived_at, assigned_at, owner_id,
                         group_id, language, segment_id)
    SELECT :chat_id, coalesce(max(e.number), 0) + 1, 'out', 'outgoing', :channel_id, :identity_id, :now, :now, :me,
           :group_id, max(c.language), max(c.segment_id)
      FROM customer c LEFT JOIN episode e ON e.chat_id = :chat_id WHERE c.id = :customer_id RETURNING id
""")
_STANDING = text("""
    INSERT INTO standing (chat_id, episode_id, stage, owner_id, group_id, identity_id, last_at)
    VALUES (:chat_id, :episode_id, 'work', :me, :group_id, :identity_id, :now)
""")
_BEGIN = text("""
    INSERT INTO assignment (episode_id, person_id, began_at, how, by_id)
    VALUES (:episode_id, :me, :now, 'outgoing', :me)
""")


@retried
def reopen(chat_id: int, by: Viewer, now: datetime) -> int:
    """Open an outgoing episode of a finished chat, owned by this person; its id.

    Raises NotAtWork, StillOpen, and why the client cannot be reached: ClientBlocked, ChannelOff, BrowserGone,
    ChannelForbids.
    """
    with transaction() as tx:
        if locked(chat_id) is not None:
            raise StillOpen
        duty.must_serve(by.person_id)
        place = reaching.last_place(chat_id, now)
        if place is None or place.why_not:
            raise WHY[place.why_not if place else "rules"]
        values = {"chat_id": chat_id, "me": by.person_id, "now": now, **vars(place)}
        episode_id = int(db.session.execute(_EPISODE, values).scalar_one())
        db.session.execute(_STANDING, {**values, "episode_id": episode_id})
        db.session.execute(_BEGIN, {**values, "episode_id": episode_id})
        demands.know(chat_id, now)
        record(tx, chat_id, episode_id, Verb.WROTE_FIRST, by.person_id, now)
        tx.after(push.chat_moved, chat_id, None)
    return episode_id

"""A pressed button under a message of ours. Whoever presses twice, late or what is not his changes nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import text

from app.actions import asking, auto_replies, going_on, opening, outgoing, rating
from app.actions.speech import speaking
from app.base import ids, wakeups
from app.base.later import later
from app.base.refusal import Refusal
from app.channels.contract import Button, Buttons, Incoming
from app.live import push
from app.models.db import Transaction, db
from app.models.rating import COMMENT_MINUTES, callback, read_callback
from app.queries import auto_replies as replies
from app.queries import ratings
from app.queries.auto_replies import Addressee
from app.queries.ratings import Rating

# Once for each label; the thread shows them beside what was offered.
_PRESSED = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev)
    UPDATE message SET shape = shape || jsonb_build_object(
             'pressed', coalesce(shape->'pressed', '[]') || to_jsonb(CAST(:label AS text))), rev = bumped.rev
      FROM bumped
     WHERE message.id = :id AND NOT coalesce(shape->'pressed', '[]') @> to_jsonb(CAST(:label AS text))
""")
_AWAIT = text("UPDATE rating SET comment_until = :until WHERE id = :id AND comment IS NULL")


def pressed(home: opening.Home, incoming: Incoming, tx: Transaction, now: datetime) -> None:
    """Do what the button says and answer the press, so that it does not spin."""
    press = incoming.callback
    to = replies.addressee(home.chat_id)
    if press is None or to is None:
        return
    asked = read_callback(press.data)
    found = ratings.one(asked[0]) if asked else None
    # The data comes from the client's program: only a question asked of this very client counts.
    if asked is None or found is None or found.identity_id != home.identity_id:
        _answer(tx, to, None, press.id, "", now)
        return
    notice = _done(found, to, asked[1], now)
    if label := _label(found, asked[1], notice):
        db.session.execute(_PRESSED, {"chat_id": to.chat_id, "id": found.message_id, "label": label})
        tx.after(push.message_changed, to.chat_id, found.message_id)
    _answer(tx, to, found.message_id, press.id, notice, now)


def commented(home: opening.Home, incoming: Incoming, tx: Transaction, now: datetime) -> opening.Home | None:
    """The word that the client was asked for after his mark: kept behind the closed chat, which stays closed."""
    if home.episode_id is not None or incoming.kind != "message" or incoming.attachments or not incoming.text.strip():
        return None
    found, to = ratings.awaited_comment(home.chat_id, home.identity_id, now), replies.addressee(home.chat_id)
    if found is None or to is None:
        return None
    rating.comment(found, incoming.text, now)
    again = ((asking.going_on(found.id, found.language),),)
    outgoing.queue_change(to, found.message_id, "edit", _thanks(found.language), now, buttons=again)
    tx.after(later, wakeups.DRAIN_OUTBOX)
    return replace(home, episode_id=found.episode_id)


def _done(of: Rating, to: Addressee, what: str, now: datetime) -> str:
    """What the press has led to, in the client's language."""
    if what == "resume":
        return _resume(of, now)
    if what == "comment":
        return _await_comment(of, to, now)
    try:
        rating.rate(of, int(what) if what.isascii() and what.isdigit() and len(what) < 3 else 0, now)
    except Refusal as refusal:
        if isinstance(refusal, rating.TooLate):
            outgoing.queue_change(to, of.message_id, "edit", _said(refusal, of.language), now)
        return _said(refusal, of.language)
    thanks = auto_replies.filled(to, "rating_thanks", {"rating.mark": what}) or _thanks(of.language)
    outgoing.queue_change(to, of.message_id, "edit", thanks, now, buttons=_after(of))
    return ""


def _label(of: Rating, what: str, notice: str) -> str:
    """What stood on the button; "" for a mark that was refused, with a `notice`."""
    offered = {what: button.label for row in _after(of) for button in row for what in [button.data.rpartition(":")[2]]}
    return offered.get(what) or ("" if notice else what)


def _resume(of: Rating, now: datetime) -> str:
    went = going_on.go_on(of.chat_id, of.identity_id, now)
    with speaking(of.language):
        return {
            "open": _("The chat is open. Write your question."),
            "over": _("Write your question, and we will answer."),
            "resumed": _("The chat is open again."),
        }[went]


def _await_comment(of: Rating, to: Addressee, now: datetime) -> str:
    with speaking(of.language):
        if of.mark is None or of.commented:
            return _("Thank you!")
        if now > of.ends_at:
            return str(rating.TooLate.notice)
        db.session.execute(_AWAIT, {"id": of.id, "until": now + timedelta(minutes=COMMENT_MINUTES)})
        ask = _("Write your comment in one message: what can we do better?")
    outgoing.queue_change(to, of.message_id, "edit", ask, now, buttons=((asking.going_on(of.id, of.language),),))
    return ""


def _after(of: Rating) -> Buttons:
    with speaking(of.language):
        return (
            (Button(_("Leave a comment"), callback(of.id, "comment")),),
            (asking.going_on(of.id, of.language),),
        )


def _answer(tx: Transaction, to: Addressee, message_id: UUID | None, press: str, notice: str, now: datetime) -> None:
    # What belongs to no message of ours still needs an id of its own: its parts are told apart by it.
    outgoing.queue_answer(to, message_id or ids.uuid7(now), press, notice, now)
    tx.after(later, wakeups.DRAIN_OUTBOX)


def _said(refusal: Refusal, language: str) -> str:
    with speaking(language):
        return refusal.message


def _thanks(language: str) -> str:
    with speaking(language):
        return _("Thank you!")

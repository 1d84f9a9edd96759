"""Continue in another channel by a one-time link: the dialogue keeps its number (clause 15.3.3)."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import merging, reply, service_words
from app.actions.journal import Origin
from app.actions.opening import Home
from app.actions.record import record
from app.base import crypt
from app.base.refusal import Refusal
from app.live import push
from app.models.chat import Verb
from app.models.customer import LINK_MINUTES
from app.models.db import Transaction, db, retried, transaction
from app.models.viewer import SYSTEM, Viewer
from app.queries import customers, family, passages, settings
from app.queries.passages import Target

# Telegram's /start takes 64 characters of A-Z a-z 0-9 _ -; the bank's own deep links do not begin so.
TOKEN = re.compile(r"go-[A-Za-z0-9_-]{44}")
_NONCE, _MARK = 16, 22
_KEPT = timedelta(days=1)
_HERE = Origin("local", "link")


class NowhereToGo(Refusal):
    notice = _l("This channel cannot be gone to now. Choose another.")
    status = 422


class LinkWrong(Refusal):
    notice = _l("This link does not lead to a chat here. Ask for a new one.")
    status = 422


class LinkExpired(Refusal):
    notice = _l("This link has expired. Ask for a new one.")
    status = 410


class LinkUsed(Refusal):
    notice = _l("This link has been used already. Ask for a new one.")
    status = 409


class LinkForeign(Refusal):
    notice = _l("This link was made for another client of the bank. Ask for one of your own.")
    status = 403


REFUSALS: dict[str, type[Refusal]] = {
    "wrong": LinkWrong, "expired": LinkExpired, "used": LinkUsed, "foreign": LinkForeign,
}  # fmt: skip

_MAKE = text("""
    INSERT INTO passage (token_hash, chat_id, identity_id, channel_id, by_id, made_at, ends_at)
    VALUES (:hash, :chat_id, :identity_id, :channel_id, :by_id, :now, :ends_at)
""")
_SWEEP = text("DELETE FROM passage WHERE ends_at < :before")
_USE = text("UPDATE passage SET used_at = :now, used_by = :identity_id WHERE token_hash = :hash AND used_at IS NULL")
_WRITES_FROM = text("UPDATE standing SET identity_id = :identity_id WHERE chat_id = :chat_id RETURNING episode_id")
_CHANNEL = text("SELECT kind, name FROM channel WHERE id = :id")
_NOW_AT = text("SELECT episode_id, identity_id FROM standing WHERE chat_id = :chat_id")
_LOCK = text("SELECT 1 FROM chat WHERE id = :chat_id FOR UPDATE")


@retried
def invite(chat_id: int, channel_id: int, by: Viewer, now: datetime) -> None:
    """Send the client a link by which he goes on elsewhere. Raises NowhereToGo and what `reply.say` raises."""
    with transaction() as tx:
        target = passages.target(channel_id)
        stands = db.session.execute(_NOW_AT, {"chat_id": chat_id}).one_or_none()
        if target is None:
            raise NowhereToGo
        if stands is None:
            raise reply.NothingOpen
        link = _link(chat_id, stands.identity_id, target, by.person_id, now)
        reply.say(chat_id, service_words.in_clients_language(chat_id, _invitation, target, link), by, now)
        record(tx, chat_id, stands.episode_id, Verb.INVITED, by.person_id, now, name=target.name)


@retried
def leave_for(chat_id: int, identity_id: int, target: Target, now: datetime) -> str:
    """The client asks to go on elsewhere himself: the address to go to."""
    with transaction() as tx:
        db.session.execute(_LOCK, {"chat_id": chat_id})
        stands = db.session.execute(_NOW_AT, {"chat_id": chat_id}).one_or_none()
        record(tx, chat_id, stands.episode_id if stands else None, Verb.INVITED, None, now, name=target.name)
        return _link(chat_id, identity_id, target, None, now)


def is_token(payload: str) -> bool:
    return TOKEN.fullmatch(payload) is not None


def check(token: str, channel_id: int, subject: str, at: datetime) -> None:
    """`subject`: the bank's own id of who comes, "" when he is not signed in.

    Raises LinkWrong, LinkExpired, LinkUsed, LinkForeign.
    """
    why = _why_not(token, channel_id, at) or _foreign(token, subject)
    if why:
        raise REFUSALS[why]


def arrived(tx: Transaction, home: Home, channel_id: int, token: str, at: datetime, now: datetime) -> None:
    """The client has come by a link: his identity here joins the dialogue it was made in; a bad link is answered.

    `at`: when he came; a link counts by that and not by when we got to it.
    """
    why = _why_not(token, channel_id, at)
    found = passages.passage(token)
    if why == "used" and found.used_by == home.identity_id:
        return  # the same press again
    if why:
        service_words.tell(home.identity_id, home.chat_id, now, lambda: str(REFUSALS[why].notice))
        return
    chat_id = family.chat_now(found.chat_id)
    if merging.refuse_two(home.customer_id, _customer(chat_id), "link", SYSTEM, _HERE, now):
        service_words.tell(home.identity_id, home.chat_id, now, lambda: str(LinkForeign.notice))
        return
    db.session.execute(_USE, {"hash": found.token_hash, "identity_id": home.identity_id, "now": now})
    merging.join(tx, home.customer_id, _customer(chat_id), "link", SYSTEM, _HERE, now)
    _go_on(tx, chat_id, home.identity_id, channel_id, now)
    service_words.tell(home.identity_id, chat_id, now, _welcome)


def asks_for_site(tx: Transaction, home: Home, channel_id: int, now: datetime) -> bool:
    """The client of a bot asks for the site (/site). False when this bot leads to none."""
    target = passages.site_of(channel_id)
    if target is None:
        return False
    link = _link(home.chat_id, home.identity_id, target, None, now)
    record(tx, home.chat_id, home.episode_id, Verb.INVITED, None, now, name=target.name)
    service_words.tell(home.identity_id, home.chat_id, now, lambda: _invitation(target, link))
    return True


def _go_on(tx: Transaction, chat_id: int, identity_id: int, channel_id: int, now: datetime) -> None:
    """Answers go there from now on; both sides see one line."""
    where = {"chat_id": chat_id, "identity_id": identity_id}
    episode_id = db.session.scalar(_WRITES_FROM, where)
    kind, name = db.session.execute(_CHANNEL, {"id": channel_id}).one()
    record(tx, chat_id, episode_id, Verb.CONTINUED, None, now, kind=kind, name=name, identity=identity_id)
    tx.after(push.card_changed, chat_id)
    tx.after(push.row_changed, chat_id)


def _link(chat_id: int, identity_id: int, target: Target, by_id: int | None, now: datetime) -> str:
    nonce = secrets.token_urlsafe(_NONCE)
    token = f"go-{nonce}{_mark(nonce, target.id)}"
    values = {"hash": passages.token_hash(token), "chat_id": chat_id, "identity_id": identity_id, "by_id": by_id}
    ends_at = now + timedelta(minutes=settings.value(LINK_MINUTES))
    db.session.execute(_SWEEP, {"before": now - _KEPT})
    db.session.execute(_MAKE, {**values, "channel_id": target.id, "now": now, "ends_at": ends_at})
    return target.address(token)


def _why_not(token: str, channel_id: int, at: datetime) -> str:
    """A token of another channel is a wrong one here."""
    nonce, mark = token[3:-_MARK], token[-_MARK:]
    if not is_token(token) or not secrets.compare_digest(mark, _mark(nonce, channel_id)):
        return "wrong"
    return passages.ends(passages.passage(token), at)


def _foreign(token: str, subject: str) -> str:
    """Who is signed in on the site comes into no dialogue of somebody the bank knows under another id."""
    if not subject:
        return ""
    owner = _customer(family.chat_now(passages.passage(token).chat_id))
    known = customers.subjects(family.root(owner))
    return "foreign" if known and crypt.keyed_hash("subject", subject) not in known else ""


def _mark(nonce: str, channel_id: int) -> str:
    return crypt.sign("continue", f"{channel_id}:{nonce}")[:_MARK]


def _customer(chat_id: int) -> int:
    found: Any = db.session.scalar(text("SELECT customer_id FROM chat WHERE id = :id"), {"id": chat_id})
    return int(found)


def _invitation(target: Target, link: str) -> str:
    minutes = settings.value(LINK_MINUTES)
    if target.kind == "telegram":
        return _("Continue this chat in Telegram: %(link)s (works once, for %(n)s min)", link=link, n=minutes)
    return _("Continue this chat on the site: %(link)s (works once, for %(n)s min)", link=link, n=minutes)


def _welcome() -> str:
    return _("You continue the same chat here. Write to us, we see everything said before.")

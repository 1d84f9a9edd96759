"""Who a visitor of the bank's site is: a browser with a token of its own, or somebody the site has signed."""

import logging
import re
import secrets
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import dispatch
from app.actions.known import keep_language
from app.base import crypt, jwt
from app.base.refusal import Refusal
from app.base.text import clean
from app.live import push
from app.models.customer import LanguageSource
from app.models.db import db, retried, transaction
from app.queries import widget
from app.queries.widget import Door, Visitor

log = logging.getLogger(__name__)

# A browser keeps its dialogue for a year after its last visit; a signed visitor is asked to prove it again.
_ANONYMOUS = timedelta(days=365)
_SIGNED = timedelta(hours=12)
# Made by the page (32 random bytes), so that a request that was answered into the void may be repeated.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class NotYourToken(Refusal):
    notice = _l("This page no longer knows you. Open the chat again.")
    status = 401


class ProofRefused(Refusal):
    notice = _l("The site could not confirm who you are. Reload the page and sign in again.")
    status = 403


_NEW = text("""
    INSERT INTO widget_token (token_hash, channel_id, external_id, proof_hash, about, locale, made_at, seen_at, ends_at)
    VALUES (:hash, :channel_id, :external_id, :proof_hash, :about, :locale, :now, :now, :ends_at)
    ON CONFLICT DO NOTHING RETURNING 1
""")
_SEEN = text("""
    UPDATE widget_token SET seen_at = :now, locale = :locale,
           ends_at = CASE WHEN proof_hash IS NULL THEN :ends_at ELSE ends_at END
     WHERE token_hash = :hash
""")
_PROOF = text("SELECT proof_hash FROM widget_token WHERE token_hash = :hash AND channel_id = :channel_id")
_ENDED = text("DELETE FROM widget_token WHERE ends_at < :now")
_CUSTOMER = text("""
    SELECT k.* FROM customer k JOIN chat c ON c.customer_id = k.id WHERE c.id = :chat_id FOR UPDATE OF k
""")
_FORGET = text("DELETE FROM widget_token WHERE token_hash = :hash AND channel_id = :channel_id")


def enter(door: Door, token: str, proof: str, locale: str, now: datetime, *, chosen: bool = False) -> Visitor:
    """Know the browser again, or for the first time; `chosen`: the person wants this language.

    A wrong, expired, foreign or replayed proof is refused, never read as "anonymous". The same proof with the same
    token is the same visitor reloading the page. Raises NotYourToken, ProofRefused.
    """
    if not _TOKEN.fullmatch(token):
        raise NotYourToken
    found = _enter(door, token, proof, locale, now)
    if chosen:
        _choose(found, now)
    return found


def leave(door: Door, token: str) -> None:
    """The visitor has signed out on the site: on a shared computer the next one sees nothing."""
    with transaction():
        db.session.execute(_FORGET, {"hash": widget.token_hash(token), "channel_id": door.channel_id})


@retried
def _enter(door: Door, token: str, proof: str, locale: str, now: datetime) -> Visitor:
    with transaction():
        known = widget.visitor(door, token, now)
        if proof:
            return _signed(door, token, proof, known, locale, now)
        if known is not None and known.signed:
            raise NotYourToken
        if known is None:
            who = f"a-{secrets.token_hex(16)}"
            if not _keep(door, token, who, None, None, locale, now, _ANONYMOUS):
                raise NotYourToken
        else:
            _seen(known, locale, now)
        return _again(door, token, now)


@retried
def _choose(visitor: Visitor, now: datetime) -> None:
    """Of who has not said a word yet nothing is kept: his first word brings the choice."""
    home = widget.home(visitor)
    if home is None:
        return
    with transaction() as tx:
        customer = db.session.execute(_CUSTOMER, {"chat_id": home.chat_id}).one()
        if keep_language(customer, visitor.locale, LanguageSource.CHOSEN):
            if customer.language != visitor.locale:
                dispatch.ask_again(tx, home.chat_id, now)
            tx.after(push.card_changed, home.chat_id)


def _signed(door: Door, token: str, proof: str, known: Visitor | None, locale: str, now: datetime) -> Visitor:
    proof_hash = widget.token_hash(proof)
    if known is not None:
        of_token = {"hash": known.token_hash, "channel_id": door.channel_id}
        if not known.signed or db.session.scalar(_PROOF, of_token) != proof_hash:
            raise ProofRefused
        _seen(known, locale, now)
        return _again(door, token, now)
    if not door.proof:
        raise ProofRefused
    try:
        claims = door.who(proof, now)
    except jwt.NotProved as error:
        log.info("channel %s: a proof was refused: %s", door.channel_id, error)
        raise ProofRefused from None
    subject, name = claims["sub"], claims.get("name")
    # The bank's own id of the client is looked up by its keyed hash; in the clear it stands nowhere.
    who = f"s-{crypt.keyed_hash('widget', f'{door.channel_id}:{subject}').hex()}"
    told = "\n".join(_line(one) for one in (name, subject, claims.get("segment")))
    sealed = crypt.seal(told, at=("widget_token.about", widget.token_hash(token).hex()))
    if not _keep(door, token, who, proof_hash, sealed, locale, now, _SIGNED):
        raise ProofRefused  # another browser has come with it already
    return _again(door, token, now)


def _line(said: object) -> str:
    return " ".join(clean(said if isinstance(said, str) else "", 200).split())


def _keep(
    door: Door,
    token: str,
    who: str,
    proof_hash: bytes | None,
    about: bytes | None,
    locale: str,
    now: datetime,
    life: timedelta,
) -> bool:
    db.session.execute(_ENDED, {"now": now})
    values = {"hash": widget.token_hash(token), "channel_id": door.channel_id, "external_id": who, "about": about}
    values |= {"proof_hash": proof_hash, "locale": locale, "now": now, "ends_at": now + life}
    return db.session.execute(_NEW, values).one_or_none() is not None


def _seen(known: Visitor, locale: str, now: datetime) -> None:
    values = {"hash": known.token_hash, "locale": locale, "now": now, "ends_at": now + _ANONYMOUS}
    db.session.execute(_SEEN, values)


def _again(door: Door, token: str, now: datetime) -> Visitor:
    found = widget.visitor(door, token, now)
    if found is None:
        raise NotYourToken
    return found

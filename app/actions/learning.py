"""A client's language, learnt from his own words until somebody has said it (clause 9.1)."""

from sqlalchemy import text

from app.actions import known
from app.actions.opening import Home
from app.base import language
from app.base.locale import read_tag
from app.channels.contract import Incoming
from app.live import push
from app.models.customer import LanguageSource
from app.models.db import Transaction, db

_SAID = (LanguageSource.OPERATOR, LanguageSource.CHOSEN)

# The chat is locked already, and customers come before chats: whoever holds this one keeps it, the next word teaches.
_LOCK = text("SELECT * FROM customer WHERE id = :id FOR NO KEY UPDATE SKIP LOCKED")


def learn(tx: Transaction, home: Home, incoming: Incoming) -> bool:
    """Remember in which language this word was written, or was chosen to be answered; whether it is another one now.

    An open request goes by it from here on. The caller has locked the chat.
    """
    told, source = _chosen(incoming), LanguageSource.CHOSEN
    if told is None:
        told, source = learnt(home, incoming), LanguageSource.RECOGNISED
    if told is None or (told, source) == (home.language, home.language_source):
        return False
    customer = db.session.execute(_LOCK, {"id": home.customer_id}).one_or_none()
    if customer is None or not known.keep_language(customer, told, source):
        return False
    if told == home.language:
        return False
    tx.after(push.card_changed, home.chat_id)
    return True


def learnt(home: Home, incoming: Incoming) -> str | None:
    """What these words teach beside what is known; None for nothing. Asks nobody."""
    if home.language_source in _SAID:
        return None
    return language.learnt(incoming.text, home.language, home.language_source == LanguageSource.RECOGNISED)


def _chosen(incoming: Incoming) -> str | None:
    sender = incoming.sender
    return read_tag(sender.language_hint) if sender and sender.chose_language else None

"""What an operator keeps on a client's card. The last write counts, and says whose earlier one it replaced."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import dispatch, journal, known
from app.base import crypt, phones
from app.base.crypt import opened
from app.base.masks import without_codes
from app.base.refusal import Refusal
from app.base.text import clean
from app.live import push
from app.models.customer import EDIT, LANGUAGES, SEGMENT, LanguageSource, SegmentSource
from app.models.db import Transaction, db, retried, transaction
from app.models.journal import declare as declare_kind
from app.models.permission import Permission
from app.models.viewer import Viewer
from app.queries import customers
from app.queries.visible import ChatView

CHANGED = declare_kind("customer.changed", _l("Client's card changed"))
LONGEST_NAME = 200
LONGEST_NOTE = 4000


class NotYourCard(Refusal):
    notice = _l("You may change the card only of clients you serve.")
    status = 403


class NoName(Refusal):
    notice = _l("Write the client's name.")
    status = 422


class NoSuchChoice(Refusal):
    notice = _l("Choose one of the list.")
    status = 422


class KnownBetter(Refusal):
    notice = _l("%(source)s says otherwise and is trusted more, so it stays.")


class NotAPhone(Refusal):
    notice = _l("This is no phone number. Write it like +998 90 123-45-67.")
    status = 422


class NothingNoted(Refusal):
    notice = _l("Write the note.")
    status = 422


class NotYourNote(Refusal):
    notice = _l("Only the author changes a note.")
    status = 403


@dataclass(frozen=True)
class Seen:
    """Which version of the card the form was drawn from, and from where it was sent."""

    version: int
    origin: journal.Origin


_LOCK = text("SELECT * FROM customer WHERE id = :id FOR UPDATE")
_NAME = text("UPDATE customer SET name = :name, name_source = 'operator', words = NULL WHERE id = :id")
_VIP = text("UPDATE customer SET vip = :vip WHERE id = :id")
_PHONE = text("""
    INSERT INTO customer_phone (customer_id, whole, last4, last7, at, by_id)
    VALUES (:id, :whole, :last4, :last7, :now, :by_id)
    ON CONFLICT (customer_id, whole) WHERE removed_at IS NULL DO NOTHING RETURNING id
""")
_SEAL_PHONE = text("UPDATE customer_phone SET phone = :phone WHERE id = :id")
_REMOVE_PHONE = text("""
    UPDATE customer_phone SET removed_at = :now WHERE id = :phone_id AND customer_id = ANY(:ids) AND removed_at IS NULL
    RETURNING id, phone
""")
_NOTE = text("INSERT INTO customer_note (customer_id, by_id, at) VALUES (:id, :by_id, :now) RETURNING id")
_WRITE_NOTE = text("UPDATE customer_note SET text = :text WHERE id = :id")
_EDIT_NOTE = text("""
    UPDATE customer_note SET text = :text, edited_at = :now
     WHERE id = :note_id AND by_id = :by_id AND customer_id = ANY(:ids) AND deleted_at IS NULL RETURNING 1
""")
_DELETE_NOTE = text("""
    UPDATE customer_note SET deleted_at = :now, text = NULL
     WHERE id = :note_id AND by_id = :by_id AND customer_id = ANY(:ids) AND deleted_at IS NULL RETURNING 1
""")
_TAG = text("""
    INSERT INTO customer_tag (customer_id, tag_id, at, by_id)
    SELECT :id, id, :now, :by_id FROM tag WHERE id = :tag_id AND archived_at IS NULL ON CONFLICT DO NOTHING RETURNING 1
""")
_UNTAG = text("DELETE FROM customer_tag WHERE customer_id = ANY(:ids) AND tag_id = :tag_id RETURNING 1")


@retried
def rename(chat: ChatView, name: str, seen: Seen, by: Viewer, now: datetime) -> str:
    """Give the client a name of the bank's; the channel's own stays beside it. Raises NotYourCard, NoName.

    Like every verb here it returns the name of the colleague whose newer change this one has replaced, or "".
    """
    _check(by, EDIT, chat)
    name = " ".join(clean(name, LONGEST_NAME).split())
    if not name:
        raise NoName
    with transaction() as tx:
        row = _locked(chat)
        before = opened(row.name, "customer.name", row.id)
        if before == name:
            return ""
        db.session.execute(_NAME, {"id": row.id, "name": crypt.seal(name, at=("customer.name", row.id))})
        return _changed(tx, chat, "name", before, name, seen, by, now)


@retried
def speaks(chat: ChatView, language: str, seen: Seen, by: Viewer, now: datetime) -> str:
    """The client's language, as the operator hears it. Raises NotYourCard, NoSuchChoice, KnownBetter."""
    _check(by, EDIT, chat)
    if language not in LANGUAGES:
        raise NoSuchChoice
    with transaction() as tx:
        row = _locked(chat)
        if row.language == language:
            return ""
        if not known.keep_language(row, language, LanguageSource.OPERATOR):
            raise KnownBetter(source=customers.LANGUAGE_SOURCES[LanguageSource(row.language_source)])
        dispatch.ask_again(tx, chat.id, now)
        return _changed(tx, chat, "language", row.language or "", language, seen, by, now)


@retried
def belongs(chat: ChatView, segment_id: int | None, seen: Seen, by: Viewer, now: datetime) -> str:
    """The segment, by hand. Raises NotYourCard, NoSuchChoice, KnownBetter."""
    _check(by, SEGMENT, chat)
    with transaction() as tx:
        row = _locked(chat)
        if row.segment_id == segment_id:
            return ""
        if segment_id is not None and segment_id not in customers.segment_ids():
            raise NoSuchChoice
        if not known.keep_segment(row, segment_id, SegmentSource.HAND, by.person_id, now):
            raise KnownBetter(source=customers.SEGMENT_SOURCES[SegmentSource(row.segment_source)])
        return _changed(tx, chat, "segment", row.segment_id or "", segment_id or "", seen, by, now)


@retried
def mark_vip(chat: ChatView, vip: bool, seen: Seen, by: Viewer, now: datetime) -> str:
    """The VIP mark, on or off. Raises NotYourCard."""
    _check(by, EDIT, chat)
    with transaction() as tx:
        row = _locked(chat)
        if row.vip == vip:
            return ""
        db.session.execute(_VIP, {"id": row.id, "vip": vip})
        return _changed(tx, chat, "vip", row.vip, vip, seen, by, now)


@retried
def add_phone(chat: ChatView, entered: str, seen: Seen, by: Viewer, now: datetime) -> str:
    """A phone told by the client; the same one again changes nothing. Raises NotYourCard, NotAPhone."""
    _check(by, EDIT, chat)
    phone = phones.normal(entered)
    if phone is None:
        raise NotAPhone
    with transaction() as tx:
        row = _locked(chat)
        values = {"id": row.id, "by_id": by.person_id, "now": now, **phones.hashes(phone)._asdict()}
        phone_id = db.session.scalar(_PHONE, values)
        if phone_id is None:
            return ""
        sealed = crypt.seal(phone, at=("customer_phone.phone", phone_id))
        db.session.execute(_SEAL_PHONE, {"id": phone_id, "phone": sealed})
        return _changed(tx, chat, "phone", "", phones.masked(phone), seen, by, now)


@retried
def remove_phone(chat: ChatView, phone_id: int, seen: Seen, by: Viewer, now: datetime) -> str:
    """The phone stays in the history. Raises NotYourCard."""
    _check(by, EDIT, chat)
    with transaction() as tx:
        _locked(chat)
        gone = db.session.execute(_REMOVE_PHONE, {"phone_id": phone_id, "now": now, **_ids(chat)}).one_or_none()
        if gone is None:
            return ""
        phone = opened(gone.phone, "customer_phone.phone", gone.id)
        return _changed(tx, chat, "phone", phones.masked(phone), "", seen, by, now)


@retried
def note(chat: ChatView, said: str, seen: Seen, by: Viewer, now: datetime) -> str:
    """A note about the client, for colleagues. Raises NotYourCard, NothingNoted."""
    _check(by, EDIT, chat)
    said = _noted(said)
    with transaction() as tx:
        row = _locked(chat)
        note_id = db.session.scalar(_NOTE, {"id": row.id, "by_id": by.person_id, "now": now})
        sealed = crypt.seal(said, at=("customer_note.text", note_id))
        db.session.execute(_WRITE_NOTE, {"id": note_id, "text": sealed})
        return _changed(tx, chat, "note", "", "", seen, by, now)


@retried
def edit_note(chat: ChatView, note_id: int, said: str, seen: Seen, by: Viewer, now: datetime) -> str:
    """One's own note, otherwise. Raises NotYourCard, NotYourNote, NothingNoted."""
    _check(by, EDIT, chat)
    sealed = crypt.seal(_noted(said), at=("customer_note.text", note_id))
    values = {"note_id": note_id, "by_id": by.person_id, "text": sealed, "now": now, **_ids(chat)}
    with transaction() as tx:
        _locked(chat)
        if db.session.execute(_EDIT_NOTE, values).one_or_none() is None:
            raise NotYourNote
        return _changed(tx, chat, "note", "", "", seen, by, now)


@retried
def delete_note(chat: ChatView, note_id: int, seen: Seen, by: Viewer, now: datetime) -> str:
    """One's own note is gone. Raises NotYourCard, NotYourNote."""
    _check(by, EDIT, chat)
    values = {"note_id": note_id, "by_id": by.person_id, "now": now, **_ids(chat)}
    with transaction() as tx:
        _locked(chat)
        if db.session.execute(_DELETE_NOTE, values).one_or_none() is None:
            raise NotYourNote
        return _changed(tx, chat, "note", "", "", seen, by, now)


@retried
def tag(chat: ChatView, tag_id: int, seen: Seen, by: Viewer, now: datetime) -> str:
    """Put a tag of the list on the card. Raises NotYourCard."""
    _check(by, EDIT, chat)
    with transaction() as tx:
        row = _locked(chat)
        values = {"id": row.id, "tag_id": tag_id, "by_id": by.person_id, "now": now}
        if db.session.execute(_TAG, values).one_or_none() is None:
            return ""
        return _changed(tx, chat, "tag", "", tag_id, seen, by, now)


@retried
def untag(chat: ChatView, tag_id: int, seen: Seen, by: Viewer, now: datetime) -> str:
    """Take a tag off. Raises NotYourCard."""
    _check(by, EDIT, chat)
    with transaction() as tx:
        _locked(chat)
        if db.session.execute(_UNTAG, {"tag_id": tag_id, **_ids(chat)}).one_or_none() is None:
            return ""
        return _changed(tx, chat, "tag", tag_id, "", seen, by, now)


def _check(by: Viewer, permission: Permission, chat: ChatView) -> None:
    if not customers.may(by, permission, chat):
        raise NotYourCard


def _locked(chat: ChatView) -> Any:
    return db.session.execute(_LOCK, {"id": chat.customer_id}).one()


def _ids(chat: ChatView) -> dict[str, Any]:
    """Of a merged client everything is on one card, whoever's it was."""
    return {"ids": customers.members(chat.customer_id)}


def _noted(said: str) -> str:
    said = without_codes(clean(said, LONGEST_NOTE).strip())
    if not said:
        raise NothingNoted
    return said


def _changed(
    tx: Transaction, chat: ChatView, field: str, before: object, after: object, seen: Seen, by: Viewer, now: datetime
) -> str:
    """Keep what was there, note it in the journal, tell the pages. Whose newer change has gone, or ""."""
    other = customers.changed_since(chat.customer_id, field, seen.version, by.person_id)
    known.keep_change(chat.customer_id, field, str(before or ""), by.person_id, now)
    of = ("customer", chat.customer_id)
    journal.note(CHANGED, by, now, seen.origin, of=of, field=field, before=before, after=after)
    tx.after(push.card_changed, chat.id)
    tx.after(push.row_changed, chat.id)
    return other

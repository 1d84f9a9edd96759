"""Clients: who may change a card, who has changed it since, whom a phone belongs to."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.base import crypt, phones
from app.models.customer import LanguageSource, SegmentSource
from app.models.db import db
from app.models.permission import Permission, Scope
from app.models.viewer import AnyViewer
from app.queries.family import members as members
from app.queries.visible import ChatView

SEGMENT_SOURCES = {
    SegmentSource.CRM: _l("The bank's CRM"),
    SegmentSource.TOKEN: _l("The bank's site"),
    SegmentSource.HAND: _l("By hand"),
}
LANGUAGE_SOURCES = {
    LanguageSource.CHOSEN: _l("The client"),
    LanguageSource.OPERATOR: _l("An operator"),
    LanguageSource.RECOGNISED: _l("Recognised from the text"),
    LanguageSource.HINT: _l("The channel"),
}

_NEWER = text("""
    SELECT coalesce(p.name, '') AS name FROM customer_change x LEFT JOIN person p ON p.id = x.by_id
     WHERE x.customer_id = :id AND x.field = :field AND x.version > :version AND x.by_id IS DISTINCT FROM :me
     ORDER BY x.version DESC LIMIT 1
""")
_LAST = text("""
    SELECT x.version, x.at, p.name FROM customer_change x LEFT JOIN person p ON p.id = x.by_id
     WHERE x.customer_id = :id ORDER BY x.version DESC LIMIT 1
""")
_PHONED = text("""
    SELECT DISTINCT coalesce(k.merged_into, k.id) FROM customer_phone f JOIN customer k ON k.id = f.customer_id
     WHERE f.removed_at IS NULL AND (f.whole = :whole OR f.last7 = :last7 OR f.last4 = :last4) LIMIT 300
""")


def may(viewer: AnyViewer, permission: Permission, chat: ChatView) -> bool:
    """Whether the right reaches the client of this chat: one's own, one's groups', everybody's."""
    scope = viewer.scope(permission)
    if scope is Scope.GROUPS:
        return chat.mine or chat.group_id in viewer.groups
    return scope is Scope.ALL or scope is Scope.OWN and chat.mine


def segment_ids() -> Collection[int]:
    return set(db.session.scalars(text("SELECT id FROM segment WHERE archived_at IS NULL")))


def changed_since(customer_id: int, field: str, version: int, me: int | None) -> str:
    """Who else has changed this field of the card after the version; "" when nobody has."""
    values = {"id": customer_id, "field": field, "version": version, "me": me}
    return db.session.scalar(_NEWER, values) or ""


def last_change(customer_id: int) -> tuple[int, datetime, str] | None:
    """(version, when, by whom) of the card's latest change."""
    row = db.session.execute(_LAST, {"id": customer_id}).one_or_none()
    return None if row is None else (row.version, row.at, row.name or "")


def with_phone(asked: str) -> set[int]:
    """Customers (as reads follow them) with this phone, or with one that ends in these four or seven digits."""
    digits = "".join(char for char in asked if char.isdigit())
    if len(digits) < 4 or any(char.isalpha() for char in asked):
        return set()
    whole = phones.normal(asked)
    values = {
        "whole": phones.hashes(whole).whole if whole else b"",
        "last4": crypt.keyed_hash("phone.last4", digits) if len(digits) == 4 else b"",
        "last7": crypt.keyed_hash("phone.last7", digits) if len(digits) == 7 else b"",
    }
    return set(db.session.scalars(_PHONED, values))


_SAME_PHONE = text("""
    SELECT DISTINCT coalesce(k.merged_into, k.id) AS id
      FROM customer_phone mine JOIN customer_phone f ON f.whole = mine.whole JOIN customer k ON k.id = f.customer_id
     WHERE mine.customer_id = :id AND mine.proven_at IS NOT NULL AND mine.removed_at IS NULL
       AND f.proven_at IS NOT NULL AND f.removed_at IS NULL AND f.customer_id <> :id ORDER BY id
""")
_SAME_SUBJECT = text("""
    SELECT DISTINCT coalesce(k.merged_into, k.id) AS id
      FROM identity mine JOIN identity i ON i.subject = mine.subject JOIN customer k ON k.id = i.customer_id
     WHERE mine.customer_id = :id AND i.customer_id <> :id ORDER BY id
""")


_SUBJECTS = text("""
    SELECT DISTINCT i.subject FROM identity i JOIN customer k ON k.id = i.customer_id
     WHERE coalesce(k.merged_into, k.id) = :id AND i.subject IS NOT NULL
""")


def subjects(root_id: int) -> set[bytes]:
    """Under which of the bank's own ids (keyed hashes) this person has been signed in."""
    return {bytes(one) for one in db.session.scalars(_SUBJECTS, {"id": root_id})}


def two_persons(root_id: int, other_id: int) -> bool:
    """Whether these two are different people by the bank's own word: each was signed in, never under one id."""
    one, other = subjects(root_id), subjects(other_id)
    return bool(one and other) and not one & other


def twins(customer_id: int, by_what: str) -> list[int]:
    """Who (as reads follow them) has proved the same phone (`phone`), or is signed in under the same id (`proof`)."""
    found = db.session.scalars(_SAME_PHONE if by_what == "phone" else _SAME_SUBJECT, {"id": customer_id})
    return [one for one in found if one != customer_id]

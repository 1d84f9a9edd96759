"""Two clients are one person, and the way back: a dated record; ids stay, what was said returns by its identity.

While the record holds, all of both stands in one chat, the one that stays: reads, search, edits and healing know one
chat and one revision. Nothing else is rewritten. The customer who came keeps his identities, phones and notes.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal, merging_talk, one_request
from app.actions.record import record
from app.base import crypt
from app.base.crypt import opened
from app.base.refusal import Refusal
from app.live import push
from app.models.chat import Verb
from app.models.customer import MERGE
from app.models.db import Transaction, db, retried, transaction
from app.models.journal import declare as declare_kind
from app.models.viewer import SYSTEM, AnyViewer, Viewer
from app.queries import customers, family
from app.queries.visible import ChatView

MERGED = declare_kind("customer.merged", _l("Clients merged"))
UNMERGED = declare_kind("customer.unmerged", _l("Merge of clients taken back"))
NOT_MERGED = declare_kind("customer.merge_refused", _l("Merge of clients refused: the bank knows them as two"))

# What of the two is one's own choice; the rest is simply all of both.
CHOSEN = ("name", "language", "segment")
_COLUMNS = {
    "name": ("name", "name_source"),
    "language": ("language", "language_source"),
    "segment": ("segment_id", "segment_source", "segment_at", "segment_by"),
}


class NotYours(Refusal):
    notice = _l("You may merge only clients you serve.")
    status = 403


class SamePerson(Refusal):
    notice = _l("These two are one client already.")


class TwoPersons(Refusal):
    notice = _l("These are two people: each has signed in on the bank's site under an id of his own.")


class NotMerged(Refusal):
    notice = _l("This merge has been taken back already.")


@dataclass(frozen=True)
class Pair:
    """Who comes and who stays, each with his chat; all four rows are locked."""

    customer: Any
    into: Any
    from_chat: int
    to_chat: int


_LOCK = text("SELECT * FROM customer WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
_CHATS = text("SELECT id, customer_id FROM chat WHERE customer_id = ANY(:ids) ORDER BY id FOR UPDATE")
_BEGIN = text("""
    INSERT INTO customer_merge (customer_id, into_id, how, began_at, by_id)
    VALUES (:customer_id, :into_id, :how, :now, :by_id) RETURNING id
""")
_BEFORE = text("UPDATE customer_merge SET before = :before WHERE id = :id")
_FOLLOW = text("UPDATE customer SET merged_into = :into_id WHERE id = :customer_id OR merged_into = :customer_id")
_END = text("UPDATE customer_merge SET ended_at = :now, ended_by = :by_id WHERE id = :id AND ended_at IS NULL")
_PART = text("""
    UPDATE customer SET merged_into = CASE WHEN id = :id THEN NULL ELSE CAST(:id AS bigint) END WHERE id = ANY(:branch)
""")
_RECORD = text("SELECT * FROM customer_merge WHERE id = :id FOR UPDATE")
_IDENTITIES = text("SELECT id FROM identity WHERE customer_id = ANY(:ids)")


@retried
def merge(
    chat: ChatView, other: ChatView, keeps: Mapping[str, str], by: Viewer, origin: journal.Origin, now: datetime
) -> None:
    """Say that the client of `other` is the client of `chat`, whose number stays.

    `keeps`: for "name", "language" and "segment" whether "other" gives it. Raises NotYours, SamePerson, TwoPersons.
    """
    if not customers.may(by, MERGE, chat):
        raise NotYours
    taken = [field for field in CHOSEN if keeps.get(field) == "other"]
    with transaction() as tx:
        two = refuse_two(other.customer_id, chat.customer_id, "hand", by, origin, now)
        if not two and not join(tx, other.customer_id, chat.customer_id, "hand", by, origin, now, taken):
            raise SamePerson
    if two:
        raise TwoPersons


@retried
def unmerge(chat: ChatView, merge_id: int, by: Viewer, origin: journal.Origin, now: datetime) -> int:
    """Take a merge back. Which chat is there again. Raises NotYours, NotMerged."""
    if not customers.may(by, MERGE, chat):
        raise NotYours
    with transaction() as tx:
        found = db.session.execute(_RECORD, {"id": merge_id}).one_or_none()
        if found is None or found.ended_at or family.root(found.customer_id) != chat.customer_id:
            raise NotMerged
        return _part(tx, found, by, origin, now)


@retried
def join_same(customer_id: int, by_what: str, now: datetime) -> None:
    """Merge whoever shares a proven phone, or the bank's own id, with this customer into the older of the two."""
    origin = journal.Origin("local", "system")
    with transaction() as tx:
        for other in customers.twins(customer_id, by_what):
            older, newer = sorted((family.root(customer_id), other))
            if not refuse_two(newer, older, by_what, SYSTEM, origin, now):
                join(tx, newer, older, by_what, SYSTEM, origin, now)


def refuse_two(customer_id: int, into_id: int, how: str, by: AnyViewer, origin: journal.Origin, now: datetime) -> bool:
    """Whether these two must not be merged, for the bank itself has said that they are two; the attempt is kept."""
    come, stay = family.root(customer_id), family.root(into_id)
    two = customers.two_persons(come, stay)
    if two:
        journal.note(NOT_MERGED, by, now, origin, of=("customer", stay), other=come, how=how)
    return two


def join(
    tx: Transaction,
    customer_id: int,
    into_id: int,
    how: str,
    by: AnyViewer,
    origin: journal.Origin,
    now: datetime,
    taken: Collection[str] = (),
) -> bool:
    """Merge one customer into another, wherever both have gone by now. False when they are one already."""
    pair = _locked(customer_id, into_id)
    if pair is None:
        return False
    ids = {"customer_id": pair.customer.id, "into_id": pair.into.id}
    merge_id = db.session.scalar(_BEGIN, {**ids, "how": how, "by_id": by.person_id, "now": now})
    _take_facts(pair, merge_id, taken)
    db.session.execute(_FOLLOW, ids)
    merging_talk.bring(pair.from_chat, pair.to_chat)
    one_request.bring(tx, pair.from_chat, pair.to_chat, by, now)
    record(tx, pair.to_chat, None, Verb.MERGED, by.person_id, now, number=pair.from_chat, how=how)
    journal.note(MERGED, by, now, origin, of=("customer", pair.into.id), merged=pair.customer.id, how=how)
    tx.after(push.chat_goes_on, pair.from_chat, pair.to_chat)
    tx.after(push.talk_changed, pair.to_chat)
    tx.after(push.card_changed, pair.to_chat)
    tx.after(push.row_changed, pair.to_chat)
    return True


def _locked(customer_id: int, into_id: int) -> Pair | None:
    """Both roots and their chats, locked in the house's order; None when the root is one."""
    while True:
        roots = {"ids": [family.root(customer_id), family.root(into_id)]}
        found = {row.id: row for row in db.session.execute(_LOCK, roots)}
        if len(found) < 2:
            return None
        if all(row.merged_into is None for row in found.values()):
            chats = {row.customer_id: row.id for row in db.session.execute(_CHATS, roots)}
            come, stay = roots["ids"]
            return Pair(found[come], found[stay], chats[come], chats[stay])


def _part(tx: Transaction, found: Any, by: AnyViewer, origin: journal.Origin, now: datetime) -> int:
    root_id = family.root(found.customer_id)
    rows = {row.id: row for row in db.session.execute(_LOCK, {"ids": [found.customer_id, found.into_id, root_id]})}
    branch = family.branch(found.customer_id)
    chats = {row.customer_id: row.id for row in db.session.execute(_CHATS, {"ids": [*branch, root_id]})}
    own, shared = chats[found.customer_id], chats[root_id]
    db.session.execute(_PART, {"id": found.customer_id, "branch": branch})
    db.session.execute(_END, {"id": found.id, "by_id": by.person_id, "now": now})
    identities = list(db.session.scalars(_IDENTITIES, {"ids": branch}))
    one_request.part(tx, shared, own, identities, by, now)
    merging_talk.part(shared, own, identities, [chats[one] for one in branch])
    one_request.never_without(shared, own, now)
    _give_back_facts(rows[found.into_id], found)
    record(tx, shared, None, Verb.UNMERGED, by.person_id, now, number=own)
    record(tx, own, None, Verb.UNMERGED, by.person_id, now, number=shared)
    journal.note(UNMERGED, by, now, origin, of=("customer", root_id), parted=found.customer_id)
    for chat_id in (shared, own):
        tx.after(push.chat_goes_on, chat_id, chat_id)
        tx.after(push.row_changed, chat_id)
    return own


def _take_facts(pair: Pair, merge_id: Any, taken: Collection[str]) -> None:
    """What the one who comes gives; what it replaces is kept with the record, for the way back."""
    given = {field: _facts(pair.customer, field) for field in taken}
    before = {field: _facts(pair.into, field) for field in taken}
    for field, values in given.items():
        _set_facts(pair.into.id, field, values)
    kept = json.dumps({"before": before, "given": given}, default=str)
    db.session.execute(_BEFORE, {"id": merge_id, "before": crypt.seal(kept, at=("customer_merge.before", merge_id))})


def _give_back_facts(into: Any, found: Any) -> None:
    """What was taken over goes, unless somebody has changed it since."""
    kept = json.loads(opened(found.before, "customer_merge.before", found.id) or '{"before": {}, "given": {}}')
    for field, values in kept["before"].items():
        if json.loads(json.dumps(_facts(into, field), default=str)) == kept["given"][field]:
            _set_facts(into.id, field, values)


def _facts(customer: Any, field: str) -> dict[str, Any]:
    found = {column: getattr(customer, column) for column in _COLUMNS[field]}
    if field == "name":
        found["name"] = opened(customer.name, "customer.name", customer.id)
    return found


def _set_facts(customer_id: int, field: str, values: Mapping[str, Any]) -> None:
    sets = ", ".join(f"{column} = :{column}" for column in _COLUMNS[field])
    words = ", words = NULL" if field == "name" else ""
    shown = dict(values)
    if field == "name":
        shown["name"] = crypt.seal(str(values["name"]), at=("customer.name", customer_id))
    statement = text(f"UPDATE customer SET {sets}{words} WHERE id = :id")  # noqa: S608 - columns of ours
    db.session.execute(statement, {**shown, "id": customer_id})

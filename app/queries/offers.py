"""What is offered to whom, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.base.crypt import opened
from app.models.db import db
from app.models.viewer import Viewer


@dataclass(frozen=True)
class Offer:
    """`how`: offer (of the queue) or transfer (of a colleague, who keeps it until it is accepted)."""

    person_id: int
    until: datetime
    how: str


@dataclass(frozen=True)
class Card:
    """An offered chat as its card shows it; `from_name`: the colleague who hands it over."""

    chat_id: int
    name: str
    channel_name: str
    language: str | None
    segment_names: dict[str, str] | None
    group_names: dict[str, str] | None
    waits_since: datetime | None
    until: datetime
    from_name: str | None


@dataclass(frozen=True)
class Handing:
    """A transfer on its way: to whom, and until when it may be accepted."""

    name: str
    until: datetime


_OFFER = text("""
    SELECT offered_to, offered_until, offered_how FROM standing
     WHERE chat_id = :chat_id AND offered_to IS NOT NULL
       AND (CAST(:now AS timestamptz) IS NULL OR offered_until > :now)
""")
_HANDING = text("""
    SELECT p.name, s.offered_until FROM standing s JOIN person p ON p.id = s.offered_to
     WHERE s.chat_id = :chat_id AND s.offered_how = 'transfer' AND s.offered_until > :now
""")
_EXPIRED = text("SELECT chat_id FROM standing WHERE offered_to IS NOT NULL AND offered_until <= :now ORDER BY chat_id")
_CARDS = text("""
    SELECT s.chat_id, k.id AS customer_id, k.name, h.name AS channel_name, s.language, sg.names AS segment_names,
           g.names AS group_names, s.waits_since, s.offered_until, p.name AS from_name
      FROM standing s JOIN chat c ON c.id = s.chat_id JOIN customer k ON k.id = c.customer_id
      JOIN identity i ON i.id = s.identity_id JOIN channel h ON h.id = i.channel_id
      LEFT JOIN segment sg ON sg.id = k.segment_id LEFT JOIN staff_group g ON g.id = s.group_id
      LEFT JOIN person p ON p.id = s.owner_id
     WHERE s.offered_to = :me AND s.offered_until > :now ORDER BY s.offered_until, s.chat_id
""")


def standing_offer(chat_id: int, now: datetime | None = None) -> Offer | None:
    """To whom the chat is offered; with `now`, only while the offer lasts."""
    row = db.session.execute(_OFFER, {"chat_id": chat_id, "now": now}).one_or_none()
    return None if row is None else Offer(row.offered_to, row.offered_until, row.offered_how)


def handing(chat_id: int, now: datetime) -> Handing | None:
    """The transfer that a colleague is to accept; None when there is none."""
    row = db.session.execute(_HANDING, {"chat_id": chat_id, "now": now}).one_or_none()
    return None if row is None else Handing(row.name, row.offered_until)


def expired(now: datetime) -> Sequence[int]:
    return db.session.scalars(_EXPIRED, {"now": now}).all()


def cards(viewer: Viewer, now: datetime) -> list[Card]:
    """What is offered to this person now; the one that ends first stands first."""
    return [
        Card(
            chat_id=row.chat_id,
            name=opened(row.name, "customer.name", row.customer_id),
            channel_name=row.channel_name,
            language=row.language,
            segment_names=row.segment_names,
            group_names=row.group_names,
            waits_since=row.waits_since,
            until=row.offered_until,
            from_name=row.from_name,
        )
        for row in db.session.execute(_CARDS, {"me": viewer.person_id, "now": now})
    ]

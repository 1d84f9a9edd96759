"""Which automatic reply a client gets where he writes, and what fills its variables (clause 7.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.base.crypt import opened
from app.base.locale import DEFAULT, LOCALES, clock, day
from app.models.auto_reply import FROM_PLACE, LONG_WAIT_MINUTES, MOST, PLACE_MINUTES
from app.models.db import db
from app.models.names import pick
from app.models.setting import SETTINGS
from app.queries import settings

# When the bank opens next, as it stands in the middle of a sentence.
_OPENS = {"ru": "{} в {}", "uz_Latn": "{} soat {} da", "uz_Cyrl": "{} соат {} да", "en": "{} at {}"}


@dataclass(frozen=True)
class Addressee:
    """A client and where an automatic word goes: into the open episode, or behind the last closed one."""

    chat_id: int
    episode_id: int
    is_open: bool
    stage: str | None
    group_id: int | None
    identity_id: int
    channel_id: int
    channel_kind: str
    lane: str
    language: str
    name: str
    reachable: bool
    last_at: datetime


@dataclass(frozen=True)
class Place:
    """Where a waiting chat stands in its queue, from 1; about how many minutes it will wait; how many may wait."""

    number: int
    minutes: int
    most: int | None


_ADDRESSEE = text("""
    SELECT c.id AS chat_id, e.id AS episode_id, s.chat_id IS NOT NULL AS is_open, s.stage,
           coalesce(s.group_id, e.group_id) AS group_id, i.id AS identity_id, i.channel_id, h.kind AS channel_kind,
           i.lane, coalesce(s.language, e.language, u.language) AS language, u.id AS customer_id, u.name,
           i.blocked_us_at IS NULL AND h.enabled AS reachable, coalesce(s.last_at, e.closed_at) AS last_at
      FROM chat c JOIN LATERAL (SELECT * FROM episode WHERE chat_id = c.id ORDER BY number DESC LIMIT 1) e ON true
      LEFT JOIN standing s ON s.chat_id = c.id JOIN identity i ON i.id = coalesce(s.identity_id, e.identity_id)
      JOIN channel h ON h.id = i.channel_id JOIN customer u ON u.id = i.customer_id
     WHERE c.id = :chat_id
""")
# The nearest first: channel and group, group, channel, everywhere.
_REPLY = text("""
    SELECT texts, silent FROM (
      SELECT texts, silent, (group_id IS NOT NULL)::int * 2 + (channel_id IS NOT NULL)::int AS near, id
        FROM reply_exception WHERE kind = :kind AND archived_at IS NULL
         AND (channel_id IS NULL OR channel_id = :channel_id) AND (group_id IS NULL OR group_id = :group_id)
      UNION ALL
      SELECT texts, false, -1, id FROM auto_reply WHERE kind = :kind AND archived_at IS NULL
    ) AS found ORDER BY near DESC, id LIMIT 1
""")
_IN_A_ROW = text("""
    SELECT count(*) FROM message m WHERE m.chat_id = :chat_id AND m.episode_id = :episode_id AND m.kind = 'bot'
       AND m.at > coalesce((SELECT max(o.at) FROM message o WHERE o.chat_id = :chat_id AND o.episode_id = :episode_id
                               AND o.kind IN ('client', 'mine')), '-infinity')
""")
_PLACE = text("""
    SELECT (SELECT count(*) + 1 FROM standing o
             WHERE o.stage = 'queue' AND o.group_id IS NOT DISTINCT FROM s.group_id AND o.chat_id <> s.chat_id
               AND (o.score > s.score OR o.score = s.score AND (o.waits_since, o.chat_id) < (s.waits_since, s.chat_id))
           ) AS number,
           (SELECT avg(extract(epoch FROM e.assigned_at - e.queued_at)) FROM episode e
             WHERE e.assigned_at > :recently AND e.arrived_at > :recently AND e.queued_at IS NOT NULL) AS seconds,
           g.most_waiting AS most
      FROM standing s LEFT JOIN staff_group g ON g.id = s.group_id WHERE s.chat_id = :chat_id AND s.stage = 'queue'
""")
_WAITING = text("""
    SELECT s.chat_id FROM standing s JOIN episode e ON e.id = s.episode_id
     WHERE s.stage = 'queue' AND s.waits_since IS NOT NULL
       AND (NOT EXISTS (SELECT 1 FROM auto_said a WHERE a.episode_id = e.id AND a.kind = 'long_wait')
            AND s.waits_since <= :long
            OR NOT EXISTS (SELECT 1 FROM auto_said a WHERE a.episode_id = e.id AND a.kind = 'queue_position'
                              AND a.at > :told) AND s.waits_since <= :told)
     ORDER BY s.waits_since LIMIT 200
""")


def addressee(chat_id: int) -> Addressee | None:
    """The client of a chat; None when nobody has ever written in it."""
    row = db.session.execute(_ADDRESSEE, {"chat_id": chat_id}).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    name = opened(values.pop("name"), "customer.name", values.pop("customer_id"))
    return Addressee(**{**values, "language": written(row.language), "name": name})


def written(language: str | None) -> str:
    """In which language of the interface a client is answered: Russian typed in Latin letters in Russian."""
    code = "ru" if language == "ru_Latn" else language
    return code if code in LOCALES else DEFAULT


def text_of(kind: str, to: Addressee) -> str:
    """The reply of this occasion in the client's language, its variables still open; "" when nothing is to be said."""
    values = {"kind": kind, "channel_id": to.channel_id, "group_id": to.group_id}
    row = db.session.execute(_REPLY, values).one_or_none()
    return "" if row is None or row.silent else pick(row.texts, to.language)


def always(to: Addressee) -> Mapping[str, str]:
    """What may stand in every reply."""
    bank = SETTINGS.get("brand.name")
    return {"client.name": to.name, "bank.name": str(settings.value(bank)) if bank else ""}


def too_many(to: Addressee) -> bool:
    """Whether so many automatic words already stand there without a word of a person."""
    said = db.session.scalar(_IN_A_ROW, {"chat_id": to.chat_id, "episode_id": to.episode_id}) or 0
    return bool(said >= settings.value(MOST))


def place(chat_id: int, now: datetime) -> Place | None:
    """Where a chat stands in the queue; None when it does not. The wait is as long as that of the last two hours."""
    row = db.session.execute(_PLACE, {"chat_id": chat_id, "recently": now - timedelta(hours=2)}).one_or_none()
    if row is None:
        return None
    minutes = round(float(row.seconds) / 60) if row.seconds is not None else 2 * row.number
    return Place(row.number, max(1, minutes), row.most)


def worth_telling(found: Place) -> bool:
    return found.number >= int(settings.value(FROM_PLACE))


def waiting(now: datetime) -> list[int]:
    """Chats of the queue whose clients may have to hear that they wait long, or where they stand now."""
    told = now - timedelta(minutes=settings.value(PLACE_MINUTES))
    long = now - timedelta(minutes=settings.value(LONG_WAIT_MINUTES))
    values: dict[str, Any] = {"told": told, "long": long}
    return list(db.session.scalars(_WAITING, values))


def opens(at: datetime | None, now: datetime, language: str) -> str:
    """ "tomorrow at 09:00"; "" when it is not known."""
    if at is None:
        return ""
    named = day(at, now, language).partition(", ")[0]
    return _OPENS[language].format(named[:1].lower() + named[1:], clock(at, language))

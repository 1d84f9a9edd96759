"""A chat that nobody takes is asked of more people; one that nobody at work can serve is told to supervisors.

Hard language and hard skills are never crossed (clause 5.1).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import auto_replies, notices
from app.actions.tracing import trace
from app.base.locale import LOCALES
from app.models.chat import MANAGE
from app.models.db import Transaction, db, retried, transaction
from app.models.dispatch import Told
from app.models.notice import declare
from app.queries import dispatching, hours, hrm, people_of
from app.queries.dispatching import Mode
from app.queries.standing import locked

NOBODY_SPEAKS = declare(
    "routing.nobody_speaks", _l("Nobody at work answers in this language: %(language)s. A client waits, chat %(chat)s.")
)
NOBODY_KNOWS = declare(
    "routing.nobody_knows", _l("Nobody at work has the skill that chat %(chat)s needs. Its client waits.")
)

# A hundred clients of one language are one alarm in so many minutes.
_QUIET = timedelta(minutes=5)

# After its group's seconds the next groups are asked, after as many again everybody. SKIP LOCKED: whoever is just
# being given needs no widening.
_WIDEN = text("""
    UPDATE standing SET level = level + 1
     WHERE chat_id IN (
       SELECT s.chat_id FROM standing s JOIN staff_group g ON g.id = s.group_id
        WHERE s.stage = 'queue' AND s.level < 2 AND g.wider_after_s IS NOT NULL
          AND EXISTS (SELECT FROM staff_group WHERE wider_after_s IS NOT NULL)
          AND s.queued_at <= :now - make_interval(secs => g.wider_after_s * (s.level + 1))
        ORDER BY s.chat_id LIMIT 500 FOR UPDATE OF s SKIP LOCKED)
 RETURNING chat_id, episode_id, level
""")
_ASKED = text("""
    SELECT s.language, s.skill_ids, s.group_id, i.channel_id, s.alarmed_at FROM standing s
      JOIN identity i ON i.id = s.identity_id WHERE s.chat_id = :chat_id AND s.stage = 'queue'
""")
_SPEAKS = """(CAST(:language AS text) IS NULL OR EXISTS (
           SELECT 1 FROM person_language l WHERE l.person_id = p.person_id
              AND CASE WHEN l.language = 'ru_Latn' THEN 'ru' ELSE l.language END = :language))"""
_SERVED = text(f"""
    SELECT coalesce(bool_or({_SPEAKS}), false) AS spoken,
           coalesce(bool_or({_SPEAKS} AND NOT EXISTS (
             SELECT unnest(CAST(:skill_ids AS bigint[])) EXCEPT
             SELECT skill_id FROM person_skill k WHERE k.person_id = p.person_id)), false) AS served
      FROM status_span p JOIN seat ON seat.person_id = p.person_id
     WHERE p.ended_at IS NULL AND NOT p.person_id = ANY(:away)
""")  # noqa: S608 - our own words
_ALARMED = text("UPDATE standing SET alarmed_at = :now WHERE chat_id = :chat_id RETURNING episode_id")
_LATELY = text("""
    SELECT 1 FROM standing WHERE alarmed_at > :since AND chat_id <> :chat_id
       AND language IS NOT DISTINCT FROM :language AND skill_ids = CAST(:skill_ids AS bigint[]) LIMIT 1
""")
# One chat of each kind of demand tells whether anybody serves that kind.
_DEMANDS = text("""
    SELECT language, skill_ids, array_agg(chat_id ORDER BY chat_id) AS chat_ids FROM standing
     WHERE stage = 'queue' AND alarmed_at IS NULL AND (language IS NOT NULL OR skill_ids <> '{}')
     GROUP BY language, skill_ids
""")


@retried
def widen(now: datetime) -> int:
    """Ask more people where nobody took a chat in time; how many chats."""
    with transaction():
        rows = db.session.execute(_WIDEN, {"now": now}).all()
        for row in rows:
            trace(row.chat_id, row.episode_id, Told.WIDENED, None, now, level=row.level)
    return len(rows)


def alarm_if_unserved(tx: Transaction, chat_id: int, now: datetime) -> bool:
    """Tell supervisors and the client when nobody at work can serve this waiting chat; its row is locked.

    Outside working hours nobody is expected, and the reply of those hours tells the client.
    """
    asked = db.session.execute(_ASKED, {"chat_id": chat_id}).one_or_none()
    if asked is None or asked.alarmed_at or (asked.language is None and not asked.skill_ids):
        return False
    spoken, served = _served(asked.language, asked.skill_ids, now)
    if served or not hours.open_now(asked.group_id, asked.channel_id, now).is_open:
        return False
    _alarm(tx, chat_id, asked, spoken, now)
    return True


def alarm(now: datetime) -> int:
    """The same for the whole queue, since people come and go; how many chats."""
    unserved = [
        chat_id
        for row in db.session.execute(_DEMANDS).all()
        if not _served(row.language, row.skill_ids, now)[1]
        for chat_id in row.chat_ids
    ]
    return sum(_alarm_one(chat_id, now) for chat_id in unserved)


@retried
def _alarm_one(chat_id: int, now: datetime) -> bool:
    with transaction() as tx:
        return locked(chat_id) is not None and alarm_if_unserved(tx, chat_id, now)


def _alarm(tx: Transaction, chat_id: int, asked: Any, spoken: bool, now: datetime) -> None:
    episode_id = db.session.scalar(_ALARMED, {"chat_id": chat_id, "now": now})
    trace(chat_id, episode_id, Told.ALARMED, None, now, language=asked.language, skills=list(asked.skill_ids))
    auto_replies.say(tx, chat_id, "greeting", now)  # who has just come is greeted before he is asked for patience
    auto_replies.say(tx, chat_id, "long_wait", now)
    like = {"chat_id": chat_id, "language": asked.language, "skill_ids": list(asked.skill_ids), "since": now - _QUIET}
    if db.session.scalar(_LATELY, like) is None:
        kind = NOBODY_KNOWS if spoken else NOBODY_SPEAKS
        language = str(LOCALES.get(asked.language, asked.language or ""))
        notices.tell(
            tx, people_of.permission(MANAGE), kind, now, chat_id=chat_id, link="/watch/queue", important=True,
            language=language,
        )  # fmt: skip


def _served(language: str | None, skill_ids: Sequence[int], now: datetime) -> tuple[bool, bool]:
    """Whether anybody at work speaks the language, and has the skills as well.

    Whoever is to be given nothing by his schedule serves only where people take chats themselves.
    """
    away = [] if dispatching.mode() is Mode.QUEUE else list(hrm.away(now))
    row = db.session.execute(_SERVED, {"language": language, "skill_ids": list(skill_ids), "away": away}).one()
    return row.spoken, row.served

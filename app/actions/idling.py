"""Close what nobody has anything more to say in, after the client was told so (clause 9.5)."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import text

from app.actions import auto_replies, closing
from app.base import traces
from app.models.db import db, retried, transaction
from app.queries import endings
from app.queries.endings import Idle, Times
from app.queries.presence import place
from app.queries.standing import locked

_WARNED = text("UPDATE standing SET warned_at = :now WHERE chat_id = :chat_id")


def close(now: datetime) -> int:
    """Warn whom it is time to warn, and close what was warned of. Returns how many chats were closed."""
    with transaction():
        times = cache(endings.times)
        due = [one.chat_id for one in endings.silent(now) if _act(one, times(one.channel_id, one.group_id), now)]
    return sum(_close_one(chat_id, now) for chat_id in due)


@retried
def _close_one(chat_id: int, now: datetime) -> bool:
    with transaction() as tx:
        locked(chat_id)
        idle = endings.silence_of(chat_id)  # somebody may have written in the meantime
        if idle is None or _somebody_writes(chat_id):
            return False
        times = endings.times(idle.channel_id, idle.group_id)
        act = _act(idle, times, now)
        if act == "close":
            return closing.finish_by_system(chat_id, "idle", now)
        if act == "warn" and times.warn is not None:
            db.session.execute(_WARNED, {"chat_id": chat_id, "now": now})
            minutes = str(int(times.warn.total_seconds() // 60))
            auto_replies.say(tx, chat_id, "auto_close_warning", now, occasion=idle.since.isoformat(), minutes=minutes)
    return False


def _act(idle: Idle, times: Times, now: datetime) -> str:
    """`warn`, `close`, or nothing yet. Nothing is closed before its warning, however late that was."""
    if idle.by_bot:
        return "close" if times.bot is not None and now >= idle.since + times.bot else ""
    if times.close is None:
        return ""
    if times.warn is None:
        return "close" if now >= idle.since + times.close else ""
    if idle.warned_at is None or idle.warned_at < idle.since:
        return "warn" if now >= idle.since + max(times.close - times.warn, timedelta()) else ""
    return "close" if now >= idle.warned_at + times.warn else ""


def _somebody_writes(chat_id: int) -> bool:
    """An operator or the client has the pen in hand just now."""
    return any(what == "types" for what in traces.found(place(chat_id)).values())

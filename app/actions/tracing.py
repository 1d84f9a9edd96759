"""Keep why a chat was given to him and not to her, so that nothing is skipped without a reason (clause 7.5)."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from heapq import nsmallest
from typing import Any

from sqlalchemy import text

from app.base import ids
from app.models.db import db
from app.models.dispatch import NAMED, Choice, Not, Passed, Told

_TRACE = text("""
    INSERT INTO routing_trace (id, chat_id, episode_id, at, what, person_id, data)
    VALUES (:id, :chat_id, :episode_id, :at, :what, :person_id, CAST(:data AS jsonb))
""")
_NEAREST = (
    Not.LATER, Not.ASKED, Not.FULL, Not.REFUSED, Not.ABSENT, Not.SCHEDULE, Not.STATUS, Not.GROUP, Not.SKILL,
    Not.LANGUAGE,
)  # fmt: skip


def trace(chat_id: int, episode_id: int, what: Told, person_id: int | None, now: datetime, /, **data: Any) -> None:
    """Add one row. `data` holds ids and codes only, never a client's words."""
    values = {"id": ids.uuid7(now), "chat_id": chat_id, "episode_id": episode_id, "at": now, "what": what.value}
    db.session.execute(_TRACE, {**values, "person_id": person_id, "data": json.dumps(data)})


def choice(made: Choice, others: Iterable[Passed] = ()) -> dict[str, Any]:
    """What of a choice is kept: by what it was made, who was passed over and why. `others`: had no hand free."""
    counts = Counter(reason.value for reason in made.passed.values())
    named = list(made.passed.items())
    for one in others:
        counts[one.reason.value] += one.count
        named += [(person_id, one.reason) for person_id in one.nearest]
    nearest = nsmallest(NAMED, named, key=lambda pair: _NEAREST.index(pair[1]))
    return {"how": made.how, "foreign": made.foreign, "passed": dict(nearest), "counts": dict(counts)}

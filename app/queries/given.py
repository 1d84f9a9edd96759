"""How a chat was given: what the traces of its latest episodes tell, with names for ids."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.models.db import db

_MOST = 60


@dataclass(frozen=True)
class Step:
    """One decision. `passed`: who was not chosen and why, the nearest first; `counts`: how many for each reason."""

    at: datetime
    what: str
    person: str | None
    data: dict[str, Any]
    passed: list[tuple[str, str]]
    counts: dict[str, int]


_STEPS = text(f"""
    SELECT t.at, t.what, p.name, t.data FROM routing_trace t LEFT JOIN person p ON p.id = t.person_id
     WHERE t.chat_id = :chat_id ORDER BY t.at DESC, t.id DESC LIMIT {_MOST}
""")  # noqa: S608 - a number of ours
_NAMES = text("SELECT id, name FROM person WHERE id = ANY(:ids)")
_GROUPS = text("SELECT id, names FROM staff_group WHERE id = ANY(:ids)")
_RULES = text("SELECT id, names FROM routing_rule WHERE id = ANY(:ids)")


def steps(chat_id: int) -> list[Step]:
    """The newest first."""
    rows = db.session.execute(_STEPS, {"chat_id": chat_id}).all()
    people = _named(_NAMES, {int(one) for row in rows for one in row.data.get("passed", {})})
    people |= _named(_NAMES, _ids(rows, "wished"))
    groups, rules = _named(_GROUPS, _ids(rows, "group")), _named(_RULES, _ids(rows, "rule"))
    return [
        Step(
            at=row.at,
            what=row.what,
            person=row.name,
            data=row.data
            | {"group": groups.get(row.data.get("group")), "rule": rules.get(row.data.get("rule"))}
            | {"wished": people.get(row.data.get("wished"))},
            passed=[(people.get(int(one), "—"), why) for one, why in row.data.get("passed", {}).items()],
            counts=row.data.get("counts", {}),
        )
        for row in rows
    ]


def _ids(rows: Any, name: str) -> set[int]:
    return {row.data[name] for row in rows if row.data.get(name)}


def _named(statement: Any, ids: set[int]) -> dict[Any, Any]:
    return {row[0]: row[1] for row in db.session.execute(statement, {"ids": list(ids)})} if ids else {}

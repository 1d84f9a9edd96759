"""The start set: what a new bank finds ready and may change. Names in all four languages of the interface."""

from collections.abc import Iterator
from typing import Any

from migrations.start_set.hours import HOURS
from migrations.start_set.replies import REPLIES
from migrations.start_set.roles import ROLES
from migrations.start_set.small import GROUPS, SEGMENTS
from migrations.start_set.statuses import STATUSES
from migrations.start_set.topics import topics

Row = dict[str, Any]


def roles() -> list[tuple[Row, list[Row]]]:
    """Each ready role with its permissions."""
    return [
        ({"code": code, "names": names}, [{"permission": one, "scope": scope} for one, scope in given.items()])
        for code, names, given in ROLES
    ]


def lists() -> Iterator[tuple[str, list[Row]]]:
    """Tables with their rows, each row with its id and place."""
    yield "staff_group", _placed(GROUPS)
    yield "work_status", _placed(STATUSES)
    yield "topic", topics()
    yield "segment", _placed(SEGMENTS)
    yield "business_hours", _placed(HOURS)
    yield "auto_reply", _placed(REPLIES)


def _placed(rows: list[Row]) -> list[Row]:
    return [{"id": number, "position": number, **row} for number, row in enumerate(rows, 1)]

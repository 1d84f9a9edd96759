"""The tree of topics as a table: what an administrator takes home, and what the import reads back."""

from typing import Any

from app.base.locale import LOCALES
from app.models.topic import TOPICS
from app.queries import lists

COLUMNS = ("id", "under", *LOCALES)
BETWEEN = " › "


def table() -> list[list[Any]]:
    """The tree in use, parents above what stands below them; unchanged, the import reads it as no change."""
    rows: list[list[Any]] = [list(COLUMNS)]
    line: list[str] = []
    for topic, level in lists.branches(lists.rows(TOPICS)):
        line[level - 1 :] = [topic.names["ru"]]
        rows.append([topic.id, BETWEEN.join(line[:-1]), *(topic.names.get(code, "") for code in LOCALES)])
    return rows

"""The tree of topics from a table: judged row by row as a whole, then taken over, all or none (clause 9.5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.actions import imported, journal
from app.actions.topic_versions import hold_tree, keep
from app.base import tables
from app.base.locale import LOCALES
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.kinds import Unfit
from app.models.listing import NAMES
from app.models.topic import DEPTH, TOPICS, Topic
from app.models.viewer import Viewer
from app.queries import lists as stored
from app.queries import settings
from app.queries.topic_table import BETWEEN, COLUMNS

IMPORTED = declare_kind("topic.imported", _l("Topics imported"))

MOST = 5000
_CALLED = {"№": "id", "номер": "id", "under": "under", "стоит под": "under", "раздел": "under", "русский": "ru"}


class NoColumns(Refusal):
    notice = _l("The first row must name the columns; at least “ru” and “under” are needed.")
    status = 422


class Stale(Refusal):
    notice = _l("The tree was changed meanwhile, or the preview is out of date. Choose the file again.")


@dataclass
class Node:
    """A topic as it would stand. `id` is None for a new one."""

    id: int | None
    names: dict[str, str]
    parent: "Node | None" = None


@dataclass
class Row:
    """One line of the table and what would come of it: new, renamed, moved, same."""

    number: int
    id: str
    under: str
    names: dict[str, str]
    errors: list[str] = field(default_factory=list)
    does: list[str] = field(default_factory=list)
    node: Node | None = None


@dataclass(frozen=True)
class Preview:
    """`sealed`: the rows as they were shown; "" when any of them has an error."""

    rows: list[Row]
    wrong: int
    changes: int
    sealed: str


def preview(content: bytes, viewer: Viewer) -> Preview:
    """Judge a file; nothing is saved. Raises NoTable, NoColumns."""
    told = _read(content)
    rows = _planned(told)
    wrong = sum(bool(row.errors) for row in rows)
    changes = sum(row.does != ["same"] for row in rows)
    return Preview(rows, wrong, changes, "" if wrong or not changes else imported.sealed(told, "topics.import", viewer))


def bring(sealed: str, by: Viewer, origin: journal.Origin, now: datetime) -> int:
    """Make the tree as the preview showed it; how many topics were added or changed. Raises Stale."""
    told: list[dict[str, str]] = imported.opened(sealed, "topics.import", by, Stale)
    with journal.attempt(IMPORTED, by, now, origin, of=("topics", "")), transaction():
        hold_tree()
        rows = _planned(told)
        if any(row.errors for row in rows):
            raise Stale
        changed = [row for row in rows if row.does != ["same"]]
        for row in changed:
            _place(row, now)
        what = [{"id": row.node.id, "names": row.names, "does": row.does} for row in changed if row.node]
        journal.note(IMPORTED, by, now, origin, of=("topics", ""), topics=what)
    return len(changed)


def _read(content: bytes) -> list[dict[str, str]]:
    called = {column.casefold(): column for column in COLUMNS} | _CALLED
    lines = imported.rows(content, MOST, called, {"ru", "under"}, NoColumns)
    return [{name: _written(cell) for name, cell in cells.items()} for _number, cells in lines if cells]


def _written(cell: str) -> str:
    """Without the apostrophe that the export sets before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and tables.harmless(cell[1:]) != cell[1:] else cell


def _planned(told: Sequence[dict[str, str]]) -> list[Row]:
    """Each row with its errors, or what it would do, in the tree as it would be."""
    tree = _tree()
    before = {_key(_path(node)): node for node in tree.values()}
    rows = [
        Row(number, one.get("id", ""), one.get("under", ""), {code: one.get(code, "") for code in LOCALES})
        for number, one in enumerate(told, 2)
    ]
    after: dict[str, Node] = {}
    moved: list[tuple[Row, Node, Node | None]] = []
    had: set[str] = set()
    for row in rows:
        _judge(row, tree, had)
        parent = _parent(row, after, before)
        if row.errors:
            continue
        node = row.node = tree[int(row.id)] if row.id else Node(None, {})
        row.does = _does(row, node, parent)
        node.names = row.names
        moved.append((row, node, parent))
        after.setdefault(_key([*(_path(parent) if parent else ()), row.names["ru"]]), node)
    for _row, node, parent in moved:
        node.parent = parent
    _against_each_other(moved, [*tree.values(), *(node for _row, node, _parent in moved if node.id is None)])
    return rows


def _judge(row: Row, tree: dict[int, Node], had: set[str]) -> None:
    try:
        row.names = NAMES.kind.read(row.names)
    except Unfit as unfit:
        row.errors += unfit.errors.values()
    if any(name.startswith("=") for name in row.names.values()):
        row.errors.append(_("A formula instead of a name: write the name itself"))
    if row.id and (not row.id.isdecimal() or int(row.id[:18]) not in tree):
        row.errors.append(_("There is no topic with this number; leave the number empty for a new one"))
    elif row.id and row.id in had:
        row.errors.append(_("The number stands in this table more than once"))
    had.add(row.id)


def _parent(row: Row, after: dict[str, Node], before: dict[str, Node]) -> Node | None:
    if not row.under:
        return None
    key = _key(row.under.split(BETWEEN.strip()))
    found = after.get(key) or before.get(key)
    if found is None:
        row.errors.append(_("There is no topic “%(name)s” to stand under; its row must come first", name=row.under))
    return found


def _does(row: Row, node: Node, parent: Node | None) -> list[str]:
    if node.id is None:
        return ["new"]
    did = ["renamed"] * (node.names != row.names) + ["moved"] * (node.parent is not parent)
    return did or ["same"]


def _against_each_other(moved: Sequence[tuple[Row, Node, Node | None]], everyone: Sequence[Node]) -> None:
    """Rings, levels and twins: only visible once every row has its place."""
    limit = settings.value(DEPTH)
    beside: dict[tuple[int, str, str], int] = {}
    for node in everyone:
        for code, name in node.names.items():
            key = (id(node.parent), code, name.casefold())
            beside[key] = beside.get(key, 0) + 1
    below = _heights(everyone)
    for row, node, _above in moved:
        level = _level(node)
        if level is None:
            row.errors.append(_("A topic cannot stand under itself or in its own branch"))
        elif row.does != ["same"] and (deepest := level + below[id(node)]) > limit:
            row.errors.append(_("The tree may have %(limit)s levels; here it would get %(n)s", limit=limit, n=deepest))
        if any(beside[id(node.parent), code, name.casefold()] > 1 for code, name in node.names.items()):
            row.errors.append(_("There is already an entry with this name"))


def _heights(everyone: Sequence[Node]) -> dict[int, int]:
    """How many levels stand below each."""
    found = {id(node): 0 for node in everyone}
    for node in everyone:
        for height, step in enumerate(_line(node)):
            found[id(step)] = max(found[id(step)], height)
    return found


def _level(node: Node) -> int | None:
    """From the top, 1; None in a ring."""
    line = _line(node)
    return None if line and line[-1].parent is not None else len(line)


def _line(node: Node) -> list[Node]:
    """The topic and those above it; a ring is followed once."""
    line: list[Node] = []
    step: Node | None = node
    while step is not None and not any(step is one for one in line):
        line.append(step)
        step = step.parent
    return line


def _path(node: Node) -> list[str]:
    return [one.names["ru"] for one in reversed(_line(node))]


def _key(path: Sequence[str]) -> str:
    return BETWEEN.join(" ".join(step.split()).casefold() for step in path)


def _tree() -> dict[int, Node]:
    rows = [topic for topic, _level in stored.branches(stored.rows(TOPICS))]
    nodes = {topic.id: Node(topic.id, dict(topic.names)) for topic in rows}
    for topic in rows:
        nodes[topic.id].parent = nodes.get(topic.parent_id or 0)
    return nodes


def _place(row: Row, now: datetime) -> None:
    assert row.node is not None  # noqa: S101 - rows without errors have one
    topic = db.session.get(Topic, row.node.id) if row.node.id else None
    if topic is None:
        topic = Topic(names=row.names, position=row.number)
        db.session.add(topic)
    topic.names = row.names
    topic.parent_id = row.node.parent.id if row.node.parent else None
    db.session.flush()
    row.node.id = topic.id
    keep(topic, now)

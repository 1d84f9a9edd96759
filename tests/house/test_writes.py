"""Law 2: only actions write and commit; push and later are called only from there, after commit."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import Source, calls, dotted, imported, sources

WRITERS = ("app/actions/", "app/models/db.py", "migrations/", "tests/")
CALLERS = ("app/actions/", "app/live/", "app/base/", "jobs/", "tests/")

# The socket itself was away from Redis: nothing changed, so no action is there to say it (house law 6).
ALLOWED = {("app/pages/socket.py", "push.heal")}

_WRITING_SQL = re.compile(r"\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+(\s+\w+)?\s+SET|TRUNCATE|ALTER\s+TABLE)\b")
_SESSION_WRITES = {"add", "add_all", "delete", "merge", "commit", "flush", "bulk_save_objects"}
_CORE_WRITES = {"insert", "update", "delete"}
# A GET may call these: coalesced, in a short transaction of their own.
_GLANCES = {"journal.saw", "sessions.touch", "leases.seen"}


def test_only_actions_write_and_commit() -> None:
    assert writes(sources("app", "jobs", "wsgi.py")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "db.session.commit()",
        "db.session.add(Person())",
        "with session.begin() as s:\n    session.delete(person)",
        "from sqlalchemy import update",
        "from sqlalchemy.dialects.postgresql import insert",
        "from app.models.db import transaction",
        '_SQL = text("""\n  UPDATE chat c SET rev = rev + 1""")',
        '_SQL = "DELETE FROM chat"',
    ],
)
def test_a_write_outside_actions_is_found(planted: str) -> None:
    assert writes([Source("app/queries/bad.py", planted)])
    assert writes([Source("jobs/bad.py", planted)])
    assert not writes([Source("app/actions/good.py", planted)])


def test_push_and_later_are_called_only_from_actions_and_jobs() -> None:
    assert rings(sources("app", "jobs")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "push.message_added(chat)",
        "tx.after(push.message_added, chat)",
        'later("drain_outbox")',
        'wire.emit("fragment", {}, "everyone")',
        'socketio.emit("fragment", {})',
    ],
)
def test_a_page_that_pushes_is_found(planted: str) -> None:
    assert rings([Source("app/pages/desk/bad.py", planted)])
    assert rings([Source("app/queries/bad.py", planted)])


def test_what_is_pushed_or_rung_waits_for_the_commit() -> None:
    assert early(sources("app/actions")) == []


def test_a_push_before_the_commit_is_found() -> None:
    planted = "def verb():\n    with transaction() as tx:\n        push.message_added(chat)\n"
    assert early([Source("app/actions/bad.py", planted)])
    assert early([Source("app/actions/bad.py", planted.replace("push.message_added(chat)", 'later("drain_outbox")'))])
    assert not early(
        [Source("app/actions/good.py", planted.replace("added(chat)", "added").replace("push", "_ = push"))]
    )


def test_a_page_calls_at_most_one_verb() -> None:
    assert busy_pages(sources("app/pages")) == []


@pytest.mark.parametrize(
    "planted",
    [
        '@desk.post("/x")\ndef x():\n    closing.finish(1)\n    topics.choose(2)\n',
        '@desk.get("/x")\ndef x():\n    closing.finish(1)\n',
    ],
)
def test_a_page_that_calls_two_verbs_or_changes_by_get_is_found(planted: str) -> None:
    assert busy_pages([Source("app/pages/desk/bad.py", f"from app.actions import closing, lists as topics\n{planted}")])


def test_a_page_that_only_notes_who_looked_is_fine() -> None:
    text = 'from app.actions import journal\n@desk.get("/x")\ndef x():\n    journal.saw(1)\n'
    assert not busy_pages([Source("app/pages/desk/good.py", text)])


def writes(files: list[Source]) -> list[str]:
    return [found for source in files if not source.under(*WRITERS) for found in _writes(source)]


def _writes(source: Source) -> Iterator[str]:
    for name, call in calls(source.tree):
        owner, _, verb = name.rpartition(".")
        if verb in _SESSION_WRITES and owner.rpartition(".")[2] == "session":
            yield source.at(call, f"calls {name}")
    for module, name, node in imported(source.tree):
        if (
            module.startswith("sqlalchemy")
            and name in _CORE_WRITES
            or (module, name) == ("app.models.db", "transaction")
        ):
            yield source.at(node, f"imports {name}")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _WRITING_SQL.search(node.value):
            yield source.at(node, "writes in SQL")


def rings(files: list[Source]) -> list[str]:
    """Mentions of `push.…`, `later(…)` and calls of `…emit(…)` where they do not belong."""
    found = []
    for source in files:
        if source.under(*CALLERS):
            continue
        for node in ast.walk(source.tree):
            name = dotted(node)
            if name.startswith("push.") and isinstance(node, ast.Attribute) and (source.path, name) not in ALLOWED:
                found.append(source.at(node, f"mentions {name}"))
        for name, call in calls(source.tree):
            if name == "later" or name.endswith(".emit"):
                found.append(source.at(call, f"calls {name}"))
    return found


def early(files: list[Source]) -> list[str]:
    """Calls of push and later inside `with transaction()`: they belong to its after-commit list."""
    return [
        source.at(call, f"calls {name} before the commit")
        for source in files
        for block in ast.walk(source.tree)
        if isinstance(block, ast.With) and any(_opens_transaction(item.context_expr) for item in block.items)
        for name, call in calls(block)
        if name == "later" or name.startswith("push.")
    ]


def _opens_transaction(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "transaction"


def busy_pages(files: list[Source]) -> list[str]:
    return [found for source in files for found in _busy_views(source)]


def _busy_views(source: Source) -> Iterator[str]:
    verbs = dict(_verbs(source.tree))
    for view in ast.walk(source.tree):
        if not isinstance(view, ast.FunctionDef) or not (methods := _methods(view)):
            continue
        # An exception class is caught, not called; a class that is built begins with a capital letter.
        said = [(verbs.get(name.partition(".")[0]), name.partition(".")[2]) for name, _call in calls(view)]
        called = [f"{room}.{verb}" for room, verb in said if room and not verb[:1].isupper()]
        called = [name for name in called if name not in _GLANCES]
        most = 0 if methods == {"get"} else 1
        if len(called) > most:
            yield source.at(view, f"{view.name} calls {', '.join(called)}")


def _verbs(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The rooms of verbs by the names a page gives them: `from app.actions import settings as changes`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "app.actions":
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)


def _methods(view: ast.FunctionDef) -> set[str]:
    names = [dotted(one.func) for one in view.decorator_list if isinstance(one, ast.Call)]
    return {name.rpartition(".")[2] for name in names} & {"get", "post", "put", "patch", "delete", "route"}

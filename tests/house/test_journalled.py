"""Law 9: whoever uses a right leaves a trace. Every change leads to a verb that journals, or records an event."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import Source, calls, sources
from tests.house.test_writes import _methods, _verbs

TRACES = {"journal.note", "journal.exported", "note", "record"}
# What one does for oneself or keeps on the desk for a while; none of it uses a right over others.
QUIET = {
    "channels.check": "asks the provider, saves nothing",
    "duty.choose": "the spans of statuses say who, when and what",
    "duty.finish": "the shift's end says it",
    "hrm.check": "asks the personnel system, saves nothing",
    "hrm_import.preview": "a look at what would be kept; the import itself journals",
    "notices.read": "one's own mark",
    "notices.read_all": "one's own marks",
    "offers.decline": "the trace of the chat's routing says who and when",
    "offers.take_back": "the trace of the chat's routing says who and when",
    "people.choose_locale": "one's own language",
    "people.choose_theme": "one's own look",
    "people_import.preview": "a look at what would be made; the import itself journals",
    "preferences.choose_sounds": "one's own sounds",
    "preferences.choose_undo": "one's own time to think",
    "preferences.choose_sending": "one's own key that sends",
    "reply.keep_draft": "nobody else's",
    "reply.note": "the note itself says who, when and what",
    "reply.retry": "the message itself shows it",
    "reply.say": "the message itself says who, when and what",
    "reply.seen": "an unread count",
    "rewording.reword": "the message keeps its versions",
    "rewording.take_back": "the message keeps its text",
    "template_files.attach": "the message that sends them tells",
    "templates.count_use": "a count",
    "templates.keep": "one's own template",
    "templates.remove": "one's own template",
    "topics_import.preview": "a look at what would change; the import itself journals",
    "uploads.keep": "the message that sends it tells",
}
WINGS = ("app/pages/office/", "app/pages/me/", "app/pages/entry/", "app/pages/desk/")


@pytest.mark.clause("12.17", "12.19", "15.5")
def test_every_change_leaves_a_trace() -> None:
    assert silent(sources("app/pages"), sources("app/actions")) == []


def test_nothing_is_excused_that_is_not_there() -> None:
    verbs = {verb for source in sources("app/pages") for _view, verb in _changes(source)}
    assert set(QUIET) <= verbs


def test_a_change_without_a_trace_is_found() -> None:
    page = 'from app.actions import people\n@office.post("/x")\ndef x():\n    people.erase(1)\n'
    verb = "def erase(person):\n    _gone(person)\n\ndef _gone(person):\n    {}\n"
    pages = [Source("app/pages/office/bad.py", page)]
    assert silent(pages, [Source("app/actions/people.py", verb.format("pass"))])
    assert not silent(pages, [Source("app/actions/people.py", verb.format("journal.note(ERASED)"))])


def silent(pages: list[Source], actions: list[Source]) -> list[str]:
    """Views that change something through a verb that neither journals nor records."""
    bodies = {
        f"{source.path.rpartition('/')[2].removesuffix('.py')}.{node.name}": (source, node)
        for source in actions
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef)
    }
    return [
        source.at(view, f"{view.name} calls {verb}, which leaves no trace")
        for source in pages
        if source.under(*WINGS)
        for view, verb in _changes(source)
        if verb not in QUIET and verb in bodies and not _leaves_trace(verb, bodies, set())
    ]


def _changes(source: Source) -> Iterator[tuple[ast.FunctionDef, str]]:
    rooms = dict(_verbs(source.tree))
    for view in ast.walk(source.tree):
        if isinstance(view, ast.FunctionDef) and _methods(view) - {"get"}:
            for name, _call in calls(view):
                owner, _, verb = name.partition(".")
                if owner in rooms and not verb[:1].isupper():
                    yield view, f"{rooms[owner]}.{verb}"


def _leaves_trace(verb: str, bodies: dict[str, tuple[Source, ast.FunctionDef]], asked: set[str]) -> bool:
    """Whether the verb, or what it calls in the rooms of actions, journals or records."""
    asked.add(verb)
    source, body = bodies[verb]
    rooms = dict(_verbs(source.tree))
    own = verb.partition(".")[0]
    for name, _call in calls(body):
        if name in TRACES or name.rpartition(".")[2] == "note" and name.partition(".")[0] == "journal":
            return True
        owner, _, called = name.rpartition(".")
        target = f"{rooms.get(owner, owner) if owner else own}.{called}"
        if target in bodies and target not in asked and _leaves_trace(target, bodies, asked):
            return True
    return False

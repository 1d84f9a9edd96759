"""Law 10 and the style: no hidden callbacks, no triggers on the road, no long files, nothing left for later."""

import re

import pytest

from tests.house.source import Source, calls, imported, sources

LONGEST = 300
OURS = ("app", "bench", "jobs", "deploy", "migrations", "translations", "tests", "bin")
ENDINGS = (".py", ".js", ".css", ".html", ".yml")
# The one trigger that is welcome: nobody changes the journal.
TRIGGERS = {"journal_is_forever"}

# Written apart, or these lines would find themselves.
_LATER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
_PRINTED = {"print", "breakpoint", "pdb.set_trace"}
_LISTENERS = {"listen", "listens_for", "validates", "reconstructor", "before_flush", "after_flush"}


def everything() -> list[Source]:
    return [source for ending in ENDINGS for source in sources(*OURS, ending=ending)]


def test_no_orm_callbacks_and_no_signals() -> None:
    assert callbacks(sources("app", "jobs")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "from sqlalchemy import event\nevent.listen(Chat, 'after_insert', push)",
        "from sqlalchemy.orm import validates",
        "from blinker import signal",
        "from flask import request_started",
        "@event.listens_for(Chat, 'after_update')\ndef pushed(m, c, chat): ...",
    ],
)
def test_a_callback_is_found(planted: str) -> None:
    assert callbacks([Source("app/models/bad.py", planted)])


def test_the_journal_has_the_only_trigger() -> None:
    assert triggers(sources("app", "migrations")) == []


def test_another_trigger_is_found() -> None:
    planted = "CREATE TRIGGER on_message AFTER INSERT ON message EXECUTE FUNCTION ring()"
    assert triggers([Source("migrations/bad.py", planted)])


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    assert long(everything()) == []


def test_a_long_file_is_found() -> None:
    assert long([Source("app/bad.py", "x = 1\n" * (LONGEST + 1))])


def test_nothing_is_left_for_later_and_nothing_is_printed_by_the_way() -> None:
    assert left(everything()) == []


def test_what_is_left_is_found() -> None:
    assert left([Source("app/bad.py", "x = 1  # " + "TO" + "DO: later")])
    assert left([Source("app/models/bad.py", "print(chat)")])
    assert left([Source("app/static/js/bad.js", "console.log(chat)")])


def test_the_path_of_no_machine_is_written_anywhere() -> None:
    assert local(everything()) == []


def test_a_path_of_a_machine_is_found() -> None:
    assert local([Source("app/bad.py", 'HOME = "/ho' + 'me/dilshod/desk"')])


def callbacks(files: list[Source]) -> list[str]:
    found = []
    for source in files:
        for module, name, node in imported(source.tree):
            hooks = module.startswith("sqlalchemy") and (name == "event" or name in _LISTENERS)
            signals = (
                module.split(".")[0] == "blinker" or module == "flask" and name.endswith(("_started", "_finished"))
            )
            if hooks or signals:
                found.append(source.at(node, f"imports {name or module}"))
        found += [source.at(call, f"calls {name}") for name, call in calls(source.tree) if _listens(name)]
    return found


def _listens(name: str) -> bool:
    return name.startswith("event.") and name.rpartition(".")[2] in _LISTENERS


def triggers(files: list[Source]) -> list[str]:
    return [
        source.at(source.text.count("\n", 0, found.start()) + 1, f"trigger {found[1]}")
        for source in files
        for found in re.finditer(r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\s+(\w+)", source.text)
        if found[1] not in TRIGGERS
    ]


def long(files: list[Source]) -> list[str]:
    return [f"{source.path} has {n} lines" for source in files if (n := source.text.count("\n")) > LONGEST]


def left(files: list[Source]) -> list[str]:
    found = []
    for source in files:
        for number, line in enumerate(source.text.splitlines(), 1):
            if (
                _LATER.search(line)
                or source.path.endswith(".js")
                and re.search(r"\bconsole\.(log|debug)\(|\bdebugger\b", line)
            ):
                found.append(source.at(number, line.strip()[:60]))
        if source.path.endswith(".py") and source.under("app/", "jobs/"):
            found += [source.at(call, f"calls {name}") for name, call in calls(source.tree) if name in _PRINTED]
    return found


def local(files: list[Source]) -> list[str]:
    machine = re.compile(r"/(work|ho" + r"me)/\w+")
    return [
        source.at(number, found[0])
        for source in files
        for number, line in enumerate(source.text.splitlines(), 1)
        if (found := machine.search(line))
    ]

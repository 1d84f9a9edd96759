"""docs/rules.md names a test for each complaint about giving chats out; each of them is there."""

import re

from tests.house.source import ROOT

_NAMED = re.compile(r"`(test_\w+)`")


def test_every_complaint_has_a_test_that_is_there() -> None:
    _, _, table = (ROOT / "docs" / "rules.md").read_text().partition("## What must not happen")
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    written = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^def (test_\w+)", written, re.MULTILINE))
    assert len(lines) > 10
    for line in lines:
        named = _NAMED.findall(line)
        assert named, f"no test: {line}"
        assert set(named) <= known, f"{set(named) - known}"

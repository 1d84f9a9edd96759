"""The page and the command: what differs is named by ids, never by words."""

import json

import pytest
from click.testing import CliRunner
from psycopg import Connection

from app.cli_reconcile import reconcile
from tests.cast import Cast
from tests.reconciling.conftest import Counts
from tests.road.conftest import Bank, message

pytestmark = pytest.mark.clause("1.2")


def test_the_page_says_that_all_agrees_and_names_what_does_not(
    bank: Bank, cast: Cast, counts: Counts, superuser: "Connection[tuple[str, ...]]"
) -> None:
    bank.receive(message("Maxfiy gap"))
    counts()
    assert 'class="notice good"' in cast.kamola.browser.get("/office/reconciliation").text
    superuser.execute("DELETE FROM message")
    counts()
    page = cast.kamola.browser.get("/office/reconciliation").text
    row = superuser.execute("SELECT id::text FROM inbox").fetchone()
    assert row is not None
    assert row[0] in page
    assert "Maxfiy gap" not in page
    assert 'href="/office/road"' in page


def test_whoever_does_not_mend_the_inbox_does_not_see_it(cast: Cast) -> None:
    assert cast.aziza.browser.get("/office/reconciliation").status_code == 403


def test_the_command_prints_json_and_fails_when_something_differs(
    bank: Bank, superuser: "Connection[tuple[str, ...]]"
) -> None:
    bank.receive(message())
    answer = CliRunner().invoke(reconcile)
    assert answer.exit_code == 0
    assert json.loads(answer.output)[0]["agrees"] is True
    superuser.execute("DELETE FROM message")
    assert CliRunner().invoke(reconcile).exit_code == 1
    assert CliRunner().invoke(reconcile, ["--day", "2020-01-01"]).exit_code == 1

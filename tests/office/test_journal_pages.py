"""The journal on the screen and as a file: for auditors only, filtered, opened, exported (12.2, 12.17–12.22)."""

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook  # type: ignore[import-untyped]
from psycopg import Connection

from app import cli  # noqa: F401 - what its commands note is in the register, too
from app.actions import journal
from app.actions.people import CHANGED, CREATED
from app.base import clock
from app.base.locale import LOCALES
from app.models.db import transaction
from app.models.viewer import SYSTEM
from app.pages.office.journal_register import register
from tests.cast import Actor, Cast
from tests.entry.asking import journalled

pytestmark = pytest.mark.clause("12.2", "12.17", "12.19", "12.20", "12.21", "12.22", "15.5")

Superuser = Connection[Any]
BAR = datetime(2026, 11, 22, 9, tzinfo=clock.TASHKENT)


def write(app: Flask, *, at: datetime | None = None, kind: Any = CREATED, **how: Any) -> None:
    origin = journal.Origin(how.pop("address", "10.20.30.40"), how.pop("device", "Firefox"))
    with app.app_context(), transaction():
        journal.note(kind, SYSTEM, at or clock.now(), origin, of=how.pop("of", ("person", 7)), **how)


def rows(actor: Actor, **wanted: Any) -> int:
    answer = actor.browser.get("/office/journal", query_string=wanted)
    assert answer.status_code == 200
    return int(answer.text.partition("<tbody>")[2].count("<tr>"))


def test_only_who_may_read_the_journal_sees_it(app: Flask, cast: Cast) -> None:
    write(app)
    for actor in (cast.aziza, cast.botir, cast.kamola):
        assert actor.browser.get("/office/journal").status_code == 403
        assert actor.browser.post("/office/journal/export", {"as": "csv"}).status_code == 403
    assert cast.nodira.browser.get("/office/journal").status_code == 200


def test_an_auditor_begins_with_the_journal(cast: Cast) -> None:
    assert cast.nodira.browser.get("/").location == "/office/journal"


def test_looking_at_the_journal_stands_in_the_journal_once(cast: Cast, superuser: Superuser) -> None:
    for _time in range(3):
        cast.nodira.browser.get("/office/journal")
    assert [kind for kind, _login, _outcome in journalled(superuser)] == ["journal.opened"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"who": "timur.li"},
        {"kind": "person.changed"},
        {"kind": "person"},
        {"object_kind": "person", "object_id": "42"},
        {"outcome": "refused"},
        {"address": "192.168."},
        {"q": "opera"},
        {"since": "2026-11-20", "until": "2026-11-20"},
    ],
)
def test_each_filter_finds_its_row_alone(app: Flask, cast: Cast, wanted: dict[str, str]) -> None:
    nodira = cast.nodira
    odd: dict[str, Any] = {
        "kind": CHANGED if "kind" in wanted else CREATED,
        "login": "timur.li" if "who" in wanted else "",
        "of": ("person", 42),
        "outcome": "refused" if "outcome" in wanted else "done",
        "address": "192.168.0.5",
        "device": "Opera",
        "at": BAR - timedelta(days=2),
    }
    write(app, **odd)
    others: dict[str, Any] = {"of": ("role", 3), "at": BAR - timedelta(days=1)}
    if wanted.get("kind") == "person":
        others["kind"] = journal.EXPORTED
    write(app, **others)
    assert rows(nodira, **{"since": "2026-11-01", "until": "2026-11-21", **wanted}) == 1


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31"])
def test_a_day_beyond_all_time_is_only_a_long_way_off(cast: Cast, day: str) -> None:
    for name in ("since", "until"):
        page = cast.nodira.browser.get("/office/journal", query_string={name: day})
        exported = cast.nodira.browser.post("/office/journal/export", {"as": "csv", name: day})
        assert (page.status_code, exported.status_code) == (200, 200)
        holds_all = (name == "since") == (day < "2000")
        assert (len(exported.data.decode("utf-8-sig").splitlines()) > 1) == holds_all


def test_old_rows_are_turned_page_by_page(app: Flask, cast: Cast) -> None:
    with app.app_context(), transaction():
        for number in range(120):
            journal.note(CREATED, SYSTEM, clock.now(), journal.HERE, of=("person", number))
    page = cast.nodira.browser.get("/office/journal?kind=person").text
    assert page.count("<tr>") == 51 and " 119</td>" in page and " 69</td>" not in page
    older = page.partition('class="pager"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert " 69</td>" in cast.nodira.browser.get(older).text


def test_a_row_opens_with_before_and_after(app: Flask, cast: Cast, superuser: Superuser) -> None:
    write(app, kind=CHANGED, before={"name": "Ли Т."}, after={"name": "Ли Тимур"}, reason="<script>")
    row = superuser.execute("SELECT id FROM journal").fetchone()
    assert row is not None
    page = cast.nodira.browser.get(f"/office/journal/{row[0]}").text
    assert "Ли Т." in page and "Ли Тимур" in page and "10.20.30.40" in page
    assert "<script>" not in page.partition("<main")[2]
    assert cast.nodira.browser.get("/office/journal/00000000-0000-7000-8000-000000000000").status_code == 404


@pytest.mark.own_database
def test_addresses_are_hidden_from_who_may_not_see_them_also_when_asked_for(
    app: Flask, cast: Cast, superuser: Superuser
) -> None:
    write(app)
    superuser.execute("DELETE FROM role_permission WHERE permission = 'fields.address'")
    nodira = cast.nodira
    page = nodira.browser.get("/office/journal?kind=person").text
    assert "10.20.•.•" in page and "10.20.30.40" not in page
    assert rows(nodira, kind="person", address="10.99.") == 1  # the filter tells nothing
    assert rows(nodira, kind="person", q="10.20.30") == 0
    exported = nodira.browser.post("/office/journal/export", {"as": "csv", "kind": "person"}).data.decode("utf-8-sig")
    assert "10.20.30.40" not in exported


def test_an_export_holds_what_the_filter_finds_and_is_journalled(app: Flask, cast: Cast, superuser: Superuser) -> None:
    write(app, login="=cmd()")
    write(app, kind=CHANGED)
    answer = cast.nodira.browser.post("/office/journal/export", {"as": "csv", "kind": "person.created"})
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert [row[3] for row in table[1:]] == ["person.created"]
    assert table[1][1] == "'=cmd()"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert journalled(superuser)[-1] == ("journal.exported", "nodira", "done")


def test_an_export_is_a_sheet_as_well(app: Flask, cast: Cast) -> None:
    write(app)
    answer = cast.nodira.browser.post("/office/journal/export", {"as": "xlsx", "kind": "person"})
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert sheet.max_row == 2 and sheet["D2"].value == "person.created"
    assert cast.nodira.browser.post("/office/journal/export", {"as": "exe"}).status_code == 404


def test_the_audit_policy_is_changed_by_the_security_officer_and_journalled(cast: Cast, superuser: Superuser) -> None:
    sent = {"journal.view_minutes": "5", "journal.shown_days": "7"}
    for actor in (cast.kamola, cast.nodira, cast.botir):
        assert actor.browser.post("/office/journal/policy", sent).status_code == 403
    sardor = cast.sardor.browser
    assert sardor.post("/office/journal/policy", sent | {"journal.view_minutes": "999"}).status_code == 422
    assert sardor.post("/office/journal/policy", sent).status_code == 303
    assert journalled(superuser)[-1] == ("journal.policy_changed", "sardor", "done")
    assert 'value="5"' in sardor.get("/office/journal/policy").text


def test_who_sets_up_the_system_cannot_reach_the_audit_policy(cast: Cast, superuser: Superuser) -> None:
    kamola = cast.kamola.browser
    assert "journal.view_minutes" not in kamola.get("/office/settings").text
    assert kamola.post("/office/settings/journal", {"shown": "journal.view_minutes"}).status_code == 404


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_opens_in_every_language(app: Flask, cast: Cast, superuser: Superuser, locale: str) -> None:
    write(app, before={"a": 1}, after={"a": 2})
    row = superuser.execute("SELECT id FROM journal").fetchone()
    pages = {
        "nodira": ("journal", f"journal/{row[0] if row else ''}", "people", "roles", "roles/1", "people/{id}"),
        "sardor": ("journal/policy", "roles/new", "roles/new?like=1", "roles/1"),
        "kamola": ("people/new", "people/import", "people/{id}/edit", "people/{id}/delete", "people/{id}"),
    }
    aziza = cast.aziza.id
    for login, urls in pages.items():
        browser = getattr(cast, login).browser
        browser.post("/language", {"locale": locale})
        for url in urls:
            answer = browser.get(f"/office/{url.format(id=aziza)}")
            assert answer.status_code == 200, url
            assert f'lang="{locale.replace("_", "-")}"' in answer.text


def test_the_register_of_events_is_current(app: Flask) -> None:
    file = Path(__file__).parents[2] / "docs" / "journal-events.md"
    with app.app_context():
        assert file.read_text() == register(), "run: bin/muloqot journal register > docs/journal-events.md"

"""People from a table: judged row by row, shown first, then made all together (clause 7.8)."""

import io
import re
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook  # type: ignore[import-untyped]
from psycopg import Connection

from app.base import tables
from tests.cast import Cast
from tests.entry.asking import journalled, sign_in

pytestmark = pytest.mark.clause("7.8")

HEAD = "login;name;roles;groups;languages;phone;email;capacity;locale"
LOLA = "l.yusupova;Юсупова Лола;Оператор;Контакт-центр;ru,uz_Latn;90 123 45 67;lola@bank.uz;4;uz_Latn"
OLIM = "o.karimov;Каримов Олим;supervisor;;;;;;"
Superuser = Connection[Any]


def shown(cast: Cast, content: bytes, name: str = "people.csv") -> Any:
    return cast.kamola.browser.post("/office/people/import", {"table": (io.BytesIO(content), name)})


def csv(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines)).encode()


def xlsx(*rows: Sequence[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def confirm(cast: Cast, page: str) -> Any:
    found = re.search(r'name="rows" value="([^"]+)"', page)
    assert found
    return cast.kamola.browser.post("/office/people/import/confirm", {"rows": found[1]})


def test_nothing_is_made_before_it_was_looked_at(cast: Cast, superuser: Superuser) -> None:
    page = shown(cast, csv(LOLA, OLIM)).text
    assert "l.yusupova" in page and "o.karimov" in page
    assert superuser.execute("SELECT count(*) FROM person").fetchone() == (1,)


def test_what_was_shown_is_made_and_each_can_sign_in(app: Flask, cast: Cast, superuser: Superuser) -> None:
    answer = confirm(cast, shown(cast, csv(LOLA, OLIM)).text)
    passwords = re.findall(r"<code>([^<]+)</code>", answer.text)
    assert len(passwords) == 2
    assert sign_in(app.test_client(), "l.yusupova", passwords[0]).status_code == 303
    row = superuser.execute(
        "SELECT p.locale, p.capacity, r.code, m.group_id, must_change_password FROM person p"
        " JOIN person_role pr ON pr.person_id = p.id JOIN role r ON r.id = pr.role_id"
        " JOIN group_member m ON m.person_id = p.id WHERE login = 'l.yusupova'"
    ).fetchone()
    assert row == ("uz_Latn", 4, "operator", 1, True)
    kinds = [kind for kind, _login, _outcome in journalled(superuser)]
    assert kinds.count("person.created") == 2 and kinds.count("person.imported") == 1


@pytest.mark.parametrize(
    "line",
    [
        "superadmin;Кто-то;;;;;;;",
        "k rahimova;Кто-то;;;;;;;",
        ";Кто-то;;;;;;;",
        "t.li;;;;;;;;",
        "t.li;Ли;Директор;;;;;;",
        "t.li;Ли;;Нет такой;;;;;",
        "t.li;Ли;;;klingon;;;;",
        "t.li;Ли;;;;12;;;",
        "t.li;Ли;;;;;ли;;",
        "t.li;Ли;;;;;;99;",
        "t.li;Ли;;;;;;;fr",
        "t.li;=HYPERLINK();;;;;;;",
        "kamola;Камола;;;;;;;",
        "t.li;Ли;administrator,security_officer;;;;;;",
        "l.yusupova;Ещё одна;;;;;;;",
    ],
)
def test_a_bad_row_is_told_and_left_out(cast: Cast, superuser: Superuser, line: str) -> None:
    page = shown(cast, csv(OLIM, LOLA, line)).text
    assert 'class="chip late"' in page
    confirm(cast, page)
    assert superuser.execute("SELECT 1 FROM person WHERE login = 'o.karimov'").fetchone() == (1,)
    taken = {"kamola": 1, "l.yusupova": 0}.get(line.partition(";")[0], 0)
    found = superuser.execute("SELECT count(*) FROM person WHERE login = %s", [line.partition(";")[0]]).fetchone()
    assert found == (taken,)


def test_a_sheet_is_read_and_its_formulas_are_not(cast: Cast) -> None:
    rows: list[list[Any]] = [
        ["Логин", "ФИО", "Телефон"],
        ["o.karimov", "Каримов Олим", 998901234567],
        ["t.li", '=CONCAT("a";"b")', ""],
    ]
    page = shown(cast, xlsx(*rows), "people.xlsx").text
    assert page.count('class="chip calm"') == 1 and page.count('class="chip late"') == 1


def test_a_table_of_an_old_windows_is_read(cast: Cast) -> None:
    assert "Юсупова Лола" in shown(cast, csv(LOLA).decode().encode("cp1251")).text


@pytest.mark.parametrize(
    "content", [b"", b"nothing\nhere", b"\x00\x01\x02", b"PK\x03\x04broken", "login;имя\n".encode() * 3]
)
def test_what_is_no_table_is_refused(cast: Cast, content: bytes) -> None:
    assert shown(cast, content).status_code == 422


def test_a_table_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_UNPACKED", 1000)
    with pytest.raises(tables.Unreadable):
        tables.read(xlsx(["login", "name"]), 10)


def test_a_preview_cannot_be_changed_or_used_by_another(cast: Cast, superuser: Superuser) -> None:
    page = shown(cast, csv(LOLA)).text
    rows = re.search(r'name="rows" value="([^"]+)"', page)
    assert rows
    for changed in (rows[1][:-8] + "AAAAAAA=", "", "x"):
        assert cast.kamola.browser.post("/office/people/import/confirm", {"rows": changed}).status_code == 422
    superuser.execute("UPDATE person_role SET role_id = 3 WHERE person_id = %s", [cast.aziza.id])
    assert cast.aziza.browser.post("/office/people/import/confirm", {"rows": rows[1]}).status_code == 422
    confirm(cast, page)
    assert confirm(cast, page).status_code == 422  # once only


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "=cmd|' /C calc'!A0"])
def test_what_is_written_out_is_never_a_formula(cell: str) -> None:
    assert f"'{cell}".encode() in tables.csv_file([[cell]]).replace(b'"', b"")
    assert tables.read(tables.xlsx_file([[cell]], "x"), 5)[0][0].startswith("'")

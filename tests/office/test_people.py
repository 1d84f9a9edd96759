"""People: made, changed, blocked, restored, deleted; found by name; nobody changes his own rights (7.8, 12.13)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection

from app.actions import people_life
from app.actions.journal import HERE
from app.actions.rights import LastOne
from app.base import clock
from app.models.db import db
from app.models.person import Person
from app.models.viewer import SYSTEM
from app.queries import notices
from app.queries import settings as stored
from tests.cast import PASSWORD, Actor, Cast
from tests.entry.asking import journalled, sign_in
from tests.writes import Client

pytestmark = pytest.mark.clause("7.8", "12.13")

Superuser = Connection[Any]


def role(superuser: Superuser, code: str) -> int:
    found = superuser.execute("SELECT id FROM role WHERE code = %s", [code]).fetchone()
    assert found is not None
    return int(found[0])


def form(superuser: Superuser, *roles: str, **how: Any) -> dict[str, Any]:
    given = {"name": "Юсупова Лола", "locale": "uz_Latn", "languages": ["ru", "uz_Latn"], "groups": ["1"]}
    return given | {"roles": [str(role(superuser, code)) for code in roles]} | how


def hire(by: Actor, superuser: Superuser, *roles: str, **how: Any) -> int:
    answer = by.browser.post("/office/people/new", form(superuser, *roles, **({"login": "l.yusupova"} | how)))
    assert answer.status_code == 200, answer.text
    row = superuser.execute("SELECT id FROM person WHERE login = %s", [how.get("login", "l.yusupova")]).fetchone()
    assert row is not None
    return int(row[0])


def kinds(superuser: Superuser) -> list[str]:
    return [kind for kind, _login, _outcome in journalled(superuser)]


def refused(superuser: Superuser) -> list[str]:
    return [kind for kind, _login, outcome in journalled(superuser) if outcome == "refused"]


@pytest.mark.clause("12.7", "12.8")
def test_a_new_person_signs_in_with_the_password_that_was_shown_once(
    app: Flask, cast: Cast, superuser: Superuser
) -> None:
    answer = cast.kamola.browser.post("/office/people/new", form(superuser, "operator", login="L.Yusupova"))
    shown = re.findall(r'data-copy="([^"]+)"', answer.text)
    assert shown[0] == "l.yusupova"
    assert sign_in(app.test_client(), "l.yusupova", shown[1]).status_code == 303
    found = superuser.execute("SELECT id, public_name, must_change_password FROM person WHERE login = 'l.yusupova'")
    person_id, public_name, must_change = found.fetchone() or (0, "", False)
    assert (public_name, must_change) == ("Юсупова", True)
    assert shown[1] not in cast.kamola.browser.get(f"/office/people/{person_id}").text
    assert superuser.execute("SELECT group_id FROM group_member WHERE person_id = %s", [person_id]).fetchone() == (1,)


@pytest.mark.clause("12.6")
def test_a_login_that_tells_privilege_is_refused_and_what_was_written_stays(cast: Cast, superuser: Superuser) -> None:
    answer = cast.kamola.browser.post("/office/people/new", form(superuser, "operator", login="superadmin"))
    assert answer.status_code == 422
    assert 'value="Юсупова Лола"' in answer.text


@pytest.mark.clause("15.5")
def test_phone_and_email_are_sealed_and_masked_in_the_journal(cast: Cast, superuser: Superuser) -> None:
    person_id = hire(cast.kamola, superuser, "operator", phone="90 123 45 67", email="lola@bank.uz")
    with superuser.cursor().copy("COPY (SELECT * FROM person) TO STDOUT") as copy:
        dump = b"".join(bytes(part) for part in copy)
    for secret in (b"1234567", b"lola@bank"):
        assert secret not in dump
        assert secret.hex().encode() not in dump
    assert "+998 90 123-45-67" not in cast.nodira.browser.get(f"/office/people/{person_id}").text
    row = superuser.execute("SELECT id FROM journal WHERE kind = 'person.created'").fetchone()
    page = cast.nodira.browser.get(f"/office/journal/{row[0] if row else ''}").text
    assert "+998 90 •••-••-67" in page and "l•••@bank.uz" in page


@pytest.mark.parametrize(("field", "value"), [("phone", "12"), ("email", "lola"), ("capacity", "51"), ("name", "")])
def test_what_does_not_fit_is_refused(cast: Cast, superuser: Superuser, field: str, value: str) -> None:
    sent = form(superuser, "operator", login="l.yusupova", **{field: value})
    assert cast.kamola.browser.post("/office/people/new", sent).status_code == 422
    assert superuser.execute("SELECT 1 FROM person WHERE login = 'l.yusupova'").fetchone() is None


@pytest.mark.own_database
def test_a_field_one_may_not_see_whole_is_kept_when_left_empty(cast: Cast, superuser: Superuser, app: Flask) -> None:
    person_id = hire(cast.kamola, superuser, "operator", phone="90 123 45 67")
    superuser.execute("DELETE FROM role_permission WHERE permission LIKE 'fields.%%'")
    edited = cast.kamola.browser.get(f"/office/people/{person_id}/edit").text
    assert "•••-••-67" in edited and "123-45-67" not in edited and "901234567" not in edited
    cast.kamola.browser.post(f"/office/people/{person_id}/edit", form(superuser, "operator", name="Юсупова Л."))
    with app.app_context():
        person = db.session.get(Person, person_id)
        assert person is not None
        assert (person.phone, person.name) == ("+998901234567", "Юсупова Л.")


@pytest.mark.parametrize("word", ["юсуп", "yusup", "ЛОЛА", "l.yus", "Yusupova Lola", "юсупова l.yus"])
def test_people_are_found_in_whatever_script(cast: Cast, superuser: Superuser, word: str) -> None:
    hire(cast.kamola, superuser, "operator")
    page = cast.kamola.browser.get("/office/people", query_string={"q": word}).text
    assert "Юсупова Лола" in page and "Камола" not in page.partition("<tbody>")[2]


def test_people_are_filtered_by_role_group_and_state(cast: Cast, superuser: Superuser) -> None:
    person_id = hire(cast.kamola, superuser, "operator")
    assert cast.aziza.id

    def found(**how: Any) -> bool:
        return f'id="person-{person_id}"' in cast.kamola.browser.get("/office/people", query_string=how).text

    assert found(role=role(superuser, "operator")) and not found(role=role(superuser, "supervisor"))
    assert found(group=1) and not found(group=2)
    assert not found(state="blocked") and not found(state="technical")
    cast.kamola.browser.post(f"/office/people/{person_id}/block")
    assert found(state="blocked") and not found()


def test_a_long_list_is_turned_page_by_page(cast: Cast, superuser: Superuser) -> None:
    superuser.execute(
        """INSERT INTO person (login, name, public_name, password_hash, password_set_at, created_at, folded)
           SELECT 'p' || i, 'Ким ' || lpad(i::text, 3, '0'), 'Ким', 'x', now(), now(), 'kim ' || i
             FROM generate_series(1, 120) i"""
    )
    browser = cast.kamola.browser
    first = browser.get("/office/people?q=kim").text
    assert "Ким 001" in first and "Ким 050" in first and "Ким 051" not in first
    last = browser.get("/office/people?q=kim&page=3").text
    assert "Ким 120" in last and "page=2" in last and "page=4" not in last


@pytest.mark.clause("12.16")
def test_a_technical_account_is_listed_with_its_purpose(cast: Cast, superuser: Superuser) -> None:
    person_id = hire(cast.kamola, superuser, technical="y", purpose="Выгрузка в BI, отвечает Сардор")
    assert f'id="person-{person_id}"' in cast.nodira.browser.get("/office/people?state=technical").text
    assert "Выгрузка в BI" in cast.nodira.browser.get(f"/office/people/{person_id}").text


def test_a_blocked_person_is_out_at_once_and_back_when_restored(app: Flask, cast: Cast, superuser: Superuser) -> None:
    aziza, kamola = cast.aziza, cast.kamola
    assert aziza.browser.get("/chats").status_code == 200
    assert kamola.browser.post(f"/office/people/{aziza.id}/block").status_code == 303
    assert aziza.browser.get("/chats").status_code == 303
    assert sign_in(app.test_client(), "aziza", PASSWORD).status_code == 422
    kamola.browser.post(f"/office/people/{aziza.id}/restore")
    assert sign_in(app.test_client(), "aziza", PASSWORD).status_code == 303
    assert [one for one in kinds(superuser) if one.startswith("person.")] == ["person.blocked", "person.restored"]


def test_a_new_password_ends_what_was_open(app: Flask, cast: Cast) -> None:
    aziza = cast.aziza
    answer = cast.kamola.browser.post(f"/office/people/{aziza.id}/password")
    login, password = re.findall(r'data-copy="([^"]+)"', answer.text)
    assert aziza.browser.get("/chats").status_code == 303
    assert sign_in(app.test_client(), login, PASSWORD).status_code == 422
    assert sign_in(app.test_client(), login, password).status_code == 303


def test_a_deleted_person_leaves_only_name_and_login(app: Flask, cast: Cast, superuser: Superuser) -> None:
    person_id = hire(cast.kamola, superuser, "operator", phone="90 123 45 67", email="lola@bank.uz")
    url = f"/office/people/{person_id}/delete"
    assert cast.kamola.browser.post(url, {"login": "somebody"}).status_code == 422
    assert cast.kamola.browser.post(url, {"login": "l.yusupova"}).status_code == 303
    row = superuser.execute(
        """SELECT login, name, public_name, phone, email, deleted_at IS NOT NULL, password_hash,
                  (SELECT count(*) FROM person_role WHERE person_id = id), (SELECT count(*) FROM group_member
                    WHERE person_id = id), (SELECT count(*) FROM person_language WHERE person_id = id)
             FROM person WHERE id = %s""",
        [person_id],
    ).fetchone()
    assert row == ("l.yusupova", "Юсупова Лола", "", None, None, True, "deleted", 0, 0, 0)
    assert "Юсупова Лола" in cast.kamola.browser.get(f"/office/people/{person_id}").text
    again = cast.kamola.browser.post("/office/people/new", form(superuser, "operator", login="l.yusupova"))
    assert again.status_code == 422
    assert cast.kamola.browser.post(f"/office/people/{person_id}/restore").status_code in (303, 404)
    assert sign_in(app.test_client(), "l.yusupova", PASSWORD).status_code == 422


@pytest.mark.parametrize("given", ["operator", "security_officer"])
def test_nobody_changes_his_own_rights(cast: Cast, superuser: Superuser, given: str) -> None:
    kamola = cast.kamola
    page = kamola.browser.get(f"/office/people/{kamola.id}/edit").text
    assert 'name="roles"' not in page and 'name="groups"' not in page
    kamola.browser.post(f"/office/people/{kamola.id}/edit", form(superuser, given, name="Камола С."))
    held = superuser.execute(
        "SELECT code, name FROM person JOIN person_role ON person_id = person.id JOIN role ON role.id = role_id"
        " WHERE person.id = %s",
        [kamola.id],
    )
    assert held.fetchall() == [("administrator", "Камола С.")]
    for act in ("block", "restore", "password", "delete"):
        kamola.browser.post(f"/office/people/{kamola.id}/{act}", {"login": "kamola"})
    assert superuser.execute("SELECT blocked_at, deleted_at FROM person WHERE id = %s", [kamola.id]).fetchone() == (
        None,
        None,
    )
    assert {"person.blocked", "person.deleted", "password.reset"} <= set(refused(superuser))


def test_what_belongs_apart_is_refused_with_the_reason_and_journalled(cast: Cast, superuser: Superuser) -> None:
    sent = form(superuser, "administrator", "security_officer", login="l.yusupova")
    answer = cast.kamola.browser.post("/office/people/new", sent)
    assert answer.status_code == 422
    assert "Юсупова Лола" in answer.text
    assert superuser.execute("SELECT 1 FROM person WHERE login = 'l.yusupova'").fetchone() is None
    assert refused(superuser) == ["person.created"]


def test_the_last_who_manages_people_stays(app: Flask, cast: Cast, superuser: Superuser) -> None:
    """Two administrators who are about to remove each other: one of them succeeds."""
    other = cast.aziza
    superuser.execute(
        "UPDATE person_role SET role_id = %s WHERE person_id = %s", [role(superuser, "administrator"), other.id]
    )
    assert other.browser.post(f"/office/people/{cast.kamola.id}/block").status_code == 303
    with app.app_context(), pytest.raises(LastOne):
        people_life.block(other.id, SYSTEM, HERE, clock.now())
    assert superuser.execute("SELECT blocked_at FROM person WHERE id = %s", [other.id]).fetchone() == (None,)


def test_a_change_of_roles_is_in_effect_with_the_next_click(cast: Cast, superuser: Superuser) -> None:
    aziza = cast.aziza
    assert aziza.browser.get("/office/people").status_code == 403
    cast.kamola.browser.post(f"/office/people/{aziza.id}/edit", form(superuser, "auditor", name="Азиза"))
    assert aziza.browser.get("/office/people").status_code == 200
    assert aziza.browser.get("/chats").status_code == 403
    assert "person.rights_changed" in kinds(superuser)


def test_looking_at_an_account_is_journalled_once(cast: Cast, superuser: Superuser) -> None:
    for _time in range(3):
        cast.nodira.browser.get(f"/office/people/{cast.aziza.id}")
    assert kinds(superuser) == ["person.opened"]


def test_auditors_see_but_do_not_touch(cast: Cast) -> None:
    nodira, aziza = cast.nodira.browser, cast.aziza
    assert nodira.get("/office/people").status_code == 200
    assert "/block" not in nodira.get(f"/office/people/{aziza.id}").text
    for url in ("new", "import", f"{aziza.id}/edit", f"{aziza.id}/delete"):
        assert nodira.get(f"/office/people/{url}").status_code == 403
    for act in ("block", "restore", "password", "delete", "edit"):
        assert nodira.post(f"/office/people/{aziza.id}/{act}").status_code == 403


def test_a_person_who_still_serves_clients_is_not_deleted(cast: Cast, app: Flask) -> None:
    aziza = cast.aziza
    chat_id = Client(app).says("Salom")
    aziza.browser.post(f"/chats/{chat_id}/take")
    answer = cast.kamola.browser.post(f"/office/people/{aziza.id}/delete", {"login": "aziza"})
    assert answer.status_code == 409


@pytest.mark.clause("8.5")
def test_whoever_manages_people_hears_once_that_many_are_blocked(app: Flask, cast: Cast, superuser: Superuser) -> None:
    superuser.execute("INSERT INTO setting (key, value, changed_at) VALUES ('people.mass_block', '3', now())")
    superuser.execute("UPDATE setting_version SET number = number + 1")
    kamola, now = cast.kamola, clock.now()
    many = [cast.aziza.id, cast.timur.id, cast.botir.id]
    others = [cast.nodira.id]
    with app.app_context():
        stored.forget()
        for number, person_id in enumerate([*many, *others], 1):
            people_life.block(person_id, SYSTEM, HERE, now + timedelta(seconds=number))
            assert notices.unread(kamola.id) == (number > 2)
        assert notices.newest(kamola.id, 1)[0].words == {"count": 3}
        assert notices.unread(others[0]) == 0


@pytest.mark.clause("8.5")
def test_few_who_are_blocked_over_a_day_are_no_alarm(app: Flask, cast: Cast, superuser: Superuser) -> None:
    superuser.execute("INSERT INTO setting (key, value, changed_at) VALUES ('people.mass_block', '2', now())")
    superuser.execute("UPDATE setting_version SET number = number + 1")
    kamola, many = cast.kamola, [cast.aziza.id, cast.timur.id, cast.nodira.id]
    with app.app_context():
        stored.forget()
        for number, person_id in enumerate(many):
            people_life.block(person_id, SYSTEM, HERE, clock.now() + timedelta(minutes=11 * number))
        assert notices.unread(kamola.id) == 0

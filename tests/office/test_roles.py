"""Roles: made, copied, changed, deleted; what belongs apart stays apart; nobody changes his own (7.4, 12.13)."""

from typing import Any

import pytest
from flask import Flask
from psycopg import Connection

from app.models.duties import APART
from app.models.permission import PERMISSIONS
from migrations import start_set
from tests.cast import Cast
from tests.entry.asking import journalled

pytestmark = [pytest.mark.clause("7.4", "12.13"), pytest.mark.own_database]

Superuser = Connection[Any]


def role(superuser: Superuser, code: str) -> int:
    found = superuser.execute("SELECT id FROM role WHERE code = %s", [code]).fetchone()
    assert found is not None
    return int(found[0])


def rights(superuser: Superuser, role_id: int) -> dict[str, str]:
    return dict(
        superuser.execute("SELECT permission, scope FROM role_permission WHERE role_id = %s", [role_id]).fetchall()
    )


def made(cast: Cast, superuser: Superuser, **given: str) -> int:
    answer = cast.sardor.browser.post("/office/roles/new", {"names.ru": "Стажёр", **given})
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def test_the_table_shows_every_permission_and_role_to_who_may_see_it(cast: Cast) -> None:
    page = cast.nodira.browser.get("/office/roles").text
    assert "Супервайзер" in page
    assert page.count('<th scope="row">') == len(PERMISSIONS)
    assert cast.botir.browser.get("/office/roles").status_code == 403


def test_a_role_of_the_banks_own_is_made_with_scopes(cast: Cast, superuser: Superuser) -> None:
    given = {"desk.work": "all", "chats.read": "own", "chats.take": "groups", "no.such": "all", "chats.answer": "wide"}
    role_id = made(cast, superuser, **given)
    assert rights(superuser, role_id) == {"desk.work": "all", "chats.read": "own", "chats.take": "groups"}


def test_a_permission_without_scope_is_given_or_not(cast: Cast, superuser: Superuser) -> None:
    assert rights(superuser, made(cast, superuser, **{"inbox.manage": "own"})) == {"inbox.manage": "all"}


def test_a_copy_begins_as_the_other_stands(cast: Cast, superuser: Superuser) -> None:
    page = cast.sardor.browser.get(f"/office/roles/new?like={role(superuser, 'operator')}").text
    assert '<option value="groups" selected>' in page
    assert "Оператор" in page


def test_a_change_is_in_effect_with_the_next_click_and_journalled_with_before_and_after(
    cast: Cast, superuser: Superuser
) -> None:
    aziza, sardor = cast.aziza.browser, cast.sardor.browser
    assert aziza.get("/chats").status_code == 200
    role_id = role(superuser, "operator")
    sent = {"names.ru": "Оператор", "names.uz_Latn": "Operator", "chats.read": "own"}
    assert sardor.post(f"/office/roles/{role_id}", sent).status_code == 303
    assert aziza.get("/chats").status_code == 403
    row = superuser.execute("SELECT id FROM journal WHERE kind = 'role.changed'").fetchone()
    assert row is not None
    detail = cast.nodira.browser.get(f"/office/journal/{row[0]}").text
    assert "desk.work" in detail and "sardor" in detail


def test_saving_what_stands_already_changes_nothing(cast: Cast, superuser: Superuser) -> None:
    role_id = made(cast, superuser, **{"desk.work": "all"})
    cast.sardor.browser.post(f"/office/roles/{role_id}", {"names.ru": "Стажёр", "desk.work": "all"})
    assert "role.changed" not in [kind for kind, _login, _outcome in journalled(superuser)]


def test_nobody_changes_a_role_he_has(cast: Cast, superuser: Superuser) -> None:
    role_id = role(superuser, "security_officer")
    before = rights(superuser, role_id)
    answer = cast.sardor.browser.post(f"/office/roles/{role_id}", {"names.ru": "Я", "chats.read": "all"})
    assert answer.status_code == 422
    assert rights(superuser, role_id) == before
    assert ("role.changed", "sardor", "refused") in journalled(superuser)
    assert "<select" not in cast.sardor.browser.get(f"/office/roles/{role_id}").text.partition("<fieldset")[2]


@pytest.mark.parametrize("pair", APART, ids=lambda pair: f"{pair.first.code}+{pair.second.code}")
def test_a_pair_that_belongs_apart_is_refused_in_one_role(cast: Cast, superuser: Superuser, pair: Any) -> None:
    sent = {"names.ru": "Всё сразу", pair.first.code: "all", pair.second.code: "all"}
    answer = cast.sardor.browser.post("/office/roles/new", sent)
    assert answer.status_code == 422
    assert superuser.execute("SELECT count(*) FROM role").fetchone() == (5,)


def test_a_pair_that_a_person_would_have_by_two_roles_is_refused(cast: Cast, superuser: Superuser) -> None:
    kamola = cast.kamola
    role_id = made(cast, superuser, **{"desk.work": "all"})
    superuser.execute("INSERT INTO person_role VALUES (%s, %s)", [kamola.id, role_id])
    answer = cast.sardor.browser.post(f"/office/roles/{role_id}", {"names.ru": "Стажёр", "roles.change": "all"})
    assert answer.status_code == 422
    assert kamola.name in answer.text
    assert rights(superuser, role_id) == {"desk.work": "all"}


def test_a_role_in_use_and_a_ready_role_are_not_deleted(cast: Cast, superuser: Superuser) -> None:
    role_id = made(cast, superuser)
    superuser.execute("INSERT INTO person_role VALUES (%s, %s)", [cast.aziza.id, role_id])
    sardor = cast.sardor.browser
    for one in (role_id, role(superuser, "operator")):
        sardor.post(f"/office/roles/{one}/delete")
    assert superuser.execute("SELECT count(*) FROM role").fetchone() == (6,)
    superuser.execute("DELETE FROM person_role WHERE role_id = %s", [role_id])
    sardor.post(f"/office/roles/{role_id}/delete")
    assert superuser.execute("SELECT count(*) FROM role").fetchone() == (5,)


def test_the_right_to_manage_people_cannot_be_taken_from_the_last_who_has_it(cast: Cast, superuser: Superuser) -> None:
    assert cast.kamola.id
    role_id = role(superuser, "administrator")
    answer = cast.sardor.browser.post(f"/office/roles/{role_id}", {"names.ru": "Администратор", "people.see": "all"})
    assert answer.status_code == 422
    assert "people.manage" in rights(superuser, role_id)


@pytest.mark.parametrize("sent", [{"names.ru": ""}, {"names.ru": "оператор"}])
def test_a_role_has_a_name_of_its_own(cast: Cast, sent: dict[str, str]) -> None:
    assert cast.sardor.browser.post("/office/roles/new", sent).status_code == 422


def test_only_a_security_officer_changes_roles(cast: Cast, superuser: Superuser) -> None:
    role_id = role(superuser, "operator")
    for actor in (cast.kamola, cast.nodira, cast.botir, cast.aziza):
        for url in ("new", str(role_id), f"{role_id}/delete"):
            assert actor.browser.post(f"/office/roles/{url}", {"names.ru": "Х"}).status_code == 403


@pytest.mark.parametrize("url", ["/office/roles/9999", "/office/people/9999", "/office/people/9999/edit"])
def test_what_is_not_there_is_not_found(cast: Cast, url: str) -> None:
    assert (cast.kamola if "people" in url else cast.sardor).browser.get(url).status_code == 404


def test_an_administrator_neither_reads_chats_nor_the_journal_by_default(app: Flask) -> None:
    given = {row["code"]: {one["permission"] for one in rights} for row, rights in start_set.roles()}
    assert given["administrator"] & {"chats.read", "journal.read", "roles.change"} == set()
    assert "people.manage" not in given["security_officer"] | given["auditor"]


def test_no_ready_role_holds_what_belongs_apart(app: Flask) -> None:
    for _row, given in start_set.roles():
        codes = {one["permission"] for one in given}
        assert not [pair for pair in APART if {pair.first.code, pair.second.code} <= codes]

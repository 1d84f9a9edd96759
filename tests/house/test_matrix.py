"""Every route × every ready role × own and foreign records: allowed or refused exactly as declared (law 3, 15.5).

The expectation comes from the routes' own rules and from the start set's roles, so a new route or right is in the
matrix by itself; a route without a rule is refused to everybody and fails here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from werkzeug.test import TestResponse

from app.models.chat import READ, TAKE
from app.models.permission import Permission
from migrations import start_set
from tests.cast import Actor, Cast
from tests.entry.asking import routes
from tests.house.test_guard import DEVELOPMENT, FILES, PUBLIC
from tests.writes import Client

pytestmark = [pytest.mark.clause("7.4", "12.13", "15.5"), pytest.mark.own_database]

WHO = {
    "operator": "aziza",
    "supervisor": "botir",
    "administrator": "kamola",
    "auditor": "nodira",
    "security_officer": "sardor",
}
RIGHTS = {row["code"]: {one["permission"]: one["scope"] for one in given} for row, given in start_set.roles()}


def test_every_ready_role_stands_in_the_matrix() -> None:
    assert WHO.keys() == RIGHTS.keys()


@pytest.mark.parametrize("role", [*WHO, "nobody's", "nobody"])
def test_every_route_answers_each_role_as_its_rule_says(
    app: Flask, cast: Cast, superuser: "Connection[Any]", role: str
) -> None:
    wrong = []
    for endpoint, method, url in asked(app):
        # Each asks with a session of its own: some of these end the session, or the right to it.
        actor = None if role == "nobody" else somebody(cast, superuser, role)
        answer = ask(app, actor, method, url)
        allowed, rule = may(app, role, endpoint)
        # Whoever is signed in is never sent to sign in again; for a stranger that is the refusal.
        refused = answer.status_code == 403 or role == "nobody" and rule != "public" and to_sign_in(answer)
        if refused == allowed or answer.status_code >= 500:
            wrong.append(f"{method} {url} ({rule}): {answer.status_code}")
    assert wrong == []


def asked(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every route of ours with samples in its place; doors prove their callers by themselves."""
    for unsafe in (False, True):
        for endpoint, method, url in routes(app, unsafe=unsafe):
            if endpoint.partition(".")[0] not in ("static", "doors") and endpoint not in DEVELOPMENT | FILES:
                yield endpoint, method, url


def may(app: Flask, role: str, endpoint: str) -> tuple[bool, str]:
    rule = getattr(app.view_functions[endpoint], "rule", None)
    if endpoint in PUBLIC or rule == "public":
        return True, "public"
    if rule == "signed in":
        return role != "nobody", "signed in"
    if isinstance(rule, Permission):
        return rule.code in RIGHTS.get(role, ()), rule.code
    return False, "NO RULE"


def somebody(cast: Cast, superuser: "Connection[Any]", role: str) -> Actor:
    """The person of this role with a fresh session, whatever became of the account in the meantime."""
    actor: Actor = getattr(cast, WHO.get(role, "timur"))
    superuser.execute("DELETE FROM person_role WHERE person_id = %s", [actor.id])
    superuser.execute(
        "INSERT INTO person_role SELECT %s, id FROM role WHERE code = %s ON CONFLICT DO NOTHING", [actor.id, role]
    )
    superuser.execute(
        "UPDATE person SET blocked_at = NULL, deleted_at = NULL, must_change_password = false WHERE id = %s", [actor.id]
    )
    actor.browser.client.set_cookie("muloqot", cast.session(actor.id))
    return actor


def ask(app: Flask, actor: Actor | None, method: str, url: str) -> TestResponse:
    client = app.test_client() if actor is None else actor.browser.client
    if method == "GET":
        answer: TestResponse = client.get(url)
    elif actor is None:
        answer = client.post(url, data={"csrf_token": token_of_nobody(client)})
    else:
        answer = actor.browser.post(url, {})
    answer.close()
    return answer


def token_of_nobody(client: Any) -> str:
    page = client.get("/sign-in").text
    return str(page.partition('name="csrf" content="')[2].partition('"')[0])


def to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 303 and answer.location.startswith("/sign-in")


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("whose", ["own", "colleague's", "stranger's", "waiting here", "waiting there"])
def test_a_chat_opens_only_within_the_scope_of_the_role(
    app: Flask, cast: Cast, superuser: "Connection[Any]", role: str, whose: str
) -> None:
    me = somebody(cast, superuser, role)
    other = cast.timur
    here, there = groups(superuser)
    superuser.execute("INSERT INTO group_member VALUES (%s, %s)", [here, me.id])
    chat_id = Client(app).says("Salom")
    owner = {"own": me.id, "colleague's": other.id, "stranger's": other.id}.get(whose)
    group = there if whose in ("stranger's", "waiting there") else here
    place(superuser, chat_id, owner, group)
    expected = 200 if reached(role, whose) else 403 if "desk.work" not in RIGHTS[role] else 404
    for url in (f"/chats/{chat_id}",):
        assert me.browser.get(url).status_code == expected


def reached(role: str, whose: str) -> bool:
    """What the scopes of the start set say, written anew and not asked of the application."""
    rights = RIGHTS[role]
    if READ.code not in rights or "desk.work" not in rights:
        return False
    scope = rights[READ.code]
    ours = whose in ("own", "colleague's", "waiting here")
    takes = rights.get(TAKE.code)
    waits = whose.startswith("waiting") and (takes == "all" or takes == "groups" and ours)
    return scope == "all" or whose == "own" or scope == "groups" and ours or waits


def groups(superuser: "Connection[Any]") -> tuple[int, int]:
    superuser.execute('INSERT INTO staff_group (names, position) VALUES (\'{"ru": "Там"}\', 2)')
    first, second = superuser.execute("SELECT min(id), max(id) FROM staff_group").fetchone() or (0, 0)
    return first, second


def place(superuser: "Connection[Any]", chat_id: int, owner: int | None, group: int) -> None:
    values = {"chat": chat_id, "owner": owner, "group": group, "stage": "queue" if owner is None else "work"}
    superuser.execute(
        "UPDATE standing SET owner_id = %(owner)s, group_id = %(group)s, stage = %(stage)s WHERE chat_id = %(chat)s",
        values,
    )
    superuser.execute("UPDATE episode SET owner_id = %(owner)s, group_id = %(group)s WHERE chat_id = %(chat)s", values)


def test_a_route_without_a_rule_is_found(app: Flask) -> None:
    app.view_functions["planted.bare"] = lambda: ""
    try:
        assert may(app, "administrator", "planted.bare") == (False, "NO RULE")
    finally:
        del app.view_functions["planted.bare"]

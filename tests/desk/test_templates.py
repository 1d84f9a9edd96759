"""Templates: the bank's, a group's, one's own; in the client's language, with the variables filled in."""

import json
from dataclasses import replace
from typing import Any

import pytest
from psycopg import Connection
from sqlalchemy import text

from app.actions import routing, templates
from app.base import clock
from app.base.locale import LOCALES
from app.base.scripts import to_cyrillic
from app.models.auto_reply import unknown
from app.models.db import db
from app.models.template import VARIABLES
from app.models.viewer import Viewer
from app.queries import templates as stored
from app.queries import visible
from migrations.start_set.templates import TEMPLATES
from tests.cast import Cast
from tests.desk.clients import Client
from tests.desk.test_visible import viewer

pytestmark = pytest.mark.clause("9.4")


def taken(cast: Cast, client: Client) -> int:
    chat_id = client.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    return chat_id


def offered(by: Viewer, chat_id: int, words: str = "") -> list[stored.Offered]:
    return stored.offered(by, visible.chat(by, chat_id), "Bahor Bank", words)


def speaks(superuser: "Connection[Any]", chat_id: int, language: str) -> None:
    superuser.execute("UPDATE episode SET language = %s WHERE chat_id = %s", [language, chat_id])


def test_twelve_are_there_from_the_first_day_in_every_language() -> None:
    assert len(TEMPLATES) == 12
    for row in TEMPLATES:
        assert all(set(row[part]) == set(LOCALES) for part in ("names", "folder", "texts"))
        assert not [name for said in row["texts"].values() for name in unknown(said, VARIABLES)]


# Written alike in both scripts, or spelled as Russian lends them.
_LOANS = {"SMS": "СМС", "CVV": "CVV", "ID-karta": "ID-карта"}


@pytest.mark.clause("8.3")
def test_the_uzbek_scripts_of_the_start_set_say_the_same() -> None:
    for row in TEMPLATES:
        for part in ("names", "folder", "texts"):
            latin, cyrillic = row[part]["uz_Latn"], row[part]["uz_Cyrl"]
            for name in VARIABLES:
                latin, cyrillic = latin.replace(f"{{{name}}}", ""), cyrillic.replace(f"{{{name}}}", "")
            for of, to in _LOANS.items():
                latin, cyrillic = latin.replace(of, ""), cyrillic.replace(to, "")
            assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize("language", ["ru", "uz_Latn", "uz_Cyrl", "en"])
def test_the_client_is_addressed_in_his_own_language(
    cast: Cast, dilshod: Client, superuser: "Connection[Any]", language: str
) -> None:
    chat_id = taken(cast, dilshod)
    speaks(superuser, chat_id, language)
    greeting = next(one for one in offered(viewer(cast.aziza), chat_id) if one.name == "Приветствие")
    expected = TEMPLATES[0]["texts"][language]
    aziza = "Aziza" if language == "uz_Latn" else "Азиза"
    for name, value in {"client.name": "Dilshod Aliyev", "operator.name": aziza, "bank.name": "Bahor Bank"}.items():
        expected = expected.replace(f"{{{name}}}", value)
    assert greeting.text == expected


@pytest.mark.parametrize("words", ["karta blok", "карта блок", "КАРТАНИ БЛОК", "blocking card"])
def test_a_template_is_found_by_words_in_either_script(cast: Cast, dilshod: Client, words: str) -> None:
    found = offered(viewer(cast.aziza), taken(cast, dilshod), words)
    assert [one.name for one in found] == ["Блокировка карты"]


@pytest.mark.parametrize("words", ["rfhnf ,kjr", "лфкеф идщл"])
def test_a_template_is_found_with_the_keyboard_on_another_layout(cast: Cast, dilshod: Client, words: str) -> None:
    found = offered(viewer(cast.aziza), taken(cast, dilshod), words)
    assert [one.name for one in found] == ["Блокировка карты"]


def test_a_groups_template_is_for_its_people_only(cast: Cast, dilshod: Client, superuser: "Connection[Any]") -> None:
    chat_id = taken(cast, dilshod)
    superuser.execute("UPDATE template SET group_id = 1 WHERE position = 12")
    try:
        outside = offered(viewer(cast.aziza), chat_id)
        inside = stored.offered(_in_group(cast, 1), visible.chat(viewer(cast.aziza), chat_id), "Bank")
        assert (len(outside), len(inside)) == (11, 12)
    finally:
        superuser.execute("UPDATE template SET group_id = NULL")


def _in_group(cast: Cast, group: int) -> Viewer:
    return replace(viewer(cast.timur), groups=frozenset({group}))


def test_ones_own_stand_first_the_most_used_on_top_and_nobody_else_sees_them(cast: Cast, dilshod: Client) -> None:
    by, chat_id = viewer(cast.aziza), taken(cast, dilshod)
    templates.keep("Birinchi", "Bir", by)
    second = templates.keep("", "Ikkinchi javob {client.name}", by)
    templates.count_use(f"own-{second}", by)
    assert [(one.name, one.text) for one in offered(by, chat_id)[:2]] == [
        ("Ikkinchi javob {client.name}", "Ikkinchi javob Dilshod Aliyev"), ("Birinchi", "Bir"),
    ]  # fmt: skip
    with pytest.raises(templates.NoSuchTemplate):
        templates.remove(second, viewer(cast.timur))
    templates.count_use(f"own-{second}", viewer(cast.timur))
    assert db.session.scalar(text("SELECT used FROM own_template WHERE id = :id"), {"id": second}) == 1


def test_a_card_number_is_not_kept_in_a_template(cast: Cast, dilshod: Client) -> None:
    kept = templates.keep("Karta", "Sizning kartangiz 8600 1234 5678 9012", viewer(cast.aziza))
    assert "1234 5678" not in str(db.session.scalar(text("SELECT text FROM own_template WHERE id = :i"), {"i": kept}))


def test_the_whole_way_without_scripts(cast: Cast, dilshod: Client) -> None:
    chat_id, desk = taken(cast, dilshod), cast.aziza.browser
    here = f"/chats/{chat_id}/templates"
    assert desk.post(f"{here}/new", {"name": "Salom", "text": "Salom, {client.name}!"}).headers["Location"] == here
    page = desk.get(here, query_string={"q": "Salom client"}).text
    key = page.split('data-template="')[1].split('"')[0]
    assert key.startswith("own-")
    assert "Salom, Dilshod Aliyev!</textarea>" in desk.get(f"/chats/{chat_id}?template={key}").text
    number = key.partition("-")[2]
    assert "Salom, {client.name}!" in desk.get(f"{here}/{number}").text
    desk.post(f"{here}/{number}", {"name": "Salom", "text": "Xayr"})
    assert "Xayr" in desk.get(here).text
    desk.post(f"{here}/{number}/remove")
    assert f'data-template="{key}"' not in desk.get(here).text


@pytest.mark.parametrize("key", ["", "own-", "own-x", "bank-999999", "own-9" + "9" * 30, "evil", "bank-²"])
def test_a_use_of_nothing_counts_nothing(cast: Cast, dilshod: Client, key: str) -> None:
    assert cast.aziza.browser.post("/templates/used", {"key": key}, headers={"HX-Request": "true"}).status_code == 204


def test_a_template_of_another_is_not_there(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    foreign = templates.keep("Meniki", "Sirli", viewer(cast.timur))
    assert cast.aziza.browser.get(f"/chats/{chat_id}/templates/{foreign}").status_code == 404
    assert "Sirli" not in cast.aziza.browser.get(f"/chats/{chat_id}?template=own-{foreign}").text


@pytest.mark.own_database
@pytest.mark.clause("7.1")
def test_an_administrator_keeps_the_banks_templates_as_a_list(cast: Cast, dilshod: Client) -> None:
    office = cast.kamola.browser
    entered = {
        "names.ru": "Ипотека",
        "folder.ru": "Кредиты",
        "texts.ru": "Здравствуйте, {client.name}",
        "group_id": "1",
    }
    assert 'name="group_id"' in office.get("/office/lists/templates/add").text
    assert office.post("/office/lists/templates/add", entered).status_code == 303
    wrong = office.post("/office/lists/templates/add", {**entered, "names.ru": "Два", "texts.ru": "{hours.next}"})
    assert wrong.status_code == 422
    assert (
        office.post("/office/lists/templates/add", {**entered, "names.ru": "Три", "group_id": "99"}).status_code == 422
    )
    row = db.session.execute(text("SELECT texts, group_id, used FROM template ORDER BY id DESC LIMIT 1")).one()
    assert json.dumps(row.texts, ensure_ascii=False) == '{"ru": "Здравствуйте, {client.name}"}'
    assert (row.group_id, row.used) == (1, 0)
    assert "Ипотека" in office.get("/office/lists/templates").text

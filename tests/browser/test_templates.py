"""Templates by the keyboard alone, on the keyboards that lie on the bank's desks (clauses 1.6, 9.4)."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from psycopg import Connection

from tests.browser.axe import axe
from tests.browser.conftest import PageOf
from tests.browser.desk_server import wait_until
from tests.browser.keyboards import Keyboard
from tests.browser.test_desk import opened
from tests.cast import Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("1.6", "9.4")

LAYOUTS = ("latin", "russian", "uzbek")
ASKED = {"latin": "kartani blok", "russian": "карта блок", "uzbek": "картани блок"}
HX = {"HX-Request": "true"}


def at_work(app: Flask, cast: Cast, page_of: PageOf, name: str = "Dilshod") -> tuple[int, Page]:
    """A chat that Aziza has taken, open before her, the cursor in the answer."""
    chat_id = Client(app, name).says("Kartam yoʻqoldi")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    page.locator("#text").focus()
    return chat_id, page


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_slash_at_the_beginning_of_a_line_finds_one_on_any_layout(
    app: Flask, cast: Cast, page_of: PageOf, layout: str
) -> None:
    _chat_id, page = at_work(app, cast, page_of)
    keyboard, area, find = Keyboard(page, layout), page.locator("#text"), page.locator("#find-template")
    keyboard.type("/")
    expect(find).to_be_focused()
    keyboard.type(ASKED[layout])
    expect(page.locator("#offered .one")).to_have_count(1)
    keyboard.press("Enter")
    expect(area).to_be_focused()
    expect(area).not_to_have_value("")
    keyboard.type(" 1/2")
    expect(area).to_have_value(re.compile(" 1/2$"))
    expect(page.locator("#picker")).to_have_count(0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_alt_and_the_place_of_t_opens_them_arrows_choose_and_esc_leaves(
    app: Flask, cast: Cast, page_of: PageOf, layout: str
) -> None:
    _chat_id, page = at_work(app, cast, page_of)
    keyboard, chosen = Keyboard(page, layout), page.locator('#offered .one[data-chosen="true"]')
    keyboard.press("KeyT", alt=True)
    expect(page.locator("#find-template")).to_be_focused()
    first = chosen.get_attribute("id")
    keyboard.press("ArrowDown")
    expect(chosen).not_to_have_id(first or "")
    keyboard.press("ArrowUp")
    expect(chosen).to_have_id(first or "")
    keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("")


@pytest.mark.parametrize("layout", ["russian", "uzbek"])
def test_the_key_that_is_a_slash_elsewhere_is_a_full_stop(app: Flask, cast: Cast, page_of: PageOf, layout: str) -> None:
    _chat_id, page = at_work(app, cast, page_of)
    Keyboard(page, layout).press("Slash")
    expect(page.locator("#text")).to_have_value(".")
    expect(page.locator("#picker")).to_have_count(0)


def test_two_slashes_are_a_slash(app: Flask, cast: Cast, page_of: PageOf) -> None:
    _chat_id, page = at_work(app, cast, page_of)
    keyboard = Keyboard(page, "russian")
    keyboard.type("/")
    expect(page.locator("#find-template")).to_be_focused()
    keyboard.type("/")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("/")


@pytest.mark.parametrize(
    ("layout", "meant", "words"), [("russian", "latin", "karta blok"), ("latin", "russian", "карта блок")]
)
def test_words_typed_on_the_wrong_layout_find_it_too(
    app: Flask, cast: Cast, page_of: PageOf, layout: str, meant: str, words: str
) -> None:
    _chat_id, page = at_work(app, cast, page_of)
    keyboard = Keyboard(page, layout)
    keyboard.press("KeyT", alt=True)
    expect(page.locator("#find-template")).to_be_focused()
    keyboard.type_as_if(meant, words)
    expect(page.locator("#offered .one")).to_have_count(1)
    keyboard.press("Enter")
    expect(page.locator("#text")).not_to_have_value("")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_folder_is_chosen_by_its_name(app: Flask, cast: Cast, page_of: PageOf, layout: str) -> None:
    chat_id, page = at_work(app, cast, page_of)
    folder = {"latin": "Moya papka", "russian": "Моя папка", "uzbek": "Моя папка"}[layout]
    for number in range(3):
        made = {"name": f"N{number}", "text": f"T{number}", "folder": "Моя папка/Внутри"}
        cast.aziza.browser.post(f"/chats/{chat_id}/templates/new", made, headers=HX)
    keyboard = Keyboard(page, layout)
    keyboard.type("/")
    expect(page.locator("#find-template")).to_be_focused()
    keyboard.type(folder)
    expect(page.locator("#offered .one")).to_have_count(3)
    expect(page.locator("#offered .title")).to_have_text("Мои шаблоны › Моя папка / Внутри")


@pytest.mark.parametrize(("name", "said"), [("Dilshod", "Salom, Dilshod!"), ("", "Salom, mijoz!")])
def test_variables_are_filled_in_files_come_along_and_the_use_is_counted(
    app: Flask, cast: Cast, page_of: PageOf, superuser: "Connection[Any]", name: str, said: str
) -> None:
    chat_id, page = at_work(app, cast, page_of, name)
    upload = {"upload": (io.BytesIO(b"%PDF-1.4 tariffs"), "tariffs.pdf")}
    sent = cast.aziza.browser.post(f"/chats/{chat_id}/files", upload, headers=HX, content_type="multipart/form-data")
    file_id = re.search(r'data-file="([^"]+)"', sent.text)
    assert file_id
    made = {"name": "Tariflar", "text": "Salom, {client.name|mijoz}!", "file": file_id[1]}
    cast.aziza.browser.post(f"/chats/{chat_id}/templates/new", made, headers=HX)
    keyboard = Keyboard(page, "russian")
    keyboard.type("/")
    expect(page.locator("#find-template")).to_be_focused()
    keyboard.type_as_if("latin", "tariflar")
    expect(page.locator("#offered .one")).to_have_count(1)
    axe(page)
    keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value(said)
    expect(page.locator("#attached")).to_contain_text("tariffs.pdf")
    wait_until(lambda: superuser.execute("SELECT used FROM own_template").fetchone() == (1,), 10)
    keyboard.press("Enter")
    expect(page.locator(".msg.mine")).to_contain_text("tariffs.pdf")
    expect(page.locator(".msg.mine")).to_contain_text(said)


def test_what_is_written_becomes_a_template_without_the_mouse(app: Flask, cast: Cast, page_of: PageOf) -> None:
    _chat_id, page = at_work(app, cast, page_of)
    keyboard = Keyboard(page, "uzbek")
    keyboard.type("Филиал соат 9 дан 18 гача ишлайди")
    keyboard.press("KeyT", alt=True)
    expect(page.locator("#find-template")).to_be_focused()
    new = page.locator("#picker a[href$='/new']")
    for _ in range(5):
        if new.evaluate("one => one === document.activeElement"):
            break
        keyboard.press("Tab")
    expect(new).to_be_focused()
    keyboard.press("Enter")
    expect(page.locator("#template-form [name=text]")).to_have_value("Филиал соат 9 дан 18 гача ишлайди")
    expect(page.locator("#template-form [name=name]")).to_be_focused()
    axe(page)
    keyboard.type("Иш вақти")
    keyboard.press("Enter")
    expect(page.locator("#template")).to_have_count(0)
    expect(page.locator("#offered .one").first).to_contain_text("Иш вақти")


def test_whoever_keeps_the_banks_lists_changes_a_template_from_the_desk(
    app: Flask, cast: Cast, page_of: PageOf, superuser: "Connection[Any]"
) -> None:
    """A group's template is the bank's: its right is that of the lists, and operators do not have it."""
    _chat_id, page = at_work(app, cast, page_of)
    office = "#offered a[href^='/office/lists/templates/']"
    Keyboard(page, "russian").press("KeyT", alt=True)
    expect(page.locator("#offered .one").first).to_be_visible()
    expect(page.locator(office)).to_have_count(0)
    superuser.execute(
        "INSERT INTO role_permission (role_id, permission) SELECT id, 'lists.change' FROM role WHERE code = 'operator'"
    )
    try:
        page.reload()
        page.locator("#templates").click()
        page.locator(office).first.click()
        expect(page).to_have_url(re.compile(r"/office/lists/templates/\d+$"))
    finally:
        superuser.execute(
            "DELETE FROM role_permission WHERE permission = 'lists.change'"
            " AND role_id = (SELECT id FROM role WHERE code = 'operator')"
        )

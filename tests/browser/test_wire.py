"""The wire between two browsers, a power cut and a proxy that knows no WebSocket (clause 1.2)."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from psycopg import Connection

from tests.browser.conftest import PageOf
from tests.browser.desk_server import DeskServer
from tests.browser.old_proxy import old_proxy
from tests.browser.watch import Faults
from tests.cast import Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("1.2")


def test_a_clients_word_appears_at_once_in_the_open_chat_and_in_no_other(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    dilshod, gulnora = Client(app), Client(app, "Gulnora")
    first, second = dilshod.says("Salom"), gulnora.says("Assalomu alaykum")
    cast.aziza.browser.post(f"/chats/{first}/take")
    cast.timur.browser.post(f"/chats/{second}/take")
    aziza, timur = opened(page_of(cast.aziza), f"/chats/{first}"), opened(page_of(cast.timur), f"/chats/{second}")
    dilshod.writes("Faqat Aziza uchun")
    expect(aziza.locator("#flow")).to_contain_text("Faqat Aziza uchun")
    gulnora.writes("Faqat Timur uchun")
    expect(timur.locator("#flow")).to_contain_text("Faqat Timur uchun")
    assert "Faqat Aziza" not in timur.content()
    assert "Faqat Timur" not in aziza.content()


def test_a_waiting_chat_leaves_the_queue_of_everyone_when_one_takes_it(app: Flask, cast: Cast, page_of: PageOf) -> None:
    aziza = opened(page_of(cast.aziza), "/chats?tab=queue")
    timur = opened(page_of(cast.timur), "/chats?tab=queue")
    dilshod = Client(app)
    dilshod.writes("Navbatdaman")
    for page in (aziza, timur):
        expect(page.locator(".rows .row")).to_contain_text("Navbatdaman")
        expect(page.locator(".rows .empty")).to_be_hidden()
    cast.aziza.browser.post(f"/chats/{dilshod.chat_id}/take")
    expect(timur.locator(".rows .row")).to_have_count(0)


def test_a_page_tells_a_power_cut_and_fetches_what_it_missed(
    app: Flask, cast: Cast, page_of: PageOf, desk_server: DeskServer, faults: Faults
) -> None:
    dilshod = Client(app)
    chat_id = dilshod.says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    aziza = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    timur = opened(page_of(cast.timur), "/chats?tab=queue")
    typed = aziza.locator("textarea:visible").first
    typed.fill("Javobni yozyapman")
    desk_server.kill_web()
    try:
        for page in (aziza, timur):
            expect(page.locator("#wire")).to_be_visible()
            expect(page.locator("#wire")).to_have_attribute("data-state", "offline")
        dilshod.writes("Uzilish paytida yozdim")
        Client(app, "Gulnora").writes("Men ham yozdim")
    finally:
        desk_server.start_web()
    expect(aziza.locator("#wire")).to_have_attribute("data-state", "back")
    expect(aziza.locator("#flow")).to_contain_text("Uzilish paytida yozdim")
    expect(timur.locator(".rows")).to_contain_text("Men ham yozdim")
    expect(typed).to_have_value("Javobni yozyapman")
    expect(aziza.locator("#wire")).to_be_hidden()
    faults.clear()  # the failed attempts to connect


def test_a_page_that_missed_very_much_shows_the_newest_and_keeps_what_was_being_written(
    app: Flask, cast: Cast, page_of: PageOf, faults: Faults
) -> None:
    dilshod = Client(app)
    chat_id = dilshod.says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    aziza = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    aziza.context.set_offline(True)
    expect(aziza.locator("#wire")).to_have_attribute("data-state", "offline")
    for number in range(120):
        dilshod.writes(f"Savol {number}")
    typed = aziza.locator("textarea:visible").first
    typed.fill("Javobni yozyapman")
    aziza.context.set_offline(False)
    expect(aziza.locator("#flow .msg").last).to_contain_text("Savol 119")
    expect(aziza.locator("#flow .msg")).to_have_count(50)
    expect(typed).to_have_value("Javobni yozyapman")
    expect(typed).to_be_focused()
    faults.clear()  # what could not go


def test_where_a_proxy_refuses_websocket_the_page_polls(
    app: Flask, cast: Cast, page_of: PageOf, desk_server: DeskServer, faults: Faults
) -> None:
    page = page_of(cast.aziza)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with old_proxy(desk_server.port) as address:
        opened(page, f"{address}/chats?tab=queue")
        Client(app).writes("Sekin tarmoqdan")
        expect(page.locator(".rows .row")).to_have_count(1)
        page.close()
    faults.clear()  # the refused WebSocket
    assert any("transport=polling" in url for url in asked)


def test_signing_out_takes_every_open_page_of_the_session_along(cast: Cast, page_of: PageOf) -> None:
    page = opened(page_of(cast.aziza), "/chats")
    cast.aziza.browser.post("/sign-out")
    page.wait_for_url("**/sign-in*")


def test_a_session_that_is_ended_elsewhere_leaves_by_itself(
    cast: Cast, page_of: PageOf, superuser: "Connection[Any]"
) -> None:
    page = opened(page_of(cast.aziza), "/chats")
    timur = opened(page_of(cast.timur), "/chats")
    superuser.execute("UPDATE session SET ended_at = now() WHERE person_id = %s", [cast.aziza.id])
    page.wait_for_url("**/sign-in*")
    assert timur.url.endswith("/chats")


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator("html")).to_have_attribute("data-wire", "online")
    return page

"""The end of a chat and the day around it in a real browser: what the other journeys of the ending leave out."""

import io

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.actions import asking, closing
from app.base import clock
from app.models.chat import Outcome
from app.models.db import db, transaction
from app.queries import ratings
from tests.browser.axe import axe
from tests.browser.bank_site import answer, bank, bank_server, opened, taken, write
from tests.browser.conftest import SECONDS, PageOf
from tests.browser.desk_server import DeskServer
from tests.browser.watch import Faults
from tests.cast import Cast
from tests.road.conftest import viewer_of

__all__ = ["bank", "bank_server"]
_AS_BEFORE = text("""
    UPDATE auto_reply SET texts = jsonb_set(texts, '{ru}', to_jsonb(CAST(:ru AS text))), archived_at = now()
     WHERE id = :id
""")
expect.set_options(timeout=SECONDS * 1000)


@pytest.mark.clause("7.1", "9.6")
def test_a_logo_stands_where_the_client_writes_and_rates(
    app: Flask, cast: Cast, page_of: PageOf, bank: str, desk_server: DeskServer
) -> None:
    office = page_of(cast.kamola)
    office.goto("/office/settings#brand")
    office.locator("input[name='brand.logo']").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": _picture()}
    )
    office.locator("#brand .saving button").click()
    expect(office.locator("#brand img.logo")).to_be_visible()
    axe(office)

    client = page_of(None)
    chat = opened(client, f"{bank}?lang=ru")
    expect(chat.locator("header img.logo")).to_be_visible()
    write(chat, "Здравствуйте")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    answer(taken(app, cast.aziza, page_of(cast.aziza)), "Вот ответ")
    client.goto(desk_server.url + _link(app, cast))
    _drawn(client)
    axe(client)

    office.locator("#setting-brand\\.logo button", has_text="Сбросить").click()
    expect(office.locator("#brand img.logo")).to_have_count(0)
    client.reload()
    expect(client.locator(".mark i")).to_be_visible()


@pytest.mark.clause("7.1")
def test_what_an_administrator_writes_is_what_the_next_client_reads(
    app: Flask, cast: Cast, page_of: PageOf, bank: str, faults: Faults
) -> None:
    with app.app_context(), transaction():
        joined = text("SELECT id, texts->>'ru' AS ru FROM auto_reply WHERE kind = 'operator_joined'")
        before = db.session.execute(joined).one()
        db.session.execute(text("UPDATE auto_reply SET archived_at = NULL WHERE id = :id"), {"id": before.id})
    office = page_of(cast.kamola)
    office.goto(f"/office/lists/replies/{before.id}")
    words = office.locator("textarea[name='texts.ru']")
    try:
        words.fill("Вам отвечает {operator.nane}.")
        office.locator("form .primary").last.click()
        expect(office.locator(".wrong")).to_contain_text("operator.nane")
        faults.clear()  # the browser tells the refused form as an error
        axe(office)
        words.fill("Добрый день! Вам отвечает {operator.name}.")
        office.locator("form .primary").last.click()
        expect(office.locator("form textarea")).to_have_count(0)
        office.goto(f"/office/lists/replies/{before.id}")
        expect(office.locator("main")).to_contain_text("Добрый день! Вам отвечает Азиза.")
        chat = opened(page_of(None), f"{bank}?lang=ru")
        write(chat, "Здравствуйте")
        expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
        taken(app, cast.aziza, page_of(cast.aziza))
        expect(chat.locator(".msg .text", has_text="Добрый день! Вам отвечает Азиза.")).to_have_count(1)
    finally:
        with app.app_context(), transaction():
            db.session.execute(_AS_BEFORE, {"ru": before.ru, "id": before.id})


@pytest.mark.clause("8.5")
def test_a_planned_update_is_told_stands_before_work_and_is_called_off(cast: Cast, page_of: PageOf) -> None:
    there = page_of(cast.aziza)
    there.goto("/chats")
    expect(there.locator("html[data-live]").or_(there.locator("main"))).to_have_count(1)
    office = page_of(cast.kamola)
    office.goto("/office/updates")
    axe(office)
    now = clock.now().astimezone(clock.TASHKENT)
    for name, hour in (("from_at", "22:00"), ("till_at", "23:30")):
        office.locator(f"[name={name}]").fill(f"{now.replace(year=now.year + 1):%Y-%m-%d}T{hour}")
    office.locator("#text-ru").fill("Поиск не работает.")
    office.locator("form .primary").click()
    expect(office.locator("section.panel h2").first).to_contain_text("22:00")
    axe(office)
    there.goto("/me/notifications")
    expect(there.locator(".heard tr", has_text="Поиск не работает.")).to_have_count(1)
    for width in (390, 1366):
        there.set_viewport_size({"width": width, "height": 844})
        assert there.evaluate("document.documentElement.scrollWidth <= innerWidth")
        axe(there)
    office.locator("section.panel form button, section.panel .btn").first.click()
    expect(office.locator("section.panel h2")).to_have_count(1)
    there.reload()
    expect(there.locator(".heard tbody tr")).to_have_count(2)


@pytest.mark.clause("8.6")
def test_ones_own_numbers_are_chosen_by_the_keyboard(cast: Cast, page_of: PageOf) -> None:
    page = page_of(cast.aziza)
    page.goto("/me/numbers")
    axe(page)
    page.locator("select").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.locator("form button").last.press("Enter")
    page.wait_for_url("**/me/numbers?**")
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        axe(page)


@pytest.mark.clause("9.6", "1.7")
def test_a_supervisor_hears_of_a_low_mark_and_leaves_it_out_with_a_reason(
    app: Flask, cast: Cast, page_of: PageOf, bank: str, desk_server: DeskServer
) -> None:
    watching = page_of(cast.botir)
    watching.goto("/watch/ratings")
    client = page_of(None)
    chat = opened(client, f"{bank}?lang=ru")
    write(chat, "Здравствуйте")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    answer(taken(app, cast.aziza, page_of(cast.aziza)), "Вот ответ")
    client.goto(desk_server.url + _link(app, cast))
    client.locator("input[value='1']").check()
    client.locator("form.ask button[type=submit]").click()
    expect(client.locator("input[type=radio]")).to_have_count(0)

    expect(watching.locator("#bell-count")).to_contain_text("1")
    watching.reload()
    expect(watching.locator(".tile", has_text="100 %")).to_have_count(1)
    axe(watching)
    watching.locator("#answers summary").click()
    watching.locator("#answers input[name=why]").fill("Клиент ошибся")
    watching.locator("#answers form button").click()
    expect(watching.locator("#answers .hint")).to_contain_text("Клиент ошибся")
    expect(watching.locator(".tile b").first).to_have_text("–")


def _picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 100), "#0055aa").save(drawn, "PNG")
    return drawn.getvalue()


def _drawn(page: Page) -> None:
    expect(page.locator("header img.logo")).to_be_visible()
    assert page.locator("header img.logo").evaluate("one => one.decode().then(() => one.naturalWidth)") == 300


def _link(app: Flask, cast: Cast) -> str:
    """The address of the page on which the client rates the chat that Aziza closes now."""
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE auto_reply SET archived_at = NULL WHERE kind = 'rating'"))
    with app.app_context():
        chat_id = db.session.execute(text("SELECT chat_id FROM standing")).scalar_one()
        db.session.rollback()
        closing.finish(chat_id, Outcome.SOLVED, [], "", viewer_of(cast.aziza), clock.now())
        asking.ask(clock.now())
        found = ratings.one(db.session.execute(text("SELECT max(id) FROM rating")).scalar_one())
        db.session.remove()
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE auto_reply SET archived_at = now() WHERE kind = 'rating'"))
    assert found is not None
    return ratings.link(found.id, found.asked_at)

"""Being at work, in a real browser: start, change by mouse and by key, the one too many, the question."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from psycopg import Connection

from app.actions import leases, licence, settings
from app.actions.journal import HERE
from app.base import clock
from app.base.clock import business_day
from app.models.duty import SEAT_IDLE_MINUTES
from app.models.licence import Licence, signed
from app.models.viewer import SYSTEM
from app.queries import licence as known
from tests.browser.conftest import PageOf
from tests.browser.test_desk import opened
from tests.browser.watch import Faults
from tests.cast import Cast

pytestmark = pytest.mark.clause("8.2", "14.1", "14.3")


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Nobody is at work yet, and there is one seat."""
    now = clock.now()
    with app.app_context():
        one = Licence("Test", 1, business_day(now), business_day(now))
        licence.install(signed(one, known.own_key()), SYSTEM, HERE, now)
    return Cast(app, at_work=False)


def status(page: Page) -> Any:
    return page.locator("#duty summary .wordy")


def press(page: Page, code: str, key: str) -> None:
    """Alt and a place on the keyboard, as a Russian layout gives it."""
    page.evaluate(
        "([code, key]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
        "{ code, key, altKey: true, bubbles: true, cancelable: true }))",
        [code, key],
    )


def choose(page: Page, name: str) -> None:
    """Two clicks."""
    page.locator("#duty summary").click()
    page.locator("#duty .item", has_text=name).click()
    expect(status(page)).to_have_text(name)


def test_work_begins_by_a_button_and_changes_by_mouse_and_by_key(cast: Cast, page_of: PageOf) -> None:
    page = opened(page_of(cast.aziza), "/chats")
    expect(page.locator("#duty-band .notice")).to_be_visible()
    page.locator("#duty-band button", has_text="Активен").click()
    expect(status(page)).to_have_text("Активен")
    expect(page.locator("#duty-band .notice")).to_have_count(0)
    choose(page, "Перерыв")
    press(page, "KeyS", "ы")
    expect(page.locator("#duty .item").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Только текущие чаты")


def test_the_second_operator_is_refused_where_one_seat_is_paid_for(cast: Cast, page_of: PageOf, faults: Faults) -> None:
    name = cast.botir.name
    first, second = opened(page_of(cast.aziza), "/chats"), opened(page_of(cast.timur), "/chats")
    choose(first, "Активен")
    second.locator("#duty-band button", has_text="Активен").click()
    expect(second.locator(".toast.bad")).to_contain_text(name)
    faults.clear()  # the refusal: 409
    expect(second.locator("#duty-band .notice")).to_be_visible()
    first.locator("#duty summary").click()
    first.locator("#duty .item").last.click()
    expect(first.locator("#duty-band .notice")).to_be_visible()
    second.locator("#duty-band button", has_text="Активен").click()
    expect(status(second)).to_have_text("Активен")


def test_all_pages_of_a_person_show_the_new_status(cast: Cast, page_of: PageOf) -> None:
    one, other = opened(page_of(cast.aziza), "/chats"), opened(page_of(cast.aziza), "/chats")
    choose(one, "Активен")
    expect(status(other)).to_have_text("Активен")


def test_a_minute_before_the_seat_goes_the_person_is_asked_and_stays(
    app: Flask, cast: Cast, page_of: PageOf, superuser: "Connection[Any]"
) -> None:
    with app.app_context():
        assert not settings.change({SEAT_IDLE_MINUTES.key: "2"}, SYSTEM, HERE, clock.now())
    page = opened(page_of(cast.aziza), "/chats")
    choose(page, "Активен")
    page.evaluate("localStorage.setItem('duty:acted', String(Date.now() - 70000))")
    expect(page.locator("#duty-idle")).to_be_visible()
    superuser.execute("UPDATE lease SET active_at = active_at - interval '90 seconds'")
    before = superuser.execute("SELECT active_at FROM lease").fetchone()
    page.locator("[data-here]").click()
    expect(page.locator("#duty-idle")).to_be_hidden()
    page.wait_for_timeout(500)
    after = superuser.execute("SELECT active_at FROM lease").fetchone()
    assert before and after and after[0] > before[0]


def test_who_was_lost_is_told_and_chooses_again(app: Flask, cast: Cast, page_of: PageOf) -> None:
    page = opened(page_of(cast.aziza), "/chats")
    choose(page, "Активен")
    with app.app_context():
        for seconds in range(0, 3000, 25):  # the page lives, its person does nothing
            at = clock.now() + timedelta(seconds=seconds)
            leases.renew([cast.aziza.id], at)
            leases.sweep(at)
    expect(status(page)).to_have_text("Нет связи")
    expect(page.locator("#duty-band .notice.hold")).to_be_visible()
    page.locator("#duty-band button", has_text="Активен").click()
    expect(status(page)).to_have_text("Активен")

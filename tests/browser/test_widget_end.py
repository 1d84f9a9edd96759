"""What the client of the site is offered once his chat is over (clauses 4.1, 9.5)."""

from contextlib import suppress

import pytest
from playwright.sync_api import expect

from app.base import clock
from tests.browser.axe import axe
from tests.browser.bank_site import bank, bank_server, frame_of, opened, write
from tests.browser.conftest import SECONDS, PageOf
from tests.browser.watch import Faults

__all__ = ["bank", "bank_server"]  # fixtures of the files of the site alone
pytestmark = [pytest.mark.clause("4.1")]
expect.set_options(timeout=SECONDS * 1000)


@pytest.mark.clause("9.5")
@pytest.mark.parametrize("lang", ["ru", "uz", "uz-Cyrl", "en"])
def test_a_finished_chat_is_continued_by_a_button(page_of: PageOf, bank: str, lang: str) -> None:
    client = page_of(None, 390, 844)
    chat = opened(client, f"{bank}?lang={lang}")
    expect(chat.locator("#again")).to_be_hidden()
    write(chat, "Salom")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    chat.locator(".menu summary").click()
    chat.locator("#finish").click()
    chat.locator("[data-yes]").click()
    expect(chat.locator("#again button")).to_be_visible()
    expect(chat.locator("#again [role=status]")).not_to_be_empty()
    axe(frame_of(client))  # type: ignore[arg-type]
    chat.locator("#again button").press("Enter")
    expect(chat.locator("#state[data-open]")).to_be_attached()
    expect(chat.locator("#again")).to_be_hidden()
    expect(chat.locator("#text")).to_be_focused()


@pytest.mark.clause("9.5")
def test_when_the_time_to_continue_is_over_the_page_says_what_a_new_word_does(
    page_of: PageOf, bank: str, faults: Faults
) -> None:
    client = page_of(None)
    client.clock.install(time=clock.now())
    chat = opened(client, f"{bank}?lang=en")
    write(chat, "Hello")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    chat.locator(".menu summary").click()
    chat.locator("#finish").click()
    chat.locator("[data-yes]").click()
    expect(chat.locator("#again button")).to_be_visible()
    client.context.set_offline(True)  # the bank's clock has not moved: it would say that there is time
    for _leap in range(3):  # an answer that was still on its way tells the time that was left then
        client.clock.fast_forward("02:00:00")
        with suppress(AssertionError):
            expect(chat.locator("#again button")).to_be_hidden(timeout=5000)
            break
    expect(chat.locator("#again button")).to_be_hidden()
    expect(chat.locator("#again [role=status]")).to_contain_text("begins a new one")
    faults.clear()  # the requests that could not go

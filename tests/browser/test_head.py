"""The head of a chat says everything there is to say, in each state, language and size of the bank's desks."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from psycopg import Connection

from app.base.locale import LOCALES
from tests.browser.conftest import PageOf
from tests.browser.test_desk import opened
from tests.cast import Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("8.1")

SIZES = {"desk": (1366, 768), "windows 7": (1366, 620), "zoom 125 %": (1093, 614), "phone": (390, 844)}
LONG = "Абдурахмонқул Тошмуҳаммедов-Хўжаев"
# What of the head is cut, sticks out or lies under its neighbour.
CUT = """() => {
  const head = document.getElementById("head");
  const [box, about] = [head, head.querySelector(".about")].map((one) => one.getBoundingClientRect());
  const cut = [...head.querySelectorAll(".facts > *")].filter((one) => {
    const { left, right, bottom, width } = one.getBoundingClientRect();
    const out = left < about.left - 1 || right > about.right + 1 || bottom > box.bottom + 1;
    return width && (out || one.scrollWidth > one.clientWidth + 1);
  });
  const out = [...head.querySelectorAll(".btn")].filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width && (left < box.left - 1 || right > box.right + 1);
  });
  return [...cut, ...out].map((one) => one.textContent.trim());
}"""


@pytest.fixture
def chats(app: Flask, cast: Cast, superuser: "Connection[Any]") -> dict[str, int]:
    """Chats of Botir's: a supervisor's head has one button more. Each waited four hours and is in work for three."""
    browser = cast.botir.browser
    found = {state: Client(app, LONG).says("Salom") for state in ("waiting", "owned", "handed", "aside", "finished")}
    superuser.execute("UPDATE episode SET queued_at = now() - interval '4 hours'")
    for chat_id in list(found.values())[1:]:
        browser.post(f"/chats/{chat_id}/take")
    superuser.execute("UPDATE episode SET assigned_at = now() - interval '3 hours' WHERE assigned_at IS NOT NULL")
    superuser.execute("UPDATE person SET name = %s WHERE id = %s", [LONG, cast.timur.id])
    browser.post(f"/chats/{found['handed']}/transfer", {"to": f"person:{cast.timur.id}"})
    browser.post(f"/chats/{found['aside']}/aside/tomorrow")
    browser.post(f"/chats/{found['finished']}/finish", {"outcome": "solved", "later": "1"})
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_of_the_head_is_cut(cast: Cast, page_of: PageOf, chats: dict[str, int], locale: str) -> None:
    page = page_of(cast.botir, locale=locale)
    for state, chat_id in chats.items():
        opened(page, f"/chats/{chat_id}")
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(CUT) == [], (state, size)
        page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.locator("#head h1")).to_contain_text(LONG)


def test_a_transfer_that_waits_is_said_and_cancelled_by_its_own_name(
    cast: Cast, page_of: PageOf, chats: dict[str, int]
) -> None:
    page = opened(page_of(cast.botir, locale="en"), f"/chats/{chats['handed']}")
    expect(page.locator("#head .facts")).to_contain_text(LONG)
    _cancel(page)
    expect(page.locator("#head .facts")).not_to_contain_text(LONG)
    expect(page.locator("#text")).to_be_visible()


def _cancel(page: Page) -> None:
    button = page.locator("#head [formaction$='/recall']")
    expect(button).to_have_text("Cancel the transfer")
    button.click()

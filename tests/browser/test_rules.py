"""Kamola makes a rule and weighs the queue; Aziza reads why a chat stands where it stands (clauses 1.4, 5.1)."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.base import clock
from tests.browser.axe import axe
from tests.browser.conftest import PageOf
from tests.cast import Cast
from tests.desk.clients import Client
from tests.rules.conftest import run, scored

pytestmark = pytest.mark.clause("1.4", "5.1")
STALE = 2.2


@pytest.fixture
def queue(app: Flask) -> Iterator[tuple[int, int]]:
    """Dilshod waits longer; Malika asks about her card."""
    with app.app_context():
        now = clock.now()
        run("DELETE FROM score_knot")
        run("DELETE FROM score_rule")
        scored("Карты", 10, {"kind": "text", "value": ["kartam"]})
        for minutes, points in ((0, 0), (10, 60)):
            run("INSERT INTO score_knot VALUES (:minutes, :points)", minutes=minutes, points=points)
        run("UPDATE rules_version SET number = number + 1")
        time.sleep(STALE)  # the desk's processes may know the rules of the test before for so long
        first = Client("Dilshod", 7001).writes("Salom", now - timedelta(minutes=5))
        yield first, Client("Malika", 7002).writes("Kartam bloklandi", now - timedelta(minutes=1))


def test_an_administrator_makes_a_rule_and_sees_the_queue_move(
    cast: Cast, page_of: PageOf, queue: tuple[int, int], tmp_path: Path
) -> None:
    page = page_of(cast.kamola, locale="en")
    page.goto("/office/rules")
    page.get_by_role("link", name="Add a rule").first.click()
    page.get_by_label("Русский").first.fill("Карты")
    page.get_by_label("Kind of condition").select_option(label="Client’s first words")
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_role("textbox", name="Client’s first words").fill("kartam")
    page.get_by_label("To the group").select_option(index=1)
    seen(page, tmp_path, "rule")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_role("heading", name="What would have gone where")).to_be_visible()
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("link", name="Карты")).to_be_visible()
    seen(page, tmp_path, "rules")
    page.get_by_role("link", name="Score of the queue").click()
    first, card = queue
    rows = page.locator("#preview tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_label("Points: Карты").fill("500")
    expect(rows.first).to_contain_text(f"№ {card}")
    expect(rows.nth(1)).to_contain_text(f"№ {first}")
    seen(page, tmp_path, "score")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_label("Points: Карты")).to_have_value("500")


def test_an_operator_reads_why_a_chat_stands_here(
    cast: Cast, page_of: PageOf, queue: tuple[int, int], tmp_path: Path
) -> None:
    page = page_of(cast.aziza, locale="en")
    page.goto(f"/chats/{queue[1]}")
    page.get_by_role("link", name="Why here?").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"Place \d of 2 in the whole queue"))
    expect(dialog).to_contain_text("+10")
    seen(page, tmp_path, "why")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("url", ["/office/rules", "/office/rules/routing/add", "/office/score", "/office/rules/trial"])
def test_the_pages_fit(cast: Cast, page_of: PageOf, tmp_path: Path, url: str, width: int) -> None:
    page = page_of(cast.kamola, width, locale="ru")
    page.goto(url)
    seen(page, tmp_path, f"{url.strip('/').replace('/', '-')}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def seen(page: Page, folder: Path, name: str) -> None:
    """Held against the rules of accessibility, and kept as a picture."""
    axe(page)
    page.screenshot(path=folder / f"{name}.png", full_page=True)

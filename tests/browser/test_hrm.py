"""Schedules by the keyboard alone: an administrator brings a table in, a supervisor sees the plan beside the fact."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect
from psycopg import Connection

from app.base import clock
from tests.browser.axe import axe
from tests.browser.conftest import PageOf
from tests.cast import Cast
from tests.hrm.conftest import csv, today

pytestmark = pytest.mark.clause("7.5", "6.1", "11.5")
LOOKS: tuple[tuple[int, int, Literal["light", "dark"]], ...] = (
    (1366, 768, "light"),
    (1093, 614, "dark"),
    (390, 844, "dark"),
)
_MOST = 80

_CAME = """
    INSERT INTO shift (person_id, day, began_at, ended_at, ended_how)
    SELECT %s, d, (d + time '09:12') AT TIME ZONE 'Asia/Tashkent', (d + time '17:30') AT TIME ZONE 'Asia/Tashkent',
           'finished' FROM CAST(%s AS date) d
"""


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go to it by Tab, as somebody without a mouse does, and press the key."""
    expect(wanted).to_be_visible()
    for _ in range(_MOST):
        if wanted.evaluate("one => one === document.activeElement"):
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {wanted}")


def right(page: Page) -> None:
    """Open to everyone in both themes, and at no size wider than its window."""
    for width, height, theme in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, width)
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # or a colour is judged half way
        axe(page)
    page.set_viewport_size({"width": 1366, "height": 768})


def test_a_table_is_imported_and_compared_with_what_was_without_a_mouse(
    cast: Cast, page_of: PageOf, superuser: "Connection[object]", tmp_path: Path
) -> None:
    yesterday = today(clock.now() - timedelta(days=1))
    table = tmp_path / "plan.csv"
    lines = [f"{one.login};{yesterday};09:00;18:00;;" for one in (cast.aziza, cast.timur)]
    table.write_bytes(csv(*lines, f"timur;{today()};;;;sick", "nobody;x;;;;"))

    page = page_of(cast.kamola)
    page.goto("/office/hrm")
    right(page)
    press(page, page.locator('main a[href="/office/hrm/import"]'))
    page.wait_for_url("**/office/hrm/import")
    expect(page.locator("#table")).to_be_visible()
    right(page)
    with page.expect_file_chooser() as asked:
        press(page, page.locator("#table"))
    asked.value.set_files(table)
    press(page, page.locator('form[enctype="multipart/form-data"] button'))
    importing = page.locator('form[action="/office/hrm/import/confirm"] button')
    expect(importing).to_be_visible()
    expect(page.locator("main .notice.hold")).to_contain_text("3")
    right(page)
    press(page, importing)
    page.wait_for_url("**/office/hrm")
    expect(page.locator("#absences tbody tr")).to_have_count(1)
    right(page)

    superuser.execute("DELETE FROM status_span; DELETE FROM shift")
    superuser.execute(_CAME, [cast.aziza.id, yesterday])
    page = page_of(cast.botir)
    page.goto("/watch/shifts")
    for name in ("from", "to"):
        days = page.locator(f'main [name="{name}"]')
        days.focus()
        days.fill(yesterday)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**from={yesterday}*")
    plans = page.locator("#plans tbody tr")
    expect(plans).to_have_count(2)
    expect(plans.filter(has_text="Каримова")).to_contain_text("12:00")
    expect(plans.filter(has_text="Ли").locator(".chip")).to_have_count(1)
    right(page)

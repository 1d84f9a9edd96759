"""The page of reconciliation as an administrator sees it."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from psycopg import Connection

from app.actions import reconciling
from app.base import clock
from app.models.db import db
from tests.browser.axe import axe
from tests.browser.conftest import PageOf
from tests.cast import Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("1.2")


def _count(app: Flask) -> None:
    with app.app_context():
        reconciling.reconcile(clock.business_day(clock.now()), clock.now())
        db.session.remove()


def test_a_lost_word_is_named_with_a_way_to_the_road(
    app: Flask, cast: Cast, page_of: PageOf, superuser: "Connection[Any]"
) -> None:
    for name in ("Dilshod", "Malika"):
        Client(app, name).says("Salom")
    _count(app)
    page = page_of(cast.kamola)
    page.goto("/office/reconciliation")
    expect(page.locator(".notice.good")).to_be_visible()
    superuser.execute("DELETE FROM message WHERE id = (SELECT id FROM message LIMIT 1)")
    _count(app)
    page.reload()
    expect(page.locator("main li code")).to_have_count(1)
    axe(page)
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".notice.bad a").click()
    page.wait_for_url("**/office/road")

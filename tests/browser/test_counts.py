"""A count that pushes have led astray is right again by itself."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import PageOf
from tests.browser.test_desk import opened
from tests.cast import Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("8.1")

_COMPARED_EVERY = timedelta(seconds=31)


def test_a_wrong_count_is_mended_at_the_next_comparison(app: Flask, cast: Cast, page_of: PageOf) -> None:
    Client(app).says("Salom")
    page = page_of(cast.aziza)
    page.clock.install()
    opened(page, "/chats")
    badge = page.locator("#count-queue")
    expect(badge).to_have_text("1")
    badge.evaluate("one => { one.textContent = '7'; }")
    page.clock.fast_forward(_COMPARED_EVERY // timedelta(milliseconds=1))
    expect(badge).to_have_text("1")

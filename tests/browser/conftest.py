"""Browser tests: a real desk of processes, a real Chromium, and people who sit down at it."""

import os
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import Connection

from app.base.locale import html_lang
from app.config import Settings
from app.live import audience
from tests.browser.desk_server import DeskServer
from tests.browser.watch import SCRIPT, Faults
from tests.cast import Actor
from tests.cluster import Database

CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
# A road of four processes and two browsers, on a machine that may do much else: whoever waits in vain waits longer.
SECONDS = 30


class PageOf(Protocol):
    def __call__(
        self,
        actor: Actor | None,
        width: int = 1366,
        height: int = 768,
        *,
        locale: str | None = None,
        theme: str | None = None,
    ) -> Page: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desk_server(
    app: Flask, database: Database, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DeskServer]:
    """The desk's processes on the same database, Redis and keys as the application of the tests."""
    environment = database.environment | {"MULOQOT_DATA": str(settings.data)}
    server = DeskServer(environment, tmp_path_factory.mktemp("desk") / "desk.log")
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Empty at the end of every test."""
    found = Faults()
    yield found
    assert list(found) == []


@pytest.fixture
def page_of(
    desk_server: DeskServer, chromium: Browser, faults: Faults, superuser: "Connection[Any]"
) -> Iterator[PageOf]:
    """`page_of(aziza)`: a page of a browser of hers, signed in; `page_of(None)`: nobody's."""
    contexts: list[BrowserContext] = []
    audience.forget()

    def sit_down(
        actor: Actor | None,
        width: int = 1366,
        height: int = 768,
        *,
        locale: str | None = None,
        theme: str | None = None,
    ) -> Page:
        context = chromium.new_context(
            base_url=desk_server.url,
            viewport={"width": width, "height": height},
            locale=html_lang(locale or "ru"),
        )
        contexts.append(context)
        context.set_default_timeout(SECONDS * 1000)
        context.add_init_script(SCRIPT)
        if actor is not None:
            context.add_cookies([{"name": "muloqot", "value": actor.browser.token, "url": desk_server.url}])
            superuser.execute(
                "UPDATE person SET locale = coalesce(%s, locale), theme = coalesce(%s, theme) WHERE id = %s",
                [locale, theme, actor.id],
            )
        page = context.new_page()
        faults.watch(page)
        return page

    yield sit_down
    for context in contexts:
        context.close()

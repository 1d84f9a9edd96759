"""A phone with an authenticator app, and the sheet of recovery codes beside it."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask

from app.actions import factors
from app.actions.journal import HERE
from app.base import clock, totp
from app.models.db import db
from app.models.factor import Factor
from app.queries import factors as held
from app.queries import viewer as viewers
from tests.cast import PASSWORD, Actor, Browser


class Phone:
    """Set up for an actor when it is made. A code is never shown twice, as if the person waited for the next."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.login = actor.login
        with app.app_context():
            viewer = viewer_of(actor)
            factors.begin(viewer, PASSWORD, HERE, clock.now())
            self.secret = held.begun(actor.id) or ""
            self.recovery = factors.confirm(viewer, self.code(), HERE, clock.now())
            # The code of the set-up is spent; the tests do not wait half a minute for the next.
            db.session.get_one(Factor, actor.id).last_step = 0
            db.session.commit()

    @classmethod
    def set_up(cls, browser: Browser) -> "Phone":
        """As a person does it: password, picture, first code."""
        phone = cls.__new__(cls)
        assert post(browser, "/me/factor/begin", password=PASSWORD).status_code == 303
        shown = re.search(r'data-copy="([A-Z2-7]{32})"', browser.get("/me/factor").text)
        assert shown
        phone.secret = shown[1]
        page = post(browser, "/me/factor/confirm", code=phone.code()).text
        phone.recovery = re.findall(r"<code>(\w{5}-\w{5})</code>", page)
        return phone

    def code(self, ahead: int = 0) -> str:
        return totp.code(self.secret, totp.step_of(clock.now() + timedelta(seconds=ahead * totp.STEP)))


def post(browser: Browser, url: str, **data: Any) -> Any:
    """As from the page: some pages show a token only where the person is."""
    return browser.post(url, data)


def viewer_of(actor: Actor) -> Any:
    long_ago = clock.now().replace(year=2000)
    return viewers.of_session(actor.browser.token, idle_since=long_ago, absolute_since=long_ago)

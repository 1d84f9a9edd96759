"""Webhooks that nobody honest sends, or that break off: the right refusal, nothing kept, nobody else held up."""

import gc
import io
import json
import logging
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import QueuePool
from sqlalchemy.exc import TimeoutError

from app.actions import storing
from app.channels.telegram.poll import SECRET_HEADER
from app.models.db import db
from tests.cast import Cast
from tests.road.conftest import Bank, message

pytestmark = pytest.mark.clause("1.1")

# As gunicorn says it: whoever reads to the end has read all there is. In chunks nobody tells how long a body is.
SERVED = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}


class Slow(io.BytesIO):
    """A body that comes slowly; `held`: how many connections to the database are in use meanwhile."""

    held: int | None = None

    def readinto(self, buffer: Any) -> int:
        pool = db.engine.pool
        assert isinstance(pool, QueuePool)
        self.held = pool.checkedout()
        return super().readinto(buffer)


def post(client: FlaskClient, address: str, headers: dict[str, str], body: io.BytesIO, served: Any = SERVED) -> int:
    return client.post(address, headers=headers, input_stream=body, environ_overrides=served).status_code


def test_a_delivery_of_untold_length_is_taken_whole_or_not_at_all(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]
) -> None:
    """Its first megabyte would be no update, and acknowledged."""
    whole = json.dumps(message("Salom")).encode()
    assert post(client, *hook, io.BytesIO(b" " * 2**20 + whole)) == 413
    assert bank.one("SELECT count(*) FROM inbox") == 0
    assert post(client, *hook, io.BytesIO(whole)) == 200
    assert bank.one("SELECT count(*) FROM inbox") == 1


def test_a_delivery_that_breaks_off_is_not_acknowledged(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]
) -> None:
    whole = json.dumps(message("Salom")).encode()
    told = {"wsgi.input_terminated": True, "CONTENT_LENGTH": str(len(whole))}
    assert post(client, *hook, io.BytesIO(whole[:-9]), told) == 400


def test_whoever_delivers_slowly_holds_no_connection_to_the_database(
    app: Flask, bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]
) -> None:
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    body, before = Slow(json.dumps(message("Salom")).encode()), pool.checkedout()
    assert post(client, *hook, body) == 200
    assert body.held is not None and body.held <= before


def test_what_comes_by_a_key_that_nobody_has_is_not_read(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]
) -> None:
    body = Slow(b"x" * 2**19)
    assert post(client, "/hooks/telegram/nowhere", hook[1], body) == 404
    assert body.held is None


def test_other_methods_are_told_which_one_there_is(client: FlaskClient, hook: tuple[str, dict[str, str]]) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PROPFIND"):
        answer = client.open(hook[0], method=method, headers=hook[1])
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("secret", ["", "é", "ÿþ", "x" * 8000, "right,right", "\xa0", "Ð¢ÐµÑÑ"])
def test_no_secret_but_the_right_one_is_believed(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]], secret: str
) -> None:
    forged = secret.replace("right", hook[1][SECRET_HEADER])
    environ = {"HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN": forged}
    assert client.post(hook[0], json=message(), environ_overrides=environ).status_code == 404
    assert bank.one("SELECT count(*) FROM inbox") == 0


PATHS = """
    /hooks/ /hooks// /hooks/telegram/ /hooks/telegram/../x //hooks/telegram/x /hooks/telegram/%2e%2e
    /hooks/webchat/{key} /hooks/Telegram/{key} /hooks/telegram/{key}/ /hooks/telegram/{key}%00 /hooks/telegram/%D0%B6
""".split()


@pytest.mark.parametrize("path", PATHS)
def test_no_address_but_the_right_one_is_known(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]], path: str
) -> None:
    strange = path.format(key=hook[0].rpartition("/")[2])
    assert client.post(strange, json=message(), headers=hook[1]).status_code in (403, 404)
    assert bank.one("SELECT count(*) FROM inbox") == 0


def test_a_body_that_is_no_update_is_told_without_a_word_of_it(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert post(client, *hook, io.BytesIO(b'{"message": "Dilshod 8600 1234')) == 200
    assert "that are no update" in caplog.text
    assert "Dilshod" not in caplog.text
    assert hook[1][SECRET_HEADER] not in caplog.text


def test_when_no_connection_becomes_free_the_provider_and_people_are_asked_to_come_again(
    bank: Bank, client: FlaskClient, cast: Cast, hook: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = cast.aziza.browser
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    monkeypatch.setattr(pool, "_timeout", 0.1)
    storing._let_go()  # the one that is kept for storing would still store
    kept = []
    try:
        gc.collect()  # what an earlier test has left would come back in the middle
        with suppress(TimeoutError):
            while True:
                kept.append(db.engine.connect())
        answer = client.post(hook[0], json=message(), headers=hook[1])
        page = browser.get("/chats")
    finally:
        for connection in kept:
            connection.close()
    assert (answer.status_code, answer.data) == (503, b"503")
    assert page.status_code == 503
    assert client.post(hook[0], json=message(), headers=hook[1]).status_code == 200

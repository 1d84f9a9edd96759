"""The main journey in each language: a client writes in Telegram, the operator sees, answers, the client sees."""

import http.client
import json
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.actions import channels
from app.actions.journal import HERE
from app.base import clock
from app.models.viewer import SYSTEM
from tests.browser.conftest import PageOf
from tests.browser.desk_server import DeskServer, wait_until
from tests.browser.test_desk import opened, press
from tests.cast import Cast
from tests.peers import Peer, fake_telegram

_numbers = count(700_000)
_DILSHOD = 4242


class Bot:
    """A bank's bot whose Telegram calls the running desk."""

    def __init__(self, app: Flask, peer: Peer, desk: DeskServer) -> None:
        self.peer, self._desk = peer, urlsplit(desk.url)
        with app.app_context():
            wish = channels.Wish("Bank bot", peer.token, peer.url, webhook=True, webhook_url="https://chat.bank.uz")
            channels.connect("telegram", wish, SYSTEM, HERE, clock.now())
        self._hook = peer.calls("setWebhook")[-1]["params"]

    def hears(self, words: str, language: str, **more: Any) -> None:
        number = next(_numbers)
        person = {"id": _DILSHOD, "is_bot": False, "first_name": "Dilshod", "language_code": language}
        about = {"message_id": number, "date": int(clock.now().timestamp()), "text": words, **more}
        message = about | {"from": person, "chat": {"id": _DILSHOD, "type": "private", "first_name": "Dilshod"}}
        told = json.dumps({"update_id": number, "message": message})
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._hook["secret_token"], "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(str(self._desk.hostname), int(self._desk.port or 0), timeout=30)
        connection.request("POST", urlsplit(self._hook["url"]).path, told, headers)
        assert connection.getresponse().status == 200
        connection.close()

    def said(self) -> list[str]:
        return [call["params"]["text"] for call in self.peer.calls("sendMessage")]


@pytest.fixture
def bot(app: Flask, desk_server: DeskServer) -> Iterator[Bot]:
    peer = fake_telegram()
    peer.chat(_DILSHOD)
    yield Bot(app, peer, desk_server)
    assert peer.violations == []
    peer.stop()


@pytest.mark.clause("1.1", "1.2", "8.1", "8.7", "9.2")
@pytest.mark.parametrize(
    ("locale", "waits", "asked", "answer"),
    [
        ("ru", "ждёт вас", "Карта не работает", "Сейчас посмотрю"),
        ("uz_Latn", "kutmoqda", "Kartam ishlamayapti", "Hozir koʻraman"),
        ("uz_Cyrl", "кутмоқда", "Картам ишламаяпти", "Ҳозир кўраман"),
    ],
)
def test_a_client_writes_and_reads_the_answer(
    bot: Bot, cast: Cast, page_of: PageOf, locale: str, waits: str, asked: str, answer: str
) -> None:
    page = opened(page_of(cast.aziza, locale=locale), "/chats")
    bot.hears(asked, "ru" if locale == "ru" else "uz")
    expect(page.locator("#count-queue")).to_have_text("1")
    press(page, "KeyN")
    expect(page.locator("#flow .msg.client")).to_contain_text(asked)
    row = page.locator("#chats .row")
    expect(row).to_contain_text(waits)

    page.locator("#text").fill(answer)
    page.keyboard.press("Enter")
    expect(page.locator(".msg.mine .text")).to_have_text(answer)
    wait_until(lambda: answer in bot.said(), 30)
    expect(row).not_to_contain_text(waits)

    bot.hears(f"{asked}!", "ru" if locale == "ru" else "uz")
    expect(page.locator("#flow .msg.client").last).to_contain_text(f"{asked}!")
    before = page.locator("#flow .msg .text").all_inner_texts()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-wire", "online")
    assert page.locator("#flow .msg .text").all_inner_texts() == before
    assert bot.said().count(answer) == 1

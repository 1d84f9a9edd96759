"""A bot is connected, checked and changed in a form (clause 1.1)."""

import pytest

from app.actions import webchat
from app.actions.journal import HERE
from app.base import clock
from app.models.db import transaction
from app.models.viewer import SYSTEM
from app.queries import channels
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import Bank, bank, message, telegram, telegram_server

__all__ = ["bank", "telegram", "telegram_server"]  # the fixtures
pytestmark = pytest.mark.clause("1.1", "7.1")


def hook_of(channel_id: int) -> str:
    channel = channels.one(channel_id)
    assert channel is not None
    return channel.webhook_url


def test_a_connection_is_checked_with_what_the_form_holds_and_nothing_is_saved(
    bank: Bank, telegram: Peer, cast: Cast
) -> None:
    form = {"name": "Another", "token": telegram.token, "api_url": telegram.url}
    answer = cast.kamola.browser.post("/office/channels/check", form)
    assert answer.status_code == 200
    assert bank.one("SELECT count(*) FROM channel") == 1


def test_the_provider_calls_another_public_address_than_the_desks(bank: Bank, telegram: Peer, cast: Cast) -> None:
    office, address = cast.kamola.browser, f"/office/channels/{bank.channel_id}"
    form = {"name": "Bank bot", "token": "", "api_url": telegram.url, "webhook": "y"}
    assert office.post(address, {**form, "webhook_url": "https://chat.bank.uz/"}).status_code == 303
    assert hook_of(bank.channel_id).startswith("https://chat.bank.uz/hooks/telegram/")
    assert telegram.calls("setWebhook")[-1]["params"]["url"] == hook_of(bank.channel_id)

    assert 'value="https://chat.bank.uz"' in office.get(address).text
    assert office.post(address, {**form, "webhook_url": "chat bank"}).status_code == 422
    assert office.post(address, {**form, "webhook": ""}).status_code == 303
    assert hook_of(bank.channel_id) == ""


def test_one_bot_is_connected_once(bank: Bank, telegram: Peer, cast: Cast) -> None:
    number = telegram.token.partition(":")[0]
    form = {"name": "Again", "token": f"{number}:another-token", "api_url": telegram.url}
    answer = cast.kamola.browser.post("/office/channels/new", form)
    assert answer.status_code == 422
    assert "Bank bot" in answer.text
    assert bank.one("SELECT count(*) FROM channel") == 1
    assert cast.kamola.browser.post("/office/channels/new", {**form, "token": "777:second"}).status_code == 303


def test_a_bot_gets_a_new_token_and_its_calls_go_on(bank: Bank, telegram: Peer, cast: Cast) -> None:
    office, address = cast.kamola.browser, f"/office/channels/{bank.channel_id}"
    form = {"name": "Bank bot", "token": "", "api_url": telegram.url, "webhook": "y"}
    form["webhook_url"] = "https://chat.bank.uz"
    assert office.post(address, form).status_code == 303
    with transaction():
        found = channels.one(bank.channel_id)
        assert found is not None
        found.token = telegram.token.partition(":")[0] + ":revoked"
    assert office.post(address, {**form, "token": telegram.token}).status_code == 303
    assert len(telegram.calls("setWebhook")) == 2, "whoever revoked the old one may have changed the webhook too"


def test_a_webhook_that_is_refused_saves_nothing(bank: Bank, telegram: Peer, cast: Cast) -> None:
    telegram.fail(method="setwebhook", status=400, description="Bad Request: bad webhook", times=2)
    form = {"name": "Bank bot", "token": "", "api_url": telegram.url, "webhook": "y", "webhook_url": "https://a.uz"}
    assert cast.kamola.browser.post(f"/office/channels/{bank.channel_id}", form).status_code == 422
    assert hook_of(bank.channel_id) == ""
    other = {**form, "token": "777:second"}
    assert cast.kamola.browser.post("/office/channels/new", other).status_code == 422
    assert bank.one("SELECT count(*) FROM channel") == 1


def test_another_bots_token_is_refused_where_clients_have_written(bank: Bank, telegram: Peer, cast: Cast) -> None:
    office, address = cast.kamola.browser, f"/office/channels/{bank.channel_id}"
    form = {"name": "Bank bot", "api_url": telegram.url}
    assert office.post(address, {**form, "token": "777:second"}).status_code == 303, "nobody has written yet"
    assert office.post(address, {**form, "token": telegram.token}).status_code == 303
    bank.receive(message("Salom"))
    assert office.post(address, {**form, "token": "777:second"}).status_code == 422
    found = channels.one(bank.channel_id)
    assert found is not None and found.token == telegram.token


def test_the_form_of_a_bot_is_not_that_of_the_chat_on_the_site(bank: Bank, cast: Cast) -> None:
    wish = webchat.Wish("Site", ("https://bank.uz",), "HS256", "s" * 40)
    site = webchat.connect(wish, SYSTEM, HERE, clock.now()).id
    assert cast.kamola.browser.get(f"/office/channels/{site}").status_code == 404
    assert cast.kamola.browser.post(f"/office/channels/{site}", {"name": "x"}).status_code == 404

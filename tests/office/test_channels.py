"""A bot is connected, checked and changed in a form (clause 1.1)."""

import pytest

from app.queries import channels
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import Bank, bank, telegram, telegram_server

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

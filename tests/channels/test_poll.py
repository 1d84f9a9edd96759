"""Updates fetched and confirmed, webhooks proved, files read."""

import threading
import time
from dataclasses import replace

import pytest

from app.channels.contract import Account, Batch, Fetched, Later, Never, Raw, Reason, Sent
from app.channels.registry import channel, kinds
from app.channels.telegram import door
from tests.peers import Peer

CHAT = {"id": 4242, "type": "private", "first_name": "Dilshod"}


def push(peer: Peer, text: str, **update: int) -> int:
    return peer.push(
        **update, message={"message_id": 5, "chat": CHAT, "from": {**CHAT, "is_bot": False}, "date": 1, "text": text}
    )


def poll(bot: Account, cursor: str = "", timeout: float = 0) -> Batch:
    batch = door.poll(bot, cursor, timeout)
    assert isinstance(batch, Batch)
    return batch


def test_the_registry_knows_telegram() -> None:
    assert "telegram" in kinds()
    assert channel("telegram").label == "Telegram"


def test_updates_come_in_order_and_again_until_the_cursor_confirms_them(telegram: Peer, bot: Account) -> None:
    ids = [str(push(telegram, text)) for text in ("bir", "ikki")]
    first = poll(bot)
    assert [raw.id for raw in first.raws] == ids
    assert [raw.id for raw in poll(bot).raws] == ids, "not confirmed yet"
    assert poll(bot, first.cursor).raws == ()


def test_a_lower_id_after_a_quiet_week_is_not_missed(telegram: Peer, bot: Account) -> None:
    push(telegram, "eski", update_id=900_000_000)
    quiet = poll(bot, poll(bot).cursor)
    assert (quiet.raws, quiet.cursor) == ((), "")
    push(telegram, "yangi", update_id=17)
    assert [raw.id for raw in poll(bot, quiet.cursor).raws] == ["17"]


def test_a_long_poll_answers_as_soon_as_somebody_writes(telegram: Peer, bot: Account) -> None:
    writer = threading.Timer(0.2, push, (telegram, "salom"))
    writer.start()
    assert len(poll(bot, timeout=20).raws) == 1


def test_a_second_poller_is_told_apart_from_trouble(telegram: Peer, bot: Account) -> None:
    answers: list[object] = []
    first = threading.Thread(target=lambda: answers.append(door.poll(bot, "", 20)))
    first.start()
    while not answers:
        door.poll(bot, "", 0)
    first.join(30)
    (result,) = answers
    assert isinstance(result, Never)
    assert (result.reason, result.whole_account) == (Reason.CONFLICT, True)


def test_polling_with_a_wrong_token_stops(telegram: Peer, bot: Account) -> None:
    result = door.poll(replace(bot, token="1:wrong"), "", 0)
    assert isinstance(result, Never)
    assert result.reason == Reason.TOKEN


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429, "retry_after": 3}, {"drop": True}])
def test_trouble_while_polling_passes(telegram: Peer, bot: Account, fault: dict[str, object]) -> None:
    push(telegram, "salom")
    telegram.fail(method="getupdates", **fault)
    assert isinstance(door.poll(bot, "", 0), Later)
    assert len(poll(bot).raws) == 1


def test_a_webhook_is_set_with_its_secret_and_taken_away(telegram: Peer, bot: Account) -> None:
    hooked = replace(bot, webhook_url="http://127.0.0.1:9/hooks/1", secret="s3cret")
    assert door.set_webhook(hooked) == Sent()
    assert telegram.calls("setWebhook")[0]["params"]["secret_token"] == "s3cret"
    assert isinstance(door.poll(bot, "", 0), Never)
    assert door.set_webhook(bot) == Sent()
    poll(bot)


@pytest.mark.parametrize(
    ("headers", "secret", "believed"),
    [
        ({"x-telegram-bot-api-secret-token": "s3cret"}, "s3cret", True),
        ({"x-telegram-bot-api-secret-token": "guess"}, "s3cret", False),
        ({"x-telegram-bot-api-secret-token": "секрет"}, "s3cret", False),
        ({}, "s3cret", False),
        ({}, "", False),
        ({"x-telegram-bot-api-secret-token": ""}, "", False),
    ],
)
def test_a_hook_is_believed_only_with_the_secret(headers: dict[str, str], secret: str, believed: bool) -> None:
    assert door.verify_hook(headers, b"{}", secret) is believed


def test_a_hooks_body_is_one_update_or_nothing() -> None:
    assert door.unpack(b'{"update_id": 5, "message": {}}') == (Raw("5", {"update_id": 5, "message": {}}),)
    assert [door.unpack(body) for body in (b"", b"[1]", b"\xff", b"[" * 100_000)] == [()] * 4


def test_a_clients_file_is_read(telegram: Peer, bot: Account) -> None:
    telegram.file("ref-1", b"%PDF-1.7" * 20_000, "shartnoma.pdf")
    found = door.fetch_file(bot, "ref-1", 20 << 20)
    assert isinstance(found, Fetched)
    assert b"".join(found.chunks) == b"%PDF-1.7" * 20_000
    assert (found.size, found.mime) == (160_000, "application/pdf")
    assert bot.token not in repr(found)


@pytest.mark.parametrize(("size", "limit"), [(21 << 20, 50 << 20), (2048, 1024)])
def test_a_file_over_the_limit_is_not_read(telegram: Peer, bot: Account, size: int, limit: int) -> None:
    telegram.file("ref-1", b"x" * size)
    result = door.fetch_file(bot, "ref-1", limit)
    assert isinstance(result, Never)
    assert result.reason == Reason.TOO_BIG


def test_a_file_the_server_no_longer_has_is_gone(telegram: Peer, bot: Account) -> None:
    result = door.fetch_file(bot, "unknown", 1 << 20)
    assert isinstance(result, Never)
    assert result.reason == Reason.FILE_GONE


def test_a_check_tells_that_updates_go_elsewhere(telegram: Peer, bot: Account) -> None:
    ours = replace(bot, webhook_url="http://127.0.0.1:9/hooks/1", secret="s3cret")
    assert (door.check(bot).ok, door.check(ours).reason) == (True, Reason.CONFLICT)
    door.set_webhook(ours)
    assert (door.check(ours).ok, door.check(bot).reason) == (True, Reason.CONFLICT)
    assert door.check(replace(bot, id=0)).ok, "one that is to be connected comes to us then"


def test_a_check_tells_that_our_webhook_cannot_be_called(telegram: Peer, bot: Account) -> None:
    ours = replace(bot, webhook_url="http://127.0.0.1:9/hooks/1", secret="s3cret")
    door.set_webhook(ours)
    push(telegram, "salom")
    deadline = time.monotonic() + 30
    while door.check(ours).ok:
        assert time.monotonic() < deadline
    assert door.check(ours).reason == Reason.HOOK


def test_a_check_tells_the_bots_name_or_what_is_wrong(telegram: Peer, bot: Account) -> None:
    assert door.check(bot).name.startswith("@muloqot")
    wrong = door.check(replace(bot, token="1:wrong"))
    assert (wrong.ok, wrong.reason) == (False, Reason.TOKEN)
    away = door.check(replace(bot, api_url="http://127.0.0.1:9"))
    assert not away.ok
    assert away.detail

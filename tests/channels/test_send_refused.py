"""Every way a Bot API server refuses a part, and what each means for the next attempt."""

import io
import logging
import socket
import traceback
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.base import log
from app.channels.contract import (
    Account,
    Later,
    Moved,
    Never,
    Outgoing,
    OutgoingFile,
    Reason,
    Sent,
    Span,
    Unknown,
)  # fmt: skip
from app.channels.telegram import api, door
from tests.channels.conftest import DILSHOD
from tests.peers import Peer

LANE = str(DILSHOD)
HELLO = Outgoing(LANE, text="Assalomu alaykum, Dilshod")


@pytest.mark.parametrize(
    ("status", "description", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", Reason.BLOCKED),
        (403, "Forbidden: user is deactivated", Reason.DEACTIVATED),
        (403, "Forbidden: bot was kicked from the supergroup chat", Reason.KICKED),
        (403, "Forbidden: bot can't initiate conversation with a user", Reason.NOT_FOUND),
        (403, "Forbidden: something new", Reason.BAD_REQUEST),
        (400, "Bad Request: chat not found", Reason.NOT_FOUND),
        (400, "Bad Request: message is too long", Reason.TOO_LONG),
        (400, "Bad Request: message text is empty", Reason.EMPTY),
        (400, "Bad Request: something new", Reason.BAD_REQUEST),
    ],
)
def test_a_refusal_for_good_names_its_reason(
    telegram: Peer, bot: Account, status: int, description: str, reason: Reason
) -> None:
    telegram.fail(method="sendmessage", status=status, description=description)
    assert door.send(bot, HELLO) == Never(reason, description)


def test_markup_that_cannot_be_read_is_sent_plain_once(telegram: Peer, bot: Account) -> None:
    telegram.fail(method="sendmessage", status=400, description="Bad Request: can't parse entities: unexpected end")
    assert isinstance(door.send(bot, replace(HELLO, markup=(Span("bold", 0, 4),))), Sent)
    assert "entities" not in telegram.calls("sendMessage")[-1]["params"]


def test_a_blocked_client_is_found_blocked(telegram: Peer, bot: Account) -> None:
    telegram.chat(77, blocked=True)
    result = door.send(bot, replace(HELLO, lane="77"))
    assert isinstance(result, Never)
    assert (result.reason, result.whole_account) == (Reason.BLOCKED, False)


def test_a_moved_chat_tells_its_new_lane(telegram: Peer, bot: Account) -> None:
    telegram.chat(78, migrated_to=-100778)
    assert door.send(bot, replace(HELLO, lane="78")) == Moved("-100778")


def test_too_many_requests_pause_that_chat_as_long_as_told(telegram: Peer, bot: Account) -> None:
    telegram.fail(method="sendmessage", status=429, retry_after=7)
    result = door.send(bot, HELLO)
    assert isinstance(result, Later)
    assert (result.seconds, result.whole_account) == (7, False)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_servers_trouble_is_tried_later(telegram: Peer, bot: Account, status: int) -> None:
    telegram.fail(method="sendmessage", status=status)
    assert isinstance(door.send(bot, HELLO), Later)


def test_a_gateway_that_gave_up_waiting_leaves_it_unknown(telegram: Peer, bot: Account) -> None:
    telegram.fail(method="sendmessage", status=504, description="Gateway Timeout")
    assert isinstance(door.send(bot, HELLO), Unknown)
    telegram.fail(method="sendchataction", status=504, description="Gateway Timeout")
    assert isinstance(door.typing(bot, LANE), Later), "what may be repeated is"


def test_an_answer_lost_after_sending_is_unknown(telegram: Peer, bot: Account) -> None:
    telegram.fail(method="sendmessage", drop=True)
    assert isinstance(door.send(bot, HELLO), Unknown)
    assert len(telegram.calls("sendMessage")) == 1


def test_an_edit_whose_answer_was_lost_may_be_repeated(telegram: Peer, bot: Account) -> None:
    sent = door.send(bot, HELLO)
    assert isinstance(sent, Sent)
    telegram.fail(method="editmessagetext", drop=True)
    assert isinstance(door.edit(bot, sent.external_ids[0], replace(HELLO, text="x")), Later)


def test_a_refused_connection_means_nothing_was_sent(bot: Account) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = replace(bot, api_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        result = door.send(closed, HELLO)
    assert isinstance(result, Later)
    assert result.whole_account


def test_a_private_address_that_is_not_allowed_is_never_called(telegram: Peer, bot: Account) -> None:
    result = door.send(replace(bot, allow=()), HELLO)
    assert isinstance(result, Never)
    assert (result.reason, result.whole_account) == (Reason.ADDRESS, True)
    assert telegram.calls("sendMessage") == []


@pytest.mark.parametrize("token", ["999:wrong", "not a token", "../../secret", ""])
def test_a_wrong_token_stops_the_whole_account(telegram: Peer, bot: Account, token: str) -> None:
    result = door.send(replace(bot, token=token), HELLO)
    assert isinstance(result, Never)
    assert (result.reason, result.whole_account) == (Reason.TOKEN, True)


def test_a_file_too_large_for_telegram_is_not_even_opened(telegram: Peer, bot: Account) -> None:
    huge = OutgoingFile("a.zip", "application/zip", 51 << 20, lambda: pytest.fail("opened"))
    result = door.send(bot, Outgoing(LANE, "document", files=(huge,)))
    assert isinstance(result, Never)
    assert result.reason == Reason.TOO_BIG


def test_a_file_we_lost_is_told(telegram: Peer, bot: Account) -> None:
    def gone() -> io.BytesIO:
        raise FileNotFoundError("/var/files/1")

    result = door.send(bot, Outgoing(LANE, "document", files=(OutgoingFile("a", "text/plain", 1, gone),)))
    assert isinstance(result, Never)
    assert result.reason == Reason.FILE_GONE
    assert "/var" not in result.why


@pytest.mark.parametrize("part", [Outgoing(LANE, text=" \n"), Outgoing(LANE, "image"), Outgoing(LANE, "location")])
def test_nothing_is_never_sent(telegram: Peer, bot: Account, part: Outgoing) -> None:
    assert isinstance(door.send(bot, part), Never)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """What the application's own log prints at its most talkative."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.configure("DEBUG", json=True)
    yield capsys
    root.handlers[:] = handlers
    root.setLevel(level)


def test_the_token_is_in_no_result_log_or_repr(
    telegram: Peer, bot: Account, printed: pytest.CaptureFixture[str]
) -> None:
    telegram.fail(method="sendmessage", drop=True)
    closed = replace(bot, api_url="http://127.0.0.1:9")
    told = [repr(bot), *(repr(door.send(account, HELLO)) for account in (bot, bot, closed, replace(bot, allow=())))]
    secret = bot.token.partition(":")[2]
    assert not [line for line in told if secret in line]
    assert secret not in printed.readouterr().out


def test_the_token_is_in_no_traceback(bot: Account) -> None:
    with pytest.raises(api.NotSent) as caught:
        api.call(replace(bot, api_url="http://127.0.0.1:9"), "getMe", {})
    assert bot.token not in "".join(traceback.format_exception(caught.value))

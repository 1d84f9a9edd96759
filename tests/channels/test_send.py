"""Parts sent to a Bot API server."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest

from app.channels.contract import (
    Account,
    Button,
    Never,
    Outgoing,
    OutgoingFile,
    OutgoingKind,
    Place,
    Reason,
    Sent,
    Span,
)  # fmt: skip
from app.channels.telegram import door
from deploy.demo import pictures
from tests.channels.conftest import DILSHOD
from tests.peers import Peer

LANE = str(DILSHOD)
HELLO = Outgoing(LANE, text="Assalomu alaykum, Dilshod")


def a_file(name: str = "chek.png", mime: str = "image/png", data: bytes = b"") -> OutgoingFile:
    body = data or pictures.receipt()
    return OutgoingFile(name, mime, len(body), lambda: io.BytesIO(body))


def params(peer: Peer, method: str) -> dict[str, Any]:
    """The parameters of the last call, objects read."""
    found = peer.calls(method)[-1]["params"]
    packed = {key for key, value in found.items() if isinstance(value, str) and value[:1] in ("[", "{")}
    return {key: json.loads(value) if key in packed else value for key, value in found.items()}


def test_a_text_is_sent_and_its_id_and_time_come_back(telegram: Peer, bot: Account) -> None:
    result = door.send(bot, HELLO)
    assert isinstance(result, Sent)
    assert len(result.external_ids) == 1
    assert result.at is not None


def test_markup_is_sent_as_entities_in_utf16(telegram: Peer, bot: Account) -> None:
    assert isinstance(door.send(bot, Outgoing(LANE, text="👍 muhim", markup=(Span("bold", 2, 5),))), Sent)
    sent = params(telegram, "sendMessage")
    assert sent["entities"] == [{"type": "bold", "offset": 3, "length": 5}]
    assert "parse_mode" not in sent


def test_markup_signs_of_a_text_are_only_signs(telegram: Peer, bot: Account) -> None:
    text = "<b>1 < 2</i> & *tez* _yoq_ [x](y"
    door.send(bot, Outgoing(LANE, text=text))
    assert telegram.calls("sendMessage")[-1]["params"]["text"] == text


def test_a_text_of_emoji_longer_than_a_message_arrives_in_parts_and_whole(telegram: Peer, bot: Account) -> None:
    text = "😀" * 4500
    for part in door.split(Outgoing(LANE, text=text)):
        assert isinstance(door.send(bot, part), Sent)
    assert "".join(call["params"]["text"] for call in telegram.calls("sendMessage")) == text


def test_a_part_that_was_not_split_is_refused_before_anything_is_sent(telegram: Peer, bot: Account) -> None:
    result = door.send(bot, Outgoing(LANE, text="a" * 5000))
    assert isinstance(result, Never)
    assert result.reason == Reason.TOO_LONG
    assert telegram.calls("sendMessage") == []


@pytest.mark.parametrize(
    ("kind", "method", "mime"),
    [
        ("image", "sendPhoto", "image/png"),
        ("document", "sendDocument", "application/pdf"),
        ("voice", "sendVoice", "audio/ogg"),
        ("video", "sendVideo", "video/mp4"),
        ("audio", "sendAudio", "audio/mpeg"),
        ("animation", "sendAnimation", "image/gif"),
        ("image", "sendAnimation", "image/gif"),
    ],
)
def test_a_file_is_sent_as_what_it_is_with_its_caption(
    telegram: Peer, bot: Account, kind: OutgoingKind, method: str, mime: str
) -> None:
    part = Outgoing(
        LANE, kind, text="Ариза", markup=(Span("bold", 0, 5),), files=(a_file("ариза.bin", mime, b"x" * 90_000),)
    )
    assert isinstance(door.send(bot, part), Sent)
    (call,) = telegram.calls(method)
    assert [file["size"] for file in call["files"].values()] == [90_000]
    assert params(telegram, method)["caption"] == "Ариза"


def test_a_photo_over_ten_megabytes_goes_as_a_document(telegram: Peer, bot: Account) -> None:
    big = replace(a_file(), size=11 << 20)
    assert isinstance(door.send(bot, Outgoing(LANE, "image", files=(big,))), Sent)
    assert len(telegram.calls("sendDocument")) == 1


def test_a_picture_that_telegram_cannot_read_goes_as_a_document(telegram: Peer, bot: Account) -> None:
    telegram.fail(method="sendphoto", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    assert isinstance(door.send(bot, Outgoing(LANE, "image", files=(a_file(),))), Sent)
    assert len(telegram.calls("sendDocument")) == 1


def test_an_album_with_such_a_picture_goes_as_documents(telegram: Peer, bot: Account) -> None:
    said = 'Bad Request: failed to send message #2 with the error message "PHOTO_INVALID_DIMENSIONS"'
    telegram.fail(method="sendmediagroup", status=400, description=said, times=1)
    part = Outgoing(LANE, "album", text="vipiska", files=(a_file("a.png"), a_file("uzun.png")))
    assert isinstance(door.send(bot, part), Sent)
    assert [item["type"] for item in params(telegram, "sendMediaGroup")["media"]] == ["document", "document"]
    assert params(telegram, "sendMediaGroup")["media"][0]["caption"] == "vipiska"


def test_an_album_that_stays_unreadable_is_refused(telegram: Peer, bot: Account) -> None:
    telegram.fail(method="sendmediagroup", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS", times=9)
    assert isinstance(door.send(bot, Outgoing(LANE, "album", files=(a_file("a.png"), a_file("b.png")))), Never)
    assert len(telegram.calls("sendMediaGroup")) == 2


def test_a_long_text_precedes_its_file(telegram: Peer, bot: Account) -> None:
    part = Outgoing(LANE, "image", text="a" * 1500, files=(a_file(),), reply_to="5", buttons=((Button("Ha", "yes"),),))
    first, second = door.split(part)
    assert (first.kind, len(first.text), first.reply_to, first.buttons) == ("text", 1500, "5", ())
    assert (second.kind, second.text, second.reply_to, second.buttons) == ("image", "", "", part.buttons)


def test_buttons_stand_under_the_text_of_an_album(telegram: Peer, bot: Account) -> None:
    part = Outgoing(LANE, "album", text="ikkalasi", files=(a_file(), a_file()), buttons=((Button("Ha", "yes"),),))
    assert [(each.kind, each.text, each.buttons) for each in door.split(part)] == [
        ("album", "", ()), ("text", "ikkalasi", part.buttons),
    ]  # fmt: skip


def test_an_album_is_one_call_with_the_caption_on_its_first(telegram: Peer, bot: Account) -> None:
    part = Outgoing(LANE, "album", text="ikkala tomoni", files=(a_file("a.png"), a_file("b.png")))
    assert door.split(part) == (part,)
    result = door.send(bot, part)
    assert isinstance(result, Sent)
    assert len(result.external_ids) == 2
    media = params(telegram, "sendMediaGroup")["media"]
    assert [item.get("caption") for item in media] == ["ikkala tomoni", None]


def test_an_album_is_cut_where_telegram_cannot_mix_or_count_further(telegram: Peer, bot: Account) -> None:
    pictures_and_papers = [a_file() for _ in range(11)] + [a_file("a.pdf", "application/pdf", b"%PDF")] * 2
    parts = door.split(Outgoing(LANE, "album", text="hammasi", files=tuple(pictures_and_papers)))
    assert [(part.kind, len(part.files)) for part in parts] == [("text", 0), ("album", 10), ("image", 1), ("album", 2)]
    assert all(isinstance(door.send(bot, part), Sent) for part in parts)


def test_buttons_are_inline_and_a_quote_may_be_gone(telegram: Peer, bot: Account) -> None:
    rows = ((Button("Baho", "rate:5"), Button("Sayt", url="https://bank.uz/")),)
    assert isinstance(door.send(bot, replace(HELLO, buttons=rows, reply_to="999")), Sent)
    sent = params(telegram, "sendMessage")
    assert sent["reply_markup"]["inline_keyboard"][0][1] == {"text": "Sayt", "url": "https://bank.uz/"}
    assert sent["reply_parameters"] == {"message_id": 999, "allow_sending_without_reply": True}


@pytest.mark.parametrize(("title", "method"), [("", "sendLocation"), ("Bosh ofis", "sendVenue")])
def test_a_place_is_a_point_or_a_venue(telegram: Peer, bot: Account, title: str, method: str) -> None:
    assert isinstance(door.send(bot, Outgoing(LANE, "location", place=Place(41.3, 69.2, title))), Sent)
    assert len(telegram.calls(method)) == 1


def test_an_edit_a_deletion_typing_and_a_press_are_answered(telegram: Peer, bot: Account) -> None:
    sent = door.send(bot, HELLO)
    assert isinstance(sent, Sent)
    (message,) = sent.external_ids
    assert door.edit(bot, message, replace(HELLO, text="Tuzatildi")) == Sent((message,))
    assert door.edit(bot, message, replace(HELLO, text="Tuzatildi")) == Sent((message,)), "not modified is done"
    assert door.delete(bot, LANE, message) == Sent((message,))
    assert door.delete(bot, LANE, message) == Sent((message,)), "already gone is done"
    assert door.typing(bot, LANE) == Sent()
    assert door.answer_callback(bot, "1", "Rahmat") == Sent()


def test_a_press_answered_too_late_is_done(telegram: Peer, bot: Account) -> None:
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    telegram.fail(method="answercallbackquery", status=400, description=late)
    assert door.answer_callback(bot, "1") == Sent()


def test_editing_what_is_gone_is_refused_for_good(telegram: Peer, bot: Account) -> None:
    result = door.edit(bot, "31337", HELLO)
    assert isinstance(result, Never)
    assert result.reason == Reason.NOT_FOUND

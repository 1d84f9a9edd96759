"""Updates of every kind, understood; strange ones, survived."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.channels.contract import Callback, Sender, Span
from app.channels.telegram import door
from tests.channels import updates
from tests.channels.updates import BY_KIND, CHAT, DILSHOD, GROUP, SENT, callback, edited, membership, message


def test_a_text_is_a_message_of_its_sender_in_its_chat() -> None:
    found = door.parse(message(text="Assalomu alaykum"))
    assert (found.kind, found.lane, found.external_id, found.version) == ("message", "4242", "7", 0)
    assert found.text == "Assalomu alaykum"
    assert found.at == datetime.fromtimestamp(SENT, UTC)
    assert found.sender == Sender("4242", "Dilshod Aliyev", "dilshod_a", "uz", False)


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_kind_of_attachment_is_one_attachment(kind: str) -> None:
    found = door.parse(message(**BY_KIND[kind]))
    assert found.kind == "message"
    assert [attachment.kind for attachment in found.attachments] == [kind]


def test_the_largest_size_of_a_photo_is_taken_and_the_smallest_previews_it() -> None:
    (photo,) = door.parse(message(caption="chek", **BY_KIND["image"])).attachments
    assert (photo.file_ref, photo.thumb_ref, photo.width, photo.height) == ("ref-large", "ref-small", 1280, 853)


def test_a_caption_is_the_text_with_its_own_markup() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 4}]
    found = door.parse(message(caption="chek bu", caption_entities=entities, **BY_KIND["image"]))
    assert (found.text, found.markup) == ("chek bu", (Span("bold", 0, 4),))


def test_a_preview_is_found_under_its_old_and_new_name() -> None:
    refs = [door.parse(message(**BY_KIND[kind])).attachments[0].thumb_ref for kind in ("document", "video_note")]
    assert refs == ["ref-thumb", "ref-thumb"]


def test_a_sticker_reads_as_its_emoji() -> None:
    assert door.parse(message(**BY_KIND["sticker"])).text == "👍"


def test_a_venue_is_a_place_with_its_name() -> None:
    point = {"latitude": 41.3, "longitude": 69.2}
    venue = {"location": point, "title": "Chorsu", "address": "Toshkent"}
    (place,) = door.parse(message(venue=venue, location=point)).attachments
    assert (place.latitude, place.longitude, place.place) == (41.3, 69.2, "Chorsu, Toshkent")


def test_a_contact_is_ones_own_only_when_the_ids_are_the_same() -> None:
    own = BY_KIND["contact"]["contact"]
    others = [own, {**own, "user_id": 99}, {key: own[key] for key in ("phone_number", "first_name")}]
    proofs = [door.parse(message(contact=contact)).attachments[0].own_contact for contact in others]
    assert proofs == [True, False, False]


def test_an_edited_message_keeps_its_id_and_has_a_version() -> None:
    found = door.parse(edited(text="tuzatdim"))
    assert (found.kind, found.external_id, found.version, found.text) == ("edited", "7", SENT + 60, "tuzatdim")


def test_a_quote_and_the_message_answered_are_kept() -> None:
    answered = {"message_id": 5, "chat": CHAT, "date": SENT, "text": "Salom, kartangiz tayyor"}
    found = door.parse(
        message(text="qachon?", reply_to_message=answered, quote={"text": "kartangiz tayyor", "position": 7})
    )
    assert (found.reply_to, found.quote) == ("5", "kartangiz tayyor")


def test_messages_of_an_album_share_its_id() -> None:
    assert door.parse(message(media_group_id="139", **BY_KIND["image"])).album == "139"


@pytest.mark.parametrize(
    ("extra", "name"),
    [
        ({"forward_origin": {"type": "user", "date": 1, "sender_user": DILSHOD}}, "Dilshod Aliyev"),
        ({"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Kamola"}}, "Kamola"),
        ({"forward_origin": {"type": "channel", "date": 1, "chat": {"id": -1, "title": "Yangiliklar"}}}, "Yangiliklar"),
        ({"forward_sender_name": "Timur", "forward_date": 1}, "Timur"),
        ({}, ""),
    ],
)
def test_a_forwarded_message_names_its_first_author(extra: dict[str, Any], name: str) -> None:
    assert door.parse(message(text="koʻring", **extra)).forwarded_from == name


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("/start", ""),
        ("/start site_cards", "site_cards"),
        ("/start@bank_bot a-1", "a-1"),
    ],
)
def test_start_carries_the_payload_of_a_deep_link(text: str, payload: str) -> None:
    found = door.parse(message(text=text))
    assert (found.kind, found.payload) == ("started", payload)


@pytest.mark.parametrize("text", ["/start karta bloklandi", "/start <b>", "/start " + "a" * 65, "/started"])
def test_what_no_deep_link_can_say_is_the_clients_word(text: str) -> None:
    found = door.parse(message(text=text))
    assert (found.kind, found.text, found.payload) == ("message", text, "")


def test_a_picture_described_as_start_is_a_picture() -> None:
    found = door.parse(message(caption="/start", **BY_KIND["image"]))
    assert (found.kind, len(found.attachments)) == ("message", 1)


@pytest.mark.parametrize(
    ("status", "kind"), [("kicked", "blocked"), ("member", "unblocked"), ("restricted", "ignored")]
)
def test_blocking_and_unblocking_the_bot_is_seen(status: str, kind: str) -> None:
    found = door.parse(membership(status))
    assert (found.kind, found.lane) == (kind, "4242")


def test_a_pressed_button_tells_its_data_and_message() -> None:
    found = door.parse(callback())
    assert (found.kind, found.lane, found.external_id) == ("callback", "4242", "555")
    assert found.callback == Callback("555", "rate:5", "9")


def test_a_press_without_a_message_belongs_to_the_persons_own_chat() -> None:
    update = callback()
    del update["callback_query"]["message"]
    assert door.parse(update).lane == "4242"


def test_an_inaccessible_message_has_no_time() -> None:
    assert door.parse(message(text="x", date=0)).at is None


@pytest.mark.parametrize("notice", [{"migrate_to_chat_id": -100777}, {"migrate_from_chat_id": -55}])
def test_both_notices_of_a_migration_say_the_same(notice: dict[str, int]) -> None:
    chat = {"id": -55 if "migrate_to_chat_id" in notice else -100777, "type": "group"}
    found = door.parse(message(chat=chat, **notice))
    assert (found.kind, found.lane, found.new_lane) == ("migrated", "-55", "-100777")


@pytest.mark.parametrize(
    "update",
    [
        message(chat=GROUP, text="hello all"),
        message(pinned_message={"message_id": 1, "chat": CHAT, "date": 0}),
        message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}),
        {"update_id": 1, "channel_post": {"message_id": 1, "chat": {"id": -1, "type": "channel"}, "date": SENT}},
        {"update_id": 1, "message_reaction": {"chat": CHAT, "message_id": 1}},
        {"update_id": 1, "business_message": {"message_id": 1, "chat": CHAT, "date": SENT, "text": "salom"}},
        {"update_id": 1, "chat_join_request": {"chat": GROUP, "from": DILSHOD, "user_chat_id": 4242, "date": SENT}},
        {"update_id": 1, "inline_query": {"id": "1", "from": DILSHOD, "query": "kurs", "offset": ""}},
        {"update_id": 1, "poll_answer": {"poll_id": "1", "user": DILSHOD, "option_ids": [0]}},
        {"update_id": 1, "something_of_2031": {"chat": CHAT, "from": DILSHOD}},
        message(chat=GROUP, text="noma'lum boshliq", sender_chat=GROUP),
        message(chat={**GROUP, "is_forum": True}, text="mavzu", message_thread_id=5, is_topic_message=True),
        message(chat={"id": -100300, "type": "supergroup", "is_direct_messages": True}, text="kanalga"),
    ],
)
def test_groups_service_messages_and_other_updates_are_ignored(update: dict[str, Any]) -> None:
    found = door.parse(update)
    assert found.kind == "ignored"
    assert found.why


@pytest.mark.parametrize("kind", ["dice", "poll", "story", "game", "checklist", "invoice", "something_of_2031"])
def test_content_we_do_not_know_is_unsupported_by_its_name(kind: str) -> None:
    found = door.parse(message(**{kind: {"value": 1}}))
    assert (found.kind, found.why, found.lane, found.external_id) == ("unsupported", kind, "4242", "7")


def test_a_caption_of_something_unknown_is_kept_with_the_warning() -> None:
    found = door.parse(message(caption="mana", paid_media={"star_count": 1}))
    assert (found.kind, found.why, found.text) == ("unsupported", "paid_media", "mana")


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": "x"},
        {"message": []},
        {"message": {}},
        {"message": {"chat": CHAT}},
        message(photo=[], caption="x"),
        [],
        None,
    ],
)
def test_a_broken_update_is_unsupported_with_a_reason(update: Any) -> None:
    found = door.parse(update)
    assert found.kind == "unsupported"
    assert found.why


def test_what_a_database_or_a_page_cannot_hold_is_cleaned_away() -> None:
    found = door.parse(message(text="a\x00b\ud800c\u202ed", **{"from": {**DILSHOD, "first_name": "Dil\x00shod\u202e"}}))
    assert found.text == "abcd"
    assert found.sender and found.sender.name == "Dilshod Aliyev"


def test_numbers_beyond_sense_are_missing_ones() -> None:
    assert door.parse(message(text="x", date=10**30)).at is None
    assert door.parse(message(text="x", chat={"id": 10**30, "type": "private"})).kind == "unsupported"
    (place,) = door.parse(message(location={"latitude": 1.5, "longitude": -0.5})).attachments
    assert place.latitude == 1.5
    assert door.parse(message(location={"latitude": float("nan"), "longitude": 1.0})).kind == "unsupported"


def test_nothing_personal_shows_in_the_repr() -> None:
    found = door.parse(message(text="mening sirim", **updates.BY_KIND["contact"]))
    assert "sirim" not in repr(found)
    assert "998901234567" not in repr(found)

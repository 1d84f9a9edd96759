"""Who hears what: the same bytes as in the page, only in the rooms concerned, nothing for outsiders."""

import re

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import reply, routing
from app.base import clock
from app.live import fragments, push
from app.models.db import db, transaction
from app.queries import chat_list, thread
from tests.cast import Cast
from tests.desk.clients import Client, bubble, last_message, texts
from tests.desk.conftest import Listen
from tests.desk.test_visible import put_in_group, viewer


@pytest.mark.clause("8.1")
def test_a_bubble_is_the_same_in_the_page_and_in_the_push(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    aziza = listen(cast.aziza, f"chat:{chat_id}")
    dilshod.writes("Kartam <b>bloklandi</b>, 8600 1234 5678 9012")
    message_id = last_message(chat_id)
    page = cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert bubble(texts(aziza.heard()), message_id) == bubble(page, message_id)


def test_a_row_is_the_same_in_the_page_and_in_the_push(app: Flask, dilshod: Client) -> None:
    row = chat_list.row(dilshod.writes("Salom"))
    assert row is not None
    now = clock.now()
    pushed = fragments.row(row, "ru", now)
    with app.test_request_context("/chats"):
        assert fragments.row(row, "ru", now) == pushed
        in_page = app.jinja_env.get_template("desk/_row.html").render(row=row, now=now, current=7)
    assert in_page.strip() == pushed
    assert len(pushed.encode()) <= 1024


def test_a_fragment_speaks_the_language_of_its_room(dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    message = thread.message(chat_id, last_message(chat_id))
    assert message is not None
    drawn = {locale: fragments.item(message, locale) for locale in ("ru", "uz_Latn", "uz_Cyrl", "en")}
    assert "Цитировать" in drawn["ru"] or "Quote" in drawn["ru"]
    assert len({re.sub(r">[^<]*<|\"[^\"]*\"", "", html) for html in drawn.values()}) == 1


def test_the_owner_hears_a_message_and_a_stranger_hears_nothing(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    aziza, timur = (listen(one, f"chat:{chat_id}", "queue:0", "queue:all") for one in (cast.aziza, cast.timur))
    assert aziza.joined == [f"chat:{chat_id}", "queue:0"]
    assert timur.joined == ["queue:0"]
    dilshod.writes("Kartam bloklandi")
    assert "Kartam bloklandi" in texts(aziza.heard())
    assert timur.heard() == []


@pytest.mark.parametrize(
    "room",
    ["person:1", "person:1:ru", "session:x", "everyone", "chat:", "chat:abc", "chat:" + "9" * 30, "queue:7", "mine:1"],
)
def test_nobody_joins_a_room_that_is_not_his(cast: Cast, dilshod: Client, listen: Listen, room: str) -> None:
    assert listen(cast.timur, room).joined == []


def test_a_colleague_who_loses_the_chat_hears_nothing_more(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    timur = listen(cast.timur, f"chat:{chat_id}")
    assert timur.joined == [f"chat:{chat_id}"]
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    assert ("moved", {"id": "head"}) in timur.heard()
    dilshod.writes("Parolim: qwerty")
    assert "qwerty" not in texts(timur.heard())
    assert timur.watch(f"chat:{chat_id}") == []


def test_leaving_a_page_leaves_its_rooms(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    aziza = listen(cast.aziza, f"chat:{chat_id}")
    assert aziza.watch() == []
    dilshod.writes("Kartam bloklandi")
    assert aziza.heard() == []


def test_a_new_chat_stands_in_the_queue_of_all_who_take(cast: Cast, dilshod: Client, listen: Listen) -> None:
    aziza, kamola = listen(cast.aziza, "queue:0"), listen(cast.kamola, "queue:0", "queue:all")
    chat_id = dilshod.writes("Salom")
    heard = aziza.heard()
    assert ("count", {"id": "count-queue", "by": 1}) in heard
    assert [data["list"] for name, data in heard if name == "fragment" and f"row-{chat_id}" in data["html"]]
    assert kamola.heard() == []


def test_a_taken_chat_leaves_the_queue_and_stands_in_its_owners_list(
    cast: Cast, dilshod: Client, listen: Listen
) -> None:
    chat_id = dilshod.writes("Salom")
    aziza, timur = listen(cast.aziza), listen(cast.timur, "queue:0")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    assert timur.heard() == [("remove", {"id": f"row-{chat_id}"}), ("count", {"id": "count-queue", "by": -1})]
    lists = {data.get("list") for name, data in aziza.heard() if name == "fragment"}
    assert lists == {"rows-mine"}


def test_a_chat_of_a_group_is_pushed_to_that_group_only(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    put_in_group(chat_id, 1)
    aziza, botir = listen(cast.aziza, "queue:0"), listen(cast.botir, "queue:all")
    push.row_changed(chat_id)
    assert aziza.heard() == []
    assert f"row-{chat_id}" in texts(botir.heard())


def test_a_note_is_pushed_to_colleagues_in_the_chat(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    by = viewer(cast.aziza)
    routing.take(chat_id, by, clock.now())
    aziza = listen(cast.aziza, f"chat:{chat_id}")
    reply.note(chat_id, "Лимит проверен", by, clock.now())
    assert "Лимит проверен" in texts(aziza.heard())


def test_who_types_is_seen_by_the_others(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    aziza, timur = (listen(one, f"chat:{chat_id}") for one in (cast.aziza, cast.timur))
    timur.says(chat_id, "types")
    heard = texts(aziza.heard())
    assert f'data-person="{cast.timur.id}"' in heard
    assert cast.timur.name in heard


def test_who_is_not_in_the_room_cannot_say_he_types(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    aziza, timur = listen(cast.aziza, f"chat:{chat_id}"), listen(cast.timur)
    timur.says(chat_id, "types")
    assert aziza.heard() == []


def test_a_page_learns_what_no_push_has_told(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    by, chat = viewer(cast.aziza), f"chat:{chat_id}"
    routing.take(chat_id, by, clock.now())
    aziza = listen(cast.aziza, chat)
    shown = {"list:mine": chat_list.digest(by, "mine"), "list:closed": "", chat: str(thread.rev(chat_id))}
    shown |= {"count:mine": "1", "count:queue": "0", "count:closed": ""}
    assert aziza.asks_what_differs(shown) == []
    dilshod.writes("Kartam bloklandi")
    assert aziza.asks_what_differs(shown) == ["list:mine", chat]
    assert aziza.asks_what_differs({**shown, "count:mine": "2"}) == ["list:mine", chat, "count:mine"]


def test_a_digest_of_a_chat_that_is_not_ours_tells_nothing(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    assert listen(cast.timur).asks_what_differs({f"chat:{chat_id}": "0", "chat:x": "", "list:x": "", "": ""}) == []


@pytest.mark.parametrize("number", [1, 0])
def test_pushes_leave_no_transaction_open_even_when_one_fails(dilshod: Client, number: int) -> None:
    chat_id = dilshod.writes("Salom")
    with transaction() as tx:
        tx.after(lambda: db.session.execute(text("SELECT 1 / :number"), {"number": number}))
        tx.after(push.row_changed, chat_id)
    assert not db.session().in_transaction()


def test_a_push_that_fails_does_not_silence_the_next(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = dilshod.writes("Salom")
    botir = listen(cast.botir, "queue:all")
    with transaction() as tx:
        tx.after(lambda: db.session.execute(text("SELECT 1 / 0")))
        tx.after(push.row_changed, chat_id)
    assert f"row-{chat_id}" in texts(botir.heard())

"""What could not be taken or read is kept, shown to administrators without its words, and taken again when they ask."""

import json
from typing import Any

import pytest
from psycopg import Connection
from sqlalchemy import text

from app.base import crypt
from app.models.db import db, transaction
from tests.cast import Cast
from tests.road.conftest import DILSHOD, Bank, edited, message

pytestmark = pytest.mark.clause("1.1")
Root = Connection[Any]


def poll() -> dict[str, Any]:
    """A kind of message that nobody can read yet."""
    update = message("")
    del update["message"]["text"]
    update["message"]["poll"] = {"id": "1", "question": "?"}
    return update


def becomes(bank: Bank, update: dict[str, Any]) -> Any:
    """The kept row says this now: as it would to a desk that understands more. Its id."""
    key = bank.one("SELECT id FROM inbox ORDER BY id DESC LIMIT 1")
    with transaction():
        raw = crypt.seal(json.dumps(update), at=("inbox.raw", key))
        db.session.execute(text("UPDATE inbox SET raw = :raw WHERE id = :id"), {"raw": raw, "id": key})
    return key


def test_a_failed_row_is_shown_without_its_words_and_taken_when_asked(bank: Bank, cast: Cast, superuser: Root) -> None:
    bank.hear(message("Karta 8600 1234"))
    superuser.execute("UPDATE inbox SET state = 'failed', error = 'ValueError', tries = 5")
    key, page = bank.one("SELECT id FROM inbox"), cast.kamola.browser.get("/office/road").text
    assert "ValueError" in page
    assert "message_id" in page
    assert "8600" not in page
    assert cast.kamola.browser.post(f"/office/road/{key}/retry").status_code == 303
    bank.take()

    assert bank.said() == ["Karta 8600 1234"]
    assert bank.one("SELECT count(*) FROM journal WHERE kind = 'inbox.retried'") == 1
    assert str(key) not in cast.kamola.browser.get("/office/road").text


def test_what_can_be_read_by_now_is_read_in_its_place(bank: Bank, cast: Cast) -> None:
    bank.receive(message("oldin"), unknown := poll())
    known = {**unknown, "message": {**unknown["message"], "text": "Soʻrovnoma"}}
    key = becomes(bank, known)
    bank.receive(message("keyin"))
    assert cast.kamola.browser.post(f"/office/road/{key}/retry").status_code == 303
    bank.take()

    assert bank.said() == ["oldin", "Soʻrovnoma", "keyin"]
    assert bank.one("SELECT count(*) FROM message WHERE shape ? 'unsupported'") == 0
    assert bank.one("SELECT state FROM inbox WHERE id = :id", id=key) == "taken"


def test_what_still_cannot_be_read_stays_as_it_is(bank: Bank, cast: Cast) -> None:
    bank.receive(poll())
    key = bank.one("SELECT id FROM inbox")
    cast.kamola.browser.post(f"/office/road/{key}/retry")
    bank.take()

    assert bank.one("SELECT state FROM inbox") == "unsupported"
    assert bank.one("SELECT count(*) FROM message") == 1


def test_another_picture_in_place_of_the_first_is_kept_beside_it(bank: Bank) -> None:
    photo = message("")
    photo["message"] |= {"photo": [{"file_id": "first", "width": 9, "height": 9, "file_size": 100}], "caption": "Chek"}
    del photo["message"]["text"]
    bank.receive(photo)
    recaptioned = edited(photo, "")
    del recaptioned["edited_message"]["text"]
    recaptioned["edited_message"]["caption"] = "Chekim"
    again = edited(photo, "")
    del again["edited_message"]["text"]
    again["edited_message"] |= {"photo": [{"file_id": "second", "width": 9, "height": 9, "file_size": 222}]}
    again["edited_message"]["edit_date"] += 5
    bank.receive(recaptioned)
    assert bank.one("SELECT count(*) FROM file") == 1
    bank.receive(again)

    assert bank.one("SELECT array_agg(size ORDER BY size) FROM file") == [100, 222]
    assert bank.one("SELECT count(DISTINCT message_id) FROM file") == 1


def test_a_picture_of_an_album_is_described_anew_and_stays_in_it(bank: Bank) -> None:
    album = []
    for name in ("bir", "ikki"):
        photo = message("")
        del photo["message"]["text"]
        size = {"file_id": name, "width": 9, "height": 9, "file_size": len(name)}
        photo["message"] |= {"photo": [size], "media_group_id": "77", "caption": name}
        album.append(photo)
    bank.receive(*album)
    again = edited(album[1], "")
    del again["edited_message"]["text"]
    again["edited_message"]["caption"] = "ikkinchi"
    bank.receive(again)

    assert bank.said() == ["bir", "ikkinchi"]
    assert bank.one("SELECT count(*) FROM message WHERE shape->>'album' = '77'") == 2
    assert bank.one("SELECT count(*) FROM file") == 2


def test_a_group_that_moves_makes_nobody_a_client(bank: Bank) -> None:
    moved = message("")
    moved["message"] = {
        "message_id": 5,
        "date": moved["message"]["date"],
        "chat": {"id": -55, "type": "group"},
        "migrate_to_chat_id": -100777,
    }
    bank.receive(moved, message("Salom"))

    assert bank.one("SELECT count(*) FROM customer") == 1
    assert bank.one("SELECT lane FROM identity") == str(DILSHOD)

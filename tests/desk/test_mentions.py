"""Colleagues named in a note: who may be, who hears of it, and what never leaves the house."""

import re
from typing import Any

import pytest
from psycopg import Connection
from sqlalchemy import text

from app.models.db import db
from app.queries import notices
from tests.cast import Actor, Cast
from tests.desk.clients import Client, last_message
from tests.desk.test_pages import kinds, taken
from tests.desk.test_visible import put_in_group

pytestmark = pytest.mark.clause("8.1", "8.5")


def offered(actor: Actor, chat_id: int, asked: str = "") -> list[str]:
    page = actor.browser.get(f"/chats/{chat_id}/colleagues?q={asked}")
    assert page.status_code == 200
    return re.findall(r'data-name="([^"]+)"', page.text)


def note(actor: Actor, chat_id: int, said: str, *named: Actor, **more: Any) -> None:
    form = {"text": said, "mode": "note", "mention": [one.id for one in named], **more}
    assert actor.browser.post(f"/chats/{chat_id}/note", form).status_code == 303


def told(actor: Actor) -> list[str]:
    return [one.said for one in notices.newest(actor.id, 9)]


def test_only_those_who_see_the_chat_are_offered_and_never_oneself(
    cast: Cast, dilshod: Client, superuser: "Connection[Any]"
) -> None:
    aziza, timur, botir, kamola = cast.aziza, cast.timur, cast.botir, cast.kamola
    chat_id = dilshod.writes("Salom")
    assert offered(aziza, chat_id) == [botir.name, timur.name], "it waits: whoever takes chats sees it"
    chat_id = taken(cast, dilshod)
    assert offered(aziza, chat_id) == [botir.name]
    assert [sees(one, chat_id) for one in (botir, timur, kamola)] == [True, False, False]
    superuser.execute("UPDATE person SET blocked_at = now() WHERE id = %s", [botir.id])
    assert offered(aziza, chat_id) == []


def test_groups_count_as_they_do_for_opening(cast: Cast, dilshod: Client, superuser: "Connection[Any]") -> None:
    chat_id, timur = taken(cast, dilshod), cast.timur
    row = superuser.execute("INSERT INTO staff_group (names, position) VALUES ('{}', 9) RETURNING id").fetchone()
    assert row is not None
    put_in_group(chat_id, row[0])
    assert not sees(timur, chat_id) and offered(cast.aziza, chat_id) == []
    superuser.execute("INSERT INTO group_member VALUES (%s, %s)", [row[0], timur.id])
    assert sees(timur, chat_id) and offered(cast.aziza, chat_id) == [timur.name]


def test_who_is_not_at_work_is_offered_last_and_said_so(
    cast: Cast, dilshod: Client, superuser: "Connection[Any]"
) -> None:
    aziza, timur, botir = cast.aziza, cast.timur, cast.botir
    chat_id = dilshod.writes("Salom")
    superuser.execute("UPDATE status_span SET ended_at = now() WHERE person_id = %s", [botir.id])
    assert offered(aziza, chat_id) == [timur.name, botir.name]
    assert "<small>" in aziza.browser.get(f"/chats/{chat_id}/colleagues?q=bo").text


def sees(actor: Actor, chat_id: int) -> bool:
    return bool(actor.browser.get(f"/chats/{chat_id}").status_code == 200)


@pytest.mark.parametrize("asked", ["bo", "Бот", "rahim", "рах", "ищ", ",jn"])
def test_a_name_is_found_in_either_script_and_on_a_wrong_layout(cast: Cast, dilshod: Client, asked: str) -> None:
    cast.botir, cast.timur  # noqa: B018 - they come to work
    assert offered(cast.aziza, dilshod.writes("Salom"), asked) == [cast.botir.name]


@pytest.mark.parametrize("asked", ["!", "...", "*", "%25", "_", "(", "’"])
def test_signs_that_are_no_words_name_nobody(cast: Cast, dilshod: Client, asked: str) -> None:
    cast.botir  # noqa: B018 - he comes to work
    assert offered(cast.aziza, dilshod.writes("Salom"), asked) == []


def test_namesakes_are_offered_with_their_logins_and_each_is_told_for_himself(
    cast: Cast, dilshod: Client, superuser: "Connection[Any]"
) -> None:
    aziza, timur, botir = cast.aziza, cast.timur, cast.botir
    superuser.execute("UPDATE person SET name = %s WHERE id = %s", [botir.name, timur.id])
    chat_id = dilshod.writes("Salom")
    called = offered(aziza, chat_id)
    assert sorted(called) == sorted(f"{botir.name} ({one.login})" for one in (botir, timur))
    aziza.browser.post(f"/chats/{chat_id}/note", {"text": f"@{botir.name} ({timur.login})", "mention": timur.id})
    assert (len(told(timur)), len(told(botir))) == (1, 0)


def test_a_stranger_is_told_nothing_of_who_sees_a_chat(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    assert cast.timur.browser.get(f"/chats/{chat_id}/colleagues").status_code == 404


def test_whoever_is_named_is_told_who_and_where_but_not_the_words(cast: Cast, dilshod: Client) -> None:
    chat_id, botir = taken(cast, dilshod), cast.botir
    note(cast.aziza, chat_id, f"@{botir.name} проверьте лимит", botir)
    (notice,) = notices.newest(botir.id, 9)
    assert cast.aziza.name in notice.said and str(chat_id) in notice.said and "лимит" not in notice.said
    assert notice.leads_to == f"/chats/{chat_id}?at={last_message(chat_id)}#m-{last_message(chat_id)}"
    answer = botir.browser.post(f"/me/notifications/{notice.id}/open")
    assert answer.headers["Location"] == notice.leads_to
    assert "проверьте лимит" in botir.browser.get(notice.leads_to).text


def test_only_a_name_that_still_stands_counts(cast: Cast, dilshod: Client) -> None:
    chat_id, botir = taken(cast, dilshod), cast.botir
    note(cast.aziza, chat_id, f"@{botir.name}ский и {botir.name}", botir)
    assert told(botir) == []
    note(cast.aziza, chat_id, f"(@{botir.name}) и @{botir.name}", botir)
    assert len(told(botir)) == 1


def test_who_may_not_see_the_chat_is_passed_over(cast: Cast, dilshod: Client) -> None:
    chat_id, timur, botir = taken(cast, dilshod), cast.timur, cast.botir
    note(cast.aziza, chat_id, f"@{timur.name}, @{botir.name} и @{cast.aziza.name}", timur, botir, cast.aziza)
    assert told(timur) == told(cast.aziza) == []
    assert len(told(botir)) == 1


def test_a_note_sent_twice_tells_once(cast: Cast, dilshod: Client) -> None:
    chat_id, botir = taken(cast, dilshod), cast.botir
    for _ in range(2):
        note(cast.aziza, chat_id, f"@{botir.name}", botir, botir, client_id="abc")
    assert len(told(botir)) == 1


def test_what_is_no_number_is_passed_over_and_the_note_is_kept(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    note(cast.aziza, chat_id, "@Botir", mention=["x", "", "-1", "9" * 40])
    assert kinds(chat_id) == ["client", "note"]


def test_an_answer_to_the_client_mentions_nobody(cast: Cast, dilshod: Client) -> None:
    chat_id, botir = taken(cast, dilshod), cast.botir
    form = {"text": f"@{botir.name}", "mode": "reply", "mention": botir.id}
    assert cast.aziza.browser.post(f"/chats/{chat_id}/say", form).status_code == 303
    assert told(botir) == []
    note(cast.aziza, chat_id, f"@{botir.name}", botir)
    assert db.session.scalar(text("SELECT count(*) FROM outbox")) == 1, "the answer alone"

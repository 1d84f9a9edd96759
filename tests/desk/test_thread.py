"""The thread: order, days, quotes, older messages, what changed since a rev."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.actions import reply, routing
from app.base import clock
from app.base.clock import business_day
from app.models.chat import Verb
from app.queries import thread, visible
from tests.cast import Cast
from tests.desk.clients import Client, last_message
from tests.desk.test_visible import viewer


def said(page: thread.Page) -> list[str]:
    return [item.text for item in page.items if isinstance(item, thread.Message)]


def test_messages_and_events_stand_in_one_order(cast: Cast, dilshod: Client) -> None:
    by, now = viewer(cast.aziza), clock.now()
    chat_id = dilshod.writes("Salom", now - timedelta(minutes=5))
    routing.take(chat_id, by, now - timedelta(minutes=4))
    reply.say(chat_id, "Assalomu alaykum", by, now - timedelta(minutes=3))
    reply.note(chat_id, "Лимит проверен", by, now - timedelta(minutes=2))
    page = thread.latest(chat_id)
    assert said(page) == ["Salom", "Assalomu alaykum", "Лимит проверен"]
    assert [item.order for item in page.items] == sorted(item.order for item in page.items)
    assert {item.verb for item in page.items if isinstance(item, thread.Event)} == {Verb.OPENED, Verb.TAKEN}
    assert page.before is None


def test_card_numbers_are_not_shown(dilshod: Client) -> None:
    chat_id = dilshod.writes("8600 1234 5678 9012")
    assert "1234" not in said(thread.latest(chat_id))[0]


def test_older_messages_come_by_cursor_without_gap_or_double(dilshod: Client) -> None:
    now = clock.now()
    for number in range(7):
        dilshod.writes(f"{number}", now - timedelta(minutes=10 - number))
    first = thread.latest(dilshod.chat_id, 3)
    assert first.before is not None
    second = thread.before(dilshod.chat_id, first.before, 3)
    assert second.before is not None
    third = thread.before(dilshod.chat_id, second.before, 3)
    assert said(third) + said(second) + said(first) == [str(number) for number in range(7)]
    assert third.before is None


@pytest.mark.parametrize("cursor", ["", "x", "1", "1-x", "²-" + "0" * 32, "9" * 40 + "-" + "0" * 32, "-" + "0" * 32])
def test_what_is_no_cursor_is_not_found(cast: Cast, dilshod: Client, cursor: str) -> None:
    chat_id = dilshod.writes("Salom")
    assert cast.aziza.browser.get(f"/chats/{chat_id}/older", query_string={"before": cursor}).status_code == 404


def test_changes_since_a_rev_are_new_and_changed_bubbles_only(cast: Cast, dilshod: Client) -> None:
    by = viewer(cast.aziza)
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, by, clock.now())
    rev = visible.chat(by, chat_id).rev
    nothing = cast.aziza.browser.get(f"/chats/{chat_id}/changes?since={rev}")
    assert nothing.headers["X-Rev"] == str(rev)
    assert "<article" not in nothing.text
    reply.say(chat_id, "Assalomu alaykum", by, clock.now())
    changed = cast.aziza.browser.get(f"/chats/{chat_id}/changes?since={rev}")
    assert int(changed.headers["X-Rev"]) > rev
    assert changed.text.count("<article") == 1
    assert "Assalomu alaykum" in changed.text


def test_too_much_to_catch_up_asks_for_the_whole(cast: Cast, dilshod: Client) -> None:
    by, now = viewer(cast.aziza), clock.now()
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, by, now)
    for number in range(101):
        reply.note(chat_id, f"{number}", by, now + timedelta(milliseconds=number))
    assert cast.aziza.browser.get(f"/chats/{chat_id}/changes?since=0").status_code == 409


def test_a_day_has_one_line_and_a_push_brings_it_with_its_first_message(dilshod: Client) -> None:
    now = clock.now()
    dilshod.writes("Kecha", now - timedelta(days=1))
    dilshod.writes("Bugun", now)
    dilshod.writes("Yana", now + timedelta(milliseconds=5))
    page = thread.latest(dilshod.chat_id)
    firsts = {business_day(item.at): item for item in reversed(page.items)}
    assert len(firsts) == 2
    assert [item for item in page.items if thread.opens_day(item)] == [firsts[day] for day in sorted(firsts)]


def test_a_quote_shows_whom_it_answers(cast: Cast, dilshod: Client) -> None:
    by = viewer(cast.aziza)
    chat_id = dilshod.writes("Karta bloklandi")
    routing.take(chat_id, by, clock.now())
    reply.say(chat_id, "Qaysi karta?", by, clock.now(), reply_to=last_message(chat_id))
    answer = [item for item in thread.latest(chat_id).items if isinstance(item, thread.Message)][-1]
    assert answer.quote is not None
    assert answer.quote.text == "Karta bloklandi"


def test_the_line_of_new_messages_stands_above_the_first_unread(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Birinchi")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    reply.seen(chat_id, viewer(cast.aziza), clock.now())
    dilshod.writes("Ikkinchi", clock.now() + timedelta(seconds=1))
    page = cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert page.index("Birinchi</div>") < page.index('id="unread"') < page.index("Ikkinchi</div>")


def test_a_message_of_another_chat_cannot_be_retried(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    assert cast.aziza.browser.post(f"/chats/{chat_id}/retry/{uuid4()}").status_code == 404

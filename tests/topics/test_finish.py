"""A chat is finished through its panel; nothing traps, nothing is forgotten (clause 9.3)."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import closing, episode_topics, routing
from app.base import clock
from app.models.chat import Outcome
from app.models.db import db, transaction
from app.queries import topic_choice, without_topic
from tests.cast import Cast
from tests.desk.clients import Client
from tests.desk.test_visible import put_in_group, viewer
from tests.topics.grown import BLOCKING, LIMITS

pytestmark = pytest.mark.clause("9.3")


def taken(cast: Cast, client: Client, said: str = "Salom") -> int:
    chat_id = client.writes(said)
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    return chat_id


def topics_of(chat_id: int, number: int = 1) -> set[int]:
    asked = text(
        "SELECT topic_id FROM episode_topic t JOIN episode e ON e.id = t.episode_id WHERE chat_id = :id AND number = :n"
    )
    found = set(db.session.scalars(asked, {"id": chat_id, "n": number}))
    db.session.rollback()
    return found


def wants(cast: Cast) -> list[int]:
    found = [row.chat_id for row in without_topic.own(viewer(cast.aziza))]
    db.session.rollback()
    return found


def test_a_chat_is_finished_with_several_topics(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    sent = {"outcome": "solved", "topic": [str(LIMITS), str(BLOCKING)], "comment": "ok"}
    assert cast.aziza.browser.post(f"/chats/{chat_id}/finish", sent).status_code == 303
    assert topics_of(chat_id) == {LIMITS, BLOCKING}
    assert wants(cast) == []


def test_without_a_topic_the_panel_stays_with_what_was_entered(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/finish", {"outcome": "not_solved", "comment": "Ждём ответа"})
    assert answer.status_code == 422
    assert "Ждём ответа" in answer.text and 'value="not_solved" checked' in answer.text
    assert "finish-form" in answer.text and 'name="later"' in answer.text


def test_topic_later_closes_for_the_client_and_stands_in_the_list(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    cast.aziza.browser.post(f"/chats/{chat_id}/finish", {"outcome": "solved", "later": "1"})
    assert wants(cast) == [chat_id]
    page = cast.aziza.browser.get("/chats/without-topic").text
    assert f"/chats/{chat_id}/episodes/1/topics" in page
    cast.aziza.browser.post(f"/chats/{chat_id}/episodes/1/topics", {"topic": str(LIMITS)})
    assert wants(cast) == [] and topics_of(chat_id) == {LIMITS}


def test_spam_needs_no_topic(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    assert cast.aziza.browser.post(f"/chats/{chat_id}/finish", {"outcome": "spam"}).status_code == 303
    assert wants(cast) == []


def test_a_group_that_asks_for_no_topic_gets_none(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    put_in_group(chat_id, 1)
    with transaction():
        db.session.execute(text("UPDATE staff_group SET topic_required = false WHERE id = 1"))
    try:
        assert cast.aziza.browser.post(f"/chats/{chat_id}/finish", {"outcome": "solved"}).status_code == 303
        assert wants(cast) == []
    finally:
        with transaction():
            db.session.execute(text("UPDATE staff_group SET topic_required = true WHERE id = 1"))


def test_the_panel_warns_of_a_word_without_an_answer_and_offers_both_ways(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    page = cast.aziza.browser.get(f"/chats/{chat_id}/finish", headers={"HX-Request": "true"}).text
    assert "data-answers" in page and "data-again" in page and "notice hold" in page
    cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": "Tekshiraman"})
    page = cast.aziza.browser.get(f"/chats/{chat_id}/finish", headers={"HX-Request": "true"}).text
    assert "notice hold" not in page


def test_a_word_that_comes_while_the_panel_is_open_is_not_overlooked(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": "Tayyor"})
    drawn = clock.now()
    dilshod.writes("Yana savol", drawn + timedelta(seconds=1))
    sent = {"outcome": "solved", "topic": str(LIMITS), "drawn": drawn.isoformat()}
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/finish", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 409 and answer.headers["HX-Retarget"] == "#finish"
    assert "notice hold" in answer.text and f'value="{LIMITS}" checked' in answer.text
    sent["drawn"] = (drawn + timedelta(seconds=2)).isoformat()
    assert cast.aziza.browser.post(f"/chats/{chat_id}/finish", sent).status_code == 303


def test_topics_said_while_the_chat_is_open_stand_in_its_panel(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    episode_topics.give(chat_id, 1, [LIMITS], viewer(cast.aziza), clock.now())
    page = cast.aziza.browser.get(f"/chats/{chat_id}/finish").text
    assert f'value="{LIMITS}" checked' in page
    closing.finish_by_system(chat_id, "idle", clock.now())
    assert topics_of(chat_id) == {LIMITS} and wants(cast) == []


def test_the_client_and_the_system_leave_a_chat_that_wants_a_topic(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    assert closing.finish_by_system(chat_id, "idle", clock.now())
    assert not closing.finish_by_system(chat_id, "idle", clock.now())
    assert wants(cast) == [chat_id]


def test_an_outcome_is_named_afterwards_where_there_is_none(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    closing.finish_by_system(chat_id, "idle", clock.now())
    cast.aziza.browser.post(f"/chats/{chat_id}/episodes/1/topics", {"outcome": "spam"})
    assert wants(cast) == []
    cast.aziza.browser.post(f"/chats/{chat_id}/episodes/1/topics", {"outcome": "solved", "topic": str(LIMITS)})
    outcome = db.session.scalar(text("SELECT outcome FROM episode WHERE chat_id = :id"), {"id": chat_id})
    assert outcome == "spam", "what was named once is not renamed by the way"


def test_a_colleague_does_not_say_what_another_s_chat_was_about(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    with pytest.raises(episode_topics.NotYourEpisode):
        episode_topics.give(chat_id, 1, [LIMITS], viewer(cast.timur), clock.now())
    assert cast.timur.browser.post(f"/chats/{chat_id}/episodes/1/topics", {"topic": str(LIMITS)}).status_code == 404


def test_a_supervisor_says_it_instead(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    closing.finish(chat_id, Outcome.SOLVED, [], "", viewer(cast.aziza), clock.now())
    page = cast.botir.browser.get("/watch/without-topic").text
    assert f"/chats/{chat_id}/episodes/1/topics?from=watch" in page
    answer = cast.botir.browser.post(f"/chats/{chat_id}/episodes/1/topics", {"topic": str(LIMITS), "from": "watch"})
    assert answer.headers["Location"] == "/watch/without-topic"
    assert wants(cast) == []


def test_the_supervisors_menu_counts_chats_without_a_topic(cast: Cast, dilshod: Client) -> None:
    for number in (2, 3):
        chat_id = taken(cast, Client("Malika", number))
        closing.finish(chat_id, Outcome.SOLVED, [], "", viewer(cast.aziza), clock.now())
    page = cast.botir.browser.get("/watch/without-topic").text
    assert '<span class="badge plain">2</span>' in page


def test_a_search_without_scripts_keeps_what_was_entered(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    sent = {"find": "1", "words": "лимит", "topic": str(BLOCKING), "comment": "Разобрались", "outcome": "not_solved"}
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/finish", sent)
    assert answer.status_code == 200
    assert f'value="{BLOCKING}" checked' in answer.text and "Разобрались" in answer.text
    assert f'name="topic" value="{LIMITS}">' in answer.text


def test_what_a_client_asked_before_is_offered_first(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    closing.finish(chat_id, Outcome.SOLVED, [LIMITS], "", viewer(cast.aziza), clock.now())
    other = taken(cast, Client("Malika", 2))
    closing.finish(other, Outcome.SOLVED, [BLOCKING], "", viewer(cast.aziza), clock.now())
    dilshod.writes("Yana salom", clock.now() + timedelta(days=30))
    offered = topic_choice.suggested(chat_id, None, cast.aziza.id, clock.now())
    assert [(one.id, one.why) for one in offered] == [(LIMITS, "client"), (BLOCKING, "mine")]

"""Lists that were asked for otherwise: sorted, of one channel, searched on the server in either script."""

from datetime import timedelta

import pytest

from app.actions import closing, routing
from app.base import clock
from app.models.chat import Outcome
from app.queries import chat_list
from app.queries.chat_list import Wish
from tests.cast import Cast
from tests.desk.clients import Client
from tests.desk.test_lists import statements
from tests.desk.test_visible import put_in_group, viewer

pytestmark = pytest.mark.clause("8.1")


def names(rows: list[chat_list.Row]) -> list[str]:
    return [row.name for row in rows]


@pytest.mark.parametrize("words", ["шахноза", "Shahnoza", "shaxnoza", "шаҳ", "юс шах"])
def test_a_client_is_found_in_either_script(cast: Cast, dilshod: Client, words: str) -> None:
    dilshod.writes("Salom")
    routing.take(Client("Шаҳноза Юсупова", 2).writes("Salom"), viewer(cast.aziza), clock.now())
    for tab in (chat_list.mine, chat_list.queue):
        assert names(tab(viewer(cast.aziza), Wish(words=words))) == ["Шаҳноза Юсупова"]


def test_a_chat_is_found_by_its_number(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    Client("Malika", 2).writes("Salom")
    assert names(chat_list.queue(viewer(cast.aziza), Wish(words=str(chat_id)))) == ["Dilshod Aliyev"]


@pytest.mark.parametrize("words", ["zzz", "😀", "%", "<script>"])
def test_what_is_nobodys_name_finds_nobody(cast: Cast, dilshod: Client, words: str) -> None:
    dilshod.writes("Salom")
    assert chat_list.mine(viewer(cast.aziza), Wish(words=words)) == []
    assert cast.aziza.browser.get("/chats", query_string={"q": words}).status_code == 200


def test_colleagues_chats_and_other_groups_are_not_found(cast: Cast, dilshod: Client) -> None:
    routing.take(dilshod.writes("Salom"), viewer(cast.timur), clock.now())
    put_in_group(Client("Dilnoza", 2).writes("Salom"), 1)
    assert chat_list.mine(viewer(cast.aziza), Wish(words="dil")) == []


def test_a_finished_chat_is_found_among_the_finished(cast: Cast, dilshod: Client) -> None:
    by = viewer(cast.aziza)
    for client in (dilshod, Client("Malika", 2)):
        routing.take(client.writes("Salom"), by, clock.now())
        closing.finish(client.chat_id, Outcome.SOLVED, [], "", by, clock.now())
    assert names(chat_list.closed(by, None, Wish(words="мал"))) == ["Malika"]


def test_the_newest_may_stand_first(cast: Cast, dilshod: Client) -> None:
    now = clock.now()
    dilshod.writes("Salom", now - timedelta(minutes=9))
    Client("Malika", 2).writes("Salom", now)
    assert names(chat_list.queue(viewer(cast.aziza))) == ["Dilshod Aliyev", "Malika"]
    assert names(chat_list.queue(viewer(cast.aziza), Wish(sort="new"))) == ["Malika", "Dilshod Aliyev"]


def test_a_list_of_one_channel_leaves_out_the_others(cast: Cast, dilshod: Client) -> None:
    dilshod.writes("Salom")
    by = viewer(cast.aziza)
    assert names(chat_list.queue(by, Wish(channel_id=dilshod.channel_id))) == ["Dilshod Aliyev"]
    assert chat_list.queue(by, Wish(channel_id=dilshod.channel_id + 1)) == []
    assert (dilshod.channel_id, "Telegram") in chat_list.counts(by).channels


def test_a_searched_list_keeps_its_question_when_it_is_drawn_anew(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    page = cast.aziza.browser.get("/chats?tab=queue&q=дил&sort=new").text
    assert 'data-heal="/chats/list?tab=queue&amp;sort=new&amp;q=%D0%B4%D0%B8%D0%BB"' in page
    assert 'id="rows-found"' in page
    assert f'id="row-{chat_id}"' in page


def test_a_search_is_two_statements(cast: Cast, dilshod: Client) -> None:
    for number in range(9):
        Client(f"Mijoz {number}", 100 + number).writes("Salom")
    with statements() as told:
        assert len(chat_list.queue(viewer(cast.aziza), Wish(words="mijoz"))) == 9
    assert len([one for one in told if "standing" in one]) == 2

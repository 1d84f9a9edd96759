"""A supervisor finishes several chats at once; each passes its own door (clause 9.3)."""

import pytest
from sqlalchemy import text

from app.actions import closing, closing_many, episode_topics, moving, routing
from app.actions.journal import HERE
from app.actions.moving import Target
from app.base import clock
from app.base.refusal import Refusal
from app.models.chat import Outcome
from app.models.db import db
from app.models.permission import Scope
from app.models.viewer import Viewer
from app.queries import moving as planned
from app.queries import visible
from tests.cast import Actor, Cast
from tests.desk.clients import Client
from tests.desk.test_visible import put_in_group, viewer
from tests.office.listed import last_journalled
from tests.topics.grown import BLOCKING, LIMITS

pytestmark = pytest.mark.clause("9.3")


def supervisor(actor: Actor, manage: Scope = Scope.ALL, *groups: int) -> Viewer:
    plain = viewer(actor, Scope.ALL, Scope.ALL)
    rights = {**plain.rights, "chats.manage": manage}
    return Viewer(**{**vars(plain), "rights": rights, "groups": frozenset(groups)})


def chats(cast: Cast, count: int) -> list[int]:
    found = [Client(f"Mijoz {n}", 100 + n).writes("Salom") for n in range(count)]
    for chat_id in found[::2]:
        routing.take(chat_id, viewer(cast.aziza), clock.now())
    return found


def open_now() -> int:
    found = db.session.scalar(text("SELECT count(*) FROM standing"))
    db.session.rollback()
    return int(found or 0)


def test_taken_and_waiting_chats_are_finished_together(cast: Cast, dilshod: Client) -> None:
    chosen = chats(cast, 4)
    by = supervisor(cast.botir)
    done = closing_many.finish_many(chosen, Outcome.SOLVED, [LIMITS], "Сбой устранён", by, HERE, clock.now())
    assert (done.finished, done.refused, open_now()) == (chosen, [], 0)
    journalled, details = last_journalled()
    assert journalled.kind == "chat.finished_many" and details["chats"] == chosen


def test_what_is_refused_is_named_with_its_reason_and_holds_nobody_back(cast: Cast, dilshod: Client) -> None:
    first, second = chats(cast, 2)
    by = supervisor(cast.botir)
    closing_many.finish_many([first], Outcome.SPAM, [], "", by, HERE, clock.now())
    done = closing_many.finish_many([first, 999_999, second], Outcome.SOLVED, [LIMITS], "", by, HERE, clock.now())
    assert done.finished == [second]
    assert [chat_id for chat_id, _why in done.refused] == [first, 999_999] and all(why for _id, why in done.refused)


def test_a_chat_outside_the_supervisors_scope_is_refused(cast: Cast, dilshod: Client) -> None:
    here = chats(cast, 1)[0]
    put_in_group(here, 1)
    by = supervisor(cast.botir, Scope.GROUPS, 2)
    done = closing_many.finish_many([here], Outcome.SPAM, [], "", by, HERE, clock.now())
    assert done.finished == [] and len(done.refused) == 1


@pytest.mark.clause("9.3", "15.5")
def test_one_chat_outside_the_supervisors_scope_is_neither_finished_nor_taken_nor_moved(
    cast: Cast, dilshod: Client
) -> None:
    here = chats(cast, 1)[0]
    put_in_group(here, 1)
    stranger, own = supervisor(cast.botir, Scope.GROUPS, 2), supervisor(cast.botir, Scope.GROUPS, 1)
    for verb in (
        lambda by: closing.finish(here, Outcome.SOLVED, [], "", by, clock.now()),
        lambda by: routing.take(here, by, clock.now()),
        lambda by: routing.give_back(here, by, clock.now()),
        lambda by: routing.transfer(here, by, clock.now(), to_group=2),
        lambda by: moving.move([here], Target("queue"), "Tushlik", by, HERE, clock.now()),
        lambda by: episode_topics.give(here, 1, [LIMITS], by, clock.now()),
    ):
        with pytest.raises(Refusal):
            verb(stranger)
    assert not visible.chat(stranger, here).can_finish and visible.chat(own, here).can_finish
    assert planned.managed(stranger, [here]) == [] and planned.managed(own, [here]) == [here]
    closing.finish(here, Outcome.SOLVED, [LIMITS], "", own, clock.now())
    assert open_now() == 0


def test_a_topic_is_needed_here_too_unless_it_comes_later(cast: Cast, dilshod: Client) -> None:
    chosen = chats(cast, 1)
    by = supervisor(cast.botir)
    assert closing_many.finish_many(chosen, Outcome.SOLVED, [], "", by, HERE, clock.now()).finished == []
    done = closing_many.finish_many(chosen, Outcome.SOLVED, [], "", by, HERE, clock.now(), topic_later=True)
    assert done.finished == chosen


def test_the_page_finishes_what_is_ticked_and_says_how_many(cast: Cast, dilshod: Client) -> None:
    chosen = chats(cast, 3)
    browser = cast.botir.browser
    page = browser.get("/watch/chats").text
    assert all(f'name="chat" value="{chat_id}"' in page for chat_id in chosen)
    sent = {"chat": [str(chosen[0]), str(chosen[1])], "outcome": "not_solved", "topic": str(BLOCKING)}
    page = browser.post("/watch/chats", sent).text
    assert "notice good" in page and f'value="{chosen[0]}"' not in page and f'value="{chosen[2]}"' in page


def test_nothing_ticked_is_said(cast: Cast, dilshod: Client) -> None:
    chats(cast, 1)
    answer = cast.botir.browser.post("/watch/chats", {"outcome": "solved"})
    assert answer.status_code == 422 and "notice bad" in answer.text


def test_open_chats_are_looked_through_by_whose_they_are(cast: Cast, dilshod: Client) -> None:
    mine, waiting = chats(cast, 2)
    page = cast.botir.browser.get(f"/watch/chats?operator={cast.aziza.id}").text
    assert f'value="{mine}"' in page and f'name="chat" value="{waiting}"' not in page
    for asked in ("waits=60", "waits=-1", "group=1", "channel=99999", "waits=x&group=y"):
        assert cast.botir.browser.get(f"/watch/chats?{asked}").status_code == 200


def test_operators_do_not_finish_many(cast: Cast, dilshod: Client) -> None:
    assert cast.aziza.browser.get("/watch/chats").status_code == 403
    assert cast.aziza.browser.post("/watch/chats", {"chat": "1"}).status_code == 403

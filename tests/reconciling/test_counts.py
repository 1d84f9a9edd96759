"""A day on the road, counted: what agrees, and what each way of losing a word is called."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection

from app.actions import reconciling, reply
from app.base import clock
from app.queries import reconciled
from tests.cast import Cast
from tests.channels import updates
from tests.peers import Peer
from tests.reconciling.conftest import Counts
from tests.road.conftest import Bank, edited, message, viewer_of

pytestmark = pytest.mark.clause("1.2")
Root = Connection[Any]


def test_what_came_is_stored_and_shown_whatever_it_was(bank: Bank, counts: Counts) -> None:
    first, second = message("Salom"), message("Yana", of=777)
    bank.receive(first, second, edited(first, "Salom!"), *map(_holding, updates.BY_KIND.values()))
    bank.receive(_holding({"poll": {"id": "1"}}), updates.membership("kicked"), updates.callback())
    bank.hear(message("Kutyapman"))
    found = counts()
    assert found.agrees
    assert found.accepted == found.taken + found.unsupported + found.failed + found.waiting
    assert found.unsupported > 0
    assert found.waiting == 1
    assert found.words == found.stored == found.shown == 2 + len(updates.BY_KIND) + 1


def _holding(content: dict[str, Any]) -> dict[str, Any]:
    update = message()
    del update["message"]["text"]
    update["message"].update(content)
    return update


def test_a_word_told_twice_is_one_word(bank: Bank, counts: Counts) -> None:
    said = message("Salom")
    bank.receive(said, {**said, "update_id": 999_001})
    found = counts()
    assert (found.accepted, found.words, found.stored, found.agrees) == (2, 1, 1, True)


def test_an_edit_that_overtakes_its_message_is_one_word(bank: Bank, counts: Counts) -> None:
    said = message("Salom")
    bank.receive(edited(said, "Salom!"))
    bank.receive(said)
    found = counts()
    assert (found.words, found.stored, found.agrees) == (1, 1, True)


@pytest.mark.clause("8.1")
def test_what_was_said_is_accepted_or_accounted_for(bank: Bank, telegram: Peer, cast: Cast, counts: Counts) -> None:
    bank.receive(message())
    aziza = viewer_of(cast.aziza)
    cast.aziza.browser.post(f"/chats/{bank.chat_id()}/take")
    reply.say(bank.chat_id(), "Yordam beraman", aziza, clock.now())
    bank.deliver()
    reply.say(bank.chat_id(), "Bir daqiqa", aziza, clock.now())
    reply.note(bank.chat_id(), "Limitni tekshirish", aziza, clock.now())
    found = counts()
    assert (found.said, found.sent, found.queued, found.agrees) == (2, 1, 1, True)


def test_a_lost_word_is_named_by_its_update(bank: Bank, counts: Counts, superuser: Root) -> None:
    bank.receive(message("Salom"), message("Yana"))
    superuser.execute("DELETE FROM message WHERE id = (SELECT max(id::text)::uuid FROM message)")
    found = counts()
    assert found.words == 2
    assert found.stored == 1
    named = superuser.execute("SELECT id::text FROM inbox ORDER BY id DESC LIMIT 1").fetchone()
    assert named is not None
    assert found.differences == {"lost": {"count": 1, "ids": [named[0]]}}


def test_each_difference_has_its_name(bank: Bank, cast: Cast, counts: Counts, superuser: Root) -> None:
    bank.receive(message("Salom", number=51), message("Yana", number=52))
    cast.aziza.browser.post(f"/chats/{bank.chat_id()}/take")
    reply.say(bank.chat_id(), "Yordam beraman", viewer_of(cast.aziza), clock.now())
    assert counts.differences() == {}
    copied = "INSERT INTO message (id, chat_id, episode_id, identity_id, kind, at, received_at, external_id, text, rev)"
    one = "SELECT %s, chat_id, episode_id, identity_id, kind, at, received_at, %s, text, rev FROM message"
    for number in ("51", "53"):
        new = superuser.execute("SELECT overlay(id::text placing %s from 25)::uuid FROM inbox", [uuid4().hex[:12]])
        superuser.execute(f"{copied} {one} WHERE external_id = '51' LIMIT 1", [new.fetchone()[0], number])  # type: ignore[index]
    superuser.execute("UPDATE message SET text = '\\x00' WHERE external_id = '52'")
    superuser.execute("UPDATE message SET state = 'sent' WHERE kind = 'mine'")
    found = counts.differences()
    # A copy does not open where another message's text was sealed, so it is not shown either.
    assert found == {"doubled": 1, "stray": 1, "hidden": 3, "untrue": 1}
    superuser.execute("DELETE FROM outbox")
    assert counts.differences()["unqueued"] == 1


def test_an_update_that_lies_too_long_is_named(bank: Bank, counts: Counts) -> None:
    bank.hear(message())
    today = clock.business_day(clock.now())
    assert counts.differences() == {}
    [found] = reconciling.count(today, clock.now() + timedelta(hours=1, minutes=1))
    assert list(found.differences) == ["stuck"]


def test_an_update_that_does_not_open_any_more_is_named_and_the_rest_is_counted(
    bank: Bank, counts: Counts, superuser: Root
) -> None:
    bank.receive(message("Salom"), message("Yana"))
    superuser.execute("UPDATE inbox SET raw = '\\x00' WHERE id = (SELECT min(id::text)::uuid FROM inbox)")
    found = counts()
    assert (found.accepted, found.stored) == (2, 2)
    assert found.differences["unreadable"]["count"] == 1


@pytest.mark.clause("8.1")
def test_an_answer_that_is_on_its_way_for_more_than_a_day_is_named(
    bank: Bank, cast: Cast, counts: Counts, superuser: Root
) -> None:
    """A channel that was switched off takes nothing, and gives nothing up."""
    bank.receive(message())
    cast.aziza.browser.post(f"/chats/{bank.chat_id()}/take")
    said = reply.say(bank.chat_id(), "Yordam beraman", viewer_of(cast.aziza), clock.now())
    assert counts.differences() == {}
    superuser.execute("UPDATE outbox SET queued_at = queued_at - interval '25 hours 1 minute'")
    assert counts().differences["delayed"] == {"count": 1, "ids": [str(said)]}


def test_every_update_that_could_not_be_taken_is_named(bank: Bank, counts: Counts, superuser: Root) -> None:
    bank.hear(*(message() for _ in range(25)))
    superuser.execute("UPDATE inbox SET state = 'failed'")
    found = counts().differences["untaken"]
    assert (found["count"], len(set(found["ids"]))) == (25, 25)


def test_updates_that_were_counted_and_are_gone_differ_for_good(bank: Bank, counts: Counts, superuser: Root) -> None:
    bank.receive(message(), message())
    assert counts.differences() == {}
    superuser.execute("TRUNCATE message, inbox")
    for _ in range(2):
        assert counts.differences() == {"vanished": 2}


def test_days_whose_updates_are_no_longer_kept_stay_as_they_were_counted(bank: Bank) -> None:
    now = clock.now()
    for day in (clock.business_day(now) - timedelta(days=30), clock.business_day(now) + timedelta(days=1)):
        with pytest.raises(ValueError, match="30 days"):
            reconciling.count(day, now)


def test_today_is_counted_whenever_rung_and_the_week_once_a_night(bank: Bank, superuser: Root) -> None:
    bank.receive(message())
    noon = clock.day_bounds(clock.business_day(clock.now()))[0] + timedelta(hours=12)
    for _ in range(2):
        reconciling.reconcile_due(noon)
    assert len(reconciled.days(clock.business_day(noon))) == 1 + reconciling.NIGHTS
    superuser.execute("DELETE FROM reconciliation WHERE day < %s", [clock.business_day(noon) - timedelta(days=3)])
    reconciling.reconcile_due(noon)
    superuser.execute("UPDATE reconciliation SET counted_at = %s", [noon])
    reconciling.reconcile_due(noon)
    assert len(reconciled.days(clock.business_day(noon))) == 1 + reconciling.NIGHTS

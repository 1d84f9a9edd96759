"""Administrators keep the bank's lists (clause 7.1)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from app.actions import lists
from app.actions.journal import HERE
from app.actions.list_rules import LastServing, StillNeeded
from app.actions.list_values import NotAccepted
from app.actions.lists import GivenByTheSystem, NotThere, ParentArchived
from app.models.auto_reply import REPLIES
from app.models.db import db
from app.models.group import GROUPS, Group
from app.models.kinds import Entered
from app.models.listing import Listing
from app.models.segment import SEGMENTS
from app.models.topic import TOPICS, Topic
from app.models.viewer import SYSTEM
from app.models.work_status import STATUSES, WorkStatus
from app.queries import lists as stored
from tests.cast import Cast
from tests.office.listed import last_journalled, names

pytestmark = [pytest.mark.own_database, pytest.mark.clause("7.1")]
NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
WHO = (SYSTEM, HERE, NOW)
CARDS, BLOCKING = 1, 9  # two topics of the start set, the second under the first
ACTIVE, LUNCH, LOST = 1, 4, 8


@pytest.fixture(autouse=True)
def _english(app: Flask) -> Iterator[None]:
    with app.app_context(), force_locale("en"):
        yield
        db.session.remove()


def as_entered(listing: Listing, row_id: int) -> dict[str, Entered]:
    row = stored.one(listing, row_id)
    return {field.name: field.kind.write(getattr(row, field.name)) for field in listing}


def test_a_new_segment_stands_last_and_in_the_journal() -> None:
    row = lists.add(SEGMENTS, {"names": names("VIP")}, *WHO)
    assert stored.rows(SEGMENTS)[-1] is row
    journalled, details = last_journalled()
    assert (journalled.kind, journalled.object_kind, journalled.object_id) == ("list.added", "segments", str(row.id))
    assert details == {"after": {"names": {"ru": "VIP"}}}


def test_the_journal_tells_what_changed_and_nothing_else() -> None:
    entered = as_entered(STATUSES, LUNCH) | {"recommended_minutes": "45", "colour": "blue"}
    lists.change(STATUSES, LUNCH, entered, *WHO)
    _row, details = last_journalled()
    assert details == {
        "before": {"colour": "amber", "recommended_minutes": 60},
        "after": {"colour": "blue", "recommended_minutes": 45},
    }


def test_saving_without_a_change_writes_nothing() -> None:
    lists.change(STATUSES, LUNCH, as_entered(STATUSES, LUNCH) | {"recommended_minutes": "45"}, *WHO)
    before, _details = last_journalled()
    lists.change(STATUSES, LUNCH, as_entered(STATUSES, LUNCH), *WHO)
    assert last_journalled()[0].id == before.id


def test_what_does_not_fit_is_told_by_field_and_nothing_is_saved() -> None:
    entered = as_entered(STATUSES, LUNCH) | {"names": names(""), "recommended_minutes": "soon"}
    with pytest.raises(NotAccepted) as refused:
        lists.change(STATUSES, LUNCH, entered, *WHO)
    assert set(refused.value.errors) == {"names.ru", "recommended_minutes"}
    assert as_entered(STATUSES, LUNCH)["recommended_minutes"] == "60"


def test_two_entries_side_by_side_cannot_have_one_name() -> None:
    with pytest.raises(NotAccepted) as refused:
        lists.add(SEGMENTS, {"names": names("Ещё", en="PREMIUM")}, *WHO)
    assert refused.value.errors == {"names.en": "There is already an entry with this name"}


def test_the_order_changes_by_one_place() -> None:
    lists.move(SEGMENTS, 3, True, *WHO)
    assert [row.id for row in stored.rows(SEGMENTS)] == [1, 3, 2]
    lists.move(SEGMENTS, 1, True, *WHO)
    assert [row.id for row in stored.rows(SEGMENTS)] == [1, 3, 2]


def test_an_archived_entry_leaves_the_list_and_comes_back() -> None:
    lists.archive(SEGMENTS, 2, *WHO)
    assert [row.id for row in stored.rows(SEGMENTS)] == [1, 3]
    assert [row.id for row in stored.rows(SEGMENTS, archived=True)] == [2]
    lists.restore(SEGMENTS, 2, *WHO)
    assert stored.counts(SEGMENTS) == (3, 0)


def test_an_entry_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotThere):
        lists.archive(SEGMENTS, 999, *WHO)


@pytest.mark.clause("9.5")
def test_a_topic_is_archived_with_its_branch_and_restored_with_it() -> None:
    used, _aside = stored.counts(TOPICS)
    lists.archive(TOPICS, BLOCKING, *WHO)
    left, aside = stored.counts(TOPICS)
    assert (left + aside, aside) == (used, 5)
    lists.restore(TOPICS, BLOCKING, *WHO)
    assert stored.counts(TOPICS) == (used, 0)


@pytest.mark.clause("9.5")
def test_a_topic_cannot_come_back_under_an_archived_one() -> None:
    lists.archive(TOPICS, CARDS, *WHO)
    with pytest.raises(ParentArchived):
        lists.restore(TOPICS, BLOCKING, *WHO)


@pytest.mark.clause("9.5")
def test_a_topic_never_stands_in_its_own_branch() -> None:
    with pytest.raises(NotAccepted) as refused:
        lists.change(TOPICS, CARDS, as_entered(TOPICS, CARDS) | {"parent_id": str(BLOCKING)}, *WHO)
    assert list(refused.value.errors) == ["parent_id"]


@pytest.mark.clause("9.5")
def test_the_tree_grows_no_deeper_than_the_setting_allows() -> None:
    deepest = next(topic for topic, level in stored.branches(stored.rows(TOPICS)) if level == 4)
    with pytest.raises(NotAccepted) as refused:
        lists.add(TOPICS, {"names": names("Ещё глубже"), "parent_id": str(deepest.id)}, *WHO)
    assert refused.value.errors == {"parent_id": "The tree may have 4 levels; here it would get 5"}


@pytest.mark.clause("9.5")
def test_a_topic_moves_with_its_branch() -> None:
    lists.change(TOPICS, BLOCKING, as_entered(TOPICS, BLOCKING) | {"parent_id": ""}, *WHO)
    levels = {topic.id: level for topic, level in stored.branches(stored.rows(TOPICS))}
    assert levels[BLOCKING] == 1
    assert max(level for topic, level in stored.branches(stored.rows(TOPICS)) if topic.parent_id == BLOCKING) == 2


@pytest.mark.clause("9.5")
def test_topics_of_one_name_may_stand_in_different_branches() -> None:
    other = lists.add(TOPICS, {"names": names("Лимиты"), "parent_id": ""}, *WHO)
    assert isinstance(other, Topic) and other.parent_id is None


@pytest.mark.clause("8.2")
def test_the_status_of_a_lost_connection_stays_what_it_is() -> None:
    lists.change(STATUSES, LOST, as_entered(STATUSES, LOST) | {"takes_new_chats": "1", "colour": "red"}, *WHO)
    lost = stored.one(STATUSES, LOST)
    assert isinstance(lost, WorkStatus) and (lost.takes_new_chats, lost.colour) == (False, "red")
    with pytest.raises(StillNeeded):
        lists.archive(STATUSES, LOST, *WHO)


@pytest.mark.clause("8.2")
def test_somebody_must_be_able_to_take_new_chats() -> None:
    with pytest.raises(LastServing):
        lists.archive(STATUSES, ACTIVE, *WHO)
    with pytest.raises(NotAccepted) as refused:
        lists.change(STATUSES, ACTIVE, as_entered(STATUSES, ACTIVE) | {"takes_new_chats": ""}, *WHO)
    assert list(refused.value.errors) == ["takes_new_chats"]


@pytest.mark.clause("7.5")
def test_people_join_and_leave_a_group(cast: Cast) -> None:
    both = sorted([cast.aziza.id, cast.timur.id])
    lists.change(GROUPS, 1, as_entered(GROUPS, 1) | {"members": [str(one) for one in both]}, *WHO)
    lists.change(GROUPS, 1, as_entered(GROUPS, 1) | {"members": [str(cast.timur.id)]}, *WHO)
    group = stored.one(GROUPS, 1)
    assert isinstance(group, Group) and group.members == [cast.timur.id]
    _row, details = last_journalled()
    assert details == {"before": {"members": both}, "after": {"members": [cast.timur.id]}}


@pytest.mark.clause("7.5")
def test_nobody_unknown_joins_a_group() -> None:
    with pytest.raises(NotAccepted):
        lists.change(GROUPS, 1, as_entered(GROUPS, 1) | {"members": ["4242"]}, *WHO)


def test_a_reply_uses_only_variables_that_are_filled_in() -> None:
    greeting = as_entered(REPLIES, 1)
    with pytest.raises(NotAccepted) as refused:
        lists.change(REPLIES, 1, greeting | {"texts": {"ru": "Вы {queue.position}-й"}}, *WHO)
    assert list(refused.value.errors) == ["texts.ru"]
    lists.change(REPLIES, 1, greeting | {"texts": {"ru": "{client.name}, добрый день!"}}, *WHO)


def test_replies_are_given_by_the_occasions() -> None:
    with pytest.raises(GivenByTheSystem):
        lists.add(REPLIES, {"names": names("Ещё один")}, *WHO)

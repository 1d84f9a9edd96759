"""The tree of topics keeps its shape and its past, whatever administrators do to it (clause 9.5)."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.actions import lists, topics
from app.actions.journal import HERE
from app.actions.list_rules import NameTaken, TooDeep
from app.actions.list_values import NotAccepted
from app.base.refusal import Refusal
from app.models.db import db
from app.models.topic import TOPICS
from app.models.viewer import SYSTEM
from app.queries import topics as tree
from tests.office.listed import last_journalled
from tests.topics.grown import AT, LATER, parents, renamed, topic

pytestmark = [
    pytest.mark.own_database,
    pytest.mark.clause("9.5"),
    pytest.mark.usefixtures("english"),
]
BY = (SYSTEM, HERE)


def said(topic_id: int, at: datetime) -> str:
    return tree.said(tree.path(topic_id, at))


def now_said(topic_id: int) -> str:
    return tree.said(tree.today([topic_id])[topic_id])


def test_a_report_of_last_year_shows_last_years_path() -> None:
    cards, transfers = topic("Пластик"), topic("Движение денег")
    limits = topic("Лимит", cards)
    topics.move(limits, transfers, *BY, LATER)
    renamed(limits, "Пределы", LATER + timedelta(days=1))
    assert said(limits, AT) == "Пластик › Лимит"
    assert said(limits, LATER) == "Движение денег › Лимит"
    assert said(limits, LATER + timedelta(days=2)) == now_said(limits) == "Движение денег › Пределы"


def test_a_path_changes_when_something_above_it_does() -> None:
    cards = topic("Пластик")
    lost = topic("Пин-код", topic("Вопросы", cards))
    renamed(cards, "Карточки", LATER)
    assert said(lost, LATER - timedelta(seconds=1)) == "Пластик › Вопросы › Пин-код"
    assert said(lost, LATER) == "Карточки › Вопросы › Пин-код"


@pytest.mark.parametrize(
    ("moment", "path"),
    [
        (
            datetime(2026, 1, 31, 18, 59, 59, 999_999, tzinfo=UTC),
            "Пластик",
        ),  # a microsecond before February in Tashkent
        (datetime(2026, 1, 31, 19, tzinfo=UTC), "Карточки"),
        (datetime(2026, 2, 28, 18, 59, 59, tzinfo=UTC), "Карточки"),
        (datetime(2026, 2, 28, 19, tzinfo=UTC), "Карты и счета"),
    ],
)
def test_a_name_changes_with_the_month_to_the_second(moment: datetime, path: str) -> None:
    cards = topic("Пластик")
    renamed(cards, "Карточки", datetime(2026, 1, 31, 19, tzinfo=UTC))
    renamed(cards, "Карты и счета", datetime(2026, 2, 28, 19, tzinfo=UTC))
    assert said(cards, moment) == path


def test_what_is_older_than_the_tree_is_shown_as_the_tree_began() -> None:
    cards = topic("Пластик")
    renamed(cards, "Карточки", LATER)
    assert said(cards, AT - timedelta(days=900)) == "Пластик"
    assert said(1, datetime(2020, 1, 1, tzinfo=UTC)) == "Cards"


def test_a_merged_topic_leads_to_its_heir_and_keeps_its_own_past() -> None:
    old, new = topic("Пластик"), topic("Карточки")
    below = topic("Пин-код", old)
    topics.merge(old, new, *BY, LATER)
    assert said(old, AT) == "Пластик" and now_said(old) == "Карточки"
    assert said(below, AT) == "Пластик › Пин-код" and now_said(below) == "Карточки › Пин-код"
    assert set(tree.branch(new)) == {old, new, below}
    journalled, details = last_journalled()
    assert journalled.kind == "topic.merged" and details["moved"] == 1


def test_heirs_of_heirs_are_found() -> None:
    first, second, third = topic("Первая"), topic("Вторая"), topic("Третья")
    topics.merge(first, second, *BY, LATER)
    topics.merge(second, third, *BY, LATER + timedelta(days=1))
    assert now_said(first) == "Третья"


def test_a_merge_is_taken_back_by_restoring() -> None:
    old, new = topic("Пластик"), topic("Карточки")
    topics.merge(old, new, *BY, LATER)
    lists.restore(TOPICS, old, *BY, LATER + timedelta(days=1))
    assert now_said(old) == "Пластик"


def test_a_topic_is_not_merged_into_its_own_branch() -> None:
    cards = topic("Пластик")
    below = topic("Пин-код", cards)
    for into in (cards, below):
        with pytest.raises(topics.OwnBranch):
            topics.merge(cards, into, *BY, LATER)
    journalled, _details = last_journalled()
    assert journalled.outcome == "refused"


def test_a_merge_that_would_make_twins_names_them() -> None:
    old, new = topic("Пластик"), topic("Карточки")
    topic("Пин-код", old)
    topic("Пин-код", new)
    with pytest.raises(topics.AlikeBelow) as refused:
        topics.merge(old, new, *BY, LATER)
    assert "Пин-код" in refused.value.message


def test_a_merge_grows_no_tree_deeper_than_the_setting() -> None:
    old = topic("Пластик")
    topic("Пин-код", topic("Вопросы", old))
    new = topic("Три", topic("Два", topic("Раз")))
    with pytest.raises(TooDeep):
        topics.merge(old, new, *BY, LATER)


def test_a_branch_that_would_be_too_deep_now_does_not_come_back() -> None:
    top = topic("Пластик")
    middle = topic("Вопросы", top)
    topic("Пин-код", middle)
    lists.archive(TOPICS, middle, *BY, LATER)
    topics.move(top, topic("Два", topic("Раз")), *BY, LATER)
    with pytest.raises(TooDeep):
        lists.restore(TOPICS, middle, *BY, LATER + timedelta(days=1))


def test_a_topic_does_not_come_back_beside_its_twin() -> None:
    first = topic("Пластик")
    lists.archive(TOPICS, first, *BY, LATER)
    topic("Пластик", at=LATER)
    with pytest.raises(NameTaken):
        lists.restore(TOPICS, first, *BY, LATER + timedelta(days=1))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "merge", "archive", "restore", "rename"]),
        st.integers(0, 11),
        st.integers(0, 11),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_is_done_there_is_no_ring_no_deeper_level_and_no_lost_past(acts: list[tuple[str, int, int]]) -> None:
    mine, at, names = [topic(f"Тема {_number()}") for _ in range(4)], AT, {}
    for made in mine:
        names[made] = said(made, AT)
    for act, one, other in acts:
        at += timedelta(days=1)
        _try(act, mine, mine[one % len(mine)], mine[other % len(mine)], at)
    above = parents()
    for one in mine:
        assert _level(one, above) <= 4
        assert tree.today([one])[one], "every topic that ever was leads to one of today"
    assert {made: said(made, AT) for made in names} == names
    assert db.session.scalar(
        text("SELECT count(*) FROM topic_version v WHERE v.topic_id = ANY(:ids) AND until IS NULL"), {"ids": mine}
    ) == len(mine)
    db.session.rollback()


_numbers = count(1)


def _number() -> int:
    return next(_numbers)


def _try(act: str, mine: list[int], one: int, other: int, at: datetime) -> None:
    try:
        match act:
            case "add":
                mine.append(topic(f"Тема {_number()}", one, at))
            case "move":
                topics.move(one, other, *BY, at)
            case "merge":
                topics.merge(one, other, *BY, at)
            case "archive":
                lists.archive(TOPICS, one, *BY, at)
            case "restore":
                lists.restore(TOPICS, one, *BY, at)
            case "rename":
                renamed(one, f"Тема {_number()}", at)
    except (Refusal, NotAccepted):
        db.session.rollback()


def _level(topic_id: int, above: dict[int, int | None]) -> int:
    """How deep it stands; a ring would never end, an archived one is not counted."""
    level, one = 0, topic_id if topic_id in above else None
    while one is not None:
        level += 1
        assert level <= 10, "a ring"
        one = above[one]
    return level

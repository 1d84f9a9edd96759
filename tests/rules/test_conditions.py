"""Each kind of condition, asked of one client's chat."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.models.condition import KINDS, Condition, Known, all_hold
from app.models.rule import Facts

MONDAY_TEN = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 10:00 in Tashkent
WEEK = {"mon": [["09:00", "18:00"]]}
KNOWN = Known(hours={1: (WEEK, []), 2: (WEEK, ["2026-11-23"])}, branches={10: frozenset({10, 11, 12})})


def facts(**of: Any) -> Facts:
    """Dilshod writes in Telegram about his card."""
    usual: dict[str, Any] = {
        "channel_id": 1,
        "channel_kind": "telegram",
        "language": "uz_Latn",
        "topic_ids": frozenset(),
        "segment_id": None,
        "customer_id": 7,
        "text": "Kartam bloklandi, nima qilay?",
        "verified": False,
        "returning": False,
        "attributes": {"chat_id": 100_001},
        "at": MONDAY_TEN,
    }
    return Facts(**(usual | of))


def holds(kind: str, value: Any = None, *, now: datetime = MONDAY_TEN, other: bool = False, **of: Any) -> bool:
    return all_hold([Condition(kind, value, other)], facts(**of), KNOWN, now)


@pytest.mark.clause("5.1")
@pytest.mark.parametrize(
    ("kind", "value", "fits", "does_not"),
    [
        ("channel", [1, 2], {"channel_id": 2}, {"channel_id": 3}),
        ("channel_kind", ["webchat"], {"channel_kind": "webchat"}, {}),
        ("language", ["ru"], {"language": "ru"}, {"language": "uz_Cyrl"}),
        ("language", ["ru"], {"language": "ru_Latn"}, {"language": "en"}),
        ("language", [""], {"language": None}, {"language": "ru"}),
        ("topic", [11], {"topic_ids": {11}}, {"topic_ids": {12}}),
        ("topic", [10], {"topic_ids": {12}}, {"topic_ids": {13}}),
        ("segment", [3], {"segment_id": 3}, {"segment_id": 4}),
        ("segment", [0], {"segment_id": None}, {"segment_id": 3}),
        ("hours", [1], {"now": MONDAY_TEN}, {"now": MONDAY_TEN + timedelta(hours=8)}),
        ("verified", None, {"verified": True}, {}),
        ("returning", None, {"returning": True}, {}),
        ("vip", None, {"attributes": {"vip": True}}, {"attributes": {"vip": False}}),
        ("vip", None, {"attributes": {"tags": ["VIP"]}}, {"attributes": {"tags": ["Студент"]}}),
        ("client", [100_001], {}, {"attributes": {"chat_id": 100_002}}),
        ("tag", ["Salary", "Pensioner"], {"attributes": {"tags": ["pensioner"]}}, {"attributes": {"tags": []}}),
        (
            "attribute",
            {"name": "branch", "values": ["Chilonzor"]},
            {"attributes": {"branch": "Чилонзор"}},
            {"attributes": {"branch": "Yunusobod"}},
        ),
        ("attribute", {"name": "branch", "values": []}, {"attributes": {"branch": "Samarqand"}}, {"attributes": {}}),
        ("waits", 5, {"now": MONDAY_TEN + timedelta(minutes=5)}, {"now": MONDAY_TEN + timedelta(minutes=4)}),
    ],
)
def test_a_condition_holds_for_what_fits_and_for_nothing_else(
    kind: str, value: Any, fits: dict[str, Any], does_not: dict[str, Any]
) -> None:
    assert holds(kind, value, **fits)
    assert not holds(kind, value, **does_not)
    assert not holds(kind, value, other=True, **fits)
    assert holds(kind, value, other=True, **does_not)


@pytest.mark.clause("1.4", "5.1")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("карта заблокирована", "Kartam zablokirovana!!"),
        ("bloklash", "Картамни блоклаш керак"),
        ("мошенник", "Мне звонят мошенники"),
        ("pul oʻtkazma", "Pul oʼtkazmasi kelmadi"),
    ],
)
def test_words_are_found_in_either_script_and_with_any_ending(line: str, said: str) -> None:
    assert holds("text", [line], text=said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("карта", "Откартавил"),
        ("заблокирована карта", "карта заблокирована"),
        ("", "Salom"),
        ("👍", "Salom"),
        ("карта", ""),
    ],
)
def test_a_part_of_a_word_another_order_and_nothing_at_all_are_not_found(line: str, said: str) -> None:
    assert not holds("text", [line], text=said)


@pytest.mark.parametrize("value", [None, [], [99], ""])
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"waits", "attribute", "verified", "returning", "vip"}))
def test_unknown_and_empty_values_hold_for_no_chat(kind: str, value: Any) -> None:
    assert not holds(kind, value)


def test_a_kind_that_nobody_knows_holds_for_no_chat_not_even_the_other_way_round() -> None:
    assert not holds("zodiac", ["leo"])
    assert not holds("zodiac", ["leo"], other=True)


def test_a_holiday_is_no_working_time() -> None:
    assert not holds("hours", [2])


def test_all_conditions_must_hold_and_none_at_all_always_do() -> None:
    assert all_hold([], facts(), KNOWN, MONDAY_TEN)
    both = [Condition("channel", [1]), Condition("language", ["uz_Latn"])]
    assert all_hold(both, facts(), KNOWN, MONDAY_TEN)
    assert not all_hold(both, facts(language="ru"), KNOWN, MONDAY_TEN)

import multiprocessing
import threading
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base import ids

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
moments = st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))


@given(moments)
def test_an_id_tells_its_millisecond(moment: datetime) -> None:
    assert ids.time_of(ids.uuid7(moment)) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def test_an_id_is_a_uuid_of_version_7_and_the_rfc_variant() -> None:
    assert (ids.uuid7().version, ids.uuid7().variant) == (7, uuid.RFC_4122)


def test_ids_of_one_millisecond_grow_even_when_other_moments_come_between() -> None:
    made = []
    for step in range(2000):
        made.append(ids.uuid7(NOON))
        ids.uuid7(NOON - timedelta(days=step))
    assert made == sorted(made)


def test_threads_never_make_the_same_id() -> None:
    made: list[uuid.UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(ids.uuid7(NOON) for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(made)) == 8000


def test_forked_workers_do_not_walk_in_step() -> None:
    forked = multiprocessing.get_context("fork")
    made = forked.SimpleQueue()
    workers = [forked.Process(target=lambda: made.put(ids.uuid7(NOON).int)) for _ in range(2)]
    for worker in workers:
        worker.start()
    one, other = made.get(), made.get()
    for worker in workers:
        worker.join(30)
    # From a shared tail they would be at most 2^32 apart.
    assert abs(one - other) > 1 << 34


@given(moments)
def test_every_id_of_a_month_lies_between_its_floor_and_the_next(moment: datetime) -> None:
    following = (moment.replace(day=1) + timedelta(days=31)).replace(day=1)
    id = ids.uuid7(moment)
    assert ids.month_floor(moment.year, moment.month).bytes <= id.bytes
    assert id.bytes < ids.month_floor(following.year, following.month).bytes


def test_the_month_is_one_of_utc() -> None:
    new_year_in_tashkent = datetime(2027, 1, 1, 2, 0, tzinfo=timezone(timedelta(hours=5)))
    assert ids.uuid7(new_year_in_tashkent) < ids.month_floor(2027, 1)


def test_a_random_uuid_has_no_time() -> None:
    with pytest.raises(ValueError, match="not a UUID version 7"):
        ids.time_of(uuid.uuid4())

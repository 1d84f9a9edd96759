"""Thousands of broken updates: none may raise, none may come out in a shape that the next floor cannot store."""

import copy
import json
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.channels.contract import Incoming
from app.channels.telegram import door
from tests.channels import updates

SAMPLES = [
    *(updates.message(**content) for content in updates.BY_KIND.values()),
    updates.message(text="a😀b", entities=[{"type": "bold", "offset": 1, "length": 2}]),
    updates.edited(text="x"),
    updates.membership("kicked"),
    updates.callback(),
]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.just("\ud800"),
    st.just([]),
    st.just({}),
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
KEYS = st.sampled_from(sorted({key for sample in SAMPLES for key in json.dumps(sample).split('"')[1::2]}))
RELAXED = settings(
    max_examples=10_000 if os.environ.get("LONG") else 500, deadline=None, suppress_health_check=list(HealthCheck)
)


@RELAXED
@given(st.dictionaries(KEYS | st.text(max_size=8), JSON, max_size=6))
def test_any_dictionary_is_understood_somehow(update: dict[str, Any]) -> None:
    check(door.parse(update))


@RELAXED
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 999), JSON), min_size=1, max_size=4))
def test_a_real_update_with_broken_fields_is_understood_somehow(
    sample: dict[str, Any], breaks: list[tuple[int, Any]]
) -> None:
    update = copy.deepcopy(sample)
    for place, value in breaks:
        spoil(update, place, value)
    check(door.parse(update))


def spoil(update: dict[str, Any], place: int, value: Any) -> None:
    """Replace one value somewhere in the tree."""
    spots: list[tuple[Any, Any]] = []
    stack: list[Any] = [update]
    while stack:
        node = stack.pop()
        entries = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        spots += [(node, key) for key, _ in entries]
        stack += [child for _, child in entries]
    if spots:
        node, key = spots[place % len(spots)]
        node[key] = value


def check(found: Incoming) -> None:
    assert isinstance(found, Incoming)
    assert found.why != "malformed", "the last net was needed"
    assert found.why or found.kind not in ("unsupported", "ignored")
    found.text.encode()
    assert "\x00" not in found.text
    for span in found.markup:
        assert 0 <= span.start < span.start + span.length <= len(found.text)

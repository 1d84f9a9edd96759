"""Conditions of rules. Each kind is declared once: what it asks of a chat, and how its value is chosen in a form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l

from app.base.fold import fold
from app.models.hours import works
from app.models.rule import Facts, Words, read_words


@dataclass(frozen=True)
class Known:
    """What conditions look up beside the chat: working hours by id, and each topic with all below it."""

    hours: Mapping[int, tuple[Mapping[str, Any], Sequence[str]]] = field(default_factory=dict)
    branches: Mapping[int, frozenset[int]] = field(default_factory=dict)


_LONG = 5
Asks = Callable[[Any, Facts, Known, datetime], bool]


@dataclass(frozen=True)
class ConditionKind:
    """`shape` names the control: a choice of records, lines of words, a pair, a number, or nothing."""

    code: str
    label: Any
    shape: str
    asks: Asks
    about: Any = ""
    of_score: bool = True


@dataclass(frozen=True)
class Condition:
    """`other`: holds for whatever does not fit."""

    kind: str
    value: Any = None
    other: bool = False


KINDS: dict[str, ConditionKind] = {}


def condition(
    code: str, label: Any, shape: str, asks: Asks, about: Any = "", *, of_score: bool = True
) -> ConditionKind:
    """Declare a kind, once."""
    if code in KINDS:
        raise ValueError(f"condition {code} is declared twice")
    KINDS[code] = ConditionKind(code, label, shape, asks, about, of_score)
    return KINDS[code]


def all_hold(conditions: Sequence[Condition], facts: Facts, known: Known, now: datetime) -> bool:
    """Whether every condition holds. One of a kind nobody knows any more holds for no chat."""
    return all(_holds(one, facts, known, now) for one in conditions)


def conditions_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    return tuple(Condition(one.get("kind", ""), one.get("value"), bool(one.get("other"))) for one in stored)


def _holds(condition: Condition, facts: Facts, known: Known, now: datetime) -> bool:
    kind = KINDS.get(condition.kind)
    return kind is not None and kind.asks(condition.value, facts, known, now) is not condition.other


def _channel(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return facts.channel_id in (value or ())


def _channel_kind(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return facts.channel_kind in (value or ())


def _language(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    """An empty code stands for a language nobody knows yet."""
    return (facts.spoken or "") in (value or ())


def _topic(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    """A topic holds for all that stand below it."""
    return any(not known.branches.get(one, frozenset({one})).isdisjoint(facts.topic_ids) for one in value or ())


def _segment(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    """0 stands for clients of no segment."""
    return (facts.segment_id or 0) in (value or ())


def _hours(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return any(works(*known.hours[one], now) for one in value or () if one in known.hours)


def _text(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return any(_stands_in(phrase, facts.words) for phrase in _phrases(tuple(map(str, value or ()))))


def _verified(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return facts.verified


def _returning(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return facts.returning


def _vip(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return bool(facts.attributes.get("vip")) or "vip" in _folded(facts.attributes.get("tags"))


def _client(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return facts.attributes.get("chat_id") in (value or ())


def _tag(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return not _folded(facts.attributes.get("tags")).isdisjoint(_folded(value))


def _attribute(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    """Of the client or the chat, by its name; several values: any of them. No values: it is there at all."""
    there = facts.attributes.get((value or {}).get("name", ""))
    asked = _folded((value or {}).get("values"))
    return not asked.isdisjoint(_folded(there)) if asked else bool(there)


def _waits(value: Any, facts: Facts, known: Known, now: datetime) -> bool:
    return now - facts.at >= timedelta(minutes=value or 0)


@lru_cache(maxsize=512)
def _phrases(lines: tuple[str, ...]) -> tuple[Words, ...]:
    return tuple(filter(None, map(read_words, lines)))


def _stands_in(phrase: Words, said: Words) -> bool:
    """Its words one after the other, each with whatever ending."""
    starts = range(len(said) - len(phrase) + 1)
    return any(all(map(_is_same, phrase, said[start : start + len(phrase)])) for start in starts)


def _is_same(asked: tuple[str, str], said: tuple[str, str]) -> bool:
    """By the stem, which is rough; a long word also by its beginning (мошенник, мошенники)."""
    return asked[1] == said[1] or len(asked[0]) >= _LONG and said[0].startswith(asked[0])


def _folded(value: Any) -> set[str]:
    several = value if isinstance(value, list | tuple | set | frozenset) else [] if value is None else [value]
    return {fold(str(one)) for one in several}


condition("channel", _l("Channel"), "channels", _channel)
condition("channel_kind", _l("Kind of channel"), "channel_kinds", _channel_kind)
condition("language", _l("Language"), "languages", _language)
condition("topic", _l("Topic"), "topics", _topic, _l("A topic stands for all that are below it, too."))
condition("segment", _l("Segment"), "segments", _segment)
condition("hours", _l("Working hours"), "hours", _hours, _l("While one of these working hours runs."), of_score=False)
condition(
    "text",
    _l("Client’s first words"),
    "lines",
    _text,
    _l("A word or phrase a line, any of them. Endings, Latin or Cyrillic letters make no difference."),
)
condition("verified", _l("Client is verified"), "nothing", _verified)
condition("returning", _l("Client returns soon after"), "nothing", _returning)
condition("vip", _l("Client is VIP"), "nothing", _vip, _l("Marked so in the card, or by the tag “VIP”."))
condition(
    "client", _l("Clients by number"), "numbers", _client, _l("Numbers of their chats, with blanks between them.")
)
condition("tag", _l("Client’s tag"), "lines", _tag, _l("A tag a line, any of them."))
condition(
    "attribute",
    _l("Anything else known of the client"),
    "pair",
    _attribute,
    _l("The name of the attribute, and its values, one a line."),
)
condition(
    "waits",
    _l("Has waited at least"),
    "minutes",
    _waits,
    _l("For chats that are given out again."),
    of_score=False,
)

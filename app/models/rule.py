"""Routing rules and score rules: what is known of a chat, and what the rules make of it (clauses 1.4, 5.1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.base.fold import words
from app.base.stems import stem
from app.models import setting
from app.models.db import Base
from app.models.listing import Listed
from app.models.permission import declare

Words = tuple[tuple[str, str], ...]
# A client's first words are short; whatever comes after these is no reason to send him elsewhere.
_MOST_WORDS = 300

CHANGE_ROUTING = declare(
    "routing.change",
    _l("Change how chats are given out"),
    _l("Edit routing rules, the score of the queue and the waiting curve, and try them on past days"),
)

setting.section("routing", _l("Giving chats to operators"))
RETURNING_MINUTES = setting.declare(
    "routing.returning_minutes",
    "int",
    60,
    _l("Client counts as returning within"),
    _l("Whoever writes again so soon after a chat has ended is returning; rules and the score may ask for that."),
    unit=_l("minutes"),
    low=1,
    high=10_080,
)


@dataclass(frozen=True)
class Facts:
    """What rules may ask of a chat. `at`: since when it waits; `text`: the client's first words, opened.

    `language` None: not known yet. `attributes`: whatever else is known of client and chat; `tags` is a list of words.
    """

    channel_id: int
    channel_kind: str
    language: str | None
    topic_ids: Collection[int]
    segment_id: int | None
    customer_id: int
    text: str
    verified: bool
    returning: bool
    attributes: Mapping[str, Any]
    at: datetime

    @property
    def spoken(self) -> str | None:
        """The language that whoever answers must know: Russian typed in Latin letters is Russian."""
        return "ru" if self.language == "ru_Latn" else self.language

    @cached_property
    def words(self) -> Words:
        """The beginning of the text as conditions compare it."""
        return read_words(self.text)[:_MOST_WORDS]


@dataclass(frozen=True)
class Decision:
    """Where a chat goes. Without a rule that holds: everybody's queue, nothing asked for."""

    rule_id: int | None = None
    group_id: int | None = None
    person_id: int | None = None
    skill_ids: tuple[int, ...] = ()
    priority: int = 0
    assistant: bool = False


@dataclass(frozen=True)
class Point:
    """Points a chat has, and what for. `kind`: score (of a score rule) or priority (of the routing rule)."""

    names: Mapping[str, str]
    points: int
    kind: str = "score"
    rule_id: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What a routing rule decides, as it is kept in its row."""

    group: int | None = None
    person: int | None = None
    skills: tuple[int, ...] = ()
    priority: int = 0
    assistant: bool = False


class RoutingRule(Listed):
    """The first rule whose conditions all hold decides; one without conditions holds for every chat."""

    __tablename__ = "routing_rule"

    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class ScoreRule(Listed):
    """Every rule whose conditions hold adds its points."""

    __tablename__ = "score_rule"

    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    points: Mapped[int] = mapped_column(Integer)


class Knot(Base):
    """A point of the waiting curve; between two knots the points grow evenly, after the last one no more."""

    __tablename__ = "score_knot"

    minutes: Mapped[int] = mapped_column(Integer, primary_key=True)
    points: Mapped[int] = mapped_column(Integer)


class RulesVersion(Base):
    """One row; its number grows with every change, so that processes notice within two seconds."""

    __tablename__ = "rules_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, default=0)


def outcome_of(stored: Mapping[str, Any]) -> Outcome:
    return Outcome(
        stored.get("group"),
        stored.get("person"),
        tuple(stored.get("skills") or ()),
        stored.get("priority") or 0,
        bool(stored.get("assistant")),
    )


def read_words(text: str) -> Words:
    """Each word folded, and its stem: in one alphabet, whatever it was typed in."""
    return tuple((word, stem(word)) for word in words(text[: 20 * _MOST_WORDS]))

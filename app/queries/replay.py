"""A day lived through once more on a simulated clock: the live rules and the live choice, without rows and pushes.

Where a chat goes, what its points are and who gets it is decided by queries/rules.py and queries/candidates.py as in
production. Only the queue stands in memory instead of the table `standing`, in the same order.
"""

import heapq
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from app.models.curve import earned
from app.models.dispatch import Candidate, Waiting, Way
from app.models.rule import Facts
from app.queries import candidates, rules


@dataclass(frozen=True)
class Arrival:
    """A client's chat: when, what rules may ask of it, and how long it will be answered."""

    chat_id: int
    at: datetime
    facts: Facts
    lasts: timedelta
    segment: str = ""
    last_person_id: int | None = None


@dataclass(frozen=True)
class Turn:
    """Somebody at work and given new chats, from one moment to another; `lunch` till `back` he is not."""

    person: Candidate
    comes: datetime
    lunch: datetime
    back: datetime
    leaves: datetime


@dataclass(frozen=True)
class World:
    """Everything a day needs; the same one is lived through under each queue."""

    arrivals: Sequence[Arrival]
    turns: Sequence[Turn]
    ways: Mapping[int, Way]
    wider_after: Mapping[int, int]  # seconds, by group
    rules: rules.RuleSet


@dataclass
class Waited:
    """Who waited how long: (arrival, seconds, whose it became), and whoever was never answered."""

    answered: list[tuple[Arrival, float, int]] = field(default_factory=list)
    left: int = 0


def by_rules(world: World) -> Waited:
    """The day as the desk gives chats: rules, points, groups, widening."""
    return _Day(world, _Scored(world)).lived()


def oldest_first(world: World) -> Waited:
    """The same day with one plain queue: whoever is free gets the oldest chat of a language he speaks."""
    return _Day(world, _Plain()).lived()


class _Queue(ABC):
    """Waiting chats in buckets of equal demand, the oldest first: only their heads need to be compared."""

    def __init__(self) -> None:
        self.buckets: dict[tuple[object, ...], deque[tuple[Arrival, Waiting]]] = {}

    @abstractmethod
    def waiting(self, arrival: Arrival) -> tuple[tuple[object, ...], Waiting, list[datetime]]:
        """Its bucket, the chat as the choice sees it, and when more people may be asked."""

    @abstractmethod
    def heads(self, now: datetime) -> list[tuple[tuple[object, ...], Waiting]]:
        """The oldest of each bucket, as the choice sees it now."""

    def put(self, arrival: Arrival) -> list[datetime]:
        bucket, chat, wider = self.waiting(arrival)
        self.buckets.setdefault(bucket, deque()).append((arrival, chat))
        return wider

    def take(self, bucket: tuple[object, ...]) -> Arrival:
        found = self.buckets[bucket].popleft()[0]
        if not self.buckets[bucket]:
            del self.buckets[bucket]
        return found


class _Scored(_Queue):
    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.ways = world, world.ways

    def waiting(self, arrival: Arrival) -> tuple[tuple[object, ...], Waiting, list[datetime]]:
        facts, among = arrival.facts, self.world.rules
        decision = rules.decide(facts, arrival.at, among)
        points = rules.total(rules.points(facts, arrival.at, among))
        chat = replace(
            _plain(arrival), group_id=decision.group_id, wished_id=decision.person_id,
            skill_ids=frozenset(decision.skill_ids),
        )  # fmt: skip
        after = self.world.wider_after.get(decision.group_id or 0)
        wider = [arrival.at + timedelta(seconds=after * level) for level in (1, 2)] if after else []
        return (facts.language, decision.group_id, chat.skill_ids, points), chat, wider

    def heads(self, now: datetime) -> list[tuple[tuple[object, ...], Waiting]]:
        found = []
        for bucket, line in self.buckets.items():
            chat = line[0][1]
            waited = (now - chat.queued_at).total_seconds()
            score = int(str(bucket[3])) + earned(self.world.rules.curve, waited)
            after = self.world.wider_after.get(chat.group_id or 0)
            level = min(2, int(waited // after)) if after else 0
            found.append((-score, chat.queued_at, bucket, replace(chat, level=level) if level else chat))
        found.sort(key=lambda one: one[:2])
        return [(bucket, chat) for _score, _since, bucket, chat in found]


class _Plain(_Queue):
    ways: Mapping[int, Way] = {}

    def waiting(self, arrival: Arrival) -> tuple[tuple[object, ...], Waiting, list[datetime]]:
        return (arrival.facts.language,), replace(_plain(arrival), last_person_id=None, last_at=None), []

    def heads(self, now: datetime) -> list[tuple[tuple[object, ...], Waiting]]:
        found = [(line[0][1].queued_at, bucket, line[0][1]) for bucket, line in self.buckets.items()]
        return [(bucket, chat) for _since, bucket, chat in sorted(found, key=lambda one: one[0])]


class _Day:
    """Events in the order of their moments; after each of them hands that are free are filled."""

    def __init__(self, world: World, queue: _Queue) -> None:
        self.queue, self.ways = queue, getattr(queue, "ways", {})
        self.people: list[Candidate] = []
        self.seen = Waited()
        self._count = 0
        self._events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        # The world is lived through twice: each day has its own people.
        own = {turn.person.person_id: replace(turn.person) for turn in world.turns}
        for turn in world.turns:
            self._turn(replace(turn, person=own[turn.person.person_id]))
        for arrival in world.arrivals:
            self._at(arrival.at, partial(self._arrives, arrival))

    def lived(self) -> Waited:
        while self._events:
            now, _number, happens = heapq.heappop(self._events)
            happens(now)
            self._give(now)
        self.seen.left = sum(len(line) for line in self.queue.buckets.values())
        return self.seen

    def _at(self, moment: datetime, happens: Callable[[datetime], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (moment, self._count, happens))

    def _turn(self, turn: Turn) -> None:
        self._at(turn.comes, partial(self._comes, turn.person))
        self._at(turn.lunch, partial(self._takes, turn.person, False))
        self._at(turn.back, partial(self._takes, turn.person, True))
        self._at(turn.leaves, partial(self._leaves, turn.person))

    def _comes(self, person: Candidate, now: datetime) -> None:
        person.takes_new, person.idle_since = True, now
        self.people.append(person)

    def _takes(self, person: Candidate, takes: bool, now: datetime) -> None:
        person.takes_new = takes

    def _leaves(self, person: Candidate, now: datetime) -> None:
        """What he holds he still finishes; nobody asks why he got no more."""
        person.takes_new = False
        self.people = [one for one in self.people if one is not person]

    def _arrives(self, arrival: Arrival, now: datetime) -> None:
        for moment in self.queue.put(arrival):
            self._at(moment, _nothing)

    def _ends(self, person: Candidate, weight: float, now: datetime) -> None:
        person.load -= weight
        person.idle_since = now

    def _give(self, now: datetime) -> None:
        while self.queue.buckets and (free := [one for one in self.people if one.free]):
            if not self._give_one(free, now):
                return

    def _give_one(self, free: Sequence[Candidate], now: datetime) -> bool:
        for bucket, chat in self.queue.heads(now):
            if not candidates.anybody(chat, free, self.ways, now):
                continue
            choice = candidates.reserve(chat, self.people, self.ways, now)
            person = next((one for one in free if one.person_id == choice.person_id), None)
            if person is None:
                continue
            arrival = self.queue.take(bucket)
            self.seen.answered.append((arrival, (now - arrival.at).total_seconds(), person.person_id))
            self._at(now + arrival.lasts, partial(self._ends, person, chat.weight))
            return True
        return False


def _nothing(now: datetime) -> None:
    """Only a moment to look at the queue again."""


def _plain(arrival: Arrival) -> Waiting:
    return Waiting(
        arrival.chat_id, arrival.facts.language, frozenset(), None, 0, None, (), arrival.at, 1.0,
        arrival.last_person_id, arrival.at - timedelta(hours=2) if arrival.last_person_id else None,
    )  # fmt: skip

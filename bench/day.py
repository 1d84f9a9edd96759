"""A made-up day of a contact centre: who writes when, in which language, and who comes to work (for the simulation)."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from app.models.dispatch import Candidate
from app.models.rule import Facts
from app.queries.replay import Arrival, Turn

# Chats of each hour of a day, by Tashkent's clock.
HOURS = (4, 2, 1, 1, 1, 2, 5, 14, 36, 62, 74, 72, 60, 58, 66, 70, 66, 56, 44, 36, 30, 24, 16, 9)
# When people come, and what share of them.
SHIFTS = ((8.0, 0.28), (9.0, 0.34), (12.0, 0.12), (14.0, 0.18), (23.0, 0.08))
LANGUAGES = {"ru": 46, "uz_Latn": 34, "uz_Cyrl": 15, "en": 5}
SPOKEN = {"uz_Latn": 0.8, "uz_Cyrl": 0.6, "en": 0.2}
SEGMENTS = {"Premium": 8, "Standart": 80, "Helper": 12}
_SHIFT = timedelta(hours=9)
_LUNCH = timedelta(minutes=45)
_MINUTES = 7.0
CAPACITY = 4


def arrivals(
    count: int, day: datetime, segments: Mapping[str, int], people: int, chance: random.Random
) -> list[Arrival]:
    """So many chats of one day; `segments`: ids by name, `day`: its first moment."""
    hours = chance.choices(range(24), HOURS, k=count)
    ats = sorted(day + timedelta(hours=hour, seconds=chance.random() * 3600) for hour in hours)
    languages = chance.choices(list(LANGUAGES), list(LANGUAGES.values()), k=count)
    kinds = chance.choices(list(SEGMENTS), list(SEGMENTS.values()), k=count)
    return [
        Arrival(
            number, at, _facts(number, at, language, segments.get(kind), chance),
            timedelta(minutes=min(60.0, chance.expovariate(1 / _MINUTES) + 1)), kind,
            1 + chance.randrange(people) if chance.random() < 0.2 else None,
        )
        for number, (at, language, kind) in enumerate(zip(ats, languages, kinds, strict=True), 1)
    ]  # fmt: skip


def turns(people: Sequence[Candidate], day: datetime, chance: random.Random) -> list[Turn]:
    """When each of them comes, eats and goes; who begins in the evening before is there from midnight."""
    found = []
    starts, shares = zip(*SHIFTS, strict=True)
    for person in people:
        start = chance.choices(starts, shares)[0]
        comes = day + timedelta(hours=start - 24 if start > 20 else start, minutes=chance.uniform(-5, 12))
        lunch = comes + timedelta(hours=chance.uniform(3.5, 5.5))
        found.append(Turn(person, comes, lunch, lunch + _LUNCH, comes + _SHIFT))
        if start > 20:
            again = timedelta(days=1)
            found.append(Turn(person, comes + again, lunch + again, lunch + again + _LUNCH, comes + again + _SHIFT))
    return found


def _facts(number: int, at: datetime, language: str, segment_id: int | None, chance: random.Random) -> Facts:
    return Facts(
        channel_id=1, channel_kind="telegram", language=language, topic_ids=(), segment_id=segment_id,
        customer_id=number, text="", verified=chance.random() < 0.3, returning=chance.random() < 0.05, attributes={},
        at=at,
    )  # fmt: skip


def staff(count: int, groups: Sequence[int], chance: random.Random) -> Iterator[Candidate]:
    """So many operators: all speak Russian, most more; every fifth serves the first of the groups."""
    for number in range(1, count + 1):
        spoken = {language for language, share in SPOKEN.items() if chance.random() < share}
        yield Candidate(
            person_id=number, name=f"Operator {number}", takes_new=False, languages=frozenset({"ru", *spoken}),
            skills=frozenset(), groups=frozenset(groups if number % 5 == 0 else groups[1:]), load=0.0,
            capacity=CAPACITY, idle_since=None, given_at=None,
        )  # fmt: skip

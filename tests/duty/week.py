"""A week of the bank on a simulated clock: all that the scheduler, the pages and the people would call, and no more."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import text

from app.actions import closing, dispatch, duty, leases, moving, offers, reply, routing, settings, shifts, sweeping
from app.actions.journal import HERE
from app.actions.moving import Target
from app.base.refusal import Refusal
from app.models.chat import Outcome
from app.models.db import db, transaction
from app.models.viewer import SYSTEM, Viewer
from tests.desk.clients import Client
from tests.duty import week_laws
from tests.duty.conftest import ACTIVE, BREAK, CURRENT, LOST, LUNCH, TECHNICAL
from tests.duty.worker import Worker

SAID = {
    "ru": "Здравствуйте, не проходит оплата картой, помогите пожалуйста",
    "uz_Latn": "Assalomu alaykum, kartam bilan toʻlov oʻtmayapti, yordam bering",
    "en": "Good afternoon, my card payment does not go through, please help",
}
_MODES = ("assign", "assign", "offer", "assign", "offer", "queue", "assign")
_HELD = text("SELECT chat_id, owner_id, waits_since FROM standing WHERE owner_id IS NOT NULL AND snooze IS NULL")
_OFFERED = text("SELECT chat_id, offered_to FROM standing WHERE offered_until > :now")
_SOMETHING = ("break", "lunch", "current", "active", "trouble", "crash", "crash", "asleep", "killed")
_numbers = count(700_000)


class Week:
    """`saw` counts what happened, so that a week in which nothing did is no proof."""

    def __init__(
        self, staff: list[Worker], supervisor: Viewer, dice: Random, begins: datetime, step: timedelta, a_day: int
    ) -> None:
        self.staff, self.supervisor, self.dice, self.step = staff, supervisor, dice, step
        self.begins = self.now = begins
        self.chance = a_day * step / timedelta(days=1)
        self.saw: Counter[str] = Counter()
        self.story: deque[str] = deque(maxlen=40)
        self.clients = [(Client("Dilshod", next(_numbers)), self._language()) for _ in range(60)]
        self.written = 0
        self.away_until = begins
        self.stuck: Counter[int] = Counter()
        self.kept: dict[tuple[int, int], datetime] = {}
        self.held: Sequence[Any] = ()

    def hours(self) -> Iterator[int]:
        """One after the other, each with all that happens in it."""
        for hour in range(7 * 24):
            if hour % 24 == 0:
                settings.change({"routing.mode": _MODES[hour // 24]}, SYSTEM, HERE, self.now)
            end = self.begins + timedelta(hours=hour + 1)
            while self.now < end:
                self._tick(min(self.now + self.step, end))
            yield hour

    @property
    def mode(self) -> str:
        return _MODES[int((self.now - self.begins) / timedelta(days=1)) % 7]

    def servants(self) -> list[Worker]:
        return [one for one in self.staff if one.here and one.status in (ACTIVE, CURRENT)]

    def _tick(self, now: datetime) -> None:
        if now < self.away_until:  # the machine is off: time goes on, nothing else does
            self.now = now
            return
        minute = int(now.timestamp()) // 60 > int(self.now.timestamp()) // 60
        self.now = now
        self._clients()
        self.held = db.session.execute(_HELD).all()
        for one in self.staff:
            self._acts(one)
        self._supervises()
        leases.renew([one.id for one in self.staff if self._alive(one)], self.now)
        leases.sweep(self.now)
        if minute:
            sweeping.sweep(self.now)
        dispatch.assign(self.now)
        self._answers_offers()
        week_laws.each_moment(self)
        if self._happens(1 / 4) and self.now.hour == 7 and self.now.minute == 0:
            self._tell("outage", None)
            self.away_until = self.now + timedelta(minutes=self.dice.randint(10, 40))

    def _alive(self, one: Worker) -> bool:
        """The page of somebody at work renews its lease by being there."""
        if one.status is None or not one.page:
            return False
        one.life = self.now
        return True

    def _clients(self) -> None:
        busy = 1.5 if 4 <= self.now.hour < 15 else 0.4
        for _ in range(3):
            if self.dice.random() < self.chance * busy / 3:
                client, language = self.dice.choice(self.clients)
                client.writes(SAID[language], self.now)
                self.written += 1

    def _acts(self, one: Worker) -> None:
        if one.status is None:
            if one.page and one.planned(self.now):
                self._choose(one, ACTIVE)
            elif one.due and self.now >= one.due:
                one.page, one.due = True, None
        elif not one.page or one.asleep or one.due:
            if one.due and self.now >= one.due:
                self._returns(one)
        elif one.status == LOST:
            self._choose(one, ACTIVE)
        elif not one.planned(self.now):
            self._goes(one)
        else:
            self._something(one)
            self._serves(one)

    def _returns(self, one: Worker) -> None:
        one.page, one.asleep, one.due = True, False, None
        if one.status in (BREAK, LUNCH, TECHNICAL, LOST):
            self._choose(one, ACTIVE)

    def _goes(self, one: Worker) -> None:
        if self._happens(0.3):
            return
        duty.finish(one.viewer, self.now)
        one.ended(self.now)
        self._tell("finished", one)

    def _something(self, one: Worker) -> None:
        """About a dozen times in a shift."""
        if self.now - (one.acted or self.now) > timedelta(minutes=8):
            leases.active(one.id, self.now)
            one.acted = one.life = self.now
        if not self._happens(self.step / timedelta(minutes=70)):
            return
        match self.dice.choice(_SOMETHING):
            case "break":
                self._choose(one, BREAK, minutes=12)
            case "lunch":
                self._choose(one, LUNCH, minutes=45)
            case "trouble":
                self._choose(one, TECHNICAL, minutes=10)
            case "current":
                self._choose(one, CURRENT)
            case "active":
                self._choose(one, ACTIVE)
            case "crash":
                one.page, one.due = False, self.now + timedelta(minutes=self.dice.choice((1, 8, 20, 90)))
                self._tell("crash", one)
            case "asleep":
                one.asleep, one.due = True, self.now + timedelta(minutes=self.dice.choice((20, 50, 120)))
                self._tell("asleep", one)
            case "killed":
                self._killed(one)

    def _killed(self, one: Worker) -> None:
        """His shift is ended, and the process dies before his chats have gone on."""
        with transaction() as tx:
            found = shifts.locked(one.id)
            assert found is not None
            shifts.end(tx, found, "finished", self.now)
        one.ended(self.now)
        self._tell("killed", one)

    def _choose(self, one: Worker, status: int, minutes: int = 0) -> None:
        try:
            duty.choose(status, one.viewer, self.now)
        except Refusal as refusal:
            self._tell(type(refusal).__name__, one)
            return
        leases.active(one.id, self.now)  # as the request of his page does, also when he is in this status already
        one.chose(status, self.now)
        one.due = self.now + timedelta(minutes=minutes) if minutes else None
        self._tell(f"status {status}", one)

    def _serves(self, one: Worker) -> None:
        if one.status not in (ACTIVE, CURRENT):
            return
        mine = [row for row in self.held if row.owner_id == one.id]
        if self.mode == "queue" and len(mine) < 3 and one.status == ACTIVE:
            self._tries("took", one, lambda: routing.take_next(one.viewer, self.now))
        for row in mine:
            self._works_on(one, row.chat_id, row.waits_since is not None)

    def _works_on(self, one: Worker, chat: int, waits: bool) -> None:
        if waits and self._happens(0.8):
            self._tries("replied", one, lambda: reply.say(chat, "Hozir qarayman", one.viewer, self.now))
        elif self._happens(0.4):
            self._tries("closed", one, lambda: closing.finish(chat, Outcome.SOLVED, [], "", one.viewer, self.now))
        elif self._happens(0.05):
            self._tries("returned", one, lambda: routing.give_back(chat, one.viewer, self.now))
        elif self._happens(0.1) and len(others := [two for two in self.servants() if two is not one]):
            to = self.dice.choice(others).id
            self._tries("transferred", one, lambda: offers.transfer(chat, one.viewer, self.now, to_person=to))

    def _answers_offers(self) -> None:
        """Whoever is asked says yes, says no or does not look; and the next is asked, some seconds later."""
        here = {one.id: one for one in self.servants()}
        for _ in range(6):
            asked = db.session.execute(_OFFERED, {"now": self.now}).all()
            if not asked:
                return
            self.now += timedelta(seconds=3)
            for row in asked:
                if row.offered_to in here:
                    self._answers(here[row.offered_to], row.chat_id)
            dispatch.assign(self.now)

    def _answers(self, one: Worker, chat: int) -> None:
        if self._happens(0.7):
            self._tries("accepted", one, lambda: offers.accept(chat, one.viewer, self.now))
        elif self._happens(0.3):
            self._tries("declined", one, lambda: offers.decline(chat, one.viewer, self.now))

    def _supervises(self) -> None:
        if not self._happens(self.step / timedelta(hours=6)):
            return
        present = [one for one in self.staff if one.status is not None and (one.page or one.status == LOST)]
        if not present:
            return
        one = self.dice.choice(present)
        if one.status != LOST and self._happens(0.3):
            self._sets(one)
        elif self._happens(0.2):
            self._frees(one)
        else:
            self._stops(one)

    def _sets(self, one: Worker) -> None:
        with suppress(Refusal):
            duty.set_for(one.id, CURRENT, self.supervisor, HERE, self.now)
            one.entered(CURRENT, self.now)
            self._tell("set", one)

    def _frees(self, one: Worker) -> None:
        with suppress(Refusal):
            duty.free_seat(one.id, self.supervisor, HERE, self.now)
            one.ended(self.now)
            self._tell("seat freed", one)

    def _stops(self, one: Worker) -> None:
        others = [two for two in self.servants() if two is not one]
        targets = [Target("rules"), Target("queue")]
        targets += [Target("person", self.dice.choice(others).id)] if others else []
        before, shift = (one.status, one.since), one.shifts[-1]
        stop_id = moving.stop(one.id, self.dice.choice(targets), "Tekshiruv", self.supervisor, HERE, self.now)
        one.ended(self.now)
        self._tell("stopped", one)
        if before[0] == LOST or not self._happens(0.5):
            return
        self.now += timedelta(seconds=self.dice.randint(1, 50))
        with suppress(Refusal):
            moving.undo(stop_id, self.supervisor, HERE, self.now)
            shift.ended, one.status, one.since = None, *before
            one.life = one.acted = self.now
            self._tell("undone", one)

    def _tries(self, what: str, one: Worker, verb: Callable[[], object]) -> None:
        with suppress(Refusal):
            verb()
            self._tell(what, one)

    def _tell(self, what: str, one: Worker | None) -> None:
        self.saw[what] += 1
        self.story.append(f"{self.now:%d %H:%M:%S} {one.actor.login if one else '-'} {what}")

    def _happens(self, chance: float) -> bool:
        return self.dice.random() < chance

    def _language(self) -> str:
        return self.dice.choices(("ru", "uz_Latn", "en"), (5, 4, 1))[0]

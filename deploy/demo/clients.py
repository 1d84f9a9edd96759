"""Simulated clients: they come one after another, tell their matter, react to answers, thank and go.

The same seed gives the same people in the same order with the same pauses. Time is a parameter, in seconds.
"""

import threading
import time
from pathlib import Path
from random import Random

from deploy.demo import pictures
from deploy.demo.cloud import Cloud, Fields
from deploy.demo.people import PEOPLE
from deploy.demo.story import Act, Fix, OwnNumber, Person, Photo, Pin, Story, Voice

ROBOT = 4.0  # an answer that comes sooner is an auto-reply: nobody reacts to it
PATIENCE = 240.0
LINGER = 600.0  # after the last word, for the buttons of a rating
STEP = 0.5


class Clients:
    """Everybody who is writing now. `pace` seconds between newcomers, at most `most` open visits."""

    def __init__(
        self, cloud: Cloud, seed: int = 1, pace: float = 20, most: int = 12, control: Path | None = None
    ) -> None:
        self.cloud, self.seed, self.pace, self.most, self.control = cloud, seed, pace, most, control
        self.running = True
        self.visits: list[Visit] = []
        self._random = Random(seed)
        self._next = 0.0
        self._told: dict[int, int] = {}

    def run(self, stop: threading.Event) -> None:
        """Live until `stop`."""
        while not stop.wait(STEP):
            self.tick(time.monotonic())

    def tick(self, now: float) -> None:
        """Do what is due."""
        if not self.running or self._switched_off():
            return
        for visit in self.visits:
            visit.tick(now)
        self.visits = [visit for visit in self.visits if not visit.is_past(now)]
        if now >= self._next and sum(not visit.over for visit in self.visits) < self.most:
            self._next = now + self.pace * self._random.uniform(0.6, 1.4)
            self._welcome(now)

    def status(self) -> Fields:
        """For the control page."""
        waiting = sum(not visit.over for visit in self.visits)
        return {
            "running": self.running and not self._switched_off(),
            "open": waiting,
            "pace": self.pace,
            "most": self.most,
        }

    def adjust(self, wish: Fields) -> None:
        """Pause, resume, hurry up: {"running": bool, "pace": seconds ≥ 0.1, "most": 0–14}."""
        if isinstance(wish.get("running"), bool):
            self.running = wish["running"]
        if isinstance(wish.get("pace"), int | float):
            self.pace = max(0.1, float(wish["pace"]))
            self._next = 0.0
        if type(wish.get("most")) is int:
            self.most = min(max(wish["most"], 0), len(PEOPLE))

    def _welcome(self, now: float) -> None:
        present = {visit.person.id for visit in self.visits}
        absent = [person for person in PEOPLE if person.id not in present]
        if not absent:
            return
        fewest = min(self._told.get(person.id, 0) for person in absent)
        person = self._random.choice([one for one in absent if self._told.get(one.id, 0) == fewest])
        story = person.stories[fewest % len(person.stories)]
        random = Random(f"{self.seed}:{person.id}:{fewest}")
        self._told[person.id] = fewest + 1
        self.visits.append(Visit(self.cloud, person, story, random, now))

    def _switched_off(self) -> bool:
        try:
            return self.control is not None and self.control.read_text().strip() == "off"
        except OSError:
            return False


class Visit:
    """One person telling one story."""

    def __init__(self, cloud: Cloud, person: Person, story: Story, random: Random, now: float) -> None:
        self.cloud, self.person, self.random = cloud, person, random
        self.over = False
        self._then: list[Act] = [*story.then, story.thanks]
        self._plan: list[tuple[float, Act]] = []
        self._nudged = False
        self._said_at = now
        self._last_id = 0
        self._chat = cloud.join(_user(person))
        self._seen = self._chat.count
        if not self._seen:
            self._plan.append((now, f"/start {story.payload}".strip()))
        for act in story.opening:
            now += random.uniform(2, 6)
            self._plan.append((now, act))

    def tick(self, now: float) -> None:
        """Say what is due; otherwise listen."""
        rows = self._listen(now)
        if self._plan:
            if now >= self._plan[0][0]:
                self._do(self._plan.pop(0)[1], now)
        elif rows is not None:
            self._react(rows, now)
        elif not self.over and not self._nudged and now - self._said_at > PATIENCE:
            self._nudged = True
            self._do(self.person.nudge, now)

    def is_past(self, now: float) -> bool:
        """Whether the visit can be forgotten."""
        return self.over and now - self._said_at > LINGER

    def _listen(self, now: float) -> list[Fields] | None:
        """The buttons of what the bank said since, [] when it said something without any, None for silence."""
        events = self.cloud.events(self._chat.id, self._seen, 0)
        self._seen = self._chat.count if not events else events[-1]["n"]
        heard = [event["message"] for event in events if event["by"] == "bank" and event["what"] == "message"]
        pressable = [
            {**button, "message_id": message["message_id"]} for message in heard for button in _buttons(message)
        ]
        if pressable:
            return pressable
        return [] if heard and now - self._said_at >= ROBOT else None

    def _react(self, buttons: list[Fields], now: float) -> None:
        if buttons:
            # People who answer at all are mostly content.
            button = buttons[min(int(self.random.triangular(0, len(buttons), len(buttons))), len(buttons) - 1)]
            self.cloud.press(self._chat.id, button["message_id"], button["callback_data"])
        elif self._then:
            due = now + self.random.uniform(5, 40)
            self._plan.append((due, self._then.pop(0)))
            while self._then and isinstance(self._then[0], Fix | Pin):
                due += self.random.uniform(3, 8)
                self._plan.append((due, self._then.pop(0)))

    def _do(self, act: Act, now: float) -> None:
        chat_id = self._chat.id
        self._said_at = now
        if isinstance(act, Fix):
            self.cloud.correct(chat_id, self._last_id, act.text)
            return
        self._last_id = self.cloud.say(chat_id, **self._content(act))["message_id"]
        self.over = not self._then and not self._plan and act != self.person.nudge

    def _content(self, act: Act) -> Fields:
        if isinstance(act, Photo):
            data = pictures.screen() if act.shows == "screen" else pictures.receipt()
            size = {"width": 400, "height": 720} if act.shows == "screen" else {"width": 480, "height": 640}
            photo = {"photo": [{**self._file("photo.png", "image/png", data), **size}]}
            return {**photo, "caption": act.caption} if act.caption else photo
        if isinstance(act, Voice):
            told = self._file("voice.ogg", "audio/ogg", pictures.voice(act.seconds))
            return {"voice": {**told, "duration": act.seconds, "mime_type": "audio/ogg"}}
        if isinstance(act, Pin):
            return {"location": {"latitude": act.latitude, "longitude": act.longitude}}
        if isinstance(act, OwnNumber):
            number = f"+99890{self.person.id % 10_000_000:07d}"
            return {
                "contact": {"phone_number": number, "first_name": self.person.first_name, "user_id": self.person.id}
            }
        return {"text": str(act)}

    def _file(self, name: str, mime: str, data: bytes) -> Fields:
        file = self.cloud.keep(name, mime, data)
        return {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": len(data)}


def _user(person: Person) -> Fields:
    user = {"id": person.id, "is_bot": False, "first_name": person.first_name, "language_code": person.language}
    extra = {"last_name": person.last_name, "username": person.username}
    return {**user, **{key: value for key, value in extra.items() if value}}


def _buttons(message: Fields) -> list[Fields]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row if _is_mark(button)]


def _is_mark(button: Fields) -> bool:
    """A mark of a rating; whoever is content presses nothing else."""
    return str(button.get("callback_data", "")).rpartition(":")[2].isdigit()

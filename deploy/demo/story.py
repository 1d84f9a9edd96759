"""What a simulated client can do, and the shape of a story."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Photo:
    """A picture: a "receipt" or a phone's "screen"."""

    caption: str = ""
    shows: str = "receipt"


@dataclass(frozen=True)
class Voice:
    """A (silent) voice message."""

    seconds: int


@dataclass(frozen=True)
class Pin:
    """Where the client stands."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Fix:
    """The message before, edited."""

    text: str


@dataclass(frozen=True)
class OwnNumber:
    """The client's own contact, shared with the button of Telegram."""


Act = str | Photo | Voice | Pin | Fix | OwnNumber


@dataclass(frozen=True)
class Story:
    """One visit: what is said at first, one more act after each answer, and the last word."""

    opening: tuple[Act, ...]
    then: tuple[Act, ...]
    thanks: str
    payload: str = ""


@dataclass(frozen=True)
class Person:
    """A simulated client. `language` is the phone's, which may differ from what they write."""

    id: int
    first_name: str
    last_name: str
    language: str
    nudge: str
    stories: tuple[Story, ...]
    username: str = ""

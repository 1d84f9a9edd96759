"""The desk's memory: words to search by, and sealing anew under another key."""

from flask import current_app

from app.actions import memory, resealing
from app.base import clock, wakeups
from app.base.later import answered


def keep_words() -> None:
    answered(wakeups.KEEP_WORDS)
    memory.keep_words(clock.now())


def reseal() -> None:
    answered(wakeups.RESEAL)
    resealing.go_on(clock.now(), current_app.config["SETTINGS"].keys)

"""The journal is sealed in blocks, and its head leaves the house."""

from flask import current_app

from app.actions import journal_chain
from app.base import clock, wakeups
from app.base.later import answered, later


def seal() -> None:
    answered(wakeups.SEAL_JOURNAL)
    if journal_chain.seal(clock.now(), current_app.config["SETTINGS"].data) == journal_chain.MOST:
        later(wakeups.SEAL_JOURNAL)


def export_head() -> None:
    answered(wakeups.EXPORT_HEAD)
    journal_chain.export_head(clock.now(), current_app.config["SETTINGS"].data)

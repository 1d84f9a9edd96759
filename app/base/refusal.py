"""Refusals: exceptions named as sentences, each with a notice for the person, shown in one place (pages/respond)."""

from typing import Any


class Refusal(Exception):
    """What cannot be done now, and what to do. `notice` is a lazy translated text; `status` is HTTP's.

    `tone`: bad news stays on the page until it is read, "hold" passes by itself.
    """

    notice: Any = ""
    status = 409
    tone = "bad"

    def __init__(self, **values: Any) -> None:
        super().__init__(type(self).__name__)
        self.values = values

    @property
    def message(self) -> str:
        return str(self.notice) % self.values if self.values else str(self.notice)

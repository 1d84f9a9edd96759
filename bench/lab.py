"""What benchmarks share: one desk with a bot by webhook and one that is polled, their floor, and how long to take."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg

from bench.desk import Desk
from bench.floor import Floor
from bench.hooks import Hook
from bench.people import Operator, hire
from bench.telegram import TOKEN, Telegram


@dataclass
class Lab:
    """`quick` is for every day: shorter bursts and smaller tables, the same ratios."""

    desk: Desk
    quick: bool

    def scaled(self, whole: int, quick: int) -> int:
        return quick if self.quick else whole

    @cached_property
    def floor(self) -> Callable[[], float]:
        return Floor(self.desk, 1 if self.quick else 4)

    @cached_property
    def hooked(self) -> Telegram:
        return self._bot("Webhook", "--webhook")

    @cached_property
    def polled(self) -> Telegram:
        return self._bot("Polled")

    @cached_property
    def hook(self) -> Hook:
        return Hook(self.desk, self.hooked)

    @cached_property
    def operator(self) -> Operator:
        """Somebody is signed in, so pushes are drawn."""
        return hire(self.desk, 1)[0]

    def one(self, statement: str, *values: Any) -> Any:
        try:
            row = self._connection.execute(statement, values).fetchone()
        except psycopg.OperationalError:  # the server was killed meanwhile, by a benchmark that does so
            del self._connection
            row = self._connection.execute(statement, values).fetchone()
        return row[0] if row else None

    @cached_property
    def _connection(self) -> "psycopg.Connection[Any]":
        return self.desk.connect()

    def _bot(self, name: str, *how: str) -> Telegram:
        telegram = Telegram()
        self.desk.command(
            "channels", "add", "telegram", "--name", name, "--token", TOKEN, "--api-url", telegram.url, *how
        )
        return telegram

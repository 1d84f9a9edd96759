"""Keeps children alive: restarts what dies, stops everything in reverse order."""

import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from deploy.local.bell import Bell
from deploy.local.child import Child, clear_remains, last_lines, launch, rotate_log
from deploy.local.say import Refusal, complain

FIRST_DELAY, LONGEST_DELAY = 0.2, 5.0
# Who lived this long starts again with the first delay.
HEALTHY_SECONDS = 10.0
START_SECONDS = 30.0
# Together under the ten seconds that Ctrl-C may take.
PATIENCE_CHILDREN, PATIENCE_SERVER = 5.0, 2.0


class StopAsked(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


class Keeper:
    """One child, whether it lives, and when it is due again."""

    def __init__(self, child: Child, data: Path, env: Mapping[str, str]) -> None:
        self.child, self.data, self.env = child, data, env
        self.process: subprocess.Popen[bytes] | None = None
        self.delay, self.started, self.due = FIRST_DELAY, 0.0, 0.0
        self.silent = False

    def start(self) -> None:
        self.process = launch(self.child, self.data, self.env)
        self.started = time.monotonic()

    def look(self) -> None:
        """Notice a death, or restart what is due."""
        if self.process is None:
            if time.monotonic() >= self.due:
                self._start_again()
        elif (code := self.process.poll()) is not None:
            self._mourn(code, self.process.pid)

    def _start_again(self) -> None:
        try:
            self.start()
        except OSError as error:
            complain(f"{self.child.name} cannot be started: {error.strerror}")
            self.due = time.monotonic() + LONGEST_DELAY

    def _mourn(self, code: int, pid: int) -> None:
        now = time.monotonic()
        self.delay = FIRST_DELAY if now - self.started > HEALTHY_SECONDS else self.delay
        self._tell(code)
        clear_remains(self.child, self.data, pid)
        self.process, self.due, self.delay = None, now + self.delay, min(self.delay * 2, LONGEST_DELAY)

    def _tell(self, code: int) -> None:
        """Say why, until it is clear that it will not stop dying."""
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        if self.delay < LONGEST_DELAY:
            complain(f"{self.child.name} died ({how}), starting it again in {self.delay:g} s")
            for line in last_lines(self.data, self.child.name) if code > 0 else ():
                complain(f"  {line}")
        elif not self.silent:
            log = self.data / "log" / f"{self.child.name}.log"
            complain(f"{self.child.name} keeps dying ({how}), trying every {LONGEST_DELAY:g} s: see {log}")
        self.silent = self.delay == LONGEST_DELAY

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.child.stop_signal)

    def finish(self, deadline: float) -> None:
        """Wait for the end until the deadline, then end it and whatever it leaves."""
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.0, deadline - time.monotonic()))
            clear_remains(self.child, self.data, self.process.pid)
            self.process.wait()
            self.process = None


class Supervisor:
    """Starts children in order, looks after them, stops them in reverse order. Use as a context manager."""

    def __init__(self, data: Path, env: Mapping[str, str]) -> None:
        self.data, self.env = data, env
        self.keepers: list[Keeper] = []
        self.bell = Bell()

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def add(self, child: Child, env: Mapping[str, str] | None = None) -> None:
        """Start a child and, when it can tell, wait until it is ready."""
        keeper = Keeper(child, self.data, env or self.env)
        rotate_log(self.data, child.name)
        child.heal()
        self.keepers.append(keeper)
        keeper.start()
        deadline = time.monotonic() + START_SECONDS
        while child.ready and not (keeper.process and child.ready(keeper.process.pid)):
            self._give_up_late(child, deadline)
            self.turn(0.02)

    def turn(self, seconds: float) -> None:
        """Wait for a child's death or the time, then set right what died. Raises StopAsked."""
        due = [keeper.due - time.monotonic() for keeper in self.keepers if keeper.process is None]
        self.bell.wait(max(0.0, min([seconds, *due])))
        if self.bell.stop_asked:
            raise StopAsked
        for keeper in self.keepers:
            keeper.look()

    def run(self) -> None:
        """Look after the children until asked to stop."""
        while True:
            self.turn(60)

    def stop(self) -> None:
        deadline = time.monotonic() + PATIENCE_CHILDREN
        applications = [keeper for keeper in reversed(self.keepers) if not keeper.child.server]
        for keeper in applications:
            keeper.ask_to_stop()
        for keeper in applications:
            keeper.finish(deadline)
        for keeper in [keeper for keeper in reversed(self.keepers) if keeper.child.server]:
            keeper.ask_to_stop()
            keeper.finish(time.monotonic() + PATIENCE_SERVER)
        self.keepers.clear()

    def _give_up_late(self, child: Child, deadline: float) -> None:
        if time.monotonic() > deadline:
            why = " | ".join(last_lines(self.data, child.name)) or "it said nothing"
            raise Refusal(f"{child.name} did not start within {START_SECONDS:g} s: {why}")

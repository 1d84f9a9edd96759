"""Waiting that costs nothing and hears every signal."""

import os
import select
import signal
import socket
from contextlib import suppress
from types import FrameType


class Bell:
    """Rings when a child dies or somebody asks to stop, so waiting costs nothing (signal.set_wakeup_fd)."""

    def __init__(self) -> None:
        self.stop_asked = False
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup has SIGHUP ignored, and so it stays.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._hear)

    def wait(self, seconds: float) -> None:
        if not self.stop_asked and select.select([self._reader], [], [], seconds)[0]:
            with suppress(BlockingIOError):
                while os.read(self._reader.fileno(), 4096):
                    pass

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self.stop_asked |= number != signal.SIGCHLD

"""Token buckets: how fast something may go, in this process."""

import threading
import time


class Bucket:
    """`rate` tokens a second, at most `burst` saved up. Threads that wait keep their order roughly."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, max(burst, 1.0)
        self._tokens, self._at = self._burst, time.monotonic()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Take one token, sleeping until there is one."""
        while (pause := self._take()) > 0:
            time.sleep(pause)

    def pause(self, seconds: float) -> None:
        """Let nothing through for so long: the other side asked for it."""
        with self._lock:
            self._tokens, self._at = 0.0, max(self._at, time.monotonic() + seconds)

    def _take(self) -> float:
        with self._lock:
            moment = time.monotonic()
            if moment > self._at:
                self._tokens = min(self._burst, self._tokens + (moment - self._at) * self._rate)
                self._at = moment
            if self._tokens >= 1:
                self._tokens -= 1
                return 0.0
            return (1 - self._tokens) / self._rate + max(0.0, self._at - moment)

"""How often one source may do something: token buckets in Redis, in this process while Redis is away."""

import threading
import time

from redis.exceptions import RedisError

from app.base import crypt, redis

# Tokens left and when they were counted; the bucket forgets itself once it would be full again.
_TAKE = """
local at = redis.call('TIME')
local now = at[1] + at[2] / 1e6
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local tokens = math.min(burst, (tonumber(kept[1]) or burst) + (now - (tonumber(kept[2]) or now)) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = (1 - tokens) / rate end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 1)
return tostring(wait)
"""
_MOST_KEPT = 20_000


class Flood:
    """`rate` acts a second for each source, `burst` at once. `wait(source)` takes one, or says how long to wait."""

    def __init__(self, name: str, rate: float, burst: int) -> None:
        self._name, self._rate, self._burst = name, rate, burst
        self._kept: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, source: str) -> float:
        """Seconds until this source may act again; 0.0 when it may now."""
        key = f"muloqot:flood:{self._name}:{crypt.keyed_hash('flood', source).hex()}"
        try:
            return float(redis.client().eval(_TAKE, 1, key, str(self._rate), str(self._burst)))
        except RedisError:
            return self._wait_here(key)

    def _wait_here(self, key: str) -> float:
        with self._lock:
            moment = time.monotonic()
            tokens, at = self._kept.get(key, (float(self._burst), moment))
            tokens = min(self._burst, tokens + (moment - at) * self._rate)
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (tokens - 1 if tokens >= 1 else tokens, moment)
            return 0.0 if tokens >= 1 else (1 - tokens) / self._rate

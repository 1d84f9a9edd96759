"""Calls to the outside: bounded in time and size, kept away from private networks, honest about what was sent.

The guard stands in the socket's place: a name is resolved once, every address is judged, and that very address is
connected to, so a name that changes its mind between the look and the call (DNS rebinding) gains nothing. TLS still
checks the name, and connections are kept and reused as usual.
"""

import json as _json
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Self

import httpx

from app.base.guard import Failed, Guard, Network, Refused, Resolve, addresses_of, guarded_transport

__all__ = ["Failed", "GuardedClient", "NotSent", "Refused", "Reply", "TooLarge", "Uncertain", "client"]

CONNECT_S = 5.0
_MEBIBYTE = 1024 * 1024


class NotSent(Failed):
    """The request provably did not reach the other side: no address, no connection, no free connection in time."""


class Uncertain(Failed):
    """The connection was lost after sending began: the other side may or may not have acted on it."""


class TooLarge(Failed):
    """The other side answered with more than the caller takes; it has acted on the request."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is none."""
        return _json.loads(self.body)


def client(
    proxy: str | None,
    allow: Sequence[Network],
    timeout: float = 20.0,
    *,
    resolve: Resolve = addresses_of,
    verify: ssl.SSLContext | bool = True,
) -> "GuardedClient":
    """A client that several threads may share; close it at the end.

    `allow` names the private networks that may be called; those are reached directly, all else through `proxy`.
    """
    return GuardedClient(Guard(allow, resolve), proxy, timeout, verify)


class GuardedClient:
    def __init__(self, guard: Guard, proxy: str | None, timeout: float, verify: ssl.SSLContext | bool) -> None:
        self._guard = guard
        self._timeout = timeout
        self._direct = _httpx(guarded_transport(guard, verify))
        self._proxied = _httpx(httpx.HTTPTransport(proxy=proxy, verify=verify, trust_env=False)) if proxy else None

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        data: Mapping[str, Any] | bytes | None = None,
        files: Any = None,
        timeout: float | None = None,
        max_bytes: int = 10 * _MEBIBYTE,
        headers: Mapping[str, str] | None = None,
        follow: bool = False,
    ) -> Reply:
        """Call and read the whole answer, whatever its status.

        `timeout` (seconds) bounds each wait and then the whole body; connecting never takes longer than 5 s an address.
        `data` is a form or a raw body. Raises NotSent, Uncertain, TooLarge, Refused.
        """
        seconds = timeout or self._timeout
        try:
            through = self._way_to(url)
            request = through.build_request(
                method, url, json=json, files=files, headers=dict(headers or {}),
                content=data if isinstance(data, bytes) else None, data=None if isinstance(data, bytes) else data,
                timeout=httpx.Timeout(seconds, connect=min(CONNECT_S, seconds)),
            )  # fmt: skip
            answer = through.send(request, stream=True, follow_redirects=follow)
            try:
                return Reply(answer.status_code, _lower(answer.headers), _body(answer, seconds, max_bytes))
            finally:
                answer.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise NotSent(_reason(error)) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            raise Refused(_reason(error)) from error
        except httpx.HTTPError as error:
            raise Uncertain(_reason(error)) from error

    def close(self) -> None:
        self._direct.close()
        if self._proxied:
            self._proxied.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _way_to(self, url: str) -> httpx.Client:
        if not self._proxied:
            return self._direct
        return self._direct if self._guard.goes_direct(httpx.URL(url).host) else self._proxied


def _httpx(transport: httpx.BaseTransport) -> httpx.Client:
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    # Unpacked answers are asked for: a small packed one could unpack to gigabytes before it is counted.
    headers = {"Accept-Encoding": "identity", "User-Agent": "Muloqot"}
    return httpx.Client(transport=transport, trust_env=False, cookies=no_cookies, headers=headers, max_redirects=5)


def _body(answer: httpx.Response, seconds: float, max_bytes: int) -> bytes:
    deadline = time.monotonic() + seconds
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge(f"the answer is larger than {max_bytes} bytes")
        if time.monotonic() > deadline:
            raise Uncertain(f"the answer took longer than {seconds:g} s")
    return bytes(body)


def _lower(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__

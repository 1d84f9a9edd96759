"""A thin Bot API client: one call, its result or one of three errors. The token never leaves this file.

Source: https://core.telegram.org/bots/api#making-requests. The address may be a local Bot API server's.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, BinaryIO

from app.base import http
from app.channels.contract import Account, Network

PUBLIC = "https://api.telegram.org"
ANSWER_LIMIT = 8 << 20  # a full batch of 100 updates is far below
QUIET = 20.0
TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,128}")
PATH = re.compile(r"[^\s?#\\]{1,1024}")

Upload = tuple[str, BinaryIO, str]


class ApiError(Exception):
    """The server answered no: `retry_after` seconds and `new_lane` are what it told besides, 0 and "" otherwise."""

    def __init__(self, code: int, description: str, retry_after: float = 0, new_lane: str = "") -> None:
        super().__init__(f"{code} {description}")
        self.code, self.description, self.retry_after, self.new_lane = code, description, retry_after, new_lane


class NotSent(Exception):
    """The request certainly did not reach the server."""


class Lost(Exception):
    """The request left and no readable answer came: it may have been done."""


class NotAllowed(Exception):
    """Our own guard forbids this address."""


def call(
    account: Account,
    method: str,
    params: Mapping[str, Any],
    files: Mapping[str, Upload] | None = None,
    *,
    wait: float = QUIET,
) -> Any:
    """Call a method and give its `result`. `wait` is the read time-out in seconds.

    Raises ApiError, NotSent, Lost, NotAllowed.
    """
    if not TOKEN.fullmatch(account.token):
        raise ApiError(401, "Unauthorized: the token is not of the form 123456:ABC")
    url = f"{_base(account)}/bot{account.token}/{method}"
    body = {name: value for name, value in params.items() if value is not None}
    if files:
        form = {name: _form(value) for name, value in body.items()}
        reply = _request(account, url, wait, data=form, files=dict(files))
    else:
        reply = _request(account, url, wait, json=body)
    return _result(reply)


def download(account: Account, path: str, limit: int, *, wait: float = 60.0) -> bytes:
    """The bytes of a file that getFile named. Raises as `call` does; ApiError 413 when it is larger than `limit`."""
    if ".." in path or not PATH.fullmatch(path):
        raise ApiError(400, "Bad Request: a strange file_path")
    reply = _request(account, f"{_base(account)}/file/bot{account.token}/{path}", wait, method="GET", max_bytes=limit)
    if reply.status != 200:
        raise _error(reply.status, _json(reply.body))
    return reply.body


def whose(token: str) -> str:
    """A bot's number stands before its secret."""
    return token.strip().partition(":")[0]


def _base(account: Account) -> str:
    return (account.api_url or PUBLIC).rstrip("/")


def _form(value: Any) -> str:
    """In a form objects travel as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _request(account: Account, url: str, wait: float, method: str = "POST", **rest: Any) -> http.Reply:
    rest.setdefault("max_bytes", ANSWER_LIMIT)
    try:
        return _client(account.proxy, account.allow).request(method, url, timeout=wait, **rest)
    # The originals name the address, and the address holds the token: only their kind is told.
    except http.NotSent as error:
        raise NotSent(type(error.__cause__ or error).__name__) from None
    except http.Uncertain as error:
        raise Lost(type(error.__cause__ or error).__name__) from None
    except http.Refused:
        raise NotAllowed("the address may not be called") from None
    except http.TooLarge:
        if method == "GET":
            raise ApiError(413, "Request Entity Too Large: file is too big") from None
        raise Lost("the answer is too large") from None


@lru_cache(maxsize=64)
def _client(proxy: str | None, allow: tuple[Network, ...]) -> http.GuardedClient:
    """One pool of connections for all calls that leave by the same way."""
    return http.client(proxy=proxy, allow=allow, timeout=QUIET)


def _result(reply: http.Reply) -> Any:
    answer = _json(reply.body)
    if reply.status == 200 and answer.get("ok") is True:
        return answer.get("result")
    if reply.status == 200:
        raise Lost("an answer that is not the Bot API's")
    raise _error(reply.status, answer)


def _error(status: int, answer: dict[str, Any]) -> ApiError:
    description = answer.get("description")
    parameters = answer.get("parameters")
    told = parameters if isinstance(parameters, dict) else {}
    wait, lane = told.get("retry_after"), told.get("migrate_to_chat_id")
    return ApiError(
        status,
        description[:300] if isinstance(description, str) else "not an answer of the Bot API",
        float(wait) if isinstance(wait, int | float) and 0 <= wait < 1e6 else 0,
        str(lane) if type(lane) is int else "",
    )


def _json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}

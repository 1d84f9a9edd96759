"""Ask the bank's personnel system over HTTP; the contract is docs/hrm.md, its reference server deploy/demo/hrm.py."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import current_app

from app.base import http
from app.models.hrm import Row, Wrong
from app.models.hrm_rows import read

CONTRACT = 1
FIELDS = ("login", "day", "from", "till", "last_day", "absence")
_MOST_BYTES = 32 * 2**20
_MOST_ROWS = 200_000
_SECONDS = 20.0


class Trouble(Exception):
    """The service brought no plan. `code`: unreachable, forbidden, denied, status, shape, large or empty."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def ask(address: str, token: str, first: date, last: date, people: Mapping[str, int]) -> list[Row]:
    """The rows of these days, both included. Raises Trouble."""
    settings = current_app.config["SETTINGS"]
    url = f"{address.rstrip('/')}/schedule?" + urlencode({"from": first.isoformat(), "to": last.isoformat()})
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with http.client(settings.outbound_proxy, settings.outbound_allow, _SECONDS) as client:
            reply = client.request("GET", url, headers=headers, max_bytes=_MOST_BYTES)
    except http.TooLarge:
        raise Trouble("large") from None
    except http.Refused:
        raise Trouble("forbidden") from None
    except http.Failed:
        raise Trouble("unreachable") from None
    return _rows(reply, people)


def _rows(reply: http.Reply, people: Mapping[str, int]) -> list[Row]:
    if reply.status in (401, 403):
        raise Trouble("denied")
    if reply.status != 200:
        raise Trouble("status")
    try:
        said = reply.json()
    except ValueError:
        raise Trouble("shape") from None
    found = said.get("rows") if isinstance(said, dict) and said.get("contract") == CONTRACT else None
    if not isinstance(found, list) or len(found) > _MOST_ROWS:
        raise Trouble("shape")
    if not found:
        raise Trouble("empty")  # a personnel system that has lost everything must not empty ours
    return _judged(found, people)


def _judged(found: Iterable[Any], people: Mapping[str, int]) -> list[Row]:
    """Rows counted from 1. What is no row of the contract is left out with the others that are wrong."""
    cells: list[tuple[int, dict[str, str]]] = []
    strange: list[Row] = []
    for number, one in enumerate(found, 1):
        if isinstance(one, dict) and all(isinstance(one.get(name, ""), str) for name in FIELDS):
            cells.append((number, {name: one.get(name, "")[:60] for name in FIELDS}))
        else:
            strange.append(Row(number, "", wrong=Wrong.SHAPE))
    return read(cells, people) + strange

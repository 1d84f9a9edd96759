"""`python -m deploy.demo.hrm --port N`: a personnel system that shows the contract of docs/hrm.md.

It knows the logins it is given, plans five days a week in two shifts for them and an absence for every seventh.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LOGINS = ("d.karimova", "j.toshev", "s.li", "k.rahimova")
_HOURS = (("09:00", "18:00"), ("14:00", "23:00"))
_LONGEST_DAYS = 62


class Personnel:
    """The server; `answer` replaces the plan where a test wants another one."""

    def __init__(self, token: str, logins: Sequence[str] = LOGINS, host: str = "127.0.0.1", port: int = 0) -> None:
        self.token, self.logins = token, tuple(logins)
        self.answer: tuple[int, bytes] | None = None
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer((host, port), type("Handler", (_Handler,), {"personnel": self}))
        self.server.daemon_threads = True
        self.url = f"http://{host}:{self.server.server_address[1]}/api"

    def plan(self, first: date, last: date) -> dict[str, Any]:
        """The contract's answer for these days, both included."""
        return {"contract": 1, "rows": [*self._rows(first, last)]}

    def _rows(self, first: date, last: date) -> Iterator[dict[str, str]]:
        for number, login in enumerate(self.logins):
            begins, ends = _HOURS[number % 2]
            for days in range((last - first).days + 1):
                day = first + timedelta(days=days)
                if (day.weekday() + number) % 7 < 5:
                    yield {"login": login, "day": day.isoformat(), "from": begins, "till": ends}
            if number % 7 == 6:
                yield {
                    "login": login,
                    "day": first.isoformat(),
                    "last_day": last.isoformat(),
                    "absence": "vacation",
                }


class _Handler(BaseHTTPRequestHandler):
    personnel: Personnel

    def do_GET(self) -> None:
        wanted = urlsplit(self.path)
        self.personnel.asked.append(self.path)
        if wanted.path != "/api/schedule":
            return self._answer(404, {"error": "there is only /api/schedule"})
        if self.headers.get("Authorization") != f"Bearer {self.personnel.token}":
            return self._answer(401, {"error": "the key is missing or wrong"})
        if self.personnel.answer:
            status, body = self.personnel.answer
            return self._send(status, body)
        asked = parse_qs(wanted.query)
        try:
            first, last = (date.fromisoformat(asked[name][0]) for name in ("from", "to"))
        except (KeyError, ValueError):
            return self._answer(422, {"error": "from and to are days like 2026-11-23"})
        if not 0 <= (last - first).days <= _LONGEST_DAYS:
            return self._answer(422, {"error": f"from 1 to {_LONGEST_DAYS} days"})
        return self._answer(200, self.personnel.plan(first, last))

    def _answer(self, status: int, said: dict[str, Any]) -> None:
        self._send(status, json.dumps(said).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: it is a demonstration."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo.hrm", description=__doc__)
    parser.add_argument("--port", type=int, default=8820)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--key", default="demo-personnel-key", help="the bearer token it asks for")
    parser.add_argument("--logins", nargs="*", default=LOGINS)
    wish = parser.parse_args()
    personnel = Personnel(wish.key, wish.logins, wish.host, wish.port)
    sys.stdout.write(f"Schedules: {personnel.url}/schedule, key: {wish.key}\n")
    sys.stdout.flush()
    try:
        personnel.server.serve_forever()
    except KeyboardInterrupt:
        personnel.server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

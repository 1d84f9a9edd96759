"""Operators of a measured desk: rows, sessions, and a browser that keeps its connection."""

import hashlib
import http.client
import re
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.desk import Desk

COOKIE = "muloqot"

# In the first status that serves clients without being given new ones, on a seat beyond the licence's. Without a lease:
# these people have no page whose loss could be noticed.
AT_WORK = """
    WITH begun AS (
      INSERT INTO shift (person_id, day, began_at)
      VALUES (%(id)s, (now() AT TIME ZONE 'Asia/Tashkent')::date, now()) RETURNING id
    ), spanned AS (
      INSERT INTO status_span (shift_id, person_id, status_id, began_at, how)
      SELECT begun.id, %(id)s, w.id, now(), 'chosen' FROM begun,
             (SELECT id FROM work_status WHERE takes_seat AND keeps_chats AND NOT takes_new_chats
                 AND archived_at IS NULL ORDER BY position LIMIT 1) w
    )
    INSERT INTO seat (number, person_id, taken_at) VALUES (10000 + %(id)s, %(id)s, now())
"""


@dataclass(frozen=True)
class Operator:
    id: int
    token: str

    @property
    def cookie(self) -> str:
        return f"{COOKIE}={self.token}"


def hire(where: Desk | psycopg.Connection[Any], count: int, role: str = "operator") -> list[Operator]:
    """Signed-in people with this role, at work; nobody knows their passwords."""
    if isinstance(where, Desk):
        with where.connect() as connection:
            return hire(connection, count, role)
    return [_hire(where, f"{role}.{secrets.token_hex(5)}", role) for _ in range(count)]


def _hire(connection: psycopg.Connection[Any], login: str, role: str) -> Operator:
    token = secrets.token_urlsafe(32)
    made = connection.execute(
        "INSERT INTO person (login, name, public_name, locale, password_hash, password_set_at, must_change_password,"
        " created_at) VALUES (%s, %s, 'Aziza', 'ru', '-', now(), false, now()) RETURNING id",
        [login, f"Оператор {login[-4:]}"],
    ).fetchone()
    person_id = made[0] if made else 0
    connection.execute(
        "INSERT INTO person_role (person_id, role_id) SELECT %s, id FROM role WHERE code = %s", [person_id, role]
    )
    connection.execute(
        "INSERT INTO session (id, token_hash, person_id, started_at, seen_at, address, device)"
        " VALUES (%s, %s, %s, now(), now(), '127.0.0.1', 'bench')",
        [_session_id(), hashlib.sha256(token.encode()).digest(), person_id],
    )
    connection.execute(
        "INSERT INTO person_language (person_id, language) SELECT %s, unnest(%s::text[])",
        [person_id, ["ru", "uz_Latn", "uz_Cyrl", "en"]],
    )
    connection.execute(AT_WORK, {"id": person_id})
    return Operator(person_id, token)


def _session_id() -> uuid.UUID:
    return uuid.UUID(int=(time.time_ns() // 1_000_000) << 80 | 7 << 76 | 0b10 << 62 | secrets.randbits(62))


class Browser:
    """One operator's browser on one kept connection."""

    def __init__(self, desk: Desk, operator: Operator) -> None:
        self.desk, self.operator = desk, operator
        self._connection = http.client.HTTPConnection(desk.host, desk.port, timeout=15)
        self._csrf = ""

    def get(self, path: str) -> tuple[int, str]:
        status, _, body = self._ask("GET", path)
        return status, body

    def post(self, path: str, **form: str) -> tuple[int, str]:
        """Status and where it leads. Raises OSError or HTTPException when the desk is away."""
        if not self._csrf:
            status, _, page = self._ask("GET", "/chats")
            found = re.search(r'<meta name="csrf" content="([^"]+)"', page)
            if status != 200 or found is None:  # an error's page knows nobody, and its token is nobody's
                return max(status, 503), ""
            self._csrf = found[1]
        status, location, _ = self._ask("POST", path, urlencode(form), **{"X-CSRF-Token": self._csrf})
        return status, location

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None = None, **more: str) -> tuple[int, str, str]:
        headers = {"Cookie": self.operator.cookie, **more}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request opens another
            raise

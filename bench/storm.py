"""The morning: two hundred sign in at once, while others are already at work."""

import http.client
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from app.base.passwords import hash_password
from bench.desk import Desk
from bench.figures import Figure, percentile
from bench.lab import Lab
from bench.people import Browser, hire

PASSWORD = "Bahor-2026-kuni"  # noqa: S105 - of people who live as long as the benchmark


def storm(lab: Lab) -> Iterator[Figure]:
    """Everyone's password costs a quarter of a second of CPU; whoever works must hardly feel it."""
    crowd = lab.scaled(200, 60)
    logins = _with_passwords(lab, crowd)
    working = Browser(lab.desk, hire(lab.desk, 1)[0])
    took: list[float] = []
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            began = time.perf_counter()
            working.get("/chats")
            took.append((time.perf_counter() - began) * 1000)
            time.sleep(0.1)

    with ThreadPoolExecutor(crowd + 1) as pool:
        pool.submit(work)
        began = time.perf_counter()
        statuses = list(pool.map(lambda pair: _sign_in(lab.desk, *pair), enumerate(logins)))
        everyone = time.perf_counter() - began
        over.set()
    inside = sum(status == 303 for status in statuses)
    yield Figure("storm", f"of {crowd} signed in", inside, "people", crowd, more=True)
    yield Figure("storm", f"until {crowd} at once are in", round(everyone, 1), "s")
    yield Figure("storm", "another's page meanwhile: p95", round(percentile(took, 0.95)), "ms", 500)


def _with_passwords(lab: Lab, count: int) -> list[str]:
    people = [person.id for person in hire(lab.desk, count, "supervisor")]
    hashed = hash_password(PASSWORD)
    with lab.desk.connect() as connection:
        connection.execute("UPDATE person SET password_hash = %s WHERE id = ANY(%s)", [hashed, people])
        connection.execute("UPDATE session SET ended_at = now() WHERE person_id = ANY(%s)", [people])
        return [row[0] for row in connection.execute("SELECT login FROM person WHERE id = ANY(%s)", [people])]


def _sign_in(desk: Desk, number: int, login: str) -> int:
    """Each from a desk of one's own, as the proxy in front tells."""
    connection = http.client.HTTPConnection(desk.host, desk.port, timeout=180)
    headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
    connection.request("GET", "/sign-in", headers=headers)
    page = connection.getresponse()
    cookies = "; ".join(value.partition(";")[0] for name, value in page.getheaders() if name == "Set-Cookie")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
    form = urlencode({"login": login, "password": PASSWORD, "csrf_token": token[1] if token else ""})
    headers |= {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", form, headers)
    status = connection.getresponse().status
    connection.close()
    return status

"""A desk of stand-ins on the real launcher: `python -m tests.deploy.small_desk`.

Its web answers /readyz and has a descendant that left its process group, as a killed worker's job would.
"""

import os
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer

from deploy.local.__main__ import refusing
from deploy.local.child import Child
from deploy.local.up import up


class Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return None


def web() -> None:
    if os.fork() == 0:
        os.setsid()
        os.execlp("sleep", "sleep", "600")
    HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Ready).serve_forever()


def children(_env: Mapping[str, str]) -> tuple[Child, ...]:
    return (Child("web", (sys.executable, "-m", "tests.deploy.small_desk", "web")),)


def nothing_to_prepare(_env: Mapping[str, str]) -> tuple[str, ...]:
    return ("true",)


if __name__ == "__main__":
    if sys.argv[1:] == ["web"]:
        web()
    sys.exit(refusing(lambda: up(processes_of=children, prepare_with=nothing_to_prepare)))

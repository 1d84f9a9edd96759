"""The other end in a benchmark: a Bot API server that does as little as it can, so that ours is what is measured.

It checks nothing; the tests' strict one does.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "100000009:bench"  # noqa: S105 - opens nothing


class Telegram:
    """`hook` is what setWebhook gave; `sent` when each text arrived; `batches` are handed out by getUpdates."""

    def __init__(self) -> None:
        self.hook: dict[str, Any] = {}
        self.sent: dict[str, float] = {}
        self.batches: deque[list[dict[str, Any]]] = deque()
        self._more = threading.Condition()
        self.confirmed = 0
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"telegram": self}))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def offer(self, batches: Iterable[list[dict[str, Any]]]) -> None:
        """Hand these out to whoever polls."""
        with self._more:
            self.batches.extend(batches)
            self._more.notify_all()

    def answer(self, method: str, params: dict[str, Any]) -> Any:
        match method:
            case "sendMessage":
                self.sent.setdefault(params["text"], time.perf_counter())
                return {"message_id": len(self.sent), "date": int(time.time())}
            case "getUpdates":
                return self._updates(params)
            case "setWebhook":
                self.hook = params
        return True

    def _updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """The first batch not yet confirmed; waits for one as long as it is asked to."""
        offset = int(params.get("offset") or 0)
        with self._more:
            while self.batches and self.batches[0][-1]["update_id"] < offset:
                self.confirmed += len(self.batches.popleft())
            self._more.wait_for(lambda: self.batches, float(params.get("timeout") or 0))
            return self.batches[0] if self.batches else []


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is gone is nobody's trouble here."""


class _Handler(BaseHTTPRequestHandler):
    telegram: Telegram
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        params = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        result = self.telegram.answer(self.path.rpartition("/")[2], params)
        body = json.dumps({"ok": True, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return None

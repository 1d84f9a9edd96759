"""A small Bot API server for the demo and for tests on a bare clone: what the desk uses, in memory, on loopback.

It is not strict about parameters; faults may be planted: {method?, chat_id?, status?, retry_after?, description?, delay?, drop?,
after?, times?}, as many `times` as told. `after` lets the call be done before it fails, `drop` cuts the connection unanswered.
"""

import json
import logging
import re
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from deploy.demo.cloud import Cloud, Fields
from deploy.demo.methods import Methods, Refused, Uploads
from deploy.demo.page import Page

log = logging.getLogger("demo")

TOKEN = "100000001:demo-bot-of-the-simulator"  # noqa: S105 - opens nothing but the simulator
BODY_LIMIT = 64 << 20
OBJECTS = {"reply_parameters", "reply_markup", "media", "entities", "caption_entities", "allowed_updates"}


class Simulator:
    """The server: `url` and `token` are for the bot, `cloud` for the clients."""

    def __init__(self, token: str = TOKEN, host: str = "127.0.0.1", port: int = 0, name: str = "Muloqot demo") -> None:
        self.token, self.name = token, name
        self.reset()
        self.stopped = threading.Event()
        self.server = ThreadingHTTPServer((host, port), type("Handler", (Handler,), {"simulator": self}))
        self.server.daemon_threads = True
        self.url = f"http://{host}:{self.server.server_address[1]}"

    def reset(self) -> None:
        """Forget everybody and everything."""
        bot_id = int(self.token.partition(":")[0])
        self.cloud = Cloud({"id": bot_id, "is_bot": True, "first_name": self.name, "username": "muloqot_demo_bot"})
        self.methods = Methods(self.cloud)
        self.page = Page(self.cloud)
        self.faults: list[Fields] = []
        self.calls: deque[Fields] = deque(maxlen=1000)

    def start(self) -> "Simulator":
        """Serve in the background."""
        threading.Thread(target=self.server.serve_forever, name="simulator", daemon=True).start()
        threading.Thread(target=self._push_to_webhook, name="webhook", daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop serving and close the port."""
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()

    def call(self, name: str, params: Fields, files: Uploads) -> tuple[int, Fields, Fields]:
        """Status, answer and the fault that struck, {} without one. Every call is recorded."""
        fault = self._fault(name.lower(), params)
        time.sleep(fault.get("delay", 0))
        record = {
            "method": name,
            "params": params,
            "files": {key: {"name": file[0], "size": len(file[2])} for key, file in files.items()},
        }
        try:
            if fault.get("status") and not fault.get("after"):
                raise _refusal(fault)
            answer = {"ok": True, "result": self.methods.call(name.lower(), params, files)}
            if fault.get("status"):
                raise _refusal(fault)
            status = 200
        except Refused as error:
            status, answer = error.code, {"ok": False, "error_code": error.code, "description": str(error)}
            if error.parameters:
                answer["parameters"] = error.parameters
        if name.lower() != "getupdates" or status != 200:
            self.calls.append({**record, "status": status, "description": answer.get("description")})
        return status, answer, fault

    def _fault(self, name: str, params: Fields) -> Fields:
        for fault in self.faults:
            chat_id = str(params.get("chat_id"))
            if fault.get("method", name).lower() == name and str(fault.get("chat_id", chat_id)) == chat_id:
                fault["times"] = fault.get("times", 1) - 1
                if fault["times"] <= 0:
                    self.faults.remove(fault)
                return fault
        return {}

    def _push_to_webhook(self) -> None:
        """Deliver one update at a time, in order, until each is answered 2xx."""
        pause = 0.1
        while not self.stopped.is_set():
            with self.cloud.lock:
                self.cloud.wait(lambda: bool(self.methods.webhook and self.cloud.updates), 1)
                if not (self.methods.webhook and self.cloud.updates):
                    continue
                hook, update = dict(self.methods.webhook), self.cloud.updates[0]
            if _post(hook, update):
                with self.cloud.lock:
                    self.cloud.updates = [other for other in self.cloud.updates if other is not update]
                pause = 0.1
            else:
                self.stopped.wait(pause)
                pause = min(pause * 2, 30)


def _refusal(fault: Fields) -> Refused:
    wait = fault.get("retry_after")
    text = fault.get("description") or (f"Too Many Requests: retry after {wait}" if wait else "Internal Server Error")
    return Refused(fault["status"], text, **({"retry_after": wait} if wait else {}))


def _post(hook: Fields, update: Fields) -> bool:
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": hook["secret"]}
    request = urllib.request.Request(hook["url"], json.dumps(update).encode(), headers)  # noqa: S310 - the demo's own address
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return 200 <= int(answer.status) < 300
    except (OSError, urllib.error.HTTPError):
        return False


class Handler(BaseHTTPRequestHandler):
    """Bot API calls and file links; everything else is the client's page."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    simulator: Simulator

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_LIMIT:
            self.close_connection = True
            self._send(413, {"ok": False, "error_code": 413, "description": "Request Entity Too Large"})
            return
        self._answer(self.rfile.read(length))

    def _answer(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        try:
            if match := re.fullmatch(r"/file/bot([^/]+)/(.+)", path):
                self._file(match[1], match[2])
            elif match := re.fullmatch(r"/bot([^/]+)/(\w+)", path):
                self._call(match[1], match[2], body)
            else:
                self.simulator.page.answer(self, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _call(self, token: str, name: str, body: bytes) -> None:
        if token != self.simulator.token:
            self._send(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
            return
        params, files = read(self.headers.get("Content-Type", ""), body)
        query = {key: values[-1] for key, values in parse_qs(urlsplit(self.path).query).items()}
        status, answer, fault = self.simulator.call(name, {**query, **params}, files)
        if fault.get("drop"):
            self.close_connection = True
            self.connection.close()
            return
        self._send(status, answer)

    def _file(self, token: str, path: str) -> None:
        files = self.simulator.cloud.files.values()
        file = next((file for file in list(files) if file.path == path), None)
        if not file or token != self.simulator.token:
            self._send(404, {"ok": False, "error_code": 404, "description": "Not Found"})
            return
        self.reply(200, file.data, "application/octet-stream")

    def _send(self, status: int, answer: Fields) -> None:
        self.reply(status, json.dumps(answer, ensure_ascii=False).encode(), "application/json")

    def reply(self, status: int, body: bytes, mime: str, headers: dict[str, str] | None = None) -> None:
        """One whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Addresses hold the token: nothing is written."""


def read(content_type: str, body: bytes) -> tuple[Fields, Uploads]:
    """Parameters and files of a JSON, form or multipart body."""
    if "json" in content_type:
        told = json.loads(body or b"{}")
        return (told if isinstance(told, dict) else {}), {}
    if "multipart" in content_type:
        return _multipart(content_type, body)
    return _objects({key: values[-1] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}), {}


def _multipart(content_type: str, body: bytes) -> tuple[Fields, Uploads]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    params: Fields = {}
    files: Uploads = {}
    for item in BytesParser(policy=HTTP).parsebytes(head + body).walk():
        name, data = _disposition(item, "name"), item.get_payload(decode=True)
        if not name or not isinstance(data, bytes):
            continue
        if filename := item.get_filename():
            files[name] = (filename, item.get_content_type(), data)
        else:
            params[name] = data.decode("utf-8", "replace")
    return _objects(params), files


def _disposition(item: Message, name: str) -> str:
    value = item.get_param(name, header="content-disposition")
    return value if isinstance(value, str) else ""


def _objects(params: dict[str, str]) -> Fields:
    """In a form objects travel as JSON."""
    return {key: json.loads(value) if key in OBJECTS else value for key, value in params.items()}

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network

import pytest

from app.base import http
from app.base.guard import Guard
from app.base.http import NotSent, Refused, TooLarge, Uncertain

LOOPBACK = [ip_network("127.0.0.0/8")]


class Server(ThreadingHTTPServer):
    """A bank's system on this machine that remembers who asked for what."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.connections: set[object] = set()

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.server.connections.add(self.client_address)
        # A whole address in place of a path is what a proxy is asked.
        name = "root" if self.path.startswith("http://") else self.path.strip("/").split("/")[0] or "root"
        getattr(self, f"at_{name}")(body)

    do_GET = do_POST = answer

    def say(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def at_root(self, body: bytes) -> None:
        self.say(b'{"ok": true}', set_cookie="a=b")

    def at_echo(self, body: bytes) -> None:
        self.say(body)

    def at_sorry(self, body: bytes) -> None:
        self.say(b"no", 503)

    def at_away(self, body: bytes) -> None:
        self.say(b"", 302, location="http://10.0.0.1/" if "inside" in self.path else "/echo")

    def at_large(self, body: bytes) -> None:
        self.say(b"x" * 200_000)

    def at_endless(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("connection", "close")
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 10_000)

    def at_drip(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("connection", "close")
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            threading.Event().wait(0.05)

    def at_lost(self, body: bytes) -> None:
        self.close_connection = True

    def at_silent(self, body: bytes) -> None:
        threading.Event().wait(3)

    def at_cut(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", "100")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()


@pytest.fixture(scope="module")
def _serving() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def server(_serving: Server) -> Server:
    _serving.asked.clear()
    _serving.connections.clear()
    return _serving


@pytest.fixture
def client() -> Iterator[http.GuardedClient]:
    with http.client(None, LOOPBACK, timeout=2) as client:
        yield client


def test_a_call_brings_the_whole_reply_whatever_its_status(server: Server, client: http.GuardedClient) -> None:
    assert client.request("GET", server.url + "/").json() == {"ok": True}
    reply = client.request("POST", server.url + "/sorry", json={"a": 1})
    assert (reply.status, reply.body, reply.headers["content-length"]) == (503, b"no", "2")


def test_json_forms_files_and_raw_bodies_are_sent(server: Server, client: http.GuardedClient) -> None:
    assert client.request("POST", server.url + "/echo", json={"ў": 1}).json() == {"ў": 1}
    assert client.request("POST", server.url + "/echo", data={"a": "1", "b": "2"}).body == b"a=1&b=2"
    assert client.request("POST", server.url + "/echo", data=b"raw").body == b"raw"
    sent = client.request(
        "POST", server.url + "/echo", data={"chat": "7"}, files={"photo": ("a.jpg", b"\xff\xd8")}
    ).body
    assert b'name="chat"' in sent and b'filename="a.jpg"' in sent and b"\xff\xd8" in sent


def test_connections_to_one_host_are_kept_and_cookies_are_not(server: Server, client: http.GuardedClient) -> None:
    for _ in range(5):
        client.request("GET", server.url + "/")
    assert len(server.connections) == 1
    assert not any("cookie" in headers for _, _, headers, _ in server.asked)


def test_the_name_is_resolved_once_and_kept_as_host(server: Server) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    with http.client(None, LOOPBACK, resolve=lambda host, port: next(answers)) as client:
        client.request("GET", f"http://bank.example:{server.port}/")
        client.request("GET", f"http://bank.example:{server.port}/")
    assert [headers["host"] for _, _, headers, _ in server.asked] == [f"bank.example:{server.port}"] * 2


def test_a_second_address_is_tried_when_the_first_is_dead(server: Server) -> None:
    with http.client(None, LOOPBACK, resolve=lambda host, port: ["127.0.0.77", "127.0.0.1"]) as client:
        assert client.request("GET", f"http://bank.example:{server.port}/").status == 200


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0.0.0.0", "0", "[::1]", "[::]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]",
        "[fd00::1]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1",
        "198.18.0.1", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "[ff02::1]", "[::ffff:169.254.169.254]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "①②⑦.⓪.⓪.①", "user:word@127.0.0.1", "127.0.0.1.",
    ],
)  # fmt: skip
def test_no_spelling_of_an_inner_address_is_called(server: Server, host: str) -> None:
    with http.client(None, []) as client, pytest.raises((Refused, NotSent)):
        client.request("GET", f"http://{host}:{server.port}/")
    assert server.asked == []


@pytest.mark.parametrize(
    "inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::7", "::ffff:10.0.0.1", "fe80::1%eth0"]
)
def test_a_name_that_leads_inside_is_refused_even_among_good_addresses(inner: str) -> None:
    with http.client(None, [], resolve=lambda host, port: ["8.8.8.8", inner]) as client, pytest.raises(Refused):
        client.request("GET", "http://evil.example/")


def test_only_the_allowed_network_opens() -> None:
    guard = Guard([ip_network("10.20.0.0/16")])
    assert guard.permits(ip_address("10.20.3.4"))
    assert guard.permits(ip_address("::ffff:10.20.3.4"))
    assert guard.permits(ip_address("149.154.167.220"))
    assert not guard.permits(ip_address("10.21.0.1"))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://bank.uz/", "gopher://x", "bank.uz", "http://", "http://a b/", ""]
)
def test_only_http_is_called(client: http.GuardedClient, url: str) -> None:
    with pytest.raises((Refused, NotSent)):
        client.request("GET", url)


def test_redirects_are_followed_only_when_asked_and_never_inside(server: Server, client: http.GuardedClient) -> None:
    assert client.request("GET", server.url + "/away").status == 302
    assert client.request("GET", server.url + "/away", follow=True).status == 200
    with pytest.raises(Refused):
        client.request("GET", server.url + "/away/inside", follow=True)


def test_a_refused_connection_and_an_unknown_name_were_not_sent(client: http.GuardedClient) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(NotSent):
        client.request("POST", f"http://127.0.0.1:{port}/", json={})

    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror("Name or service not known")

    with http.client(None, [], resolve=nowhere) as other, pytest.raises(NotSent):
        other.request("POST", "http://nowhere.example/")


def test_a_server_that_is_not_tls_was_not_sent_anything(server: Server, client: http.GuardedClient) -> None:
    with pytest.raises(NotSent):
        client.request("POST", f"https://127.0.0.1:{server.port}/", json={"secret": 1})
    assert server.asked == []


@pytest.mark.parametrize("path", ["/lost", "/silent", "/cut"])
def test_a_connection_lost_after_sending_is_uncertain(server: Server, client: http.GuardedClient, path: str) -> None:
    with pytest.raises(Uncertain):
        client.request("POST", server.url + path, json={"text": "salom"}, timeout=0.3)
    assert [asked[1] for asked in server.asked] == [path]


def test_an_answer_that_drips_for_ever_ends(server: Server, client: http.GuardedClient) -> None:
    with pytest.raises(Uncertain, match="longer than"):
        client.request("GET", server.url + "/drip", timeout=0.3)


@pytest.mark.parametrize("path", ["/large", "/endless"])
def test_an_answer_over_the_cap_is_dropped(server: Server, client: http.GuardedClient, path: str) -> None:
    with pytest.raises(TooLarge):
        client.request("GET", server.url + path, max_bytes=100_000)
    assert client.request("GET", server.url + "/").status == 200


def test_packed_answers_are_not_asked_for(server: Server, client: http.GuardedClient) -> None:
    client.request("GET", server.url + "/")
    assert server.asked[0][2]["accept-encoding"] == "identity"


def test_a_proxy_takes_what_is_outside_and_not_what_is_allowed_inside(server: Server) -> None:
    known = {"api.example": ["149.154.167.220"], "127.0.0.1": ["127.0.0.1"], "inner.example": ["10.0.0.1"]}

    def resolve(host: str, port: int) -> list[str]:
        if host not in known:
            raise OSError("only the proxy knows")
        return known[host]

    with http.client(server.url, LOOPBACK, resolve=resolve) as client:
        client.request("GET", "http://api.example/x")
        client.request("GET", "http://unknown.example/x")
        client.request("GET", server.url + "/")
        with pytest.raises(Refused):
            client.request("GET", "http://inner.example/")
    assert [path for _, path, _, _ in server.asked] == ["http://api.example/x", "http://unknown.example/x", "/"]

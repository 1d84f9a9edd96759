"""A proxy of a bank that knows no WebSocket: it refuses the upgrade and passes everything else."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def old_proxy(port: int) -> Iterator[str]:
    """In front of this port; its own address."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                _pass_on(self.request, port)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def _pass_on(browser: socket.socket, port: int) -> None:
    head = b""
    while b"\r\n\r\n" not in head and (part := browser.recv(65536)):
        head += part
    if b"upgrade: websocket" in head.lower():
        browser.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return
    with socket.create_connection(("127.0.0.1", port)) as desk:
        desk.sendall(head)
        back = threading.Thread(target=_pipe, args=(desk, browser), daemon=True)
        back.start()
        _pipe(browser, desk)
        back.join()


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)

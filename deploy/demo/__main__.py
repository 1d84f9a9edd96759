"""`python -m deploy.demo`: the simulated Telegram, the client's page and the simulated clients, until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from deploy.demo.clients import Clients
from deploy.demo.simulator import TOKEN, Simulator


def main() -> int:
    """Run the demo's outside world."""
    wish = _arguments()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        simulator = Simulator(wish.token, wish.host, wish.port)
    except OSError as error:
        sys.stderr.write(f"The demo cannot listen on {wish.host}:{wish.port}: {error.strerror}\n")
        return 1
    clients = Clients(simulator.cloud, wish.seed, wish.pace, wish.most, wish.control)
    clients.running = not wish.no_clients
    simulator.page.clients = clients
    simulator.start()
    if not wish.quiet:
        sys.stdout.write(f"A client's page: {simulator.url}/\n")
        sys.stdout.flush()
    clients.run(stop)
    simulator.stop()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8810)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token", default=TOKEN, help="the demo bot's token")
    parser.add_argument("--seed", type=int, default=1, help="the same seed tells the same stories in the same order")
    parser.add_argument("--pace", type=float, default=20, help="seconds between new chats")
    parser.add_argument("--most", type=int, default=12, help="open chats at once")
    parser.add_argument("--control", type=Path, help="a file; while it says off, the clients pause")
    parser.add_argument("--no-clients", action="store_true", help="begin paused")
    parser.add_argument("--quiet", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

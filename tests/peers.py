"""The other end of the wire in tests: a strict fake Telegram when there is one, our own simulator on a bare clone."""

import importlib.util
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from deploy.demo.simulator import Simulator

HOME = Path(__file__).parents[1]


class Peer:
    """A Bot API server in this process: `url` and `token` for the account, what was called, what goes wrong next."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.url: str = server.url
        self.token: str = server.token

    def reset(self) -> None:
        """Forget everything, keep the address."""
        self.server.reset()

    def stop(self) -> None:
        """Close the port; takes half a second."""
        self.server.stop()

    @property
    def strict(self) -> bool:
        """Whether the calls are checked against the specification."""
        return not isinstance(self.server, Simulator)

    @property
    def violations(self) -> list[Any]:
        """What the calls did against the specification."""
        return list(self.server.violations) if self.strict else []

    def push(self, **update: Any) -> int:
        """Queue an update; its id."""
        server = self.server.cloud if isinstance(self.server, Simulator) else self.server
        return int(server.push(update))

    def chat(self, chat_id: int, **state: Any) -> None:
        """Make a private chat known: blocked, deactivated, migrated_to=…"""
        if isinstance(self.server, Simulator):
            chat = self.server.cloud.join({"id": chat_id, "is_bot": False, "first_name": "Dilshod"})
            chat.state.update(state)
        else:
            about = {"id": chat_id, "type": "private", "first_name": "Dilshod"}
            self.server.chats.setdefault(chat_id, {"chat": about}).update(state)

    def file(self, file_id: str, data: bytes, name: str = "file.bin") -> None:
        """Keep a file for getFile."""
        if isinstance(self.server, Simulator):
            self.server.cloud.keep(name, "application/octet-stream", data, file_id)
        else:
            self.server.add_file(file_id, data, name)

    def fail(self, **fault: Any) -> None:
        """Plant a fault: method, chat_id, status, retry_after, description, delay, drop, after, times."""
        self.server.faults.append(fault)

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Calls of a method, in order; each has params, files, status."""
        return [call for call in self.server.calls if call["method"].lower() == method.lower()]


def fake_telegram() -> Peer:
    """A started server; stop it at the end."""
    strict = _strict_fake()
    if strict is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its specification's file to the collector
            server = strict.FakeTelegram().start()
        return Peer(server)
    return Peer(Simulator().start())


def _strict_fake() -> Any:
    """The module beside the checkout, or where MULOQOT_PEERS says; None without one."""
    path = Path(os.environ.get("MULOQOT_PEERS") or HOME.parent / "shared" / "peers") / "fake_telegram.py"
    if not path.is_file():
        return None
    if "fake_telegram" not in sys.modules:
        spec = importlib.util.spec_from_file_location("fake_telegram", path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules["fake_telegram"] = module
    return sys.modules["fake_telegram"]

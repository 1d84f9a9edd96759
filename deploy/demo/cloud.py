"""The simulated Telegram's memory: people, chats, messages, files and the updates that wait for the bot."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

Fields = dict[str, Any]

EPOCH = 1_767_225_600  # 2026-01-01; ids grow with time, so a restarted simulator does not repeat the old ones
EVENTS_KEPT = 500
FILES_KEPT = 256 << 20  # bytes


@dataclass
class Chat:
    """A private chat of one person with the bot. `events` is what the person's own screen shows, numbered from 1."""

    id: int
    person: Fields
    events: deque[Fields] = field(default_factory=lambda: deque(maxlen=EVENTS_KEPT))
    count: int = 0
    state: Fields = field(default_factory=dict)

    @property
    def about(self) -> Fields:
        """The chat as messages describe it."""
        names: Fields = {key: self.person[key] for key in ("first_name", "last_name", "username") if key in self.person}
        return {"id": self.id, "type": "private", **names}


@dataclass
class File:
    """A stored file; `path` is what getFile tells."""

    id: str
    name: str
    mime: str
    data: bytes
    path: str


class Cloud:
    """Everything both sides share. Every change wakes whoever waits."""

    def __init__(self, bot: Fields) -> None:
        self.bot = bot
        self.lock = threading.Condition(threading.RLock())
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Fields] = {}
        self.files: dict[str, File] = {}
        self.updates: list[Fields] = []
        start = int((time.time() - EPOCH) * 10)
        self._update_id, self._message_id = start, start

    # --- the client's side ------------------------------------------------------------------------------------------

    def join(self, person: Fields) -> Chat:
        """The person's chat; `person` is a Bot API User."""
        with self.lock:
            return self.chats.setdefault(person["id"], Chat(person["id"], person))

    def say(self, chat_id: int, **content: Any) -> Fields:
        """The client sends a message."""
        with self.lock:
            chat = self.chats[chat_id]
            if chat.state.pop("blocked", None):
                self._membership(chat, "kicked", "member")
            message = self._message(chat, chat.person, content)
            self._happened(chat, "message", message)
            self.push({"message": message})
            return message

    def correct(self, chat_id: int, message_id: int, text: str) -> None:
        """The client edits an own message."""
        with self.lock:
            message = {**self.messages[chat_id, message_id], "text": text, "edit_date": int(time.time())}
            self.messages[chat_id, message_id] = message
            self._happened(self.chats[chat_id], "edited", message)
            self.push({"edited_message": message})

    def press(self, chat_id: int, message_id: int, data: str) -> None:
        """The client presses an inline button."""
        with self.lock:
            message = self.messages[chat_id, message_id]
            press = {"id": token_urlsafe(9), "from": self.chats[chat_id].person, "message": message, "data": data}
            self.push({"callback_query": {**press, "chat_instance": str(chat_id)}})

    def block(self, chat_id: int) -> None:
        """The client blocks the bot; the next message unblocks it."""
        with self.lock:
            self.chats[chat_id].state["blocked"] = True
            self._membership(self.chats[chat_id], "member", "kicked")

    def events(self, chat_id: int, after: int, wait: float) -> list[Fields]:
        """What the client's screen has not shown yet; waits up to `wait` seconds for something."""
        chat = self.chats[chat_id]
        with self.lock:
            self.lock.wait_for(lambda: chat.count > after, wait)
            return [event for event in chat.events if event["n"] > after]

    # --- the bot's side ---------------------------------------------------------------------------------------------

    def push(self, update: Fields) -> int:
        """Queue an update for the bot and give its id."""
        with self.lock:
            self._update_id += 1
            numbered = {"update_id": self._update_id, **update}
            self.updates.append(numbered)
            self.lock.notify_all()
            return int(numbered["update_id"])

    def deliver(self, chat_id: int, content: Fields) -> Fields:
        """The bot's message reaches the client."""
        with self.lock:
            message = self._message(self.chats[chat_id], self.bot, content)
            self._happened(self.chats[chat_id], "message", message)
            return message

    def change(self, message: Fields, what: str) -> None:
        """The bot edited or deleted a message."""
        with self.lock:
            key = message["chat"]["id"], message["message_id"]
            if what == "deleted":
                self.messages.pop(key, None)
            else:
                self.messages[key] = message
            self._happened(self.chats[key[0]], what, message)

    def typing(self, chat_id: int) -> None:
        """The bot shows "typing…"."""
        with self.lock:
            self._happened(self.chats[chat_id], "typing", {})

    def wait(self, ready: Callable[[], bool], seconds: float) -> None:
        """Sleep until something changed and `ready` holds. The lock is held by the caller."""
        self.lock.wait_for(ready, seconds)

    # --- files ------------------------------------------------------------------------------------------------------

    def keep(self, name: str, mime: str, data: bytes, file_id: str = "") -> File:
        """Store a file; the oldest go when there are too many."""
        with self.lock:
            file_id = file_id or token_urlsafe(24)
            suffix = name.rpartition(".")[2] if "." in name else "bin"
            path = f"files/{len(self.files)}_{token_urlsafe(6)}.{suffix if suffix.isalnum() else 'bin'}"
            self.files[file_id] = File(file_id, name, mime, data, path)
            while sum(len(file.data) for file in self.files.values()) > FILES_KEPT and len(self.files) > 1:
                del self.files[next(iter(self.files))]
            return self.files[file_id]

    # --- inside -----------------------------------------------------------------------------------------------------

    def _message(self, chat: Chat, author: Fields, content: Fields) -> Fields:
        self._message_id += 1
        message = {
            "message_id": self._message_id,
            "from": author,
            "chat": chat.about,
            "date": int(time.time()),
            **content,
        }
        self.messages[chat.id, self._message_id] = message
        return message

    def _happened(self, chat: Chat, what: str, message: Fields) -> None:
        chat.count += 1
        by = "client" if message.get("from", {}).get("id") == chat.id else "bank"
        chat.events.append({"n": chat.count, "what": what, "by": by, "message": message})
        self.lock.notify_all()

    def _membership(self, chat: Chat, old: str, new: str) -> None:
        members = {
            name: {"status": status, "user": self.bot}
            for name, status in (("old_chat_member", old), ("new_chat_member", new))
        }
        self.push({"my_chat_member": {"chat": chat.about, "from": chat.person, "date": int(time.time()), **members}})

"""The ring of keys everything at rest is sealed with, and its file."""

import base64
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class KeyMissing(Exception):
    """There is no usable key file, or the process was started without a ring."""


class KeyUnknown(KeyError):
    """Something was sealed with a key that this ring does not hold."""

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id

    def __str__(self) -> str:
        return f"the key ring has no key {self.key_id!r}"


@dataclass(frozen=True)
class KeyRing:
    """Sealing keys by id, one of them current, beside the keys of the search index and of the web."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    web: bytes = field(repr=False)
    made: str
    _derived: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """The ring in a key file. Raises KeyMissing, naming the file and what is wrong with it."""
        try:
            return cls.of(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            raise KeyMissing(f"there is no key file at {path}") from None
        except OSError as error:
            raise KeyMissing(f"the key file {path} cannot be read: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeyMissing(f"the key file {path} is damaged: {type(error).__name__}") from None

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "KeyRing":
        ring = cls(
            current=content["current"],
            keys={key_id: _key(text) for key_id, text in content["keys"].items()},
            index=_key(content["index"]),
            web=_key(content["web"]),
            made=content["made"],
        )
        ring.key(ring.current)
        return ring

    @staticmethod
    def generate() -> dict[str, Any]:
        """What a new key file holds."""
        return {
            "current": "1",
            "keys": {"1": _new_key()},
            "index": _new_key(),
            "web": _new_key(),
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Write a new key file that only its owner reads. Raises FileExistsError: a lost key is lost data."""
        content = cls.generate()
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole before it gets its name: a full disk leaves no half a ring, and a ring that is there stays.
        draft = _write_beside(path, content)
        try:
            os.link(draft, path)
        finally:
            os.unlink(draft)
        return cls.of(content)

    @classmethod
    def rotate(cls, path: Path) -> "KeyRing":
        """Add a sealing key to the file and make it current; the older ones stay until all is resealed."""
        cls.load(path)
        content = json.loads(path.read_text("utf-8"))
        key_id = str(max((int(key_id) for key_id in content["keys"] if key_id.isdigit()), default=0) + 1)
        content["keys"][key_id] = _new_key()
        content["current"] = key_id
        os.replace(_write_beside(path, content), path)
        return cls.of(content)

    def key(self, key_id: str) -> bytes:
        """A sealing key. Raises KeyUnknown."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise KeyUnknown(key_id) from None

    def cipher(self, key_id: str) -> AESGCM:
        """The cipher for texts; files have keys of their own."""
        slot = ("cipher", key_id)
        if slot not in self._derived:
            self._derived[slot] = AESGCM(derive(self.key(key_id), "text"))
        return self._derived[slot]

    def index_key(self, purpose: str) -> bytes:
        return self._subkey("index", self.index, purpose)

    def web_key(self, purpose: str) -> bytes:
        return self._subkey("web", self.web, purpose)

    def _subkey(self, family: str, key: bytes, purpose: str) -> bytes:
        slot = (family, purpose)
        if slot not in self._derived:
            self._derived[slot] = derive(key, f"{family}:{purpose}")
        return self._derived[slot]


def derive(key: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """A 256-bit key for one purpose only (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, salt, f"muloqot:{purpose}".encode()).derive(key)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key


def _write_beside(path: Path, content: Mapping[str, Any]) -> str:
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600 from the start
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(draft)
        raise
    return draft

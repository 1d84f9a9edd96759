"""Sealing at rest, keyed hashes for looking things up, and signatures.

A sealed value is `version ‖ length of key id ‖ key id ‖ nonce (12 bytes) ‖ AES-256-GCM ciphertext and tag`, bound to
its place by the additional data `column:id`: copied to another row or column it does not open.
"""

import base64
import hmac
import logging
import secrets
import time
from pathlib import Path
from typing import Any, overload

from cryptography.exceptions import InvalidTag

from app.base.keys import KeyMissing, KeyRing, KeyUnknown

__all__ = [
    "KeyMissing", "KeyRing", "KeyUnknown", "SealBroken", "Sealed", "check_signature", "keyed_hash", "needs_reseal",
    "open_bytes", "open_sealed", "opened", "reseal", "ring", "seal", "sign", "use",
]  # fmt: skip

Place = tuple[str, object]

_VERSION = 1
_NONCE = 12
# Seconds after which a process notices that its key file has another key.
LOOKED_EVERY = 2.0
_ring: KeyRing | None = None
_file: Path | None = None
_changed = _looked = 0.0
log = logging.getLogger(__name__)


class SealBroken(Exception):
    """A sealed value was changed, cut, or stands in a place it was not sealed for."""


def use(ring: KeyRing, file: Path | None = None) -> None:
    """Set this process's ring, once at start. With its file it is read again when a key is added to it."""
    global _ring, _file, _changed, _looked
    _ring, _file, _looked = ring, file, time.monotonic()
    _changed = file.stat().st_mtime if file else 0.0


def ring() -> KeyRing:
    if _ring is None:
        raise KeyMissing("no key ring is in use: call crypt.use(KeyRing.load(path)) at start")
    if _file is not None and time.monotonic() - _looked > LOOKED_EVERY:
        look_again()
    return _ring


def look_again() -> None:
    """Read the key file anew when it was changed; a damaged one changes nothing and is told."""
    global _ring, _changed, _looked
    _looked = time.monotonic()
    if _file is None:
        return
    try:
        if (changed := _file.stat().st_mtime) != _changed:
            _ring, _changed = KeyRing.load(_file), changed
            log.info("the key file was read again: key %s seals now", _ring.current)
    except (OSError, KeyMissing) as error:
        log.error("the key file cannot be read again: %s", error)


def seal(text: str | bytes, at: Place) -> bytes:
    """Seal a value for one place, `at=("message.text", id)`. The id must be known: None is a mistake."""
    plain = text.encode() if isinstance(text, str) else text
    keys = ring()
    nonce = secrets.token_bytes(_NONCE)
    return header(keys.current) + nonce + keys.cipher(keys.current).encrypt(nonce, plain, _place(at))


def open_sealed(blob: bytes, at: Place) -> str:
    """The text sealed for this place. Raises SealBroken, KeyUnknown."""
    return open_bytes(blob, at).decode()


def opened(blob: bytes | None, column: str, row_id: object) -> str:
    """The text of a sealed column; "" when there is none. Raises SealBroken, KeyUnknown."""
    return open_sealed(blob, (column, row_id)) if blob else ""


def open_bytes(blob: bytes, at: Place) -> bytes:
    """Raises SealBroken, and KeyUnknown when the ring has no key of that id; both name the key."""
    key_id, body = read_header(blob)
    if key_id not in ring().keys:  # another process may have made it a moment ago
        look_again()
    try:
        return ring().cipher(key_id).decrypt(body[:_NONCE], body[_NONCE:], _place(at))
    except (InvalidTag, ValueError):
        raise SealBroken(f"the sealed value of {at[0]} {at[1]} does not open with key {key_id!r}") from None


def needs_reseal(blob: bytes) -> bool:
    """True when it is sealed with a key that is not the current one."""
    return read_header(blob)[0] != ring().current


def reseal(blob: bytes, at: Place) -> bytes:
    """The same value under the current key."""
    return seal(open_bytes(blob, at), at)


def header(key_id: str) -> bytes:
    name = key_id.encode()
    return bytes((_VERSION, len(name))) + name


def read_header(blob: bytes) -> tuple[str, bytes]:
    """The key id and what follows the header."""
    blob = bytes(blob)
    if len(blob) < 2 or blob[0] != _VERSION or len(blob) < 2 + blob[1]:
        raise SealBroken("this is not a sealed value")
    end = 2 + blob[1]
    return blob[2:end].decode(errors="replace"), blob[end:]


def _place(at: Place) -> bytes:
    column, id = at
    if id is None:
        raise ValueError(f"{column} cannot be sealed or opened before the row has its id")
    return f"{column}:{id}".encode()


class Sealed:
    """A sealed text of an ORM record: `phone = Sealed("person.phone")` keeps itself in the column `phone_sealed`.

    Opened each time it is read, sealed when it is set; None clears it. The record needs its id first.
    """

    def __init__(self, column: str) -> None:
        self._column = column

    def __set_name__(self, owner: type, name: str) -> None:
        self._attribute = f"{name}_sealed"

    @overload
    def __get__(self, record: None, owner: type) -> "Sealed": ...
    @overload
    def __get__(self, record: object, owner: type) -> str | None: ...

    def __get__(self, record: Any, owner: type) -> "Sealed | str | None":
        if record is None:
            return self
        blob = getattr(record, self._attribute)
        return None if blob is None else open_sealed(blob, (self._column, record.id))

    def __set__(self, record: Any, text: str | None) -> None:
        setattr(record, self._attribute, None if text is None else seal(text, (self._column, record.id)))


def keyed_hash(purpose: str, value: str) -> bytes:
    """16 bytes to look a value up by, worthless without the index key; different for each purpose."""
    return hmac.digest(ring().index_key(purpose), value.encode(), "sha256")[:16]


def sign(purpose: str, value: str) -> str:
    """A URL-safe signature (43 characters) of a value for one purpose."""
    return base64.urlsafe_b64encode(_mac(purpose, value)).rstrip(b"=").decode()


def check_signature(purpose: str, value: str, signature: str) -> bool:
    return hmac.compare_digest(sign(purpose, value).encode(), signature.encode(errors="replace"))


def _mac(purpose: str, value: str) -> bytes:
    return hmac.digest(ring().web_key(purpose), value.encode(), "sha256")

"""Files at rest: sealed in chunks, so a part of a film is read without opening the whole.

A file is `header of the key ‖ salt (16 bytes) ‖ chunks`. Each chunk holds 64 KiB under a key made for this one file
(HKDF of the ring's key and the salt), with its number as nonce; the additional data name the file, the number and
whether it is the last, so chunks can be neither moved nor cut off unseen.
"""

import errno
import hashlib
import os
import secrets
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.base import crypt, ids, kinds
from app.base.filenames import safe_name
from app.base.keys import derive
from app.base.kinds import Kind, sniff

__all__ = ["FileBroken", "FileMissing", "FileTooLarge", "Kind", "NoRoom", "Storage", "Stored", "safe_name", "sniff"]

CHUNK = 64 * 1024
_TAG = 16
_SALT = 16
_HEADER_MOST = 2 + 255 + _SALT


class FileTooLarge(Exception):
    """The stream was longer than its limit; nothing was kept."""


class NoRoom(Exception):
    """The disk is full; nothing was kept."""


class FileMissing(Exception):
    """No file has this id."""


class FileBroken(Exception):
    """A file was changed or cut on the disk."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Stored:
    id: uuid.UUID
    size: int
    sha256: str  # of the plain content, hexadecimal
    kind: Kind


class Storage:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, stream: Readable, *, limit: int, name: str = "") -> Stored:
        """Keep at most `limit` bytes. Raises FileTooLarge, NoRoom; after any error nothing is left on the disk."""
        id = ids.uuid7()
        digest, head, size = hashlib.sha256(), b"", 0

        def counted() -> Iterator[bytes]:
            nonlocal head, size
            while part := stream.read(CHUNK):
                size += len(part)
                if size > limit:
                    raise FileTooLarge(f"the file is larger than {limit} bytes")
                digest.update(part)
                head += part[: kinds.HEAD - len(head)]
                yield part

        self._write(id, counted())
        return Stored(id, size, digest.hexdigest(), sniff(head, name))

    def open(self, id: uuid.UUID, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` to before `end`, in pieces of at most 64 KiB. Raises FileMissing at once."""
        file = self._file(id)
        try:
            sealed = _Sealed(id, file)
        except BaseException:
            file.close()
            raise
        return _closing(file, sealed.read(start, sealed.size if end is None else min(end, sealed.size)))

    def size(self, id: uuid.UUID) -> int:
        """Length of the plain content in bytes, without reading it. Raises FileMissing."""
        with self._file(id) as file:
            return _Sealed(id, file).size

    def delete(self, id: uuid.UUID) -> None:
        """Remove a file; one that is already gone is no error."""
        self.path(id).unlink(missing_ok=True)

    def reseal(self, id: uuid.UUID) -> bool:
        """Seal a file anew under the current key; False when it already is."""
        with self._file(id) as file:
            if _Sealed(id, file).key_id == crypt.ring().current:
                return False
        self._write(id, self.open(id))
        return True

    def path(self, id: uuid.UUID) -> Path:
        """Where a file lies: by its day (UTC), so that a month can be removed or backed up as a folder."""
        return self._root / f"{ids.time_of(id):%Y/%m/%d}" / id.hex

    def _file(self, id: uuid.UUID) -> BinaryIO:
        try:
            return self.path(id).open("rb")
        except (FileNotFoundError, ValueError):
            raise FileMissing(str(id)) from None

    def _write(self, id: uuid.UUID, content: Iterator[bytes]) -> None:
        try:
            self._write_whole(self.path(id), id, content)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoRoom(str(id)) from error
            raise

    def _write_whole(self, path: Path, id: uuid.UUID, content: Iterator[bytes]) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".part-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for part in _sealed(id, content):
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
            _sync_folder(path.parent)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise


def _sealed(id: uuid.UUID, content: Iterator[bytes]) -> Iterator[bytes]:
    key_id, salt = crypt.ring().current, secrets.token_bytes(_SALT)
    yield crypt.header(key_id) + salt
    cipher = _cipher(key_id, salt)
    for number, (chunk, last) in enumerate(_even(content)):
        yield cipher.encrypt(_nonce(number), chunk, _place(id, number, last))


def _even(content: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Chunks of exactly 64 KiB but the last, which is marked; an empty file is one empty chunk."""
    waiting = b""
    for part in content:
        waiting += part
        while len(waiting) > CHUNK:
            yield waiting[:CHUNK], False
            waiting = waiting[CHUNK:]
    yield waiting, True


class _Sealed:
    """A sealed file being read."""

    def __init__(self, id: uuid.UUID, file: BinaryIO) -> None:
        self._id, self._file = id, file
        try:
            self.key_id, rest = crypt.read_header(file.read(_HEADER_MOST))
        except crypt.SealBroken:
            raise FileBroken(str(id)) from None
        self._start = len(crypt.header(self.key_id)) + _SALT
        self._cipher = _cipher(self.key_id, rest[:_SALT])
        sealed = os.fstat(file.fileno()).st_size - self._start
        self._chunks = -(-sealed // (CHUNK + _TAG))
        self.size = sealed - self._chunks * _TAG
        if self._chunks < 1 or self.size < 0:
            raise FileBroken(str(id))

    def read(self, start: int, end: int) -> Iterator[bytes]:
        for number in range(start // CHUNK, -(-end // CHUNK)):
            chunk = self._chunk(number)
            offset = number * CHUNK
            if part := chunk[max(start - offset, 0) : end - offset]:
                yield part

    def _chunk(self, number: int) -> bytes:
        self._file.seek(self._start + number * (CHUNK + _TAG))
        place = _place(self._id, number, number == self._chunks - 1)
        try:
            return self._cipher.decrypt(_nonce(number), self._file.read(CHUNK + _TAG), place)
        except InvalidTag:
            raise FileBroken(str(self._id)) from None


def _closing(file: BinaryIO, parts: Iterator[bytes]) -> Iterator[bytes]:
    with file:
        yield from parts


def _cipher(key_id: str, salt: bytes) -> AESGCM:
    return AESGCM(derive(crypt.ring().key(key_id), "file", salt))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(id: uuid.UUID, number: int, last: bool) -> bytes:
    return f"file:{id}:{number}:{int(last)}".encode()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

import hashlib
import io
import tracemalloc
import uuid
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.base import crypt, ids
from app.base.crypt import KeyRing
from app.base.storage import CHUNK, FileBroken, FileMissing, FileTooLarge, Storage, safe_name, sniff

MEBIBYTE = 1024 * 1024


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "files")


def _files(storage: Storage) -> list[Path]:
    return [path for path in storage._root.rglob("*") if path.is_file()]


def _put(storage: Storage, content: bytes) -> uuid.UUID:
    return storage.put(io.BytesIO(content), limit=len(content)).id


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_a_file_comes_back_as_it_went(storage: Storage, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    stored = storage.put(io.BytesIO(content[:size]), limit=size)
    assert b"".join(storage.open(stored.id)) == content[:size]
    assert (stored.size, storage.size(stored.id)) == (size, size)
    assert stored.sha256 == hashlib.sha256(content[:size]).hexdigest()


@settings(deadline=None, max_examples=60)
@given(start=st.integers(0, 3 * CHUNK), length=st.integers(0, 3 * CHUNK))
def test_any_range_is_that_part_of_the_file(tmp_path_factory: pytest.TempPathFactory, start: int, length: int) -> None:
    storage, content = Storage(tmp_path_factory.mktemp("files")), bytes(range(251)) * 600
    id = _put(storage, content)
    assert b"".join(storage.open(id, start, start + length)) == content[start : start + length]


def test_a_range_of_a_large_file_needs_little_memory(storage: Storage) -> None:
    class Film:
        left = 40 * MEBIBYTE

        def read(self, size: int, /) -> bytes:
            part = bytes(min(size, self.left))
            self.left -= len(part)
            return part

    tracemalloc.start()
    id = storage.put(Film(), limit=40 * MEBIBYTE).id
    read = sum(map(len, storage.open(id, 10 * MEBIBYTE, 30 * MEBIBYTE)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == 20 * MEBIBYTE
    assert peak < 2 * MEBIBYTE


def test_nothing_readable_lies_on_the_disk(storage: Storage) -> None:
    _put(storage, b"passport AB1234567 " * 10_000)
    (file,) = _files(storage)
    assert b"passport" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_too_long_a_stream_leaves_nothing_behind(storage: Storage) -> None:
    with pytest.raises(FileTooLarge):
        storage.put(io.BytesIO(bytes(CHUNK * 3)), limit=CHUNK * 2)
    assert _files(storage) == []


def test_a_stream_that_breaks_leaves_nothing_behind(storage: Storage) -> None:
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        storage.put(Broken(), limit=1)
    assert _files(storage) == []


def test_a_changed_byte_a_lost_end_and_swapped_chunks_are_noticed(storage: Storage) -> None:
    id = _put(storage, bytes(3 * CHUNK))
    path = storage.path(id)
    whole = path.read_bytes()
    first = len(whole) - 3 * (CHUNK + 16)
    swapped = whole[:first] + whole[first + CHUNK + 16 : first + 2 * (CHUNK + 16)] + whole[first : first + CHUNK + 16]
    for damaged in (
        whole[:-1] + bytes([whole[-1] ^ 1]),
        whole[: -(CHUNK + 16)],
        whole[:-5],
        whole + bytes(CHUNK + 16),
        swapped + whole[-(CHUNK + 16) :],
        b"",
        whole[:10],
        whole[first:],
    ):
        path.write_bytes(damaged)
        with pytest.raises(FileBroken):
            b"".join(storage.open(id))


def test_a_file_put_in_place_of_another_does_not_open(storage: Storage) -> None:
    one, other = _put(storage, b"one"), _put(storage, b"two")
    storage.path(one).write_bytes(storage.path(other).read_bytes())
    with pytest.raises(FileBroken):
        b"".join(storage.open(one))


def test_a_deleted_file_is_missing_and_may_be_deleted_again(storage: Storage) -> None:
    id = _put(storage, b"x")
    storage.delete(id)
    storage.delete(id)
    with pytest.raises(FileMissing):
        storage.open(id)
    with pytest.raises(FileMissing):
        storage.size(ids.uuid7())


def test_a_foreign_id_is_a_missing_file_and_no_path(storage: Storage) -> None:
    with pytest.raises(FileMissing):
        storage.open(uuid.UUID(int=0))


def test_after_rotation_a_file_opens_and_is_resealed_once(storage: Storage, tmp_path: Path) -> None:
    crypt.use(KeyRing.create(tmp_path / "keys.json"))
    id = _put(storage, b"salom" * CHUNK)
    crypt.use(KeyRing.rotate(tmp_path / "keys.json"))
    assert storage.reseal(id)
    assert not storage.reseal(id)
    assert b"".join(storage.open(id)) == b"salom" * CHUNK


def _zip(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def _odt() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "x")
    return file.getvalue()


HEADS = [
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "x", "image", "jpg"),
    (b"\x89PNG\r\n\x1a\n" + bytes(20), "x", "image", "png"),
    (b"GIF89a" + bytes(20), "x.html", "image", "gif"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x", "image", "webp"),
    (b"%PDF-1.7\n", "x.jpg", "pdf", "pdf"),
    (b"OggS" + bytes(24) + b"OpusHead", "voice.oga", "voice", "ogg"),
    (b"OggS" + bytes(24) + b"\x01vorbis", "song.ogg", "audio", "ogg"),
    (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01webm" + b"A_OPUS", "v.webm", "voice", "webm"),
    (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01webm" + b"V_VP8 A_OPUS", "v.webm", "video", "webm"),
    (b"ID3\x03\x00" + bytes(20), "x", "audio", "mp3"),
    (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "x", "video", "mp4"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "letter.doc", "document", "doc"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "setup.msi", "other", "bin"),
    (_zip("[Content_Types].xml", "word/document.xml"), "x", "document", "docx"),
    (_zip("[Content_Types].xml", "xl/workbook.xml"), "report.zip", "document", "xlsx"),
    (_zip("photo.jpg"), "x.docx", "archive", "zip"),
    (_odt(), "x", "document", "odt"),
    (b"MZ\x90\x00" + bytes(60), "photo.jpg", "other", "bin"),
    (b"\x7fELF" + bytes(60), "x.txt", "other", "bin"),
    ("Salom, дунё".encode(), "x", "text", "txt"),
    ("Привет".encode("cp1251"), "x", "text", "txt"),
    (b"a;b\n1;2\n", "report.csv", "text", "csv"),
    (b"<html><script>alert(1)</script>", "photo.png", "text", "txt"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "logo.svg", "text", "txt"),
    (b"\x00\x01\x02\x03", "x.txt", "other", "bin"),
    (b"", "x.pdf", "other", "bin"),
]


@pytest.mark.parametrize(("head", "name", "family", "extension"), HEADS)
def test_a_kind_is_read_from_the_content(head: bytes, name: str, family: str, extension: str) -> None:
    kind = sniff(head, name)
    assert (kind.family, kind.extension) == (family, extension)


@pytest.mark.parametrize("head", [head for head, *_ in HEADS])
def test_no_kind_can_run_in_a_browser(head: bytes) -> None:
    assert not any(word in sniff(head, "x.html").mime for word in ("html", "svg", "xml;", "javascript"))


@given(st.binary(max_size=400), st.text(max_size=20))
def test_any_bytes_have_a_kind(head: bytes, name: str) -> None:
    assert sniff(head, name).mime


def test_text_cut_in_the_middle_of_a_letter_is_still_text() -> None:
    assert sniff("ў".encode() * 20 + "ў".encode()[:1], "x").family == "text"


def test_a_stored_file_knows_its_kind(storage: Storage) -> None:
    assert storage.put(io.BytesIO(b"a,b\n" * 50_000), limit=MEBIBYTE, name="a.csv").kind.mime == "text/csv"


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("паспорт.pdf", "паспорт.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\cmd.exe", "cmd.exe"),
        ("a/b/", "b"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("..", "file"),
        ("", "file"),
        ("  .hidden. ", "hidden"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("oʻzbek ʼ 2026.xlsx", "oʻzbek ʼ 2026.xlsx"),
    ],
)
def test_a_name_is_made_harmless(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


@given(st.text(max_size=400))
def test_any_name_fits_a_disk_and_stays_the_same_when_made_safe_again(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 200
    assert not {"/", "\\", "\x00", "\n", "\u202e"} & set(safe)
    assert safe not in (".", "..")
    assert safe_name(safe) == safe


def test_a_long_name_keeps_its_extension() -> None:
    assert safe_name("ж" * 300 + ".pdf").endswith("жж.pdf")

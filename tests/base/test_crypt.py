import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.base import crypt
from app.base.crypt import KeyMissing, KeyRing, KeyUnknown, SealBroken, Sealed

AT = ("message.text", 7)


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone = Sealed("person.phone")


@given(st.text(), st.integers())
def test_what_is_sealed_opens_in_its_place(text: str, id: int) -> None:
    assert crypt.open_sealed(crypt.seal(text, ("message.text", id)), ("message.text", id)) == text


@given(st.binary())
def test_bytes_are_sealed_as_they_are(content: bytes) -> None:
    assert crypt.open_bytes(crypt.seal(content, AT), AT) == content


@pytest.mark.parametrize("place", [("message.text", 8), ("message.note", 7), ("message.text", "7 ")])
def test_a_value_copied_elsewhere_does_not_open(place: tuple[str, object]) -> None:
    blob = crypt.seal("salom", AT)
    with pytest.raises(SealBroken):
        crypt.open_sealed(blob, place)


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    blob = bytearray(crypt.seal("salom", AT))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises((SealBroken, KeyUnknown)):
        crypt.open_sealed(bytes(blob), AT)


@given(st.binary(max_size=60))
def test_rubbish_is_refused_and_not_a_crash(rubbish: bytes) -> None:
    with pytest.raises((SealBroken, KeyUnknown)):
        crypt.open_sealed(rubbish, AT)


def test_the_same_text_never_looks_the_same() -> None:
    assert len({crypt.seal("salom", AT) for _ in range(100)}) == 100


def test_nothing_is_sealed_before_its_row_has_an_id() -> None:
    with pytest.raises(ValueError, match=r"message\.text .* before the row has its id"):
        crypt.seal("salom", ("message.text", None))


def test_after_rotation_old_values_open_and_are_resealed(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    crypt.use(KeyRing.create(path))
    old = crypt.seal("salom", AT)
    assert not crypt.needs_reseal(old)

    crypt.use(KeyRing.rotate(path))
    assert crypt.open_sealed(old, AT) == "salom"
    assert crypt.needs_reseal(old)

    new = crypt.reseal(old, AT)
    assert not crypt.needs_reseal(new)
    assert crypt.open_sealed(new, AT) == "salom"


def test_rotation_keeps_the_search_index_and_signatures_valid(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    crypt.use(KeyRing.create(path))
    before = crypt.keyed_hash("phone", "1"), crypt.sign("csrf", "1")
    crypt.use(KeyRing.rotate(path))
    assert (crypt.keyed_hash("phone", "1"), crypt.sign("csrf", "1")) == before


def test_a_key_that_is_gone_is_named(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    crypt.use(KeyRing.create(path))
    crypt.use(KeyRing.rotate(path))
    blob = crypt.seal("salom", AT)
    content = json.loads(path.read_text())
    crypt.use(KeyRing.of(content | {"current": "1", "keys": {"1": content["keys"]["1"]}}))
    with pytest.raises(KeyUnknown, match="no key '2'") as caught:
        crypt.open_sealed(blob, AT)
    assert caught.value.key_id == "2"


def test_a_key_file_is_for_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys.json"
    ring = KeyRing.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KeyRing.load(path) == ring
    with pytest.raises(FileExistsError):
        KeyRing.create(path)
    assert KeyRing.load(path) == ring
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "\x00", '{"current": "1", "keys": {"1": "c2hvcnQ="}, "index": "", "web": ""}']
)
def test_a_damaged_key_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(KeyMissing, match=r"keys\.json is damaged"):
        KeyRing.load(path)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=r"no key file at .*keys\.json"):
        KeyRing.load(tmp_path / "keys.json")


def test_a_ring_whose_current_key_is_missing_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(KeyRing.generate() | {"current": "9"}))
    with pytest.raises(KeyMissing):
        KeyRing.load(path)


def test_a_process_without_a_ring_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypt, "_ring", None)
    with pytest.raises(KeyMissing, match=r"crypt\.use"):
        crypt.seal("salom", AT)


def test_a_ring_shows_no_key_when_printed(ring: KeyRing) -> None:
    secrets = [*ring.keys.values(), ring.index, ring.web]
    assert not any(repr(secret) in repr(ring) for secret in secrets)


def test_a_record_seals_what_is_set_and_opens_what_is_read() -> None:
    person = Person(id=5, phone="+998901234567")
    assert person.phone_sealed is not None
    assert b"998901234567" not in person.phone_sealed
    assert person.phone == "+998901234567"
    assert crypt.open_sealed(person.phone_sealed, ("person.phone", 5)) == "+998901234567"
    person.phone = None
    assert person.phone_sealed is None
    assert person.phone is None


def test_a_record_without_an_id_cannot_be_sealed() -> None:
    with pytest.raises(ValueError, match=r"person\.phone"):
        Person(phone="+998901234567")


def test_keyed_hashes_differ_by_purpose_and_by_ring(ring: KeyRing) -> None:
    hashed = crypt.keyed_hash("phone", "4567")
    assert len(hashed) == 16
    assert hashed == crypt.keyed_hash("phone", "4567")
    assert hashed != crypt.keyed_hash("phone.last4", "4567")
    crypt.use(KeyRing.of(KeyRing.generate()))
    assert hashed != crypt.keyed_hash("phone", "4567")


@given(st.text())
def test_a_signature_fits_only_its_purpose_and_value(value: str) -> None:
    signature = crypt.sign("csrf", value)
    assert signature.replace("-", "").replace("_", "").isalnum()
    assert crypt.check_signature("csrf", value, signature)
    assert not crypt.check_signature("link", value, signature)
    assert not crypt.check_signature("csrf", value + "x", signature)


@given(st.text())
def test_a_made_up_signature_is_refused(signature: str) -> None:
    assert not crypt.check_signature("csrf", "session", signature)

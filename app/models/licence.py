"""The licence: a file the vendor signs, with the bank, the number of seats and the days it holds (clause 14.4).

JSON that anybody can read, so that the bank sees what it has; the signature (Ed25519, RFC 8032) covers all the rest.
"""

import base64
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask_babel import lazy_gettext as _l

from app.base.refusal import Refusal
from app.models.permission import declare

INSTALL = declare("licence.install", _l("Install the licence"), _l("Put in the vendor’s signed file with the seats"))

# From so many days before its end administrators are told.
WARN_DAYS = 30
# So many days before it ends they have a notification; one more when it has ended.
TOLD_DAYS = (30, 7, 1)
MOST_SEATS = 100_000
_SAID = b"muloqot:licence:"


class LicenceUnreadable(Refusal):
    notice = _l("This is no licence file. Take the file as the vendor sent it, whole and unchanged.")
    status = 422


class LicenceNotSigned(Refusal):
    notice = _l("The signature does not fit: the file was changed, or it is signed by another vendor’s key.")
    status = 422


@dataclass(frozen=True)
class Licence:
    """Holds from the first moment of `valid_from` to the last of `valid_to`, days of Tashkent."""

    bank: str
    seats: int
    valid_from: date
    valid_to: date

    def holds(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


def read(file: str, trusted: Collection[str]) -> Licence:
    """What a file says. `trusted`: public keys in Base64. Raises LicenceUnreadable, LicenceNotSigned."""
    try:
        said = json.loads(file)
        signature = base64.b64decode(said.pop("signature"), validate=True)
        found = Licence(
            str(said["bank"]),
            int(said["seats"]),
            date.fromisoformat(said["valid_from"]),
            date.fromisoformat(said["valid_to"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LicenceUnreadable from error
    if not any(_fits(key, _content(said), signature) for key in trusted):
        raise LicenceNotSigned
    if not 0 < found.seats <= MOST_SEATS or found.valid_to < found.valid_from:
        raise LicenceUnreadable
    return found


def signed(licence: Licence, key: Ed25519PrivateKey) -> str:
    """The file the bank gets."""
    said = {**asdict(licence), "valid_from": f"{licence.valid_from}", "valid_to": f"{licence.valid_to}"}
    said["signature"] = base64.b64encode(key.sign(_content(said))).decode()
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def public(key: Ed25519PrivateKey) -> str:
    """32 bytes in Base64: what MULOQOT_LICENCE_KEY takes."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _content(said: dict[str, Any]) -> bytes:
    """The same bytes however the file is indented or its lines end after a mail program."""
    return _SAID + json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _fits(key: str, content: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True

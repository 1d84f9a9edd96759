"""Short signed tokens of another site (RFC 7519): whom it has signed in. Only what is asked for is accepted."""

import base64
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

ALGORITHMS = ("HS256", "RS256")
LONGEST = timedelta(hours=1)
_MOST = 4096
_SKEW = timedelta(seconds=60)
_SHORTEST_SECRET = 32  # RFC 7518, section 3.2: as long as the hash
_SHORTEST_RSA = 2048  # section 3.3


class NotProved(Exception):
    """The token proves nothing; the message says why, for the log: it never holds the token itself."""


def claims(token: str, *, algorithm: str, key: str, audience: str, now: datetime) -> dict[str, Any]:
    """The claims of a token that this key signed, for us, not too long ago. Raises NotProved.

    The algorithm is the one agreed on, never the one the token asks for (RFC 8725, section 3.1).
    """
    if len(token) > _MOST or token.count(".") != 2:
        raise NotProved("not a token")
    signed, _, signature = token.rpartition(".")
    header, body = (_object(part) for part in signed.split("."))
    if algorithm not in ALGORITHMS or header.get("alg") != algorithm or "crit" in header:
        raise NotProved("another algorithm")
    _check_signature(algorithm, key, signed.encode(), _bytes(signature))
    _check_claims(body, audience, now)
    return body


def check_key(algorithm: str, key: str) -> None:
    """Raises ValueError for a key that is too short or none at all."""
    if algorithm == "HS256" and len(key.encode()) < _SHORTEST_SECRET:
        raise ValueError("the secret is too short")
    if algorithm == "RS256":
        _public(key)


def _check_signature(algorithm: str, key: str, signed: bytes, signature: bytes) -> None:
    if algorithm == "HS256":
        if len(key.encode()) < _SHORTEST_SECRET:
            raise NotProved("no key")
        if not hmac.compare_digest(hmac.digest(key.encode(), signed, "sha256"), signature):
            raise NotProved("another signature")
        return
    try:
        _public(key).verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise NotProved("another signature") from None
    except ValueError:
        raise NotProved("no key") from None


def _check_claims(body: dict[str, Any], audience: str, now: datetime) -> None:
    heard = body.get("aud")
    if audience not in (heard if isinstance(heard, list) else [heard]):
        raise NotProved("for somebody else")
    ends, begins = _moment(body.get("exp")), body.get("nbf", body.get("iat"))
    if ends is None or ends <= now.timestamp() - _SKEW.total_seconds():
        raise NotProved("expired")
    if ends > (now + LONGEST + _SKEW).timestamp():
        raise NotProved("lives too long")
    if begins is not None and (_moment(begins) or ends) > (now + _SKEW).timestamp():
        raise NotProved("not yet valid")
    subject = body.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 200:
        raise NotProved("nobody")


def _moment(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _public(key: str) -> RSAPublicKey:
    found = load_pem_public_key(key.encode())
    if not isinstance(found, RSAPublicKey) or found.key_size < _SHORTEST_RSA:
        raise ValueError("not an RSA key of 2048 bits or more")
    return found


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        raise NotProved("not a token") from None
    if not isinstance(found, dict):
        raise NotProved("not a token")
    return found


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise NotProved("not a token") from None

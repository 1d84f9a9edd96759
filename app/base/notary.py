"""Signatures that others can check: Ed25519 (RFC 8032), with a key made from the ring's, never stored by itself."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.base import crypt


def sign(purpose: str, content: bytes) -> bytes:
    """64 bytes."""
    return _key(purpose).sign(_said(purpose, content))


def fits(purpose: str, content: bytes, signature: bytes) -> bool:
    """Whether this house has signed it."""
    try:
        _key(purpose).public_key().verify(signature, _said(purpose, content))
    except InvalidSignature:
        return False
    return True


def public_key(purpose: str) -> str:
    """What an outsider checks with: 32 bytes in Base64."""
    raw = _key(purpose).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def _key(purpose: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(crypt.ring().web_key(f"notary:{purpose}"))


def _said(purpose: str, content: bytes) -> bytes:
    return f"muloqot:{purpose}:".encode() + content

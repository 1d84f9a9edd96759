"""Time-based one-time passwords (RFC 6238 over RFC 4226): SHA-1, six digits, steps of 30 seconds.

SHA-1 because it is the one every phone's authenticator knows; as HMAC it is unbroken.
"""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30
DIGITS = 6
# A phone's clock may be one step off.
_DRIFT = 1


def new_secret() -> str:
    """160 bits (RFC 4226, section 4) in base32, as authenticators take it by hand."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_of(now: datetime) -> int:
    """How many steps have passed since 1970."""
    return int(now.timestamp()) // STEP


def code(secret: str, step: int) -> str:
    """The digits of a step (RFC 4226, section 5.3); `secret` in base32."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def fitting_step(secret: str, given: str, now: datetime, *, after: int) -> int | None:
    """The step the code belongs to, or None. `after`: steps up to this one are spent, so no code works twice."""
    present = step_of(now)
    for step in range(max(present - _DRIFT, after + 1), present + _DRIFT + 1):
        if hmac.compare_digest(code(secret, step).encode(), given.encode(errors="replace")):
            return step
    return None


def address(secret: str, login: str, issuer: str) -> str:
    """The otpauth address that a QR code carries."""
    label = quote(f"{issuer}:{login}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer, 'digits': DIGITS, 'period': STEP})}"

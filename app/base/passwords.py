"""Password hashes: argon2id, a few at once (100 sign-ins of 64 MiB at once would be 6.4 GiB)."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.base.loop import at_most, off_loop

# RFC 9106's second recommended option: t=3, 64 MiB; one lane, since lanes are threads that a loaded desk lacks.
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_quick = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
_few = at_most(2)
# Verified when the login is unknown, so that both answers take as long.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$aW5lcnQtaGFzaC1vZi1ub2JvZHktaW4tcGFydGljdWxhcg"
# Without letters and digits that look alike: these are typed from a screen or paper.
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def hash_password(password: str) -> str:
    """A quarter of a second of CPU, away from the loop."""
    with _few:
        return off_loop(_hasher.hash, password)


def hash_fresh(password: str) -> str:
    """The hash of a password we have just generated: with 80 bits of chance in it, cheap argon2id is enough.

    Thousands come at once in an import. At the first sign-in it is hashed as every other.
    """
    return off_loop(_quick.hash, password)


def password_fits(password: str, hashed: str | None) -> bool:
    """Whether the password is the one; takes as long for nobody (None) as for somebody."""
    with _few:
        return off_loop(_verify, hashed or _NOBODY, password) and hashed is not None


def needs_rehash(hashed: str) -> bool:
    """Whether it was made with other costs than today's."""
    return _hasher.check_needs_rehash(hashed)


def fresh_password(length: int = 14) -> str:
    """A generated password with all four classes of clauses 12.9–12.12."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(length - 4))
    return body + secrets.choice("ABCDEFGHJK") + secrets.choice("abcdefghjk") + secrets.choice("23456789") + "-"


def _verify(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False

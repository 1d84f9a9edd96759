from collections.abc import Iterator

import pytest

from app.base import crypt
from app.base.keys import KeyRing


@pytest.fixture(scope="session")
def session_ring() -> KeyRing:
    return KeyRing.of(KeyRing.generate())


@pytest.fixture(autouse=True)
def ring(session_ring: KeyRing) -> Iterator[KeyRing]:
    """Every test begins with the same ring in use, whatever the one before did."""
    before = crypt._ring
    crypt.use(session_ring)
    yield session_ring
    crypt._ring = before

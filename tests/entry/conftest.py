from typing import Any

import pytest
from psycopg import Connection

from tests.cast import Actor, Cast


@pytest.fixture
def aziza(cast: Cast, superuser: "Connection[Any]") -> Actor:
    """Aziza before she comes to work: nowhere signed in."""
    actor = cast.aziza
    superuser.execute("DELETE FROM session WHERE person_id = %s", [actor.id])
    return actor

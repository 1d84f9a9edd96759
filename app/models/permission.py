"""What a person may do. Each permission is declared beside the nouns it protects and collected here (clause 7.4)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Scope(StrEnum):
    """Whose records a data permission reaches (clause 15.5)."""

    OWN = "own"
    GROUPS = "groups"
    ALL = "all"


@dataclass(frozen=True)
class Permission:
    """`scoped`: a data permission, given with a Scope; otherwise it is given or not."""

    code: str
    label: Any
    about: Any
    room: str
    scoped: bool = False


PERMISSIONS: dict[str, Permission] = {}


def declare(code: str, label: Any, about: Any, *, scoped: bool = False) -> Permission:
    """Declare once; the room is the code's first word (`people.manage` stands in room `people`)."""
    if code in PERMISSIONS:
        raise ValueError(f"permission {code} is declared twice")
    PERMISSIONS[code] = Permission(code, label, about, code.partition(".")[0], scoped)
    return PERMISSIONS[code]

"""On whose behalf something is looked at: a person with rights, or the system itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.models.permission import Permission, Scope


@dataclass(frozen=True)
class Viewer:
    """A signed-in person as the guard, the queries and the templates see one.

    `must_enrol`: a role asks for a second factor that is not there yet; `renew`: the session's token is to change.
    """

    person_id: int
    login: str
    name: str
    locale: str
    theme: str
    session_id: UUID
    must_change_password: bool
    seen_at: datetime
    rights: Mapping[str, Scope] = field(default_factory=dict)
    groups: frozenset[int] = frozenset()
    must_enrol: bool = False
    sounds: bool = True
    undo: bool = False
    ctrl_sends: bool = False
    renew: bool = False

    @property
    def must(self) -> str:
        """What comes before all else: "password" (a new one), "factor" (the second one), or nothing."""
        if self.must_change_password:
            return "password"
        return "factor" if self.must_enrol else ""

    def may(self, permission: Permission | str) -> bool:
        return _code(permission) in self.rights

    def scope(self, permission: Permission | str) -> Scope | None:
        return self.rights.get(_code(permission))


class System:
    """Jobs and commands: sees everything, is nobody. Said aloud as `viewer=SYSTEM`."""

    person_id = None
    login = "system"
    locale = "ru"
    groups = frozenset[int]()

    def may(self, permission: Permission | str) -> bool:
        return True

    def scope(self, permission: Permission | str) -> Scope:
        return Scope.ALL


SYSTEM = System()
AnyViewer = Viewer | System


def _code(permission: Permission | str) -> str:
    return permission if isinstance(permission, str) else permission.code

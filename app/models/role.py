"""Roles: named sets of permissions, each with its scope (clause 7.4)."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.db import Base
from app.models.names import names_column
from app.models.permission import declare

SEE_ROLES = declare("roles.see", _l("See roles"), _l("Open the table of roles: who may do what"))
CHANGE_ROLES = declare(
    "roles.change", _l("Change roles"), _l("Make, edit and delete roles; never a role that one has oneself")
)


class RolePermission(Base):
    __tablename__ = "role_permission"

    role_id: Mapped[int] = mapped_column(ForeignKey("role.id", ondelete="CASCADE"), primary_key=True)
    permission: Mapped[str] = mapped_column(Text, primary_key=True)
    scope: Mapped[str] = mapped_column(Text, nullable=False, default="all")


class Role(Base):
    """A ready role has a code; roles of the bank's own have none."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    code: Mapped[str | None] = mapped_column(Text, unique=True)
    names: Mapped[dict[str, str]] = names_column()
    permissions: Mapped[list[RolePermission]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def rights(self) -> dict[str, str]:
        """Scopes by the code of the permission."""
        return {one.permission: one.scope for one in self.permissions}


class PersonRole(Base):
    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), primary_key=True)

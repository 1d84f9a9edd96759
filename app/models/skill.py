"""Skills: what a chat may ask of whoever answers it, beside the language (clause 5.1)."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.db import Base
from app.models.listing import Listed, declare


class Skill(Listed):
    __tablename__ = "skill"


class PersonSkill(Base):
    """Who has it; a chat that needs it is given to nobody else."""

    __tablename__ = "person_skill"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)


SKILLS = declare(
    "skills",
    45,
    Skill,
    _l("Skills"),
    _l("What some chats need and not everybody can: mortgages, business clients, a third language of the region."),
    add=_l("Add a skill"),
)

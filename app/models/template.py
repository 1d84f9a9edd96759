"""Templates: ready words of an operator. The bank's own are a list; personal ones belong to one person (clause 9.4)."""

from typing import ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.db import Base
from app.models.kinds import Chosen, Names, Texts
from app.models.listing import Field, Listed, declare
from app.models.names import names_column

VARIABLES = ("client.name", "operator.name", "bank.name", "chat.number")


class OfGroup(Chosen):
    """One group, or none: everybody."""

    shape = "group"

    def __init__(self) -> None:
        super().__init__(many=False)


class Template(Listed):
    """Of the whole bank, or of one group. `used` counts how often it went out."""

    __tablename__ = "template"

    folder: Mapped[dict[str, str]] = names_column()
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("staff_group.id"))
    used: Mapped[int] = mapped_column(Integer, default=0)

    variables: ClassVar[tuple[str, ...]] = VARIABLES


class OwnTemplate(Base):
    """A person's own, in whatever language it was written."""

    __tablename__ = "own_template"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    folder: Mapped[str] = mapped_column(Text, default="")
    used: Mapped[int] = mapped_column(Integer, default=0)


TEMPLATES = declare(
    "templates",
    55,
    Template,
    _l("Templates"),
    _l("Ready words that operators put into their answers. Each sees those of the whole bank and of his groups."),
    Field(
        "folder",
        Names(),
        _l("Folder"),
        _l("Templates of one folder stand together."),
        column=_l("Folder"),
    ),
    Field(
        "texts",
        Texts(high=2000),
        _l("Text"),
        _l("In the client's language when it is here, else in the nearest."),
        column=_l("Text"),
    ),
    Field("group_id", OfGroup(), _l("Who may use it"), _l("Others do not see it in their answers.")),
    add=_l("Add a template"),
)

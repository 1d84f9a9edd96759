"""Topics: what clients ask about, as a tree (clause 9.5)."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models import setting
from app.models.kinds import Chosen
from app.models.listing import Field, Listed, declare

setting.section("topics", _l("Topics"))
DEPTH = setting.declare(
    "topics.depth",
    "int",
    4,
    _l("Levels of topics"),
    _l("How deep the tree of topics may grow. Deeper topics that stand already stay."),
    low=1,
    high=10,
)


class Topic(Listed):
    __tablename__ = "topic"

    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("topic.id"))


TOPICS = declare(
    "topics",
    20,
    Topic,
    _l("Topics"),
    _l("What clients ask about; operators choose one when they finish a chat."),
    Field("parent_id", Chosen(many=False), _l("Stands under"), _l("A moved topic takes its branch along.")),
    add=_l("Add a topic"),
    tree=True,
)

"""Topics: what clients ask about, as a tree (clause 9.5)."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base.fold import fold
from app.models import setting
from app.models.db import Base
from app.models.kinds import Chosen
from app.models.listing import Field, Listed, declare
from app.models.names import Names, names_column

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


REQUIRED = setting.declare(
    "topics.required",
    "bool",
    True,
    _l("A chat without a group needs a topic"),
    _l("Each group says so for itself. “Finish, topic later” is always there; such chats stand in “Without a topic”."),
)


def folded(names: Names) -> str:
    """What a search compares: the skeletons of a topic's names in all languages."""
    return " ".join(fold(name) for name in names.values())


class Topic(Listed):
    """`merged_into`: the topic that took this one's place; what was said of a chat before stays as it was said."""

    __tablename__ = "topic"

    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("topic.id"))
    merged_into: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("topic.id"))
    folded: Mapped[str] = mapped_column(Text, default=lambda of: folded(of.get_current_parameters()["names"]))


class TopicVersion(Base):
    """A topic's name and place from `since` to `until` (None: still so)."""

    __tablename__ = "topic_version"

    topic_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("topic.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("topic.id"))
    names: Mapped[dict[str, str]] = names_column()


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

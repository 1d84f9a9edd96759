"""A chat on the bank's site: where it may stand, what it says, how the site proves who its visitor is (clause 4.1)."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.base.crypt import Sealed
from app.models import setting
from app.models.db import Base
from app.models.names import names_column

setting.section("widget", _l("Chat on the site"))
SHOW_NAMES = setting.declare(
    "widget.operator_names",
    "bool",
    True,
    _l("Clients see who answers"),
    _l("The public name from the employee's account; never the login. Otherwise it says “Operator”."),
)


class WebChat(Base):
    """Stands beside its channel, under the same id. `origins`: sites that may show it, as https://bank.uz."""

    __tablename__ = "webchat"

    id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    origins: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    proof: Mapped[str] = mapped_column(Text, default="")
    proof_key_sealed: Mapped[bytes | None] = mapped_column("proof_key", LargeBinary)
    titles: Mapped[dict[str, str]] = names_column()
    greetings: Mapped[dict[str, str]] = names_column()
    notices: Mapped[dict[str, str]] = names_column()
    notice_url: Mapped[str] = mapped_column(Text, default="")
    # Where a dialogue may go on: in this bot; and the bank's page that shows this chat, for whoever comes from there.
    bot_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    page_url: Mapped[str] = mapped_column(Text, default="")

    proof_key = Sealed("webchat.proof_key")

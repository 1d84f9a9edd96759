"""The person behind the message: one customer over channels, and how much is known of him (clauses 1.3, 1.5, 9.2)."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.models import setting
from app.models.listing import Listed
from app.models.listing import declare as declare_list
from app.models.permission import declare

EDIT = declare(
    "customers.edit", _l("Edit the client's card"), _l("Name, language, phones, notes and tags"), scoped=True
)
SEGMENT = declare("customers.segment", _l("Set the segment"), _l("Set a client's segment by hand"), scoped=True)
MERGE = declare(
    "customers.merge", _l("Merge clients"), _l("Say that two are one person, and take it back"), scoped=True
)

setting.section("customers", _l("Clients"))
JOIN_PHONE = setting.declare(
    "customers.join_phone",
    "bool",
    False,
    _l("One client by a proven phone"),
    _l("Who shares his own number in Telegram and is known by the same proven number elsewhere is the same client."),
)
JOIN_SIGNED = setting.declare(
    "customers.join_signed",
    "bool",
    False,
    _l("One client by the bank's own id"),
    _l("Who is signed in on several of the bank's sites and apps under one id is the same client."),
)
LINK_MINUTES = setting.declare(
    "customers.link_minutes",
    "int",
    15,
    _l("A link to another channel lives"),
    _l("“Continue in…” sends a link that works once and only so long."),
    low=1,
    high=60,
    unit=_l("min"),
)


class Tag(Listed):
    __tablename__ = "tag"


TAGS = declare_list("tags", 45, Tag, _l("Tags of clients"), _l("Short marks on a client's card."), add=_l("Add a tag"))


class SegmentSource(StrEnum):
    """Who said to which segment a client belongs; the later in this list is trusted more."""

    HAND = "hand"
    TOKEN = "token"  # noqa: S105 - the signed token of the bank's site
    CRM = "crm"

    def yields_to(self, other: "SegmentSource") -> bool:
        trust = list(SegmentSource)
        return trust.index(self) <= trust.index(other)


class LanguageSource(StrEnum):
    """How a client's language is known; the later in this list is trusted more."""

    HINT = "hint"
    RECOGNISED = "recognised"
    OPERATOR = "operator"
    CHOSEN = "chosen"

    def yields_to(self, other: "LanguageSource") -> bool:
        trust = list(LanguageSource)
        return trust.index(self) <= trust.index(other)


# Languages clients write in: those of the interface, and Russian typed in Latin letters.
LANGUAGES = ("ru", "ru_Latn", "uz_Latn", "uz_Cyrl", "en")

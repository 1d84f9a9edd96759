"""Notifications: what a person is told about beside his chats (clause 8.5). Kinds are declared beside their verbs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models import setting

setting.section("notices", _l("Notifications"))
KEEP_DAYS = setting.declare(
    "notices.keep_days",
    "int",
    180,
    _l("Keep notifications"),
    _l("Older ones are removed; an important one stays until it has been read."),
    low=7,
    high=3650,
    unit=_l("days"),
)


@dataclass(frozen=True)
class NoticeKind:
    """`sentence` has %(name)s where the words go; `label` names the kind in a filter, when the sentence cannot."""

    code: str
    sentence: Any
    label: Any = ""

    def told(self, words: Mapping[str, object]) -> str:
        """The sentence in the reader's language; a word that is not there is an ellipsis."""
        return str(self.sentence) % _Gaps(words)

    @property
    def name(self) -> str:
        return str(self.label) or self.told({})


class _Gaps(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"


KINDS: dict[str, NoticeKind] = {}


def declare(code: str, sentence: Any, label: Any = "") -> NoticeKind:
    if code in KINDS:
        raise ValueError(f"notice kind {code} is declared twice")
    KINDS[code] = NoticeKind(code, sentence, label)
    return KINDS[code]

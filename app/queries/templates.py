"""Templates that somebody may use in a chat, with the client's language chosen and the variables filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import text

from app.base.fold import fold
from app.base.layouts import other_layouts
from app.base.scripts import as_written_in
from app.models.auto_reply import fill
from app.models.db import db
from app.models.names import pick
from app.models.template import OwnTemplate
from app.models.viewer import Viewer
from app.queries import template_files
from app.queries.visible import ChatView

SHOWN = 60
_KINDS = ("own", "bank")
_MOST = 1000


@dataclass(frozen=True)
class Offered:
    """`key` names it in addresses: `own-7` or `bank-7`. A folder may stand in another: "Cards / Blocking"."""

    key: str
    name: str
    folder: str
    text: str
    files: int = 0

    @property
    def own_id(self) -> int | None:
        return self._id("own")

    @property
    def bank_id(self) -> int | None:
        return self._id("bank")

    def _id(self, of: str) -> int | None:
        kind, _, number = self.key.partition("-")
        return int(number) if kind == of else None


_BANK = text(f"""
    SELECT id, names, folder, texts FROM template
     WHERE archived_at IS NULL AND (group_id IS NULL OR group_id = ANY(:groups)) ORDER BY position, id LIMIT {_MOST}
""")  # noqa: S608 - a number of ours
_OWN = text(f"""
    SELECT id, name, text, folder FROM own_template WHERE person_id = :me
     ORDER BY folder, used DESC, name, id LIMIT {_MOST}
""")  # noqa: S608 - a number of ours
_SPEAKER = text("SELECT public_name FROM person WHERE id = :me")


def offered(viewer: Viewer, chat: ChatView, bank_name: str, words: str = "") -> list[Offered]:
    """One's own, used most first, then the bank's by folders; only those that have all the words, in either script.

    When none has them, words typed with the keyboard on another layout are read as they were meant.
    """
    values = _values(viewer, chat, bank_name)
    shown = next(filter(None, (_having(viewer, chat, values, read) for read in (words, *other_layouts(words)))), [])
    numbers = {kind: [int(row.key.partition("-")[2]) for row in shown if row.key.startswith(kind)] for kind in _KINDS}
    files = template_files.counts(numbers["own"], numbers["bank"])
    return [replace(row, files=files.get(row.key, 0)) for row in shown]


def chosen(viewer: Viewer, chat: ChatView, bank_name: str, key: str) -> str:
    """The text of one of them; "" when this person may not use it."""
    values = _values(viewer, chat, bank_name)
    rows = [*_own(viewer, values, ""), *_bank(viewer, chat.language or viewer.locale, values, "")]
    return next((row.text for row in rows if row.key == key), "")


def own(viewer: Viewer, template_id: int) -> OwnTemplate | None:
    """One's own template, to be changed."""
    found = db.session.get(OwnTemplate, template_id)
    return found if found is not None and found.person_id == viewer.person_id else None


def _having(viewer: Viewer, chat: ChatView, values: Mapping[str, str], words: str) -> list[Offered]:
    rows = [*_own(viewer, values, words), *_bank(viewer, chat.language or viewer.locale, values, words)]
    return rows[:SHOWN]


def _own(viewer: Viewer, values: Mapping[str, str], words: str) -> list[Offered]:
    rows = db.session.execute(_OWN, {"me": viewer.person_id})
    return [
        Offered(f"own-{row.id}", row.name, row.folder, fill(row.text, values))
        for row in rows
        if _has(f"{row.name} {row.folder} {row.text}", words)
    ]


def _bank(viewer: Viewer, language: str, values: Mapping[str, str], words: str) -> list[Offered]:
    values = {**values, "operator.name": as_written_in(language, values["operator.name"])}
    rows = [row for row in db.session.execute(_BANK, {"groups": sorted(viewer.groups)}) if _has(_all(row), words)]
    places = {pick(row.folder, viewer.locale): place for place, row in reversed(list(enumerate(rows)))}
    found = [
        Offered(
            f"bank-{row.id}",
            pick(row.names, viewer.locale),
            pick(row.folder, viewer.locale),
            fill(pick(row.texts, language), values),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: places[one.folder])


def _values(viewer: Viewer, chat: ChatView, bank_name: str) -> dict[str, str]:
    speaker = db.session.scalar(_SPEAKER, {"me": viewer.person_id}) or viewer.name
    return {"client.name": chat.name, "operator.name": speaker, "bank.name": bank_name, "chat.number": str(chat.id)}


def _all(row: Any) -> str:
    return " ".join((*row.names.values(), *row.folder.values(), *row.texts.values()))


def _has(said: str, words: str) -> bool:
    """Each word begins a word of the text."""
    known = _skeleton(said)
    return all(f" {word}" in known for word in fold(words).split())


@lru_cache(maxsize=4096)
def _skeleton(said: str) -> str:
    return f" {fold(said)}"

"""Personal templates, and how often each template is used. The bank's own are kept as a list (actions/lists)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.actions import template_files
from app.base.masks import masked
from app.base.numbers import whole
from app.base.refusal import Refusal
from app.base.text import clean, shorten
from app.models.db import db, transaction
from app.models.template import OwnTemplate, Template
from app.models.viewer import Viewer

LONGEST_NAME = 80
LONGEST = 2000


class NothingToKeep(Refusal):
    notice = _l("Write the text of the template.")
    status = 422


class NoSuchTemplate(Refusal):
    notice = _l("There is no such template of yours any more.")
    status = 404


def keep(
    name: str,
    said: str,
    by: Viewer,
    template_id: int | None = None,
    *,
    folder: str = "",
    attached: tuple[int, Sequence[UUID], datetime] | None = None,
) -> int:
    """Save a personal template, or change one. Card and document numbers are masked: a template is for every client.

    `attached`: the chat whose composer holds files that go with it, their ids, and now.
    Without a name the text's first words are one. Raises NothingToKeep, NoSuchTemplate.
    """
    said = masked(clean(said, LONGEST).strip())
    if not said:
        raise NothingToKeep
    with transaction():
        row = _own(template_id, by) if template_id else OwnTemplate(person_id=by.person_id, used=0)
        row.name = masked(clean(name, LONGEST_NAME).strip()) or shorten(said, 40)
        row.text, row.folder = said, masked(tidy(folder))
        db.session.add(row)
        db.session.flush()
        if attached and attached[1]:
            template_files.keep_own(row.id, *attached)
        return row.id


def tidy(folder: str) -> str:
    """A folder's name; "Cards/ Blocking" stands in "Cards"."""
    parts = (" ".join(part.split()) for part in clean(folder, LONGEST_NAME).split("/"))
    return " / ".join(filter(None, parts))


def remove(template_id: int, by: Viewer) -> None:
    """Delete a personal template. Raises NoSuchTemplate."""
    with transaction():
        db.session.delete(_own(template_id, by))


def count_use(key: str, by: Viewer) -> None:
    """One more use of a template; a key that names none counts nothing."""
    kind, _, told = key.partition("-")
    number = whole(told)
    if number is None:
        return
    with transaction():
        if kind == "own":
            of = OwnTemplate.person_id == by.person_id, OwnTemplate.id == number
            db.session.execute(update(OwnTemplate).where(*of).values(used=OwnTemplate.used + 1))
        elif kind == "bank":
            db.session.execute(update(Template).where(Template.id == number).values(used=Template.used + 1))


def _own(template_id: int, by: Viewer) -> OwnTemplate:
    asked = select(OwnTemplate).where(OwnTemplate.id == template_id, OwnTemplate.person_id == by.person_id)
    row = db.session.scalar(asked.with_for_update())
    if row is None:
        raise NoSuchTemplate
    return row

"""The files that go with templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from app.base.crypt import opened
from app.base.numbers import whole
from app.models.db import db
from app.models.viewer import Viewer


@dataclass(frozen=True)
class TemplateFile:
    id: UUID
    name: str
    mime: str
    family: str
    size: int
    stored_id: UUID


_COLUMNS = "f.id, f.name, f.mime, f.family, f.size, f.stored_id FROM template_file f"
_OF_BANK = text(f"SELECT {_COLUMNS} WHERE f.template_id = :id ORDER BY f.id")
# Only templates that this person is offered: one's own, and the bank's of everybody and of one's groups.
_MAY_USE = text(f"""
    SELECT {_COLUMNS} LEFT JOIN template t ON t.id = f.template_id LEFT JOIN own_template o ON o.id = f.own_template_id
     WHERE CASE WHEN :own THEN o.id = :id AND o.person_id = :me
                ELSE t.id = :id AND t.archived_at IS NULL AND (t.group_id IS NULL OR t.group_id = ANY(:groups)) END
     ORDER BY f.id
""")
_COUNTS = text("""
    SELECT coalesce('own-' || own_template_id, 'bank-' || template_id), count(*) FROM template_file
     WHERE own_template_id = ANY(:own) OR template_id = ANY(:bank) GROUP BY 1
""")


def of_bank(template_id: int) -> list[TemplateFile]:
    return _files(db.session.execute(_OF_BANK, {"id": template_id}).all())


def usable(viewer: Viewer, key: str) -> list[TemplateFile]:
    """The files of a template that this person may use; none for a key that names none."""
    kind, _, told = key.partition("-")
    number = whole(told)
    if kind not in ("own", "bank") or number is None:
        return []
    values = {"own": kind == "own", "id": number, "me": viewer.person_id, "groups": sorted(viewer.groups)}
    return _files(db.session.execute(_MAY_USE, values).all())


def counts(own: Sequence[int], bank: Sequence[int]) -> dict[str, int]:
    """How many files go with each template, by its key."""
    return {row[0]: row[1] for row in db.session.execute(_COUNTS, {"own": list(own), "bank": list(bank)})}


def _files(rows: Sequence[object]) -> list[TemplateFile]:
    return [TemplateFile(row[0], opened(row[1], "template_file.name", row[0]), *row[2:]) for row in rows]  # type: ignore[index]

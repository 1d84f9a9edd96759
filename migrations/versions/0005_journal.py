"""People in full; auditor and security officer; the journal in blocks."""

from alembic import op
from sqlalchemy import Connection, MetaData, text

from app.base.fold import fold
from migrations import start_set
from migrations.sql import run

revision = "0005"
down_revision = "0004"

PEOPLE = """
ALTER TABLE person
  ADD phone bytea,
  ADD email bytea,
  ADD capacity int CHECK (capacity BETWEEN 1 AND 50),
  ADD technical boolean NOT NULL DEFAULT false,
  ADD purpose text NOT NULL DEFAULT '',
  ADD folded text NOT NULL DEFAULT '';
"""

# A block never changes: whoever could rewrite one would need the signing key, which is not in the database.
BLOCKS = """
CREATE TABLE journal_block (
  number bigint PRIMARY KEY,
  sealed_at timestamptz NOT NULL,
  horizon bigint NOT NULL,
  last_xid bigint NOT NULL,
  last_id uuid NOT NULL,
  count int NOT NULL CHECK (count > 0),
  ids uuid[] NOT NULL,
  prints bytea NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  signature bytea NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON journal_block FROM {app};
CREATE TRIGGER journal_is_forever BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_block
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_forever();
CREATE INDEX ix_journal_xid ON journal (xid, id);
CREATE INDEX ix_journal_person_id ON journal (person_id, id);
CREATE INDEX ix_journal_object ON journal (object_kind, object_id, id);
"""

# What this step brings to the ready roles of a bank that already works; the rest of its roles it has made itself.
NEW = (
    "people.see", "roles.see", "roles.change", "journal.manage", "sessions.manage", "access.manage",
    "fields.phone", "fields.email", "fields.document", "fields.account", "fields.address",
)  # fmt: skip
NEW_ROLES = ("auditor", "security_officer")


def upgrade() -> None:
    run(PEOPLE)
    run(BLOCKS)
    connection = op.get_bind()
    tables = MetaData()
    tables.reflect(connection, only=("role", "role_permission"))
    _give_new_rights(connection, tables)
    # Whoever manages accounts does not oversee the journal about it: that is the auditor's.
    connection.exec_driver_sql(
        "DELETE FROM role_permission USING role WHERE role.id = role_id AND code = 'administrator'"
        " AND permission = 'journal.read'"
    )
    for person_id, login, name, public_name in connection.exec_driver_sql(
        "SELECT id, login, name, public_name FROM person"
    ).all():
        values = {"id": person_id, "folded": fold(f"{name} {public_name} {login}")}
        connection.execute(text("UPDATE person SET folded = :folded WHERE id = :id"), values)


def _give_new_rights(connection: Connection, tables: MetaData) -> None:
    role, given = tables.tables["role"], tables.tables["role_permission"]
    for row, rights in start_set.roles():
        role_id = connection.scalar(text("SELECT id FROM role WHERE code = :code"), {"code": row["code"]})
        fresh = role_id is None and row["code"] in NEW_ROLES
        if fresh:
            role_id = connection.scalar(role.insert().values(row).returning(role.c.id))
        if role_id is None:
            continue
        known = set(
            connection.scalars(given.select().with_only_columns(given.c.permission).where(given.c.role_id == role_id))
        )
        missing = [one for one in rights if one["permission"] not in known and (fresh or one["permission"] in NEW)]
        if missing:
            connection.execute(given.insert(), [{"role_id": role_id, **one} for one in missing])


def downgrade() -> None:
    """The blocks go with the step that brought them; the rows of the journal and the roles stay."""
    run("DROP INDEX ix_journal_object, ix_journal_person_id, ix_journal_xid")
    run("DROP TABLE journal_block")
    run("""
        ALTER TABLE person DROP phone, DROP email, DROP capacity, DROP technical, DROP purpose, DROP folded
    """)

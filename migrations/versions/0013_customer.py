"""The person behind the message: merges, notes, tags, phones, one-time links."""

from migrations.sql import run

revision = "0013"
down_revision = "0012"

TABLES = """
SELECT 1;
"""


def upgrade() -> None:
    run(TABLES)


def downgrade() -> None:
    run("SELECT 1")

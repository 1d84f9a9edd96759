"""The tree of topics: what was moved or merged, and which groups must name one."""

from migrations.sql import run

revision = "0010"
down_revision = "0009"

TABLES = """
SELECT 1;
"""


def upgrade() -> None:
    run(TABLES)


def downgrade() -> None:
    run("SELECT 1")

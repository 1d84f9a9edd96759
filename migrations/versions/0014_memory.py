"""Search in sealed text, and the state of a key rotation."""

from migrations.sql import run

revision = "0014"
down_revision = "0013"

TABLES = """
SELECT 1;
"""


def upgrade() -> None:
    run(TABLES)


def downgrade() -> None:
    run("SELECT 1")

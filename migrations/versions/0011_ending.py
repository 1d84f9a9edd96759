"""The end of a chat: auto-close, resume, ratings, automatic replies."""

from migrations.sql import run

revision = "0011"
down_revision = "0010"

TABLES = """
SELECT 1;
"""


def upgrade() -> None:
    run(TABLES)


def downgrade() -> None:
    run("SELECT 1")

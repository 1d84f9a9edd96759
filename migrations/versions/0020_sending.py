"""A personal wish: Enter breaks the line, Ctrl+Enter sends."""

from migrations.sql import run

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run("ALTER TABLE person ADD COLUMN ctrl_sends boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    run("ALTER TABLE person DROP COLUMN ctrl_sends")

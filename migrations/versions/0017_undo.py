"""A personal wish: what one sends waits a few seconds and may be taken back."""

from migrations.sql import run

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run("ALTER TABLE person ADD COLUMN undo boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    run("ALTER TABLE person DROP COLUMN undo")

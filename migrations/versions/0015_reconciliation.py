"""What was received, stored and shown, and what was said and accepted: counted per channel and day, and kept."""

from migrations.sql import run

revision = "0015"
down_revision = "0014"

# Updates are kept thirty days, counts for good. `differences`: {what: {"count": n, "ids": [the first twenty]}}.
RECONCILIATION = """
CREATE TABLE reconciliation (
  day date NOT NULL,
  channel_id bigint NOT NULL REFERENCES channel,
  counted_at timestamptz NOT NULL,
  accepted int NOT NULL,
  taken int NOT NULL,
  unsupported int NOT NULL,
  failed int NOT NULL,
  waiting int NOT NULL,
  words int NOT NULL,
  stored int NOT NULL,
  shown int NOT NULL,
  said int NOT NULL,
  sent int NOT NULL,
  unsent int NOT NULL,
  uncertain int NOT NULL,
  queued int NOT NULL,
  differences jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (day, channel_id)
);
"""


def upgrade() -> None:
    run(RECONCILIATION)


def downgrade() -> None:
    run("DROP TABLE reconciliation")

"""The chat on the bank's site: its channel's settings, the visitors' tokens, the address a client wrote from."""

from migrations.sql import run

revision = "0006"
down_revision = "0005"

# One row beside each channel of the kind `webchat`. `proof`: how the bank's site signs who its visitor is.
SETTINGS = """
CREATE TABLE webchat (
  id bigint PRIMARY KEY REFERENCES channel ON DELETE CASCADE,
  origins text[] NOT NULL DEFAULT '{}',
  proof text NOT NULL DEFAULT '' CHECK (proof IN ('', 'HS256', 'RS256')),
  proof_key bytea,
  titles jsonb NOT NULL DEFAULT '{}',
  greetings jsonb NOT NULL DEFAULT '{}',
  notices jsonb NOT NULL DEFAULT '{}',
  notice_url text NOT NULL DEFAULT ''
);
"""

# Only the hash of a token is kept. A proof opens one token and no second one: `proof_hash` is unique while it lives.
VISITORS = """
CREATE TABLE widget_token (
  token_hash bytea PRIMARY KEY,
  channel_id bigint NOT NULL REFERENCES channel ON DELETE CASCADE,
  external_id text NOT NULL,
  proof_hash bytea,
  about bytea,
  locale text NOT NULL,
  made_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  UNIQUE (channel_id, proof_hash)
);
CREATE INDEX ix_widget_token_who ON widget_token (channel_id, external_id);
CREATE INDEX ix_widget_token_ends_at ON widget_token (ends_at);
ALTER TABLE identity ADD address bytea, ADD address_at timestamptz;
"""


def upgrade() -> None:
    run(SETTINGS)
    run(VISITORS)


def downgrade() -> None:
    run("ALTER TABLE identity DROP COLUMN address, DROP COLUMN address_at")
    run("DROP TABLE widget_token, webchat")

"""Search in sealed text, the state of a key rotation, what belongs to templates."""

from migrations.sql import run

revision = "0014"
down_revision = "0013"

# What the database searches in place of the sealed text. Months like the messages themselves: make_months finds
# every partitioned table by itself. Inserts are batches of a job, so the index needs no pending list to be searched.
WORDS = """
CREATE TABLE message_words (
  message_id uuid PRIMARY KEY,
  chat_id bigint NOT NULL,
  words int[] NOT NULL
) PARTITION BY RANGE (message_id);
CREATE INDEX ix_message_words_words ON message_words USING gin (words) WITH (fastupdate = off);
CREATE TABLE words_mark (
  id int PRIMARY KEY CHECK (id = 1),
  message_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  swept_at timestamptz NOT NULL DEFAULT 'epoch',
  changed_at timestamptz NOT NULL DEFAULT 'epoch'
);
INSERT INTO words_mark (id) VALUES (1);
CREATE INDEX ix_message_edited_at ON message (edited_at) WHERE edited_at IS NOT NULL;
CREATE INDEX ix_message_withdrawn_at ON message (withdrawn_at) WHERE withdrawn_at IS NOT NULL;
SELECT make_months((now() - interval '1 month')::date, 4);
"""

# A name without words is found by the second index; whoever changes a name sets its words to NULL.
NAMES = """
ALTER TABLE customer ADD COLUMN words int[];
CREATE INDEX ix_customer_words ON customer USING gin (words);
CREATE INDEX ix_customer_wordless ON customer (id) WHERE words IS NULL;
CREATE INDEX ix_episode_history ON episode (arrived_at DESC, id DESC);
"""

RESEAL = """
CREATE TABLE reseal (
  place text PRIMARY KEY,
  key_id text NOT NULL,
  mark text NOT NULL DEFAULT '',
  done bigint NOT NULL DEFAULT 0,
  total bigint NOT NULL DEFAULT 0,
  broken bigint NOT NULL DEFAULT 0,
  began_at timestamptz NOT NULL,
  ended_at timestamptz
);
"""

TEMPLATES = """
CREATE TABLE template_file (
  id uuid PRIMARY KEY,
  template_id bigint REFERENCES template,
  own_template_id bigint REFERENCES own_template ON DELETE CASCADE,
  name bytea NOT NULL,
  mime text NOT NULL,
  family text NOT NULL,
  size bigint NOT NULL,
  stored_id uuid NOT NULL,
  CHECK ((template_id IS NULL) <> (own_template_id IS NULL))
);
CREATE INDEX ix_template_file_template_id ON template_file (template_id);
CREATE INDEX ix_template_file_own_template_id ON template_file (own_template_id);
ALTER TABLE own_template ADD COLUMN folder text NOT NULL DEFAULT '';
"""

RIGHTS = """
INSERT INTO role_permission (role_id, permission)
SELECT id, 'messages.unmask' FROM role WHERE code = 'supervisor' ON CONFLICT DO NOTHING;
INSERT INTO role_permission (role_id, permission)
SELECT id, 'keys.see' FROM role WHERE code IN ('administrator', 'security_officer') ON CONFLICT DO NOTHING;
"""


def upgrade() -> None:
    for part in (WORDS, NAMES, RESEAL, TEMPLATES, RIGHTS):
        run(part)


def downgrade() -> None:
    run("DELETE FROM role_permission WHERE permission IN ('messages.unmask', 'keys.see')")
    run("ALTER TABLE own_template DROP COLUMN folder")
    run("DROP TABLE template_file, reseal")
    run("DROP INDEX ix_episode_history")
    run("ALTER TABLE customer DROP COLUMN words")
    run("DROP INDEX ix_message_edited_at, ix_message_withdrawn_at")
    run("DROP TABLE words_mark, message_words")

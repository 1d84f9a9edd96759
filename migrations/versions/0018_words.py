"""Longer beginnings of words to search by, and the words of one chat found by themselves."""

from migrations.sql import run

revision = "0018"
down_revision = "0017"

# `again`: rows of messages below it are still to be written anew, newest first; NULL: none.
WORDS = """
CREATE INDEX ix_message_words_chat_id ON message_words (chat_id);
ALTER TABLE words_mark ADD COLUMN again uuid;
UPDATE words_mark SET again = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
UPDATE customer SET words = NULL;
"""


def upgrade() -> None:
    run(WORDS)


def downgrade() -> None:
    # What was written holds all that was looked up before, and more.
    run("ALTER TABLE words_mark DROP COLUMN again")
    run("DROP INDEX ix_message_words_chat_id")

"""The tree of topics: what was renamed, moved or merged since when, how it is found, and who must name a topic."""

from alembic import op
from sqlalchemy import text

from app.base.fold import fold
from migrations.sql import run

revision = "0010"
down_revision = "0009"

# A topic's name and place, from a moment until the next change: a report of last year shows last year's path.
# `folded` holds the search skeletons of its names in all languages.
TREE = """
CREATE TABLE topic_version (
  topic_id bigint NOT NULL REFERENCES topic,
  since timestamptz NOT NULL,
  until timestamptz CHECK (until > since),
  parent_id bigint REFERENCES topic,
  names jsonb NOT NULL,
  PRIMARY KEY (topic_id, since)
);
CREATE UNIQUE INDEX ix_topic_version_now ON topic_version (topic_id) WHERE until IS NULL;
ALTER TABLE topic
  ADD COLUMN merged_into bigint REFERENCES topic CHECK (merged_into <> id),
  ADD COLUMN folded text NOT NULL DEFAULT '';
CREATE INDEX ix_topic_merged_into ON topic (merged_into) WHERE merged_into IS NOT NULL;
INSERT INTO topic_version (topic_id, since, parent_id, names)
SELECT id, '1970-01-01+00', parent_id, names FROM topic;
"""

# `wants_topic` is set when an episode is closed and stays until it gets a topic: the list "without topic" and its
# count read a small index of their own, however many episodes there are.
EPISODES = """
ALTER TABLE staff_group ADD COLUMN topic_required boolean NOT NULL DEFAULT true;
ALTER TABLE episode ADD COLUMN wants_topic boolean NOT NULL DEFAULT false;
UPDATE episode e SET wants_topic = true
 WHERE closed_at IS NOT NULL AND outcome IS DISTINCT FROM 'spam'
   AND NOT EXISTS (SELECT 1 FROM episode_topic t WHERE t.episode_id = e.id);
CREATE INDEX ix_episode_wants_topic ON episode (closed_at DESC) WHERE wants_topic AND closed_at IS NOT NULL;
CREATE INDEX ix_episode_group_closed ON episode (group_id, closed_at DESC) WHERE closed_at IS NOT NULL;
CREATE INDEX ix_episode_closed ON episode (closed_at DESC) WHERE closed_at IS NOT NULL;
CREATE INDEX ix_episode_topic_topic_id ON episode_topic (topic_id);
"""


def upgrade() -> None:
    run(TREE)
    run(EPISODES)
    _fold_names()


def downgrade() -> None:
    run("DROP INDEX ix_episode_topic_topic_id, ix_episode_closed, ix_episode_group_closed, ix_episode_wants_topic")
    run("ALTER TABLE episode DROP COLUMN wants_topic")
    run("ALTER TABLE staff_group DROP COLUMN topic_required")
    run("DROP TABLE topic_version")
    run("ALTER TABLE topic DROP COLUMN merged_into, DROP COLUMN folded")


def _fold_names() -> None:
    connection = op.get_bind()
    for topic_id, names in connection.execute(text("SELECT id, names FROM topic")).all():
        values = {"id": topic_id, "folded": " ".join(fold(name) for name in names.values())}
        connection.execute(text("UPDATE topic SET folded = :folded WHERE id = :id"), values)

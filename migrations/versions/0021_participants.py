"""Who takes part in a chat: its owner, as until now, and guests, whom neither client nor operator sees."""

from migrations.sql import run

revision = "0021"
down_revision = "0020"

# An assignment is the part of an owner: whatever asks who had a chat never meets a guest.
_PARTICIPANTS = """
ALTER TABLE assignment RENAME TO participant;
ALTER TABLE participant ADD COLUMN role text NOT NULL DEFAULT 'owner' CHECK (role IN ('owner', 'guest'));
DROP INDEX ix_assignment_open;
CREATE UNIQUE INDEX ix_participant_owner ON participant (episode_id) WHERE role = 'owner' AND ended_at IS NULL;
CREATE UNIQUE INDEX ix_participant_guest ON participant (episode_id, person_id)
 WHERE role = 'guest' AND ended_at IS NULL;
CREATE VIEW assignment AS
  SELECT id, episode_id, person_id, began_at, ended_at, how, by_id FROM participant WHERE role = 'owner';
"""

_ASSIGNMENTS = """
DROP VIEW assignment;
DROP INDEX ix_participant_owner, ix_participant_guest;
DELETE FROM participant WHERE role <> 'owner';
ALTER TABLE participant DROP COLUMN role;
ALTER TABLE participant RENAME TO assignment;
CREATE UNIQUE INDEX ix_assignment_open ON assignment (episode_id) WHERE ended_at IS NULL;
"""


def upgrade() -> None:
    run(_PARTICIPANTS)


def downgrade() -> None:
    run(_ASSIGNMENTS)

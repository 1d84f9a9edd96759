"""Schedules and absences of people, as the bank's personnel system or a table tells them."""

from migrations.sql import run

revision = "0016"
down_revision = "0015"

# Times are whole moments: a shift may end after midnight, and belongs to the day it begins on.
TABLES = """
CREATE TABLE schedule (
  person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
  day date NOT NULL,
  from_at timestamptz NOT NULL,
  till_at timestamptz NOT NULL CHECK (till_at > from_at),
  source text NOT NULL CHECK (source IN ('service', 'file')),
  PRIMARY KEY (person_id, from_at)
);
CREATE INDEX ix_schedule_day ON schedule (day);
CREATE TABLE absence (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
  from_at timestamptz NOT NULL,
  till_at timestamptz NOT NULL CHECK (till_at > from_at),
  kind text NOT NULL,
  source text NOT NULL CHECK (source IN ('service', 'file')),
  UNIQUE (person_id, from_at)
);
CREATE INDEX ix_absence_till_at ON absence (till_at);
"""

# One row, once a service is connected. `next_at` NULL: the service is asked only by hand.
SOURCE = """
CREATE TABLE hrm_source (
  id bigint PRIMARY KEY CHECK (id = 1),
  address text NOT NULL DEFAULT '',
  token bytea,
  every_hours int NOT NULL DEFAULT 0 CHECK (every_hours BETWEEN 0 AND 168),
  next_at timestamptz,
  tried_at timestamptz,
  read_at timestamptz,
  trouble text NOT NULL DEFAULT '',
  taken int NOT NULL DEFAULT 0,
  wrong jsonb NOT NULL DEFAULT '[]'
);
"""

RIGHTS = """
INSERT INTO role_permission (role_id, permission)
SELECT id, 'hrm.manage' FROM role WHERE code = 'administrator' ON CONFLICT DO NOTHING;
"""


def upgrade() -> None:
    for part in (TABLES, SOURCE, RIGHTS):
        run(part)


def downgrade() -> None:
    run("DELETE FROM role_permission WHERE permission = 'hrm.manage'")
    run("DELETE FROM setting WHERE key = 'hrm.respected'")
    run("DROP TABLE hrm_source, absence, schedule")

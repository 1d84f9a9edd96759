"""Every wake-up there is, on one screen. The jobs that answer are in jobs/."""

from app.base.later import Wakeup

DRAIN_INBOX = Wakeup("hot", "jobs.road.drain_inbox")
DRAIN_OUTBOX = Wakeup("send", "jobs.road.drain_outbox")
FETCH_FILES = Wakeup("slow", "jobs.road.fetch_files")
LISTEN = Wakeup("poll", "jobs.road.listen")
MAKE_MONTHS = Wakeup("slow", "jobs.upkeep.months")

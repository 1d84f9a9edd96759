"""Every wake-up there is, on one screen. The jobs that answer are in jobs/."""

from app.base.later import Wakeup

DRAIN_INBOX = Wakeup("hot", "jobs.road.drain_inbox")
DRAIN_OUTBOX = Wakeup("send", "jobs.road.drain_outbox")
FETCH_FILES = Wakeup("slow", "jobs.road.fetch_files")
WAKE_SNOOZED = Wakeup("hot", "jobs.road.wake_snoozed")
LISTEN = Wakeup("poll", "jobs.road.listen")
SEAL_JOURNAL = Wakeup("hot", "jobs.journal.seal")
EXPORT_HEAD = Wakeup("slow", "jobs.journal.export_head")
MAKE_MONTHS = Wakeup("slow", "jobs.upkeep.months")
ASSIGN = Wakeup("hot", "jobs.dispatch.assign")
RESCORE = Wakeup("hot", "jobs.dispatch.rescore")
SWEEP_QUEUE = Wakeup("hot", "jobs.dispatch.sweep")
SWEEP_DUTY = Wakeup("hot", "jobs.duty.sweep")
CLOSE_IDLE = Wakeup("hot", "jobs.ending.close_idle")
ASK_RATINGS = Wakeup("hot", "jobs.ending.ask_ratings")
REMIND = Wakeup("slow", "jobs.news.remind")
KEEP_WORDS = Wakeup("hot", "jobs.memory.keep_words")
RESEAL = Wakeup("slow", "jobs.memory.reseal")

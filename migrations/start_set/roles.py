"""The ready roles. Administrators set things up; whoever is to read chats or the journal is given that separately."""

from migrations.start_set.named import named

ROLES = [
    ("operator", named("Оператор", "Operator", "Оператор", "Operator"), {
        "desk.work": "all", "chats.read": "groups", "chats.answer": "own", "chats.take": "groups",
        "customers.edit": "own", "customers.merge": "own",
        "fields.phone": "own", "fields.email": "own", "fields.document": "own", "fields.account": "own",
    }),
    ("supervisor", named("Супервайзер", "Supervayzer", "Супервайзер", "Supervisor"), {
        "desk.work": "all", "chats.read": "all", "chats.answer": "own", "chats.take": "all", "chats.manage": "all",
        "news.write": "all",
        "customers.edit": "all", "customers.merge": "all", "customers.segment": "all",
        "shifts.correct": "all", "seats.see": "all", "seats.free": "all",
        "operators.stop": "all", "messages.unmask": "all",
        "fields.phone": "all", "fields.email": "all", "fields.document": "all", "fields.account": "all",
        "fields.address": "all",
    }),
    ("administrator", named("Администратор", "Administrator", "Администратор", "Administrator"), {
        "people.see": "all", "people.manage": "all", "roles.see": "all", "settings.change": "all",
        "channels.manage": "all", "lists.change": "all", "inbox.manage": "all", "sessions.manage": "all",
        "news.write": "all",
        "access.manage": "all", "seats.see": "all", "seats.free": "all", "licence.install": "all",
        "routing.change": "all", "hrm.manage": "all", "keys.see": "all",
        "fields.phone": "all", "fields.email": "all", "fields.address": "all",
    }),
    ("auditor", named("Аудитор", "Auditor", "Аудитор", "Auditor"), {
        "journal.read": "all", "people.see": "all", "roles.see": "all", "fields.address": "all",
    }),
    ("security_officer", named(
        "Офицер безопасности", "Xavfsizlik xodimi", "Хавфсизлик ходими", "Security officer",
    ), {
        "roles.see": "all", "roles.change": "all", "people.see": "all", "journal.read": "all",
        "journal.manage": "all", "sessions.manage": "all", "access.manage": "all", "keys.see": "all",
        "fields.address": "all",
    }),
]  # fmt: skip

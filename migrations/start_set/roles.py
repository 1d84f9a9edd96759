"""The ready roles. Administrators set things up; whoever is to read chats is given that separately."""

from migrations.start_set.named import named

ROLES = [
    ("operator", named("Оператор", "Operator", "Оператор", "Operator"), {
        "desk.work": "all", "chats.read": "groups", "chats.answer": "own", "chats.take": "groups",
    }),
    ("supervisor", named("Супервайзер", "Supervayzer", "Супервайзер", "Supervisor"), {
        "desk.work": "all", "chats.read": "all", "chats.answer": "own", "chats.take": "all", "chats.manage": "all",
    }),
    ("administrator", named("Администратор", "Administrator", "Администратор", "Administrator"), {
        "people.manage": "all", "settings.change": "all", "channels.manage": "all", "lists.change": "all",
        "inbox.manage": "all", "journal.read": "all",
    }),
]  # fmt: skip

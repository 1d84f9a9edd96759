"""One group to begin with, and the segments the bank speaks of."""

from migrations.start_set.named import named

GROUPS = [{"names": named("Контакт-центр", "Aloqa markazi", "Алоқа маркази", "Contact centre")}]

SEGMENTS = [
    {"names": named("Premium", "Premium", "Premium", "Premium")},
    {"names": named("Standart", "Standart", "Standart", "Standart")},
    {"names": named("Helper", "Helper", "Helper", "Helper")},
]

"""The score of the queue to begin with: what brings a client forward besides waiting. Premium is added by its id."""

from typing import Any

from migrations.start_set.named import named

_URGENT = [
    "мошенники", "украли деньги", "украли карту", "потерял карту", "списали деньги", "заблокируйте карту",
    "firibgar", "pulim oʻgʻirlandi", "kartam yoʻqoldi", "pul yechildi", "kartani bloklang",
    "fraud", "stolen card", "lost my card", "block my card", "block the card",
]  # fmt: skip

SCORES: list[dict[str, Any]] = [
    {"names": named("VIP", "VIP", "VIP", "VIP"), "points": 60, "conditions": [{"kind": "vip"}]},
    {
        "names": named(
            "Мошенничество и блокировка", "Firibgarlik va bloklash", "Фирибгарлик ва блоклаш", "Fraud and blocking"
        ),
        "points": 50,
        "conditions": [{"kind": "text", "value": _URGENT}],
    },
    {
        "names": named(
            "Вернулся после обрыва", "Uzilishdan keyin qaytdi", "Узилишдан кейин қайтди", "Came back after a break"
        ),
        "points": 20,
        "conditions": [{"kind": "returning"}],
    },
    {
        "names": named("Личность подтверждена", "Shaxsi tasdiqlangan", "Шахси тасдиқланган", "Verified"),
        "points": 5,
        "conditions": [{"kind": "verified"}],
    },
]

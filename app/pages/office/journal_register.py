"""The register of the journal's events as a page of the documentation (clause 12.22), from their declarations."""

from collections.abc import Iterator

from flask_babel import force_locale

from app.models.journal import OUTCOMES
from app.pages.office.journal_words import by_room

# The bank reads its documents in Russian.
_ABOUT = """\
# События журнала

Этот перечень создаёт команда `bin/muloqot journal register > docs/journal-events.md`; вручную его не правят.

Каждая запись хранит: время (UTC), логин и номер сотрудника, сетевой адрес, устройство, код события, вид и номер
объекта, итог и подробности. Подробности зашифрованы; для изменений в них значения до и после, персональные данные
и секреты скрыты. Попытки, которые система не допустила, записываются с итогом «refused» и причиной.

Записи нельзя изменить или удалить: это запрещено роли приложения в базе данных, а каждые несколько секунд новые записи
запечатываются в блок с хешем предыдущего блока и подписью Ed25519. Подпись последнего блока каждые 5 минут уходит в
файл `journal-heads.log` и в системный журнал. Проверка: `bin/muloqot journal verify`; она называет изменённые,
удалённые, вставленные записи и срезанные блоки. После восстановления базы из дампа в новый кластер
счётчик транзакций поднимают командой `pg_resetwal --epoch`, иначе новые записи не запечатываются.
"""


def register() -> str:
    """The whole page in Russian."""
    with force_locale("ru"):
        return "\n".join([_ABOUT, *_outcomes(), *_rooms()]) + "\n"


def _outcomes() -> Iterator[str]:
    yield "## Итоги\n"
    yield from (f"- `{code}` – {label}" for code, label in OUTCOMES.items())
    yield ""


def _rooms() -> Iterator[str]:
    for _room, name, kinds in by_room():
        yield f"## {name}\n"
        yield "| Код | Событие |\n|---|---|"
        yield from (f"| `{code}` | {label} |" for code, label in sorted(kinds))
        yield ""

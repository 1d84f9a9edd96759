"""Laws 8 and 9: settings, permissions and journal kinds are declared once and named in every language."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.base.locale import LOCALES
from app.models import journal, permission, setting
from migrations import start_set
from tests.house.source import Source, calls, sources

TRANSLATED = tuple(code for code in LOCALES if code != "en")


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_setting_permission_and_kind_is_named_in_every_language(locale: str) -> None:
    assert nameless(declared(), locale) == []


@pytest.mark.usefixtures("context")
def test_a_name_that_is_not_translated_is_found() -> None:
    assert nameless([("planted", _l("A label nobody has translated"))], "ru") == ["planted in ru"]
    assert nameless([("planted", "")], "ru") == ["planted in ru"]


@pytest.mark.parametrize(
    "again",
    [
        lambda: permission.declare("desk.work", "", ""),
        lambda: journal.declare("session.signed_in", ""),
        lambda: setting.declare("brand.name", "str", "", ""),
    ],
)
@pytest.mark.usefixtures("app")
def test_declaring_twice_is_refused(again: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="declared twice"):
        again()


def test_each_is_declared_where_it_is_imported_and_by_a_plain_word() -> None:
    assert scattered(sources("app")) == []


@pytest.mark.parametrize(
    "planted",
    [
        'A = declare_kind("a.done", _l("Done"))\nB = declare_kind("a.done", _l("Done"))',
        'for name in names:\n    declare_kind(name, _l("Done"))',
        'def late():\n    return setting.declare("a.b", "int", 1, _l("B"))',
    ],
)
def test_a_second_or_hidden_declaration_is_found(planted: str) -> None:
    assert scattered([Source("app/actions/bad.py", planted)])


def test_ready_roles_hold_only_permissions_that_exist() -> None:
    given = {one["permission"] for _role, rights in start_set.roles() for one in rights}
    assert given - permission.PERMISSIONS.keys() == set()


@pytest.mark.usefixtures("app")
def test_every_default_passes_its_own_validation(context: None) -> None:
    from app.actions.settings import acceptable

    for one in setting.SETTINGS.values():
        entered = "on" * one.default if one.kind == "bool" else str(one.default)
        assert acceptable(one, entered) == one.default, one.key


def declared() -> list[tuple[str, Any]]:
    named: list[tuple[str, Any]] = []
    for one in setting.SETTINGS.values():
        named.append((f"{one.key} label", one.label))
        named += [(f"{one.key} {name}", text) for name, text in (("about", one.about), ("unit", one.unit)) if text]
        named += [(f"{one.key} {code}", label) for code, label in one.choices]
        named.append((f"section {one.section}", setting.SECTIONS[one.section].label))
    for right in permission.PERMISSIONS.values():
        named += [(f"{right.code} label", right.label), (f"{right.code} about", right.about)]
    return named + [(f"{kind.code} label", kind.label) for kind in journal.KINDS.values()]


def nameless(named: Iterable[tuple[str, Any]], locale: str) -> list[str]:
    """Labels that are empty, or the same in this language as in English."""
    found = []
    for what, label in named:
        with force_locale("en"):
            english = str(label)
        with force_locale(locale):
            if not english or str(label) == english:
                found.append(f"{what} in {locale}")
    return found


def scattered(files: list[Source]) -> list[str]:
    """Declarations inside functions or loops, of a computed word, or of a word that another one took."""
    found, words = list[str](), Counter[tuple[str, str]]()
    for source in files:
        on_top = {id(call) for call in _on_top(source.tree)}
        for name, call in calls(source.tree):
            if not (name.startswith("declare") or name.endswith(".declare")) or source.path.startswith("app/base/"):
                continue
            if id(call) not in on_top or not (call.args and isinstance(call.args[0], ast.Constant)):
                found.append(source.at(call, "declare on top of the file, by a plain word"))
                continue
            word = ast.unparse(call.args[0])
            words[name, word] += 1
            if words[name, word] > 1:
                found.append(source.at(call, f"{word} is declared twice"))
    return found


def _on_top(tree: ast.Module) -> Iterator[ast.Call]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr) and statement.value is not None:
            yield from (node for node in ast.walk(statement.value) if isinstance(node, ast.Call))

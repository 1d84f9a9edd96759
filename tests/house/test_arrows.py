"""Law 1: arrows point down; channels and wings are independent; only app/factory sees all floors."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT, Source, imported, sources

# Who may ask for the whole application, and how it would be asked for.
STREET = ("wsgi.py", "jobs/", "app/cli.py", "tests/")
WHOLE = {("app", ""), ("app.factory", ""), ("app", "factory"), ("app.factory", "create_app")}

PLANTED = {
    "app/base/clock.py": "from app.models.db import db",
    "app/models/person.py": "from app.queries import people",
    "app/queries/people.py": "from app.live import push",
    "app/live/push.py": "from app.actions import sessions",
    "app/actions/people.py": "from app.pages import menu",
    "app/channels/contract.py": "import flask",
    "app/channels/telegram/send.py": "from app.models.db import db",
    "app/pages/desk/home.py": "from app.pages.office import office",
    "app/actions/journal.py": "from app.actions import intake",
    "jobs/upkeep.py": "from app.pages import guard",
}


def test_arrows_point_down() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_an_arrow_up_is_found(tmp_path: Path) -> None:
    for folder in ("app", "jobs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("static", "templates", "*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, line in PLANTED.items():
        file = tmp_path / name
        file.write_text(f"{file.read_text()}\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    for name, line in PLANTED.items():
        importer = name.removesuffix(".py").replace("/", ".")
        package, _, inner = line.removeprefix("from ").removeprefix("import ").partition(" import ")
        wanted = [f"{importer} -> {package}", f"{importer} -> {package}.{inner}"]
        assert any(one in done.stdout for one in wanted), f"{name}: {line} was not found\n{done.stdout}"


def test_only_the_street_asks_for_the_whole_application() -> None:
    assert whole_house(sources("app", "jobs", "wsgi.py")) == []


def test_a_page_that_asks_for_the_whole_application_is_found() -> None:
    assert whole_house([Source("app/pages/bad.py", "from app.factory import create_app")])
    assert whole_house([Source("app/live/bad.py", "import app")])


def test_floors_are_imported_on_top_and_never_inside_a_function() -> None:
    assert hidden(sources("app", "jobs")) == []


def test_an_import_hidden_in_a_function_is_found() -> None:
    assert hidden([Source("app/actions/bad.py", "def verb():\n    from app.live import push\n")])


@pytest.mark.parametrize(("contract", "folder"), [("channels", "app/channels"), ("wings", "app/pages")])
def test_every_channel_and_wing_stands_in_its_contract(contract: str, folder: str) -> None:
    there = {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = {one["id"]: one for one in config["tool"]["importlinter"]["contracts"]}
    assert there == {name.rpartition(".")[2] for name in contracts[contract]["modules"]}


def lint(home: Path) -> "subprocess.CompletedProcess[str]":
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    argv = [sys.executable, "-c", command, "--no-cache", "--no-logo"]
    return subprocess.run(argv, cwd=home, env={"PYTHONPATH": str(home)}, capture_output=True, text=True)


def whole_house(files: list[Source]) -> list[str]:
    """Imports of what reaches every floor."""
    return [
        source.at(node, "imports the whole application")
        for source in files
        for module, name, node in imported(source.tree)
        if (module, name) in WHOLE and not source.under(*STREET)
    ]


def hidden(files: list[Source]) -> list[str]:
    """Imports of our floors inside functions: how a knot begins."""
    return [
        source.at(node, f"hides the import of {module}")
        for source in files
        for function in ast.walk(source.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for module, name, node in imported(function)
        if module.split(".")[0] in ("app", "jobs")
    ]

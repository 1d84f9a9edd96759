"""The pages are true where a machine can tell: variables, paths, verbs, decisions, glossary, no machine's name."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from app.config import read_environment
from tests.house.source import ROOT, Source, sources
from translations.terms import GLOSSARY

README = (ROOT / "README.md").read_text()
SECTIONS = ["Context", "Decision", "Alternatives that lost", "The number"]

# The system's own, and marks that our processes set for each other.
NOT_OURS = {"PATH", "HOME", "LANG", "PYTHONPATH", "PYTHONUNBUFFERED", "PYTEST_XDIST_WORKER"}
NOT_OURS |= {"MULOQOT_RUN", "MULOQOT_CHILD"}
# Made on the machine, so never in the repository.
MADE = ("var/", ".venv", "node_modules", "app/static/vendor")

_NAME = re.compile(r"[A-Z][A-Z_]+\Z")
_SHELL = re.compile(r"\$\{([A-Z][A-Z_]+)")
_TICKED = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#]+)\)")
_PATH = re.compile(r"[\w.*-]+(/[\w.*-]*)+\Z|[\w-]+\.(py|md|toml|txt|json|cfg)\Z")


def pages() -> list[Source]:
    return sources("README.md", "CHANGELOG.md", "docs", ending=".md")


def test_every_variable_that_is_read_stands_in_the_table() -> None:
    read = set(read_variables(sources("app", "jobs", "deploy", "bench", "tests", "wsgi.py"), _scripts()))
    assert read - NOT_OURS - described(README) == set()


def test_every_variable_of_the_table_is_read() -> None:
    read = set(read_variables(sources("app", "jobs", "deploy", "bench", "tests", "wsgi.py"), _scripts()))
    assert described(README) - read == set()


def test_a_variable_nobody_described_is_found() -> None:
    code = 'a = env.get("SECRET_SWITCH")\nb = os.environ["OTHER_SWITCH"]\nc = _number(env, "THIRD_SWITCH", default=1)\n'
    found = set(read_variables([Source("app/bad.py", code)], ['echo "${FOURTH_SWITCH:-1}"']))
    assert found == {"SECRET_SWITCH", "OTHER_SWITCH", "THIRD_SWITCH", "FOURTH_SWITCH"}


def test_the_defaults_of_the_table_are_those_of_the_code() -> None:
    needed = {
        "DATABASE_URL": "postgresql://db/desk",
        "REDIS_URL": "redis://cache",
        "MULOQOT_URL": "https://desk.bank.uz",
    }
    settings = read_environment(needed)
    told = {row[0].strip("`"): row[1].strip("`") for row in rows(README, "name", "default")}
    assert told["MULOQOT_MODE"] == settings.mode
    assert told["HOST"] == settings.host
    assert told["PORT"] == str(settings.port)
    assert told["LOG_LEVEL"] == settings.log_level
    assert Path(told["MULOQOT_DATA"]).resolve() == settings.data
    assert told["MULOQOT_KEYS"].replace("$MULOQOT_DATA", str(settings.data)) == str(settings.keys)


def test_every_file_that_is_named_is_there() -> None:
    assert [found for page in pages() for found in missing(page)] == []


def test_a_file_that_is_not_there_is_found() -> None:
    assert len(list(missing(Source("docs/bad.md", "`app/nowhere.py`, [it](lost.md) and `jobs/*.sh`")))) == 3
    assert not list(
        missing(Source("docs/good.md", "`bin/test -k word`, `var/accounts.txt`, [it](metrics.md), `a / b`"))
    )


def test_every_verb_that_is_named_is_there() -> None:
    assert [found for page in pages() for found in speechless(page)] == []


def test_a_verb_that_is_not_there_is_found() -> None:
    assert list(speechless(Source("docs/bad.md", "`intake.swallow()` and `crystal.ball()`")))
    assert not list(speechless(Source("docs/good.md", "`intake.accept()`")))


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("[a-z]*.md")), ids=lambda page: page.stem)
def test_every_decision_tells_its_number_and_what_lost(page: Path) -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    said = page.read_text()
    assert re.findall(r"^## (.+)$", said, re.MULTILINE) == SECTIONS
    assert all(len(part.split()) > 5 for part in re.split(r"^## .+$", said, flags=re.MULTILINE)[1:])
    assert f"]({page.name})" in index


def test_the_page_about_foreign_html_says_what_is_used() -> None:
    used = any(re.search(r"^(import|from) (nh3|bleach)\b", source.text, re.MULTILINE) for source in sources("app"))
    said = (ROOT / "docs" / "decisions" / "html.md").read_text()
    assert used != ("neither is\nimported yet" in said)


def test_the_glossary_has_every_word_in_every_language() -> None:
    words = rows(README, "in code and English")
    assert len(words) > 25
    assert [row[0] for row in words if not all(row)] == []
    assert len({row[0] for row in words}) == len(words)


def test_the_glossary_says_the_words_of_the_interface() -> None:
    fixed = {term.en.lower(): (term.ru.lower(), term.uz_Latn.lower(), term.uz_Cyrl.lower()) for term in GLOSSARY}
    told = {row[0]: tuple(row[1:4]) for row in rows(README, "in code and English")}
    assert {word: told[word] for word in told if word in fixed} == {word: fixed[word] for word in told if word in fixed}


def test_nothing_of_one_machine_is_named_anywhere() -> None:
    assert [found for source in tracked() for found in local(source)] == []


@pytest.mark.parametrize(
    "planted", ["/wo" + "rk/main/var", "/ro" + "ot/desk", "file:///op" + "t/pypi", ".libr" + "ary/"]
)
def test_a_name_of_one_machine_is_found(planted: str) -> None:
    assert list(local(Source("docs/bad.md", planted)))


def read_variables(files: Iterable[Source], scripts: Iterable[str]) -> Iterator[str]:
    """Names asked of the environment: `env["X"]`, `env.get("X")`, `_kind(env, "X")`, `${X-…}`."""
    for source in files:
        for node in ast.walk(source.tree):
            asked = _asked(node)
            if isinstance(asked, ast.Constant) and isinstance(asked.value, str) and _NAME.match(asked.value):
                yield asked.value
    for script in scripts:
        yield from _SHELL.findall(script)


def _asked(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Subscript) and _is_environment(node.value):
        return node.slice
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and _is_environment(node.func.value):
        return node.args[0]
    if len(node.args) > 1 and _is_environment(node.args[0]):
        return node.args[1]
    return None


def _is_environment(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "env" or isinstance(node, ast.Attribute) and node.attr == "environ"


def _scripts() -> list[str]:
    return [path.read_text() for path in sorted((ROOT / "bin").iterdir()) if path.is_file()]


def described(page: str) -> set[str]:
    """The variables of README's tables."""
    return {name for row in rows(page, "name", "default") for name in re.findall(r"`(\w+)`", row[0])}


def rows(page: str, *heads: str) -> list[list[str]]:
    """The rows of every table whose first columns are these."""
    table = re.compile(r"^\| " + r" \| ".join(heads) + r" \|.*\n\|[-|]+\n((?:\|.*\n)+)", re.MULTILINE)
    lines = [line for found in table.finditer(page) for line in found[1].splitlines()]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def missing(page: Source) -> Iterator[str]:
    """Paths in ticks, from the root of the checkout, and links, from the page, that lead nowhere."""
    folders = {path.name for path in ROOT.iterdir()}
    for said in _TICKED.findall(page.text):
        name = said.split()[0].rstrip(",")
        is_ours = name.split("/")[0] in folders or "/" not in name
        if _PATH.match(name) and is_ours and not name.startswith(MADE) and not any(ROOT.glob(name.rstrip("/"))):
            yield f"{page.path} names {name}"
    for link in _LINK.findall(page.text):
        if "://" not in link and not (ROOT / page.path).parent.joinpath(link).exists():
            yield f"{page.path} links to {link}"


def speechless(page: Source) -> Iterator[str]:
    """`room.verb()` where no room of this name has such a verb."""
    for room, verb in re.findall(r"`(\w+)\.(\w+)\(", page.text):
        files = [path.read_text() for path in (ROOT / "app").rglob(f"{room}.py")]
        if not any(re.search(rf"^def {verb}\(", text, re.MULTILINE) for text in files):
            yield f"{page.path} names {room}.{verb}()"


def tracked() -> list[Source]:
    """Every text of the repository, also what is not committed yet."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("this is not a checkout")
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return [Source(str(path.relative_to(ROOT)), text) for path in paths if (text := _text(path)) is not None]


def _text(path: Path) -> str | None:
    try:
        return path.read_text()
    except (UnicodeDecodeError, OSError):
        return None


def local(source: Source) -> Iterator[str]:
    """Directories of the machine it was built on, mirrors of registries, and hosts a lock file was made with."""
    # Written apart, or these lines would find themselves.
    machine = re.compile("/wo" + r"rk/\w|/ro" + r"ot/\w|/op" + r"t/(pypi|wheels|npm)|\.libr" + r"ary\b|index-" + "url")
    mirror = re.compile('"resol' + r'ved": "(?!https://registry\.npmjs\.org/)')
    for number, line in enumerate(source.text.splitlines(), 1):
        if found := machine.search(line) or mirror.search(line):
            yield source.at(number, found[0])

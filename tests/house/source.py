"""The sources as the laws read them. A law is a function over sources, so a test can also show it a planted bad one."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def at(self, line: int | ast.AST, what: str) -> str:
        number = line if isinstance(line, int) else getattr(line, "lineno", 0)
        return f"{self.path}:{number} {what}"

    def under(self, *folders: str) -> bool:
        return self.path.startswith(folders)


def sources(*folders: str, ending: str = ".py") -> list[Source]:
    """Every file of ours below these folders, or these very files."""
    return [Source(str(path.relative_to(ROOT)), path.read_text()) for path in _files(folders, ending)]


def templates() -> list[Source]:
    return sources("app/templates", ending=".html")


def _files(folders: tuple[str, ...], ending: str) -> Iterator[Path]:
    for folder in folders:
        place = ROOT / folder
        found = [place] if place.is_file() else sorted(place.rglob(f"*{ending}"))
        yield from (path for path in found if not {"vendor", "__pycache__", "node_modules"} & set(path.parts))


def dotted(node: ast.AST) -> str:
    """`push.session_ended` of the expression that says so; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f"?.{node.attr}"
    return ""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def imported(tree: ast.AST) -> Iterator[tuple[str, str, ast.AST]]:
    """(module, name, where) of each `from module import name`, and (module, "", where) of each `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name, node) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "", node) for alias in node.names)

"""The shape of the package: sizes, import contracts, nothing named after nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "marrowscope"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_MODULE, MAX_FUNCTION = 300, 40
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}


def docstring_lines(node: ast.AST) -> int:
    body = getattr(node, "body", [])
    if not body or not isinstance(body[0], ast.Expr):
        return 0
    value = body[0].value
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        return 0
    return (body[0].end_lineno or 0) - body[0].lineno + 1


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_and_no_function_grows_too_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    documented = sum(
        docstring_lines(node)
        for node in ast.walk(tree)
        if isinstance(
            node,
            ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
        )
    )
    assert len(text.splitlines()) - documented <= MAX_MODULE
    long = {
        f.name: (f.end_lineno or 0) - f.lineno + 1 - docstring_lines(f)
        for f in functions(tree)
    }
    assert {n: size for n, size in long.items() if size > MAX_FUNCTION} == {}


def test_no_module_is_named_after_nothing() -> None:
    assert [p for p in MODULES if p.stem in EMPTY_NAMES] == []


def test_imports_point_one_way() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

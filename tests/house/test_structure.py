"""Imports point down, solver libraries stay in the optimizer, files stay small.

But for the verifier: whoever audits a result is handed one file, and reads it from top to bottom.
"""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.tools.plants import ROOT

FLOORS = ["model", "optimizer", "kilnpath", "release"]
FILES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_file(path: Path) -> None:
    floor = FLOORS.index(path.relative_to(ROOT).parts[0])
    above = set(FLOORS[floor + 1 :])
    roots = {name.split(".")[0] for name in _imports(path)}
    assert not roots & above
    if FLOORS[floor] != "optimizer":
        assert not roots & {"pyomo", "highspy"}
    if not path.is_relative_to(ROOT / "kilnpath" / "commands"):  # a library knows no command line
        assert "click" not in roots
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= (3400 if path.name == "verifier.py" else 400)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= 50, node.name


def _big(trees: Iterator[ast.Module]) -> set[str]:
    """The dataclasses and named tuples of seven fields or more."""
    classes = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    return {
        one.name
        for one in classes
        if "dataclass" in "".join(map(ast.unparse, one.decorator_list))
        or "NamedTuple" in map(ast.unparse, one.bases)
        if sum(isinstance(part, ast.AnnAssign) for part in one.body) > 6
    }


def test_big_things_are_put_together_by_name() -> None:
    """No splat, whose parts mypy does not see, and no long row of values that may change places."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
    big = _big(iter(trees.values()))
    assert {"Case", "Bound", "Target", "Inventory", "SiteYear"} <= big
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in big:
                splat = any(isinstance(one, ast.Starred) for one in node.args)
                splat |= any(one.arg is None for one in node.keywords)
                assert not splat and len(node.args) <= 6, f"{path}, line {node.lineno}"


def _room(module: str) -> str:
    """The room of a module: its folder; a file that stands on a floor by itself is its own."""
    parts = module.split(".")
    if (ROOT / Path(*parts)).is_dir():
        return module
    return ".".join(parts[:-1]) if len(parts) > 2 else module


def _of_floors(module: str) -> bool:
    return module.split(".")[0] in FLOORS


def test_no_room_needs_another_that_needs_it() -> None:
    """Rooms can be put in an order in which each imports only from those before it.

    But for kilnpath's own ``__init__``, which hands out names and loads them when asked for.
    """
    needs: dict[str, set[str]] = {}
    for path in FILES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts == ("kilnpath", "__init__"):
            continue
        room = _room(".".join(parts if parts[-1] != "__init__" else parts[:-1]))
        needs.setdefault(room, set()).update(_room(m) for m in _imports(path) if _of_floors(m))
    for room, others in needs.items():
        others -= {room, "kilnpath"}
    assert list(TopologicalSorter(needs).static_order())


def test_every_room_is_small_and_says_what_it_is_for() -> None:
    for folder, count in Counter(path.parent for path in FILES).items():
        assert count <= 14, folder  # with the file that says what they are for
        text = (folder / "__init__.py").read_text(encoding="utf-8")
        said = ast.get_docstring(ast.parse(text))
        assert said, folder
        assert folder.parent == ROOT or "\n" not in said, folder


def test_no_test_imports_another() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        assert not [name for name in _imports(path) if ".test_" in name], path


@pytest.mark.parametrize("floor", FLOORS)
def test_public_functions_say_what_they_do(floor: str) -> None:
    for path in sorted((ROOT / floor).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def loaded(words: str) -> set[str]:
    """The modules that some code loads, in a new process."""
    code = f"import sys; {words}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return set(done.stdout.split())


def test_a_command_starts_without_what_is_slow_to_load() -> None:
    """``kilnpath --help`` answers at once; what reads, solves, draws or writes comes later."""
    slow = {"pandas", "numpy", "pyomo", "highspy", "openpyxl", "xlsxwriter", "jinja2", "pyarrow"}
    slow |= {"pydantic", "rich", "kilnpath.case.read", "kilnpath.verifier"}
    assert not slow & loaded("import kilnpath.commands.main")


def test_a_case_is_checked_without_what_solves_and_draws() -> None:
    slow = {"pandas", "pyomo", "highspy", "openpyxl", "xlsxwriter", "jinja2", "pyarrow"}
    assert not slow & loaded(
        "import kilnpath.screen.check, kilnpath.case.read, kilnpath.files.xlsx_read"
    )


def test_a_pathway_is_planned_without_pyomos_solvers() -> None:
    """``pyomo.environ`` loads every plugin; a model is built and read from ``pyomo.core``."""
    assert "pyomo.environ" not in loaded("import kilnpath.studies.plan, kilnpath.result.write")
    assert "pyomo.environ" in loaded("from kilnpath import programme")

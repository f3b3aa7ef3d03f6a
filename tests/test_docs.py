"""The pages of ``docs/`` and the README say what the code does, and their commands run."""

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from model.levers import LEVERS
from model.read_bounds import COLUMNS as BOUND_COLUMNS
from model.read_plan import COLUMNS as PLAN_COLUMNS
from model.read_series import COLUMNS as SERIES_COLUMNS
from model.read_series import QUANTITIES
from model.read_sites import FUEL_COLUMNS, MATERIAL_COLUMNS, SITE_COLUMNS
from model.read_targets import COLUMNS as TARGET_COLUMNS
from model.settings import Settings
from model.units import UNITS
from tests.plants import ROOT

MATHEMATICS = (ROOT / "docs" / "mathematics.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "docs" / "case-format.md").read_text(encoding="utf-8")


def _formulas() -> list[tuple[str, str]]:
    """(function, equation) of every formula whose docstring has an equation."""
    found = []
    for file in ("emissions.py", "balances.py"):
        tree = ast.parse((ROOT / "model" / file).read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                equations = re.findall(r"``([^`]*[·−+Σ][^`]*)``", ast.get_docstring(node) or "")
                found += [(node.name, " ".join(equation.split())) for equation in equations[:1]]
    return found


def _rows() -> list[tuple[str, str]]:
    """(row, relation) of every constraint of the programme with a docstring."""
    found = []
    for file in sorted((ROOT / "optimizer").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                source = ast.unparse(node.decorator_list[0])
                if ".Constraint(" in source and ast.get_docstring(node):
                    found.append((node.name, ast.get_docstring(node) or ""))
    return found


def test_there_is_something_to_compare() -> None:
    assert len(_formulas()) >= 12
    assert len(_rows()) >= 12


@pytest.mark.parametrize(("name", "equation"), _formulas())
def test_formula_stands_in_the_mathematics(name: str, equation: str) -> None:
    assert f"`{equation}`" in " ".join(MATHEMATICS.split()), name


@pytest.mark.parametrize(("name", "relation"), _rows())
def test_row_stands_in_the_mathematics(name: str, relation: str) -> None:
    assert f"| `{name}` | {relation} |" in MATHEMATICS


def test_every_row_of_the_page_is_in_the_programme() -> None:
    named = set(re.findall(r"^\| `(\w+)` \| ", MATHEMATICS, flags=re.MULTILINE))
    known = {name for name, _ in _rows()} | {"no_more"}
    symbols = {"clinker", "clinker_bought", "waste_heat_power", "renewable_power"}
    switches = {"captured_biogenic_counts", "captured_use_counts"}
    assert named - symbols - switches == known


@pytest.mark.parametrize(
    "word",
    [
        *SITE_COLUMNS,
        *FUEL_COLUMNS,
        *MATERIAL_COLUMNS,
        *SERIES_COLUMNS,
        *BOUND_COLUMNS,
        *TARGET_COLUMNS,
        *PLAN_COLUMNS,
        *QUANTITIES,
        *LEVERS,
        *UNITS,
        *Settings.model_fields,
    ],
)
def test_case_format_names_everything(word: str) -> None:
    assert f"`{word}`" in FORMAT


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "questions").glob("*.md"))]


def _commands() -> list[tuple[Path, str]]:
    """The kilnpath commands that pages show with their output."""
    return [
        (page, command)
        for page in PAGES
        for command in re.findall(
            r"^\$ (kilnpath .*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    ]


@pytest.mark.parametrize(("page", "command"), _commands())
def test_command_prints_what_its_page_shows(page: Path, command: str, tmp_path: Path) -> None:
    """Run where the README runs, and compare what the page shows, line by line."""
    (tmp_path / "cases").symlink_to(ROOT / "cases")
    program = str(Path(sys.executable).parent / "kilnpath")
    done = subprocess.run(
        [program, *shlex.split(command)[1:]], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode in (0, 2), done.stderr
    printed = [" ".join(line.split()) for line in done.stdout.splitlines() if line.strip()]
    shown = page.read_text(encoding="utf-8").split(f"$ {command}\n", 1)[1].split("```", 1)[0]
    for line in shown.splitlines():
        if line.strip():
            assert " ".join(line.split()) in printed, line


def test_case_format_page_is_made_anew() -> None:
    script = ROOT / "docs" / "build_case_format.py"
    code = f"import runpy; print(runpy.run_path({str(script)!r})['page'](), end='')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == FORMAT, "run: python docs/build_case_format.py"

"""What not everybody installs: one list, looked for before the work, and the rest is made."""

import ast
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kilnpath.commands.main import cli
from kilnpath.extras import EXTRAS, ExtraError, install_command, lacking
from kilnpath.result.read import read_result
from tests.tools.commands import everything
from tests.tools.plants import CASES, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CASE, RESULT = str(CASES / "one-kiln"), str(ROOT / "results/one-kiln/reference")
FACTOR = '[[factor]]\nset = "wood_permit"\nlow = "10%"\nhigh = "20%"\n'
SWEEP = f'name = "s"\nmethod = "latin"\ndraws = 2\n{FACTOR}'


def _package(requirement: str) -> str:
    return re.split(r"[<>=\[ ]", requirement.lower())[0]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_the_list_has_what_the_code_loads() -> None:
    """What is neither Python's own nor always installed is loaded as an extra."""
    always = {_package(one) for one in PROJECT["dependencies"]} | {"kilnpath", "model", "optimizer"}
    always |= {"pydantic_core", "markupsafe"}  # which pydantic and Jinja bring
    found = {
        name
        for floor in ("model", "optimizer", "kilnpath")
        for path in (ROOT / floor).rglob("*.py")
        for name in _imports(path)
    }
    extra = found - always - sys.stdlib_module_names
    assert extra == {extra.module.split(".")[0] for extra in EXTRAS.values()}


@pytest.mark.parametrize("name", EXTRAS)
def test_the_command_is_of_the_packages_that_the_project_names(name: str) -> None:
    """And not of kilnpath: on an index that name may be anybody's."""
    words = shlex.split(install_command(name))
    assert words[:4] == [sys.executable, "-m", "pip", "install"]
    declared = PROJECT["optional-dependencies"][name]
    assert [one.lower() for one in words[4:]] == [one.lower() for one in declared]
    assert not any("kilnpath" in one for one in words[4:])


@pytest.mark.slow
@pytest.mark.parametrize("name", EXTRAS)
def test_the_command_is_one_that_pip_follows(name: str) -> None:
    """Here it finds that nothing is to be done."""
    words = [*shlex.split(install_command(name)), "--dry-run", "--no-index"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False, env=env)
    assert done.returncode == 0, done.stderr
    assert "already satisfied" in done.stdout


def test_no_text_names_a_package_that_is_not_ours() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "kilnpath").rglob("*.py")]
    assert len(pages) > 100
    for page in pages:
        assert not re.search(r"install[^\n]*kilnpath\[", page.read_text(encoding="utf-8")), page


@pytest.mark.parametrize("name", EXTRAS)
def test_what_is_there_and_what_is_not(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lacking(name) is None
    monkeypatch.setitem(sys.modules, EXTRAS[name].module, None)
    error = lacking(name)
    assert isinstance(error, ExtraError)
    assert str(error).endswith(f": {install_command(name)}")


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to work in where no extra is installed."""
    for extra in EXTRAS.values():
        monkeypatch.setitem(sys.modules, extra.module, None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _said(*words: str) -> Result:
    done = CliRunner().invoke(cli, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done


LEFT_OUT = f"Left out: figures need the package vl-convert-python: {install_command('figures')}\n"


def test_a_plan_without_its_figures(without: Path) -> None:
    """They were asked for at the end, and took what came after them with them."""
    done = _said("plan", CASE, "--out", "run", "--figures", "--iamc", "--xlsx", "--report")
    assert done.exit_code == 1
    assert done.output.startswith(LEFT_OUT), "before the work"
    assert done.output.count(LEFT_OUT) == 1
    assert read_result(without / "run").manifest["case"] == "one-kiln"
    made = set(everything(without / "run"))
    assert {"report.html", "result.xlsx", "iamc/data.csv"} <= made
    assert not any(name.startswith("figures") for name in made)


def test_an_export_without_its_figures(without: Path) -> None:
    words = ["--figures", "--iamc", "--parquet", "--out", "out"]
    done = _said("export", RESULT, *words)
    assert done.exit_code == 1
    assert done.output.startswith(LEFT_OUT)
    made = set(everything(without / "out"))
    assert {"iamc/data.csv", "parquet/levers.parquet"} <= made


def test_a_format_that_cannot_be_made_takes_no_other_with_it(without: Path) -> None:
    """The workbook needs the case, which is not here."""
    done = _said("export", RESULT, "--xlsx", "--iamc", "--out", "out")
    assert done.exit_code == 1
    assert "Left out: " in done.output
    assert "one-kiln" in done.output
    assert everything(without / "out")[0] == "iamc"


@pytest.mark.parametrize("command", ["rank", "attribute"])
def test_an_answer_without_its_figures(command: str, without: Path) -> None:
    done = _said(command, CASE, "--figures", "--out", "out")
    assert done.exit_code == 1
    assert done.output.startswith(LEFT_OUT)
    assert any(name.endswith(".csv") for name in everything(without / "out"))


def test_an_answer_that_there_is_no_pathway_keeps_its_code(without: Path) -> None:
    done = _said("explain", str(CASES / "infeasible"), "--figures", "--out", "out")
    assert done.exit_code == 2
    assert done.output.startswith(LEFT_OUT)
    assert "menu.csv" in everything(without / "out")


def test_a_cluster_without_dask_begins_nothing(without: Path) -> None:
    (without / "s.toml").write_text(SWEEP, encoding="utf-8")
    words = ["sweep", CASE, "s.toml", "--scheduler", "tcp://127.0.0.1:1", "--out", "out"]
    with pytest.raises(ExtraError, match="--scheduler needs the package distributed: "):
        cli.main(words, standalone_mode=False)
    assert not (without / "out").exists()

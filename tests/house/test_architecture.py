"""The page of the rooms, CONTRIBUTING.md and the Makefile name what is there, and all rooms."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.plants import ROOT

FLOORS = ("model", "optimizer", "kilnpath")
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
QUOTED = re.compile(r"`([^`\n]+)`")
PLACEHOLDER = re.compile(r"STEM|TABLE|xx_XX")  # in file names that are still to be made
Row = tuple[str, ...]


def _rows(page: str, head: str) -> list[Row]:
    """The cells of every table with a head."""
    found = []
    for part in page.split(f"\n{head}\n")[1:]:
        lines = part.split("\n\n")[0].splitlines()[1:]
        found += [tuple(line.strip("| ").split(" | ")) for line in lines]
    return found


def _purpose(path: Path) -> str:
    """The first line of what a file says of itself."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert said, path
    return said.splitlines()[0]


def _rooms(floor: str) -> dict[str, str]:
    """Room -> purpose: the folders of a floor, and the files that stand on it by themselves."""
    top = ROOT / floor
    folders = {path.parent: path for path in top.rglob("__init__.py") if path.parent != top}
    files = {path: path for path in top.glob("*.py") if path.name != "__init__.py"}
    rooms = {**folders, **files}
    return {p.relative_to(ROOT).as_posix(): _purpose(file) for p, file in rooms.items()}


def _names(path: Path) -> set[str]:
    """The names that a file defines, with those of classes as ``Class.name``."""
    return set(_defined(ast.parse(path.read_text(encoding="utf-8")).body))


def _defined(body: list[ast.stmt], inside: str = "") -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef(name=name):
                yield f"{inside}{name}"
            case ast.ClassDef(name=name):
                yield f"{inside}{name}"
                yield from _defined(node.body, f"{name}.")
            case ast.Assign(targets=targets):
                parts = [part for target in targets for part in ast.walk(target)]
                yield from (f"{inside}{p.id}" for p in parts if isinstance(p, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield f"{inside}{name}"


def _wrong_places(page: str, head: str) -> list[str]:
    """Files that are not there, and names that their files do not define."""
    wrong = []
    for _, quoted, names in _rows(page, head):
        path = ROOT / quoted.strip("`")
        if not path.is_file():
            wrong.append(quoted)
            continue
        wanted = QUOTED.findall(names)
        assert wanted, quoted
        wrong += [f"{quoted}: {name}" for name in set(wanted) - _names(path)]
    return wrong


def _missing(page: str) -> list[str]:
    """Quoted paths that are not there; a name with a placeholder is of a file to be made."""
    tops = {path.name for path in ROOT.iterdir()}
    quoted = [word for word in QUOTED.findall(page) if word.split("/")[0] in tops]
    assert len(quoted) > 10
    paths = [word for word in quoted if " " not in word and not PLACEHOLDER.search(word)]
    return [word for word in paths if not (ROOT / word).exists()]


@pytest.mark.parametrize("floor", FLOORS)
def test_every_room_stands_on_the_page_with_its_purpose(floor: str) -> None:
    section = PAGE.split(f"\n### {floor}\n")[1].split("\n#")[0]
    assert section.splitlines()[0] == _purpose(ROOT / floor / "__init__.py")
    rows = _rows(section, "| room | what it is for |")
    assert len(rows) == len(set(rows))
    assert {room.strip("`"): purpose for room, purpose in rows} == _rooms(floor)


def test_folders_without_code_stand_on_the_page() -> None:
    for floor in FLOORS:
        for folder in (ROOT / floor).iterdir():
            if folder.is_dir() and not list(folder.rglob("*.py*")):
                assert f"`{folder.relative_to(ROOT).as_posix()}`" in PAGE


@pytest.mark.parametrize(
    "head", ["| step | file | names there |", "| where … | file | names there |"]
)
def test_files_and_names_of_the_page_are_there(head: str) -> None:
    assert len(_rows(PAGE, head)) >= 15
    assert not _wrong_places(PAGE, head)


def test_a_name_that_is_not_there_is_found() -> None:
    head = "| where … | file | names there |"
    page = (
        f"\n{head}\n|---|---|---|\n| a | `model/case/units.py` | `UNITS`, `Dimension.MASS`, `x` |"
    )
    assert _wrong_places(page, head) == ["`model/case/units.py`: x"]
    assert _wrong_places(page.replace("units", "none"), head) == ["`model/case/none.py`"]


@pytest.mark.parametrize("page", [PAGE, CONTRIBUTING], ids=["architecture", "contributing"])
def test_quoted_paths_are_there(page: str) -> None:
    assert not _missing(page)


def test_names_beside_files_in_contributing_are_there() -> None:
    """As ``FILE``: ``name``, ``name``."""
    places = re.findall(r"`([\w/]+\.py)`: (`\w+`(?:, `\w+`)*)", CONTRIBUTING)
    assert len(places) > 20
    for file, names in places:
        if PLACEHOLDER.search(file):
            continue
        assert set(QUOTED.findall(names)) <= _names(ROOT / file), file


def _targets() -> dict[str, list[str]]:
    """Target -> its commands, with ``$(BIN)/`` taken away."""
    found: dict[str, list[str]] = {}
    for line in MAKEFILE.splitlines():
        if line.startswith("\t"):
            found[list(found)[-1]].append(line[1:].replace("$(BIN)/", ""))
        elif match := re.match(r"([a-z]+):.* ## \S", line):
            found[match[1]] = []
    return found


def test_targets_that_are_named_are_there() -> None:
    targets = set(_targets())
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)
    assert phony and set(phony[1].split()) == targets
    named = set(re.findall(r"`make ([a-z]+)", CONTRIBUTING))
    assert named == targets - {"help"}
    floors = re.search(r"FLOOR=(.*)$", MAKEFILE.split("\nfast:")[1].splitlines()[0])
    assert floors
    for floor in re.split(r", | or ", floors[1]):
        assert (ROOT / "tests" / floor).is_dir()
        assert f"`{floor}`" in CONTRIBUTING


def test_commands_of_the_makefile_are_those_of_ci_and_pages() -> None:
    targets = _targets()
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [f".venv/bin/{command}" for command in targets["check"]] == [
        f"{script[-1].split(' && ')[-1]} --cov"  # the same, and how much of the code it reaches
    ]
    about = (ROOT / "docs" / "about.md").read_text(encoding="utf-8")
    assert [f".venv/bin/{command}" for command in targets["docs"]] == re.findall(
        r"^\.venv/bin/sphinx.*$", about, flags=re.MULTILINE
    )
    assert targets["bench"] == ["python -m benchmarks.run"]
    assert (ROOT / "benchmarks" / "run.py").is_file()
    quality = (ROOT / "tests" / "robustness" / "test_quality.py").read_text(encoding="utf-8")
    commands = next(n.value for n in ast.parse(quality).body if isinstance(n, ast.Assign))
    assert targets["fast"][:3] == [shlex.join(c) for c in ast.literal_eval(commands).values()]


def test_hooks_name_no_version() -> None:
    """They start what the environment has, by the path that the README's command makes."""
    starts = re.findall(r"^ +entry: \.venv/bin/(\w+)", HOOKS, flags=re.MULTILINE)
    assert starts == ["ruff", "ruff", "mypy"]
    assert HOOKS.count("language: system") == HOOKS.count("- id: ") == len(starts)
    assert "rev:" not in HOOKS and "additional_dependencies" not in HOOKS

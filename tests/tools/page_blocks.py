"""The code blocks of the pages people read, and how each is run.

A page has one folder, in which ``cases/`` is a copy of the shipped cases, and one Python namespace;
its blocks run in order. A block is

- a command with output, where a line starts with ``$ ``: what the page shows must be printed;
- commands, where the block has no language: each must succeed;
- ``python``: is run; with ``>>>`` its output is compared;
- ``csv`` or ``toml`` with the name of a file after it: is written, so that commands can use it;
  rows of a CSV file that is there take the place of those with the same first cell, or are added;
- ``text``, or indented and no command: a formula or the like.
"""

import contextlib
import csv
import doctest
import io
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from kilnpath.case.read import read_case
from kilnpath.commands.main import main
from model.messages.faults import CaseError
from model.sweep.reading import read_sweep
from tests.tools.plants import CASES, ROOT

TEMPLATE = ROOT / "kilnpath" / "template"
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(CASES.glob("*/README.md")),
    ROOT / "benchmarks" / "README.md",
    TEMPLATE / "README.md",
]
PROGRAMS = ("kilnpath", "python", "python3", "sphinx-build", "py", "git", "pip", ".venv")
_INSTALLED = "python3 -m venv .venv && .venv/bin/pip install -e "
_LOCKED = "pip install --require-hashes -r requirements"
_EDITABLE = "pip install --no-deps --no-build-isolation -e ."
_ENVIRONMENT = "makes an environment, from a package index"
_RELEASE = "renews what test_release holds to the locks; asks a package index"
NOT_RUN = {  # the command as it stands on a page -> why it is not run from there
    f"{_INSTALLED}. && .venv/bin/kilnpath plan cases/tcc-2024": _ENVIRONMENT,
    f"python3 -m venv .venv && .venv/bin/{_LOCKED}-dev.lock"
    f" && .venv/bin/{_EDITABLE} && .venv/bin/pytest": "makes an environment; .ci/run runs it",
    f"{_INSTALLED}.": _ENVIRONMENT,
    "py -m venv .venv; .venv\\Scripts\\pip install -e .": _ENVIRONMENT,
    ".venv/bin/sphinx-build -W -c docs . site": "run by test_docs_site",
    "python cases/tcc-2024/calibrate.py": "fits anew for ten seconds; --check is run by test_tcc",
    "python cases/tcc-2024/calibrate.py --check": "run by test_tcc",
    "python kilnpath/verifier.py results/one-kiln/cumulative-steady --case cases/one-kiln": (
        "run by test_certificate, without any package"
    ),
    '.venv/bin/pip install --no-build-isolation -e ".[release]"': _ENVIRONMENT,
    "python -m release.locks": _RELEASE,
    "python -m release.licences": _RELEASE,
    "python -m release.sbom": _RELEASE,
    "python -m hatchling build -t wheel": "test_release builds it, twice",
    "python3 -m venv .venv": _ENVIRONMENT,
    ".venv/bin/pip install --no-deps kilnpath-0.1.0-py3-none-any.whl": _ENVIRONMENT,
    f".venv/bin/{_LOCKED}.lock": _ENVIRONMENT,
    f".venv/bin/{_LOCKED}-dev.lock": _ENVIRONMENT,
    "python -m release.audit": "asks an advisory service",
    "python -m tests.tools.reference": "what it compares is compared by test_reference",
}


@dataclass(frozen=True)
class Block:
    """A code block: its first line in the page, its language and what is named after it."""

    page: Path
    line: int
    language: str
    named: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def directive(self) -> bool:
        """Whether it is one of the site's, like a table of contents."""
        return self.language.startswith("{")

    @property
    def indented(self) -> bool:
        return self.language == "indented"

    @property
    def commands(self) -> list[tuple[str, list[str] | None]]:
        """Commands with the lines shown below them, ``None`` where the page shows no output."""
        joined = self.text.replace("\\\n", "")
        if re.search(r"^\$ ", joined, flags=re.MULTILINE):
            parts = re.split(r"^\$ (.*)$", joined, flags=re.MULTILINE)[1:]
            shown = [_lines(output) for output in parts[1::2]]
            return list(zip(parts[::2], shown, strict=True))
        lines = [line.partition(" #")[0].strip() for line in joined.splitlines()]
        return [(" ".join(line.split()), None) for line in lines if line and line[0] != "#"]

    @property
    def is_shell(self) -> bool:
        if self.indented:
            return self.text.lstrip("$ ").split()[0] in PROGRAMS
        return self.language in ("", "console", "powershell")


def blocks(page: Path) -> list[Block]:
    """All code blocks of a page, fenced and indented, in order."""
    found = []
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type not in ("fence", "code_block"):
            continue
        language, _, named = token.info.strip().partition(" ")
        if token.type == "code_block":
            language = "indented"
        assert token.map is not None
        line = token.map[0] + 1
        found.append(Block(page, line, language, named.strip(), token.content))
    return found


def prepare(page: Path, folder: Path) -> None:
    """What a reader has before the first block of a page: the cases, or a new case of one's own."""
    if page.parent == TEMPLATE:
        shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    else:
        shutil.copytree(CASES, folder / "cases")


def run(block: Block, folder: Path, names: dict[str, Any]) -> None:
    """Runs, writes or reads a block; an ``AssertionError`` says what is wrong with it."""
    if block.directive or block.language == "text" or (block.indented and not block.is_shell):
        return
    if block.is_shell:
        for command, shown in block.commands:
            if command not in NOT_RUN:
                _run_command(block, command, shown)
    elif block.language == "python":
        _run_python(block, names)
    elif block.language in ("csv", "toml"):
        assert block.named, f"{block}: name the file after '{block.language}'"
        _write(block, folder)
    else:
        raise AssertionError(f"{block}: nothing runs '{block.language}'")


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _run_command(block: Block, command: str, shown: list[str] | None) -> None:
    program, *arguments = shlex.split(command)
    assert program == "kilnpath", f"{block}: {command}\nnothing runs it; see NOT_RUN"
    code, said = _kilnpath(arguments)
    allowed = (0,) if shown is None else (0, 1, 2)
    assert code in allowed, f"{block}: {command}\n{said}"
    printed = iter(_lines(said))
    for line in shown or ():
        if line == "…":  # left out on the page
            continue
        assert line in printed, f"{block}: {command}\ndoes not print, or not in its place:\n{line}"


def _kilnpath(arguments: list[str]) -> tuple[int, str]:
    """Exit code of a command and what it prints, in this process: starting one costs a second."""
    said = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        patch.setattr(sys, "argv", ["kilnpath", *arguments])
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def _run_python(block: Block, names: dict[str, Any]) -> None:
    if ">>> " not in block.text:
        exec(compile(block.text, str(block), "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(block.text, names, str(block), None, block.line)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    failed = runner.run(test, out=said.append, clear_globs=False).failed
    names.update(test.globs)
    assert not failed, "".join(said)


def _write(block: Block, folder: Path) -> None:
    target = folder / block.named
    if block.language == "csv" and target.exists():
        _merge(target, block)
        return
    target.write_text(block.text, encoding="utf-8")
    if block.language == "toml" and "factor" in tomllib.loads(block.text):
        assert list(_cases_of_sweep(block)), f"{block}: a sweep that fits no shipped case"


def _cases_of_sweep(block: Block) -> Iterator[str]:
    for folder in sorted(CASES.iterdir()):
        try:
            read_sweep(tomllib.loads(block.text), block.named, read_case(folder))
            yield folder.name
        except CaseError:
            continue


def _merge(target: Path, block: Block) -> None:
    """Rows of a table on a page into the table of that name, by its columns."""
    old = target.read_text(encoding="utf-8").splitlines()
    head = next(line for line in old if not line.startswith("#"))
    columns = next(csv.reader([head]))
    shown = list(csv.DictReader(block.text.splitlines()))
    unknown = set(shown[0]) - set(columns)
    assert not unknown, f"{block}: {target.name} has no columns {unknown}"
    first = {row[columns[0]] for row in shown}
    kept = [line for line in old if line.split(",")[0] not in first]
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(kept) + "\n")
        csv.writer(file).writerows([row.get(c, "") for c in columns] for row in shown)

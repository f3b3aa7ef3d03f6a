"""The commands, run as their user runs them."""

import contextlib
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from kilnpath.commands.main import cli

KILNPATH = Path(sys.executable).parent / "kilnpath"


def run(folder: Path, *words: str, code: int = 0) -> str:
    """What a command prints, after a check of its exit code; never a traceback."""
    done = subprocess.run(
        [str(KILNPATH), *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert done.returncode == code, said
    assert (done.stderr == "") == (code != 1), said  # a fault goes to stderr, and nothing else does
    return said


def run_here(folder: Path, *words: str, code: int = 0) -> str:
    """What a command prints, run in this process: of many, starting Python would take longest."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(cli, words)
    assert done.exit_code == code, done.output
    return done.output


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))

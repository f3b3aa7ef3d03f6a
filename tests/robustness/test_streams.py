"""Standard streams that are full, closed or read by nobody: a line, an exit code, whole results."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kilnpath.result.read import read_result
from tests.tools.commands import files
from tests.tools.plants import CASES, ROOT, VERIFIER

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="of Linux")
CASE, RESULT = str(CASES / "one-kiln"), str(ROOT / "results/one-kiln/reference")
KILNPATH = (sys.executable, "-m", "kilnpath")
COMMANDS = {
    "help": (*KILNPATH, "--help"),
    "version": (*KILNPATH, "--version"),
    "help of a command": (*KILNPATH, "plan", "--help"),
    "check": (*KILNPATH, "check", CASE),
    "account": (*KILNPATH, "account", CASE),
    "compare": (*KILNPATH, "compare", CASE, str(CASES / "infeasible")),
    "report": (*KILNPATH, "report", RESULT, "--out", "page.html"),
    "verify": (*KILNPATH, "verify", RESULT, "--case", CASE),
    "verifier": (sys.executable, str(VERIFIER), RESULT, "--case", CASE),
    "help of the verifier": (sys.executable, str(VERIFIER), "--help"),
}
UNBUFFERED = ("", "1")  # as PYTHONUNBUFFERED, which shows other faults
LOST = "What is shown cannot be written: {}.\n"


@dataclass(frozen=True)
class Way:
    """How a command is started by a shell, and how it then ends."""

    shell: str
    code: int
    said: str


FULL = Way('exec "$@" >/dev/full', 1, LOST.format("No space left on device"))
CLOSED = Way('exec "$@" >&-', 1, LOST.format("Bad file descriptor"))
UNREAD = Way('exec "$@"', 141, "")
WAYS = {"full": FULL, "closed": CLOSED, "unread": UNREAD}


def _ended(way: Way, words: tuple[str, ...], folder: Path, unbuffered: str = "") -> tuple[int, str]:
    """The exit code, and what is said on standard error; standard output has no reader."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", way.shell, "sh", *words],
            cwd=folder,
            stdout=writer,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered, "LC_ALL": "C.UTF-8"},
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    finally:
        os.close(writer)
    return done.returncode, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("unbuffered", UNBUFFERED)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_screen_that_takes_nothing(name: str, way: Way, unbuffered: str, tmp_path: Path) -> None:
    ended = _ended(way, COMMANDS[name], tmp_path, unbuffered)
    assert ended == (way.code, way.said)
    if name == "report":
        assert (tmp_path / "page.html").read_text("utf-8").endswith("</html>")


def _said(words: tuple[str, ...], folder: Path, shell: str = 'exec "$@"', **env: str) -> str:
    """What a command shows that a shell starts; it is well, and standard error is empty."""
    given = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "", **env}
    done = subprocess.run(
        ["/bin/sh", "-c", shell, "sh", *words],
        cwd=folder,
        capture_output=True,
        env=given,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture
def doubtful(tmp_path: Path) -> str:
    """A case of which something is told before it is solved."""
    case = Path(shutil.copytree(CASES / "one-kiln", tmp_path / "doubtful"))
    text = (case / "fuels.csv").read_text(encoding="utf-8")
    assert "fossil,25,100" in text
    text = text.replace("fossil,25,100", "fossil,90,100")
    (case / "fuels.csv").write_text(text, encoding="utf-8")
    return str(case)


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_results_are_whole(way: Way, doubtful: str, tmp_path: Path) -> None:
    """Also where it fails before the solve to tell what is doubtful."""
    words = (*KILNPATH, "plan", doubtful, "--out", "run", "--iamc")
    assert _ended(way, words, tmp_path) == (way.code, way.said)
    assert read_result(tmp_path / "run").manifest["status"] == "optimal, recounted"
    assert (tmp_path / "run/iamc/data.csv").is_file()
    assert _said(words, tmp_path).startswith("Doubtful")


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_that_there_is_no_pathway_is_told_by_the_code(way: Way, tmp_path: Path) -> None:
    words = (*KILNPATH, "explain", str(CASES / "infeasible"), "--certify", "proof")
    assert _ended(way, words, tmp_path) == (2, way.said)
    assert (tmp_path / "proof/certificate.json").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("close", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
def test_other_streams_that_are_closed(close: str, tmp_path: Path) -> None:
    words = (*KILNPATH, "plan", CASE, "--out", "run")
    assert "optimal, recounted" in _said(words, tmp_path, f'exec "$@" {close}')
    read_result(tmp_path / "run")
    words = COMMANDS["verifier"]
    assert _said(words, tmp_path, f'exec "$@" {close}').endswith("Proven.\n")


@pytest.mark.slow
def test_nothing_is_written_into_a_table_that_took_the_place_of_the_screen(tmp_path: Path) -> None:
    """What is opened first gets the number of a closed stream; workers of a sweep have it too."""
    (tmp_path / "s.toml").write_text(
        'name = "s"\nmethod = "grid"\n[[factor]]\nset = "wood_permit"\n'
        'values = ["10%", "15%", "20%", "25%"]\n',
        encoding="utf-8",
    )
    words = (*KILNPATH, "sweep", CASE, "s.toml", "--workers", "2", "--out")
    _said((*words, "open"), tmp_path)
    for number, shell in enumerate(['exec "$@" >&-', 'exec "$@" <&- >&- 2>&-']):
        ended, _ = _ended(Way(shell, 1, ""), (*words, f"closed-{number}"), tmp_path)
        assert ended == 1
        assert files(tmp_path / f"closed-{number}") == files(tmp_path / "open")


@pytest.mark.slow
@pytest.mark.parametrize(
    "env",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}, {"TERM": "dumb"}],
)
def test_chinese_where_the_machine_speaks_ascii(env: dict[str, str], tmp_path: Path) -> None:
    words = (*KILNPATH, "--lang", "zh-Hant", "check", str(CASES / "tcc-2024"))
    assert "台泥" in _said(words, tmp_path, **env)
    assert "台泥" in _said((*words[:-2], "account", words[-1]), tmp_path, **env)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "a\r\x9bb"])
def test_names_that_a_terminal_would_obey(name: str, tmp_path: Path) -> None:
    """They are shown, on one line, in what is written and in what is wrong."""
    shown = name.encode("unicode_escape").decode()
    assert _said((*KILNPATH, "new", name), tmp_path).split(". ")[0] == f"Made {shown}"
    for words in (
        (*KILNPATH, "account", CASE, "--out", f"{name}-out"),
        (*KILNPATH, "report", RESULT, "--out", f"{name}-out.html"),
        (*KILNPATH, "export", CASE, "--csv", "--out", f"{name}-csv"),
    ):
        assert f"Written to {shown}-" in _said(words, tmp_path).splitlines()[-1]
    shell = Way('exec "$@"', 1, "")
    for words in (
        (*KILNPATH, "check", f"{name}-none"),
        (*KILNPATH, "plan", CASE, "--out", name),
        (*KILNPATH, "report", f"{name}-none"),
    ):
        code, said = _ended(shell, words, tmp_path)
        assert code == 1
        assert said.startswith((shown, f"1 fault in {shown}-none\n · {shown}-none: "))
        assert said.count("\n") == 1 + ("fault" in said)


@pytest.mark.slow
def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    """By a limit on what a file may hold; nothing half is left, and an old result stands."""
    full = Way('ulimit -f 8; exec "$@"', 1, "")
    for words in (("plan", CASE, "--out", "run"), ("report", RESULT, "--out", "page.html")):
        code, said = _ended(full, (*KILNPATH, *words), tmp_path)
        assert code == 1
        assert "cannot be written: File too large" in said
        assert said.count("\n") == 1
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_machine_without_home_and_place_for_what_is_passing(tmp_path: Path) -> None:
    words = (*KILNPATH, "plan", CASE, "--out", "run", "--xlsx", "--figures", "--report")
    said = _said(words, tmp_path, 'unset HOME; exec "$@"', TMPDIR="/nowhere", TERM="dumb")
    assert "Written to run/figures" in said

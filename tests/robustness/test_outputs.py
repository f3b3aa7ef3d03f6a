"""What is no plain file or folder of its own is refused by every command, before any work."""

import contextlib
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kilnpath.commands.main import cli
from kilnpath.files.result_folder import ResultError
from kilnpath.files.write import write_bytes, write_new
from kilnpath.result.kept import survey
from kilnpath.result.write import check_folder, write_files
from tests.tools.commands import KILNPATH
from tests.tools.plants import CASES, ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="of pipes and links")
RESULT, CASE = str(ROOT / "results/one-kiln/reference"), str(CASES / "one-kiln")
KINDS = ["pipe", "socket", "device", "link to a device", "link in a circle", "the wrong kind"]
DEVICE = "is a pipe, a socket or a device"


@dataclass(frozen=True)
class Writer:
    """A command that writes: into a folder, or else a file.

    words: with ``OUT`` for what it is told to write to; inside: what it makes in that.
    """

    words: str
    folder: bool = True
    inside: str = ""

    @property
    def wanted(self) -> str:
        return "name a folder" if self.folder else "name a file"


# Where nothing of what they read is there, nothing can have been read before they refuse.
WRITERS = [
    Writer("plan nowhere --out OUT"),
    Writer("plan nowhere --certify OUT"),
    Writer("account nowhere --out OUT"),
    Writer("whatif nowhere --set permit=3% --out OUT"),
    Writer("rank nowhere --out OUT"),
    Writer("curve nowhere permit --out OUT"),
    Writer("curve nowhere permit --certify 30 OUT"),
    Writer("explain nowhere --out OUT"),
    Writer("explain nowhere --certify OUT"),
    Writer("range nowhere --out OUT"),
    Writer("assumptions nowhere --out OUT"),
    Writer("attribute nowhere --out OUT"),
    Writer("targets nowhere --out OUT"),
    Writer("targets nowhere --submit sda --out OUT"),
    Writer("rulebooks nowhere --out OUT"),
    Writer("residual nowhere --out OUT"),
    Writer("compare nowhere neither --out OUT"),
    Writer("sweep nowhere none.toml --out OUT"),
    Writer("sweep nowhere none.toml --certify 1 OUT"),
    Writer("new OUT"),
    Writer("new --xlsx OUT", folder=False),
    Writer("report nowhere --out OUT", folder=False),
    Writer(f"export {RESULT} --iamc --out OUT"),
    Writer("export nowhere --csv --out OUT"),
    Writer(f"export {RESULT} --xlsx --out OUT", folder=False, inside="result.xlsx"),
    Writer(f"export {RESULT} --iamc --out OUT", inside="iamc"),
    Writer(f"export {RESULT} --parquet --out OUT", inside="parquet"),
    Writer(f"export {RESULT} --figures --out OUT", inside="figures"),
    Writer("export nowhere --xlsx --out OUT", folder=False, inside="nowhere.xlsx"),
    Writer("export nowhere --csv --out OUT", inside="nowhere"),
    Writer("export nowhere --lp --out OUT", inside="nowhere-lp"),
    Writer("export nowhere --mps --out OUT", inside="nowhere-mps"),
]


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(path.parent):  # of short names
        made.bind(path.name)


def _device(path: Path) -> None:
    try:
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root makes devices")


def _wrong(path: Path, writer: Writer) -> None:
    path.write_bytes(b"mine") if writer.folder else path.mkdir()


def _made(place: Path, kind: str, writer: Writer) -> tuple[Path, str]:
    """What stands in a place under the name of what is written, and what is said of it."""
    thing = place / (writer.inside or "out.xlsx")
    makers: dict[str, Callable[[], object]] = {
        "pipe": lambda: os.mkfifo(thing),
        "socket": lambda: _socket(thing),
        "device": lambda: _device(thing),
        "link to a device": lambda: thing.symlink_to("/dev/null"),
        "link in a circle": lambda: thing.symlink_to(thing.name),
        "the wrong kind": lambda: _wrong(thing, writer),
    }
    makers[kind]()
    link = "is a link; name the file itself"
    if kind == "the wrong kind":
        return thing, ("is a file; " if writer.folder else "is a folder; ") + writer.wanted
    if kind.startswith("link") and not writer.folder:
        return thing, link
    if kind == "link in a circle":
        return thing, "cannot be written: "
    return thing, f"{DEVICE}; {writer.wanted}"


def _state(place: Path) -> Iterator[tuple[str, os.stat_result, bytes]]:
    """Everything in a place, whatever it is."""
    for path in sorted(place.rglob("*")):
        found = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        yield path.name, os.stat_result((*found[:7], 0, *found[8:])), content  # when it was read


@pytest.fixture
def _nothing_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is read, solved or drawn.

    What others import by name is left alone: a module loaded meanwhile would keep it for good.
    """
    read, drawn = "kilnpath.case.read", "kilnpath.charts.wedges_chart"
    solver = "optimizer.solver.highs.Highs.__init__"
    for work in (f"{read}._read_folder", f"{read}._read_workbook", solver, drawn):
        monkeypatch.setattr(work, lambda *_, **__: pytest.fail("it works"))
    monkeypatch.chdir(tmp_path)


def _refused(words: str, out: Path) -> str:
    with pytest.raises(ResultError) as caught:
        cli.main(
            [str(out) if one == "OUT" else one for one in words.split()], standalone_mode=False
        )
    return str(caught.value)


@pytest.mark.usefixtures("_nothing_works")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("writer", WRITERS, ids=lambda w: f"{w.words.split('/')[-1]} {w.inside}")
def test_what_is_no_plain_output(writer: Writer, kind: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    thing, said = _made(place, kind, writer)
    before = list(_state(place))
    told = _refused(writer.words, place if writer.inside else thing)
    assert str(thing) in told, told
    assert said in told, told
    assert "\n" not in told
    assert list(_state(place)) == before


@pytest.mark.usefixtures("_nothing_works")
@pytest.mark.parametrize("writer", WRITERS, ids=lambda w: f"{w.words.split('/')[-1]} {w.inside}")
def test_where_nothing_can_be_written(writer: Writer, tmp_path: Path) -> None:
    """Below a file, where no folder can be made, and under a name that is too long."""
    (tmp_path / "mine").write_bytes(b"mine")
    before = list(_state(tmp_path))
    for out in ("mine/out.xlsx", "/proc/none/out.xlsx", f"{'x' * 300}.xlsx", f"a/{'x' * 300}.xlsx"):
        told = _refused(writer.words, Path(out))
        assert "cannot be written: " in told, told
        assert "\n" not in told
    assert list(_state(tmp_path)) == before


def _end(folder: Path, *words: str) -> tuple[int, str, str]:
    """The exit code of a command, and what it says."""
    done = subprocess.run(
        [KILNPATH, *words], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_a_page_onto_a_pipe_ends_with_a_sentence(tmp_path: Path) -> None:
    """It put a page in the place of the pipe."""
    os.mkfifo(tmp_path / "pipe")
    words = ["report", RESULT, "--out"]
    said = "{} is a pipe, a socket or a device; name a file\n"
    assert _end(tmp_path, *words, "pipe") == (1, "", said.format("pipe"))
    assert _end(tmp_path, *words, "/dev/full") == (1, "", said.format("/dev/full"))
    said = "/dev/stdout is a link; name the file itself\n"
    assert _end(tmp_path, *words, "/dev/stdout") == (1, "", said)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.usefixtures("_nothing_works")
def test_the_usual_place_of_a_page(tmp_path: Path) -> None:
    """A result of somebody else's may hold a link under the name of its page."""
    result = tmp_path / "run"
    result.mkdir()
    (tmp_path / "mine").write_bytes(b"mine")
    (result / "report.html").symlink_to(tmp_path / "mine")
    os.mkfifo(result / "report.zh-Hant.html")
    assert "is a link; name the file itself" in _refused("report OUT", result)
    assert DEVICE in _refused("report --lang zh-Hant OUT", result)
    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert (result / "report.html").is_symlink()


def test_the_usual_place_of_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is known when the case is read; nothing is solved before it is looked at."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("optimizer.solver.highs.Highs.__init__", lambda *_: pytest.fail("it works"))
    run = tmp_path / "results/one-kiln/cumulative-steady"
    run.parent.mkdir(parents=True)
    os.mkfifo(run)
    assert f"{DEVICE}; name a folder" in _refused("plan OUT", Path(CASE))
    assert run.is_fifo()


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
@pytest.mark.parametrize(
    "name",
    [
        *("report.html", "levers.csv", "proof/a.csv", "derived.json"),
        *("mine", "mine/deep/er", "figures/a.svg", "earlier/report.html", ".DS_Store"),
    ],
)
def test_a_result_that_holds_a_pipe_is_not_replaced(name: str, kind: str, tmp_path: Path) -> None:
    """Under the name of what plan or export wrote, or a person: none can be kept."""
    folder = tmp_path / "run"
    write_files(folder, {"levers.csv": b"", "proof/a.csv": b""}, {"kind": "x", "case": "x"})
    check_folder(folder)
    thing = folder / name
    thing.unlink(missing_ok=True)
    thing.parent.mkdir(parents=True, exist_ok=True)
    {"pipe": os.mkfifo, "socket": _socket, "device": _device}[kind](thing)
    before = list(_state(folder))
    for refused in (
        lambda: check_folder(folder),
        lambda: survey(folder, {"levers.csv"}),
        lambda: write_files(folder, {"levers.csv": b"new"}, {"kind": "x", "case": "x"}),
    ):
        with pytest.raises(ResultError) as caught:
            refused()
        assert str(caught.value) == f"{thing} {DEVICE}; name another folder"
    assert list(_state(folder)) == before


@pytest.mark.usefixtures("_nothing_works")
def test_plan_refuses_a_result_that_holds_a_pipe_before_it_works(tmp_path: Path) -> None:
    write_files(tmp_path / "run", {"levers.csv": b""}, {"kind": "plan", "case": "x"})
    (tmp_path / "run/notes").mkdir()
    os.mkfifo(tmp_path / "run/notes/pipe")
    told = _refused("plan nowhere --out OUT", tmp_path / "run")
    assert told == f"{tmp_path}/run/notes/pipe {DEVICE}; name another folder"


def test_a_result_that_holds_a_link_to_a_device_keeps_it(tmp_path: Path) -> None:
    """A link is kept as one, wherever it leads."""
    write_files(tmp_path / "run", {"levers.csv": b""}, {"kind": "x", "case": "x"})
    (tmp_path / "run/mine").symlink_to("/dev/full")
    kept = write_files(tmp_path / "run", {"levers.csv": b"new"}, {"kind": "x", "case": "x"})
    assert kept.added == ("mine",)
    assert (tmp_path / "run/mine").readlink() == Path("/dev/full")


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_those_who_write_refuse_by_themselves(kind: str, tmp_path: Path) -> None:
    """Also where it came to stand there during the work."""
    thing, _ = _made(tmp_path, kind, WRITERS[0])
    before = list(_state(tmp_path))
    for write in (
        lambda: write_bytes(thing, b"page"),
        lambda: write_new(thing, {"a": b""}),
        lambda: write_files(thing, {"a": b""}, {"kind": "x", "case": "x"}),
    ):
        with pytest.raises(ResultError, match=DEVICE):
            write()
        assert list(_state(tmp_path)) == before


def test_a_link_to_a_folder_is_followed(tmp_path: Path) -> None:
    """Results may stand on another disk; the link stays."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "disk/run")
    assert _end(tmp_path, "account", CASE, "--out", "run")[0] == 0
    assert _end(tmp_path, "account", CASE, "--out", "run")[0] == 0
    assert (tmp_path / "run").is_symlink()
    assert (tmp_path / "disk/run/manifest.json").is_file()


def test_a_name_that_leaves_no_room_for_the_lock(tmp_path: Path) -> None:
    """The folder itself could stand; what is written beside it meanwhile could not."""
    code, shown, said = _end(tmp_path, "plan", "nowhere", "--out", "x" * 245)
    assert (code, shown) == (1, "")
    assert said.endswith(f": cannot be written: {os.strerror(errno.ENAMETOOLONG)}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_a_disk_is_mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot change places with another folder, which plan found out after its work."""
    (tmp_path / "disk").mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "disk")
    assert "where a disk is mounted" in _refused("plan nowhere --out OUT", tmp_path / "disk")
    assert "where a disk is mounted" in _refused("new OUT", tmp_path / "disk")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write all")
def test_a_folder_that_nobody_may_write_in(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    code, _, said = _end(tmp_path, "plan", "nowhere", "--out", "locked/run")
    assert code == 1
    assert said == f"locked/run: cannot be written: {os.strerror(errno.EACCES)}\n"

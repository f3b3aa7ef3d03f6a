"""Results whose writing is killed, fails or meets another: the old or the new one stands whole."""

import errno
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from kilnpath.export.iamc import write_iamc
from kilnpath.export.parquet import write_parquet
from kilnpath.export.workbook import write_result_workbook
from kilnpath.files.replace import recover, replacing
from kilnpath.files.result_folder import ResultError
from kilnpath.files.write import write_bytes
from kilnpath.files.xlsx_write import new_book
from kilnpath.language.languages import Language
from kilnpath.report.writing import write_report
from kilnpath.result import read
from kilnpath.result.derive import write_made
from kilnpath.result.read import Result, lock_result, read_result
from kilnpath.result.write import check_folder, write_files
from tests.robustness.disk_traps import Trap, full, kill_at, state
from tests.tools.plants import CASES, ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL, no fork")
STORED = ROOT / "results/one-kiln/reference"
Write = Callable[[Path, int], None]


def content(run: int) -> dict[str, bytes]:
    """The files of a run: each says which, so that a mixture would show."""
    return {name: f"{name} of run {run}\n".encode() * 50 for name in ("a.csv", "b.csv", "in/c.csv")}


def write_result(path: Path, run: int) -> None:
    write_files(path, content(run), {"kind": "x", "case": "x", "run": run})


def write_page(path: Path, run: int) -> None:
    write_bytes(path, f"run {run}\n".encode() * 50)


def write_book(path: Path, run: int) -> None:
    with new_book(path, f"run {run}") as book:
        book.sheet("run").write_number(0, 0, run)


WRITERS: dict[str, Write] = {"result": write_result, "page": write_page, "book": write_book}


def names(folder: Path) -> list[str]:
    """What a folder holds, hidden or not."""
    return sorted(p.name for p in folder.iterdir())


def written(write: Write, folder: Path, run: int) -> dict[str, bytes]:
    write(folder / "run", run)
    return state(folder / "run")


def killed(write: Write, folder: Path, run: int, number: int, name: str = "run") -> bool:
    """Whether a process that writes a run was killed at its n-th call; else it came to its end."""
    code = kill_at(number, folder, lambda: write(folder / name, run))
    assert code in (0, -signal.SIGKILL)
    return code != 0


def kills(write: Write, folder: Path, wanted: int = 0) -> int:
    """Kills a writing process at every call in turn, over and over until ``wanted``; their count.

    After each: the old or the new stands whole; the next run leaves nothing of the killed one.
    """
    done, chance = 0, random.Random(7)
    for run in count(1):
        for number in count(1):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            old = written(write, folder, run)
            new = written(write, folder, run + 1)
            written(write, folder, run)
            if not killed(write, folder, run + 1, number):
                assert state(folder / "run") == new
                break
            done += 1
            if chance.random() < 0.5:  # and a second one, at any call, on top of what it left
                done += killed(write, folder, run + 1, chance.randint(1, 12))
            recover(folder / "run")
            assert state(folder / "run") in (old, new), number
            assert written(write, folder, run + 2) not in (old, new)
            assert names(folder) == ["run"], number
        if done >= wanted:
            return done
    raise AssertionError


@pytest.fixture
def in_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system on which two folders cannot change places at once."""
    monkeypatch.setattr("kilnpath.files.replace._exchange", lambda *_: False)


@pytest.mark.parametrize("kind", WRITERS)
def test_killed_at_every_call(kind: str, tmp_path: Path) -> None:
    least = {"result": 15, "page": 4, "book": 4}
    assert kills(WRITERS[kind], tmp_path / "place") >= least[kind]


@pytest.mark.usefixtures("in_two_steps")
def test_killed_at_every_call_of_two_steps(tmp_path: Path) -> None:
    assert kills(write_result, tmp_path / "place") >= 15


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
def test_the_old_or_the_new_result_always_stands_in_its_place(tmp_path: Path) -> None:
    old, new = written(write_result, tmp_path, 1), written(write_result, tmp_path / "other", 2)
    for number in count(1):
        if not killed(write_result, tmp_path, 2, number):
            break
        assert state(tmp_path / "run") in (old, new)
        write_result(tmp_path / "run", 1)
    assert number > 15


def test_commands_killed_anywhere() -> None:
    """As ``python -m tests.robustness.killing`` does with 500; without threads, as it forks."""
    words = [sys.executable, "-m", "tests.robustness.killing", "14"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert "14 kills: nothing lost" in told.stdout, told.stdout + told.stderr


def test_a_first_run_that_is_killed_leaves_nothing_or_all(tmp_path: Path) -> None:
    for number in count(1):
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        if not killed(write_result, tmp_path, 1, number):
            break
        recover(tmp_path / "run")
        assert not (tmp_path / "run").exists() or (tmp_path / "run/in/c.csv").exists()
        write_result(tmp_path / "run", 2)
        assert names(tmp_path) == ["run"]
    assert number > 8


def edited(folder: Path) -> dict[str, bytes]:
    """A result with a page as it was made, and what a person changed and added: the latter."""
    result = folder / "run"
    shutil.copytree(STORED, result)
    write_report(read_result(result), Language.CHINESE)
    write_made(read_result(result), result / "result.xlsx", b"of kilnpath")
    mine = {"result.xlsx": b"edited", "levers.csv": b"edited too", "notes/a.txt": b"added"}
    for name, content in mine.items():
        (result / name).parent.mkdir(exist_ok=True)
        (result / name).write_bytes(content)
    return mine


@pytest.mark.parametrize("steps", ["one", "two", "copied"])
def test_what_a_person_changed_survives_every_kill(
    steps: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the page of the old result, which is never beside the new one under its own name."""
    if steps == "two":
        monkeypatch.setattr("kilnpath.files.replace._exchange", lambda *_: False)
    if steps == "copied":  # on a file system without hard links
        monkeypatch.setattr(os, "link", no_links)
    kept = tmp_path / "kept"
    kept.mkdir()
    mine = edited(kept)
    page = (kept / "run/report.zh-Hant.html").read_bytes()
    for number in count(1):
        folder = tmp_path / "place"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept, folder)
        done = not killed(write_result, folder, 1, number)
        recover(folder / "run")
        now = state(folder / "run")
        if "a.csv" in now:
            assert "report.zh-Hant.html" not in now
            assert now["earlier/report.zh-Hant.html"] == page
            for name in ("result.xlsx", "levers.csv"):
                assert now[f"earlier/{name}"] == mine[name]
        else:
            assert now["report.zh-Hant.html"] == page
            assert {name: now[name] for name in mine} == mine
        assert now["notes/a.txt"] == b"added"
        if done:
            break
        write_result(folder / "run", 2)
        assert names(folder) == ["run"]
        assert sorted(state(folder / "run").values()).count(b"edited") == 1
    assert number > 15


def no_links(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_page_that_was_edited_survives_every_kill_of_its_export(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    edited(kept)
    for number in count(1):
        folder = tmp_path / "place"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept, folder)
        result = read_edited(folder / "run")

        def write(path: Path, _: int, result: Result = result) -> None:
            write_made(result, path / "result.xlsx", b"made anew")

        done = not killed(write, folder, 1, number)
        now = state(folder / "run")
        assert b"edited" in (now["result.xlsx"], now.get("earlier/result.xlsx"))
        write(folder / "run", 2)
        now = state(folder / "run")
        assert (now["result.xlsx"], now["earlier/result.xlsx"]) == (b"made anew", b"edited")
        assert [name for name in now if name.startswith("earlier")] == ["earlier/result.xlsx"]
        assert not [name for name in now if ".kilnpath-" in name]
        if done:
            break
    assert number > 8


def read_edited(folder: Path) -> Result:
    """The result whose table ``levers`` a person changed, as it was before."""
    shutil.copy(STORED / "levers.csv", folder / "levers.csv")
    return read_result(folder)


@pytest.mark.usefixtures("in_two_steps")
def test_reading_puts_a_killed_result_back(tmp_path: Path) -> None:
    """A plan killed between the two renames: its folder is gone until a command looks for it."""
    shutil.copytree(STORED, tmp_path / "run")
    before = state(tmp_path / "run")
    (tmp_path / "link").symlink_to(tmp_path / "run")
    gone = 0
    for number in count(1):
        if not killed(write_result, tmp_path, 1, number):
            break
        if not (tmp_path / "run").exists():
            gone += 1
            result = read_result(tmp_path / "link" if gone == 1 else tmp_path / "run")
            assert result.manifest["case"] == "one-kiln"
            assert state(tmp_path / "run") == before
        if state(tmp_path / "run") != before:  # the new result stands; once more from the old
            shutil.rmtree(tmp_path / "run")
            shutil.copytree(STORED, tmp_path / "run")
    assert gone, "no kill fell between the renames"


def test_a_killed_export_does_not_stand_in_the_way(tmp_path: Path) -> None:
    for name, write in (("figures", write_result), ("report.html", write_page)):
        for number in count(1):
            write_result(tmp_path / "run", 1)
            if not killed(write, tmp_path, 1, number, f"run/{name}"):
                break
            check_folder(tmp_path / "run")
        assert number > 4
    (tmp_path / "run/.mine.kilnpath-new").touch()
    write_result(tmp_path / "run", 2)
    assert [name for name in names(tmp_path / "run") if "kilnpath" in name] == [
        ".mine.kilnpath-new"
    ]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_full_disk_at_every_call(kind: str, tmp_path: Path) -> None:
    write = WRITERS[kind]
    old = written(write, tmp_path, 1)
    for number in count(1):
        told = ""
        with Trap(tmp_path, number, full) as trap:
            try:
                write(tmp_path / "run", 2)
            except ResultError as error:
                told = str(error)
        if trap.calls < number:
            break
        if told:
            assert "No space left on device" in told
            assert state(tmp_path / "run") == old
        else:  # only tidying up failed
            assert state(tmp_path / "run") != old
        write(tmp_path / "run", 1)
        assert names(tmp_path) == ["run"]
    assert number > 4


def test_what_cannot_be_tidied_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = written(write_result, tmp_path, 1)
    (tmp_path / ".run.kilnpath-new").mkdir()
    with Trap(tmp_path, 3, full), pytest.raises(ResultError, match="No space left on device"):
        write_result(tmp_path / "run", 2)
    assert state(tmp_path / "run") == old


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write all")
@pytest.mark.parametrize("kind", WRITERS)
def test_a_read_only_folder(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    old = written(WRITERS[kind], place, 1)
    place.chmod(0o555)
    try:
        with pytest.raises(ResultError, match="cannot be written: Permission denied"):
            WRITERS[kind](place / "run", 2)
        assert state(place / "run") == old
        assert names(place) == ["run"]
    finally:
        place.chmod(0o755)


def write_often(path: Path, first: int, times: int) -> None:
    for run in range(first, first + times):
        write_result(path, run)


def test_two_runs_at_once(tmp_path: Path) -> None:
    """Four processes write the same folder again and again; what stands is of one of them."""
    path, fork = tmp_path / "run", multiprocessing.get_context("fork")
    writers = [fork.Process(target=write_often, args=(path, 100 * n, 10)) for n in range(1, 5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    whole = [written(write_result, tmp_path / "other", 100 * n + 9) for n in range(1, 5)]
    assert state(path) in whole
    assert names(tmp_path) == ["other", "run"]


def test_a_second_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kilnpath.files.replace._TRIES", 2)
    old = written(write_result, tmp_path, 1)
    with replacing(tmp_path / "run") as fresh:
        with pytest.raises(ResultError, match="another process is writing it"):
            write_result(tmp_path / "run", 2)
        assert state(tmp_path / "run") == old
        fresh.mkdir()
        (fresh / "a.csv").write_bytes(b"first")
    assert state(tmp_path / "run") == {"a.csv": b"first"}
    assert names(tmp_path) == ["run"]


def test_an_export_whose_result_is_replaced_meanwhile(tmp_path: Path) -> None:
    """Its page is of the old result and never lands in the folder of the new one."""
    write_result(tmp_path / "run", 1)
    export = replacing(tmp_path / "run/report.html")
    with pytest.raises(OSError, match="replaced by another"), export as fresh:
        fresh.write_text("of run 1")
        write_result(tmp_path / "run", 2)
        fresh.write_text("of run 1")
    assert state(tmp_path / "run") == written(write_result, tmp_path / "other", 2)


@pytest.mark.parametrize("name", ["report.html", "parquet", "iamc", "result.xlsx"])
def test_an_export_of_a_result_that_was_replaced(name: str, tmp_path: Path) -> None:
    """It was read before, is written after; elsewhere it may be written, of what was read."""
    writers: dict[str, Callable[[Path], object]] = {
        "report.html": lambda path: write_report(result, Language.ENGLISH, out=path),
        "parquet": lambda path: write_parquet(result, path),
        "iamc": lambda path: write_iamc(result, path),
        "result.xlsx": lambda path: write_result_workbook(
            result, path, Language.ENGLISH, CASES / "one-kiln"
        ),
    }
    shutil.copytree(STORED, tmp_path / "run")
    (tmp_path / "link").symlink_to(tmp_path / "run")
    result = read_result(tmp_path / "link")
    new = written(write_result, tmp_path, 2)
    with pytest.raises(ResultError, match=r"link was replaced while .* was being made; try again"):
        writers[name](tmp_path / "link" / name)
    assert state(tmp_path / "run") == new
    assert names(tmp_path) == ["link", "run"]
    writers[name](tmp_path / "elsewhere" / name)
    assert names(tmp_path / "elsewhere") == [name]


def test_a_result_that_is_replaced_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("run", "other"):
        shutil.copytree(STORED, tmp_path / name)
    manifest = tmp_path / "other/manifest.json"
    said = manifest.read_text("utf-8").replace('"changes": []', '"changes": ["wood_permit=25%"]')
    manifest.write_text(said, encoding="utf-8")
    (tmp_path / "other/levers.csv").write_bytes(b"other")
    sealed = read._sealed

    def replaced(*given: Any) -> Any:
        if given[1] == "levers.csv":
            (tmp_path / "run").rename(tmp_path / "away")
            (tmp_path / "other").rename(tmp_path / "run")
        return sealed(*given)

    monkeypatch.setattr(read, "_sealed", replaced)
    with pytest.raises(ResultError, match="run was replaced while being read; try again"):
        read_result(tmp_path / "run")


def test_a_result_is_kept_while_its_export_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kilnpath.files.replace._TRIES", 2)
    shutil.copytree(STORED, tmp_path / "run")
    result = read_result(tmp_path / "run")
    with lock_result(result, tmp_path / "run/report.html"):
        with pytest.raises(ResultError, match="another process is writing it"):
            write_result(tmp_path / "run", 2)
        with pytest.raises(ResultError, match=r"cannot be kept .* name another place"):
            write_report(result, Language.ENGLISH)
    assert state(tmp_path / "run") == state(STORED)
    assert names(tmp_path) == ["run"]


def test_a_place_that_nobody_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that holds the result is meant: its lock stands there."""
    shutil.copytree(STORED, tmp_path / "run")
    result = read_result(tmp_path / "run")

    def refuse(*_: Any) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ResultError) as caught:
        write_report(result, Language.ENGLISH)
    assert str(caught.value).endswith(
        f"nothing can be written into {tmp_path}, where it must be locked: Permission denied; "
        "name another place with --out"
    )


def test_a_clock_that_jumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jumps = random.Random(3)
    for clock in ("time", "monotonic"):
        monkeypatch.setattr(time, clock, lambda: jumps.choice([-1e9, 0.0, 4e9]))
    expected = written(write_result, tmp_path / "still", 1)
    for far in (0, 2**31, 4e9):
        assert written(write_result, tmp_path / "run", 1) == expected
        os.utime(tmp_path / "run/run", (far, far))
        (tmp_path / "run/run").rename(tmp_path / "run/.run.kilnpath-old")
        recover(tmp_path / "run/run")
        assert state(tmp_path / "run/run") == expected
